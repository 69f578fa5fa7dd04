/*
 * The TCP connections of a hub's port, by descriptor.
 *
 * libzmq shows a connection only through its monitor, and a peer only through
 * its messages. This table brings the two together, and says which connections
 * to shut: strangers that stay silent, peers that have gone silent, and those
 * that send without ever completing a message, which no option of libzmq
 * limits.
 */
#ifndef TIP_LINK_CONNS_H
#define TIP_LINK_CONNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_link_talk.h"

enum {
    TIP_LINK_CONNS_MAX = 1024, /* RLIMIT_NOFILE of a link child. */
    /* Connections of nobody we know yet. Each costs libzmq some 14 KiB. */
    TIP_LINK_STRANGERS_MAX = 256,
    /* A handshake takes 4 round trips and 875 bytes, then a node speaks: on the
     * worst link we serve (2 KB/s, 800 ms) under 10 s. */
    TIP_LINK_STRANGER_MS_MAX = 120 * 1000,
    /* What one connection may have sent towards messages not complete yet. The
     * socket's own queue, 8 messages, is 270 KB of it. */
    TIP_LINK_PARTIAL_BYTES_MAX = 512 * 1024
};

enum tip_link_conn_state {
    TIP_LINK_CONN_NONE = 0, /* No connection has this descriptor. */
    TIP_LINK_CONN_STRANGER, /* Accepted; said nothing we believe. */
    TIP_LINK_CONN_PEER,     /* Carries an enrolled device. */
    TIP_LINK_CONN_CUT       /* Shut by us, not yet reported as gone. */
};

struct tip_link_conn {
    enum tip_link_conn_state state;
    uint32_t peer; /* While TIP_LINK_CONN_PEER. */
    uint64_t since_ms;
    uint64_t settled_bytes; /* Received by the last complete message. */
    bool has_delivered;     /* A message since the last look. */
    uint32_t heartbeat_ms;  /* It gives a sign of life so often; 0: as usual. */
};

/** Caller-allocated, zero before use. */
struct tip_link_conns {
    size_t stranger_count;
    size_t open_count;
    struct tip_link_conn items[TIP_LINK_CONNS_MAX];
};

/** Whether @fd is a descriptor the table can hold. */
bool tip_link_conns_has(int fd);

/** A connection on @fd was accepted. */
void tip_link_conns_open(struct tip_link_conns *conns, int fd, uint64_t now_ms);

/** The connection on @fd is gone; what it was. */
struct tip_link_conn tip_link_conns_close(struct tip_link_conns *conns, int fd);

/** @fd carries @peer: it has delivered a message. */
void tip_link_conns_settle(struct tip_link_conns *conns, int fd, uint32_t peer);

/** The peer on @fd gives a sign of life every @heartbeat_ms: neither we nor the
 * kernel ask after it before it is late. */
void tip_link_conns_expect(struct tip_link_conns *conns, int fd,
                           uint32_t heartbeat_ms);

/** Shut @fd, if it is open: libzmq then sees it break and closes it. */
void tip_link_conns_cut(struct tip_link_conns *conns, int fd);

/** The longest silent stranger if there are too many or it is silent for too
 * long at @now_ms; -1 if all is well. */
int tip_link_conns_find_idle(const struct tip_link_conns *conns,
                             uint64_t now_ms);

/**
 * Look at every connection from descriptor @from on; the first that is to be
 * cut off, -1 if there is none. @out_cause: TIP_LINK_CAUSE_MISBEHAVED, too much
 * of what it sent is in no complete message; TIP_LINK_CAUSE_LOST, a peer of
 * which nothing came for two and a half times what it said, or @heartbeat_ms.
 */
int tip_link_conns_find_bad(struct tip_link_conns *conns, int from,
                            uint32_t heartbeat_ms,
                            enum tip_link_cause *out_cause);

/** Write the address at the other end of @fd, empty if it is not known. */
void tip_link_conns_address(int fd, char out_text[TIP_LINK_ADDRESS_SIZE]);

#endif /* TIP_LINK_CONNS_H */
