/*
 * The connections that share a bad line, and the moving of their bytes.
 */
#ifndef SHAPING_PAIRS_H
#define SHAPING_PAIRS_H

#include <netinet/in.h>
#include <poll.h>

#include "shaping_flow.h"

enum {
    SHAPING_PAIRS_MAX = 64,
    SHAPING_UP = 0,
    SHAPING_DOWN = 1,
    SHAPING_BOTH = 2
};

/** One connection; direction d goes from fds[d] to fds[1 - d]. */
struct shaping_pair {
    int fds[2]; /* Caller, called; fds[0] < 0: free. */
    bool has_ended[2];
    bool has_told[2]; /* The end was passed on. */
    uint64_t open_us; /* Nothing moves before. */
    struct shaping_flow flows[2];
};

struct shaping_net {
    uint16_t target;       /* Port on 127.0.0.1. */
    bool is_down;          /* New connections are refused. */
    uint64_t cut_at_bytes; /* Of what passed @cut_way; 0: never. */
    int cut_way;           /* One direction, or both together. */
    uint64_t connection_count;
    struct shaping_line lines[2];
    struct shaping_pair pairs[SHAPING_PAIRS_MAX];
};

void shaping_net_init(struct shaping_net *net);

/** Microseconds of a stopwatch. */
uint64_t shaping_net_now_us(void);

struct sockaddr_in shaping_net_loopback(uint16_t port);

/** Take a caller from @listener through to the target, or refuse it. */
void shaping_net_accept(struct shaping_net *net, int listener);

/** Break every connection, without a farewell. */
void shaping_net_break(struct shaping_net *net);

/** Move what can be moved now. */
void shaping_net_move(struct shaping_net *net, struct shaping_pair *pair);

/** What to poll for @pair, and when to look again by itself at the latest. */
uint64_t shaping_net_watch(struct shaping_net *net, struct shaping_pair *pair,
                           struct pollfd out_fds[2]);

/** Delivered so far in direction @way, or in both. */
uint64_t shaping_net_bytes(const struct shaping_net *net, int way);

#endif /* SHAPING_PAIRS_H */
