/*
 * What the main process and its link child say to each other.
 *
 * One message is one packet of a SOCK_SEQPACKET socket pair: a kind, its fixed
 * fields, and for some the rest as payload. The main process believes neither
 * form nor content; the child, which came from the same program file, exits on
 * anything it does not understand.
 */
#ifndef TIP_LINK_TALK_H
#define TIP_LINK_TALK_H

#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_link.h"

enum {
    TIP_LINK_KEY_SIZE = 32,
    /* Live devices of one hub: 15 offices, ministries, NGOs and spare ones. The
     * whole list travels in one packet. */
    TIP_LINK_PEERS_MAX = 512,
    TIP_LINK_ENDPOINTS_MAX = 4,
    TIP_LINK_ENDPOINT_SIZE = 160, /* Address text and the terminator. */
    TIP_LINK_ADDRESS_SIZE = 48,   /* An IPv6 address and the terminator. */
    TIP_LINK_TALK_BYTES_MAX = TIP_LINK_MESSAGE_BYTES_MAX + 64,
    /* Messages to one peer the child has not handed to the network. */
    TIP_LINK_WINDOW = 4
};

enum tip_link_talk_kind {
    /* Main process to child. */
    TIP_LINK_TALK_SETUP = 1,  /* Once; what to be. */
    TIP_LINK_TALK_ALLOW = 2,  /* entries: may connect, with this key. */
    TIP_LINK_TALK_DENY = 3,   /* peer: may not, and is cut off. */
    TIP_LINK_TALK_SEND = 4,   /* peer, connection, payload. */
    TIP_LINK_TALK_DROP = 5,   /* peer, connection: cut it off. */
    TIP_LINK_TALK_RETRY = 6,  /* A node: connect now, not after the wait. */
    TIP_LINK_TALK_PROBE = 7,  /* Say TIP_LINK_TALK_ALIVE. */
    TIP_LINK_TALK_REST = 8,   /* A node: hang up, and call at RETRY alone. */
    TIP_LINK_TALK_EXPECT = 9, /* A hub, peer, connection, count: it gives a
                                 sign of life every so many ms. */
    /* Child to main process. */
    TIP_LINK_TALK_READY = 16,    /* port: a hub listens there; 0 at a node. */
    TIP_LINK_TALK_FAILED = 17,   /* error: the setup cannot be had. */
    TIP_LINK_TALK_UP = 18,       /* peer, connection. */
    TIP_LINK_TALK_DOWN = 19,     /* peer, connection, cause. */
    TIP_LINK_TALK_RECEIVED = 20, /* peer, payload. */
    TIP_LINK_TALK_CREDIT = 21,   /* peer, count: so many SENDs have left. */
    TIP_LINK_TALK_FAULT = 22,    /* cause, key, address: somebody failed. */
    TIP_LINK_TALK_ALIVE = 23,
    TIP_LINK_TALK_CALL = 24 /* Of a node, count: ms until it calls; 0: it is
                               calling. */
};

enum tip_link_role { TIP_LINK_HUB = 1, TIP_LINK_NODE = 2 };

/** What a link child needs to know. Plain data; holds a secret: wipe it. */
struct tip_link_setup {
    enum tip_link_role role;
    uint8_t public_key[TIP_LINK_KEY_SIZE];
    uint8_t secret_key[TIP_LINK_KEY_SIZE];
    uint8_t hub_key[TIP_LINK_KEY_SIZE]; /* Of a node. */
    uint32_t heartbeat_ms;
    uint32_t reconnect_ms_min;
    uint32_t reconnect_ms_max;
    uint32_t refused_ms_max; /* The same, when somebody answered. */
    uint32_t endpoint_count;
    char endpoints[TIP_LINK_ENDPOINTS_MAX][TIP_LINK_ENDPOINT_SIZE];
};

/** Who gives a sign of life every @heartbeat_ms is gone after this without one:
 * one may be late, two may not. */
static inline uint64_t tip_link_silence_ms(uint32_t heartbeat_ms)
{
    return (uint64_t)heartbeat_ms * 5 / 2;
}

/** When the kernel asks by itself: behind that, because it costs as much. */
static inline int tip_link_keepalive_s(uint32_t heartbeat_ms)
{
    return (int)(tip_link_silence_ms(heartbeat_ms) / 1000) + 150;
}

/** One line of the allow-list. */
struct tip_link_entry {
    uint32_t peer;
    uint8_t key[TIP_LINK_KEY_SIZE];
};

/** One message; which fields count is said at its kind. Plain data. */
struct tip_link_talk {
    enum tip_link_talk_kind kind;
    uint32_t peer;
    uint32_t connection; /* Counts the connections of one child. */
    uint32_t count;
    uint16_t port;
    enum tip_err error;
    enum tip_link_cause cause;
    uint8_t key[TIP_LINK_KEY_SIZE];      /* All zero: not known. */
    char address[TIP_LINK_ADDRESS_SIZE]; /* Empty: not known. */
    struct tip_bytes payload;            /* Borrowed. */
};

/** Write @talk to @buf: every kind but SETUP, and ALLOW without
 * its entries. */
TIP_MUST_USE enum tip_err tip_link_talk_put(const struct tip_link_talk *talk,
                                            struct tip_buf *buf);

/**
 * Read one packet; the payload borrows @packet. SETUP and ALLOW come back with
 * all that follows the kind as payload, for the two functions below.
 * TIP_EMALFORMED: anything that tip_link_talk_put() would not have written.
 */
TIP_MUST_USE enum tip_err tip_link_talk_get(struct tip_bytes packet,
                                            struct tip_link_talk *out_talk);

TIP_MUST_USE enum tip_err
tip_link_talk_put_setup(const struct tip_link_setup *setup,
                        struct tip_buf *buf);
TIP_MUST_USE enum tip_err
tip_link_talk_get_setup(struct tip_bytes payload,
                        struct tip_link_setup *out_setup);

/** Add one entry to an ALLOW, whose kind the caller has written. */
void tip_link_talk_put_entry(const struct tip_link_entry *entry,
                             struct tip_buf *buf);

/** Read entry @index of an ALLOW; TIP_ENOTFOUND behind the last. */
TIP_MUST_USE enum tip_err
tip_link_talk_get_allow(struct tip_bytes payload, size_t index,
                        struct tip_link_entry *out_entry);

#endif /* TIP_LINK_TALK_H */
