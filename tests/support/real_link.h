/*
 * A hub and its nodes linked by ZeroMQ on loopback, each with a real child.
 *
 * The build names the child programs: link_child, and link_child_faulty for a
 * hub on a libzmq with a fault.
 */
#ifndef REAL_LINK_H
#define REAL_LINK_H

#include "tip_link_zmq.h"

enum { REAL_LINK_NODES_MAX = 4, REAL_LINK_WAIT_MS = 20000 };

struct real_link_keys {
    uint8_t public_key[TIP_LINK_KEY_SIZE];
    uint8_t secret_key[TIP_LINK_KEY_SIZE];
};

/* The machine's clock, and as much ahead as a test likes. */
struct real_link_clock {
    struct tip_clock base; /* First member, so the cast is valid. */
    uint64_t ahead_ms;
};

struct real_link {
    struct real_link_clock clock;
    uint16_t node_port;    /* Where nodes call; 0: at the hub itself. */
    uint32_t heartbeat_ms; /* Of nodes started from now on. */
    struct real_link_keys keys[1 + REAL_LINK_NODES_MAX]; /* 0: the hub. */
    struct tip_link_zmq *links[1 + REAL_LINK_NODES_MAX]; /* Owned. */
};

/** Make keys, and a hub that admits nobody; its libzmq has @fault, as named in
 * link_child_faulty.c, unless that is NULL. */
TIP_MUST_USE enum tip_err real_link_open(struct real_link *net,
                                         const char *fault);
void real_link_close(struct real_link *net);

/** Try to open another hub at @listen_port. */
TIP_MUST_USE enum tip_err real_link_listen(struct real_link *net,
                                           uint16_t listen_port,
                                           struct tip_link_zmq **out_link);

/** Start node @number; it calls at once. */
TIP_MUST_USE enum tip_err real_link_start(struct real_link *net,
                                          uint32_t number);

/** Admit node @number. */
TIP_MUST_USE enum tip_err real_link_allow(struct real_link *net,
                                          uint32_t number);

struct tip_link *real_link_port(struct real_link *net, uint32_t number);

/** The pid of the child at @number, 0 if it has none. */
pid_t real_link_pid(const struct real_link *net, uint32_t number);

/** Make a CURVE key pair. */
void real_link_make_keys(struct real_link_keys *out_keys);

/** Wait for an event of @kind at @number, passing over others; false after
 * REAL_LINK_WAIT_MS. */
bool real_link_await(struct real_link *net, uint32_t number,
                     enum tip_link_event_kind kind,
                     struct tip_link_event *out_event);

/** Milliseconds of the stopwatch. */
uint64_t real_link_ms(const struct real_link *net);

/** Anonymous memory process @pid holds, in KiB; 0 when it is gone. */
long real_link_rss_kib(pid_t pid);

#endif /* REAL_LINK_H */
