/*
 * The interface of a message link between nodes and the hub.
 *
 * A link moves whole messages of at most TIP_LINK_MESSAGE_BYTES_MAX between
 * two enrolled devices. It may lose, repeat or reorder them and drops what it
 * cannot send now: the store is the only queue. It authenticates the device it
 * names, and nothing else is believed of it.
 *
 * Implementations: common/link (ZeroMQ in a child process) and the faulty link
 * of tests/support. Both pass tests/contract.
 */
#ifndef TIP_LINK_H
#define TIP_LINK_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

/* One frame of 32 KiB and the session's envelope around it. */
enum { TIP_LINK_MESSAGE_BYTES_MAX = 33 * 1024 };

/*
 * Of one peer the events are UP, any number of MESSAGE, DOWN, and so on; they
 * never come in another order. A node speaks first: it is UP at its own side as
 * soon as the hub has admitted it, and UP at the hub with its first message.
 */
enum tip_link_event_kind {
    TIP_LINK_NOTHING, /* The wait ended without an event. */
    TIP_LINK_UP,      /* The peer can be sent to. A node sees only its hub. */
    TIP_LINK_DOWN,    /* The peer went away, or the link child died. */
    TIP_LINK_MESSAGE  /* One message of the peer. */
};

/* Why a peer is not connected. Numbers are in metrics: append only. */
enum tip_link_cause {
    TIP_LINK_CAUSE_NONE = 0,         /* It is, or nobody tried yet. */
    TIP_LINK_CAUSE_NO_ROUTE = 1,     /* Nobody answers at the address. */
    TIP_LINK_CAUSE_NOT_ADMITTED = 2, /* The hub does not know this key. */
    TIP_LINK_CAUSE_HANDSHAKE = 3,    /* Cut off while keys were exchanged. */
    TIP_LINK_CAUSE_PROTOCOL = 4,     /* What answers is not one of ours. */
    TIP_LINK_CAUSE_LOST = 5,         /* The connection broke. */
    TIP_LINK_CAUSE_REPLACED = 6,     /* The same device connected again. */
    TIP_LINK_CAUSE_DROPPED = 7,      /* Cut off by us, or no longer allowed. */
    TIP_LINK_CAUSE_MISBEHAVED = 8,   /* Cut off: it broke a rule of the link. */
    TIP_LINK_CAUSE_RESTARTED = 9,    /* Our link process was started again. */
    TIP_LINK_CAUSE_COUNT
};

struct tip_link_event {
    enum tip_link_event_kind kind;
    uint32_t peer;             /* Origin of the device; 0 is the hub. */
    enum tip_link_cause cause; /* Of TIP_LINK_DOWN. */
    struct tip_bytes message;  /* Borrowed until the next call of receive. */
};

/** Implementations embed this struct as their first member. One thread. */
struct tip_link {
    /**
     * Hand @message, which is not empty, to the link without waiting.
     * TIP_EAGAIN: its small queue is full, ask again after the next receive.
     * TIP_ENOTFOUND: the peer is not connected. TIP_ETOOBIG: above
     * TIP_LINK_MESSAGE_BYTES_MAX. TIP_OK promises nothing but an attempt.
     */
    enum tip_err (*send)(struct tip_link *self, uint32_t peer,
                         struct tip_bytes message);

    /** Take the next event, waiting @timeout_ms at most. Never fails: a dead
     * child is an event (TIP_LINK_DOWN of every peer) and is restarted. */
    void (*receive)(struct tip_link *self, int timeout_ms,
                    struct tip_link_event *out_event);

    /** Cut @peer off now; if it was up, its TIP_LINK_DOWN is the next event
     * of it. It may come back unless it is no longer allowed. */
    void (*drop)(struct tip_link *self, uint32_t peer);
};

TIP_MUST_USE static inline enum tip_err
tip_link_send(struct tip_link *link, uint32_t peer, struct tip_bytes message)
{
    return link->send(link, peer, message);
}

static inline void tip_link_receive(struct tip_link *link, int timeout_ms,
                                    struct tip_link_event *out_event)
{
    link->receive(link, timeout_ms, out_event);
}

static inline void tip_link_drop(struct tip_link *link, uint32_t peer)
{
    link->drop(link, peer);
}

#endif /* TIP_LINK_H */
