/*
 * What the two kinds of link child have in common, and what each does its way.
 *
 * tip_link_child.c owns the loop and the talk with the main process; a side
 * owns sockets: tip_link_hub.c and tip_link_node.c.
 */
#ifndef TIP_LINK_SIDE_H
#define TIP_LINK_SIDE_H

#include <poll.h>

#include "tip_buf.h"
#include "tip_clock.h"
#include "tip_link_peers.h"

struct tip_link_side;

enum { TIP_LINK_SIDE_FDS_MAX = 3 };

/** A link child. One per process. */
struct tip_link_child {
    const struct tip_link_side *side; /* Static; NULL before the setup. */
    void *zmq;                        /* The one context. */
    int fd;                           /* To the main process. */
    struct tip_clock clock;
    struct tip_link_setup setup;
    struct tip_link_peers peers;
    /* The one packet that waits for the main process to read; empty: none. */
    struct tip_buf held;
    uint8_t held_data[TIP_LINK_TALK_BYTES_MAX];
    /* The newest failure of somebody nobody knows; told when there is time. */
    struct tip_link_talk fault;
    bool has_fault;
    /* When a node calls next, by the stopwatch, or began to; told when it
     * changes. */
    uint64_t call_ms;
    bool has_call;
};

/** Functions of a side. The child calls them from its one thread. */
struct tip_link_side {
    /** Open the sockets; @out_port is where a hub listens. */
    enum tip_err (*open)(struct tip_link_child *child, uint16_t *out_port);

    /** Look after connections, admission and timers. */
    void (*serve)(struct tip_link_child *child);

    /**
     * Take one message into child->held. False when there is none: that it was
     * asked last before the loop sleeps is what makes libzmq's edge-triggered
     * descriptors safe.
     */
    bool (*receive)(struct tip_link_child *child);

    /** Whether a message waits, without taking it. */
    bool (*has_message)(const struct tip_link_child *child);

    /** As zmq_send: TIP_EAGAIN when the pipe is full, TIP_ENOTFOUND when the
     * connection is gone. */
    enum tip_err (*send)(struct tip_link_child *child,
                         const struct tip_link_peer *peer,
                         struct tip_bytes message);

    /** Cut off the connection of @peer, which has one. */
    void (*cut)(struct tip_link_child *child, struct tip_link_peer *peer,
                enum tip_link_cause cause);

    /** Do now what waits for a time, or do nothing until asked to retry; a hub
     * has nothing. */
    void (*retry)(struct tip_link_child *child);
    void (*rest)(struct tip_link_child *child);

    /** @peer, which is connected, gives a sign of life every @heartbeat_ms. Of
     * a node, which is: we give one so often from the next connection on. */
    void (*expect)(struct tip_link_child *child,
                   const struct tip_link_peer *peer, uint32_t heartbeat_ms);

    /** List what to wait for; messages only if @with_messages. */
    size_t (*poll_fds)(const struct tip_link_child *child, bool with_messages,
                       struct pollfd out_fds[TIP_LINK_SIDE_FDS_MAX]);

    /** How long the loop may sleep, in ms; -1: as long as it likes. */
    int (*sleep_ms)(const struct tip_link_child *child);
};

extern const struct tip_link_side tip_link_side_hub;
extern const struct tip_link_side tip_link_side_node;

/** Note a failure to be told. The newest counts; older ones are only missed by
 * whoever watches very closely. */
void tip_link_child_fault(struct tip_link_child *child,
                          const struct tip_link_talk *fault);

/** Send one packet; false when the main process has no room now. */
bool tip_link_child_say(struct tip_link_child *child,
                        const struct tip_link_talk *talk);

/** Hand as much of what is queued for @peer to the network as it takes. */
void tip_link_child_send_parcels(struct tip_link_child *child,
                                 struct tip_link_peer *peer);

/** Exit: the main process has gone, or starts another child. There is nothing
 * to save here. */
_Noreturn void tip_link_child_leave(struct tip_link_child *child);

/** Put a message of @peer into child->held, which is empty. */
void tip_link_child_hold(struct tip_link_child *child,
                         const struct tip_link_peer *peer,
                         struct tip_bytes message);

/** Milliseconds of the stopwatch. */
uint64_t tip_link_child_ms(const struct tip_link_child *child);

#endif /* TIP_LINK_SIDE_H */
