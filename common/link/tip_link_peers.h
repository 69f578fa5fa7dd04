/*
 * What a link child knows of each peer, and what it has yet to tell.
 *
 * Nothing is queued for the main process: what it was told is kept beside what
 * is true, and the difference is what is still to be said. So a main process
 * that is slow costs no memory.
 */
#ifndef TIP_LINK_PEERS_H
#define TIP_LINK_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_link_talk.h"

/** A message on its way to the network. */
struct tip_link_parcel {
    uint8_t *data; /* Owned. */
    size_t size;
};

struct tip_link_peer {
    uint32_t number;
    uint8_t key[TIP_LINK_KEY_SIZE];
    bool is_allowed;
    uint32_t connection;       /* What is true; 0: not connected. */
    uint32_t told;             /* What the main process believes. */
    enum tip_link_cause cause; /* Why @told is no more. */
    uint32_t credit;           /* SENDs done that it was not told of. */
    /* A hub's way to it; see tip_link_hub.c. */
    int fd;
    uint32_t serial; /* Of the newest connection seen, up or cut off. */
    bool has_serial;
    size_t parcel_count;
    struct tip_link_parcel parcels[TIP_LINK_WINDOW]; /* Oldest first. */
};

/** Caller-allocated, zero before use. */
struct tip_link_peers {
    size_t count;
    uint32_t connection_last;
    struct tip_link_peer items[TIP_LINK_PEERS_MAX];
};

/** The peer of that number or key; NULL when there is none. */
struct tip_link_peer *tip_link_peers_find(struct tip_link_peers *peers,
                                          uint32_t number);
struct tip_link_peer *
tip_link_peers_find_key(struct tip_link_peers *peers,
                        const uint8_t key[TIP_LINK_KEY_SIZE]);

/** The entry for @number, made if there is none; NULL when the table is full.
 */
struct tip_link_peer *tip_link_peers_add(struct tip_link_peers *peers,
                                         uint32_t number);

/** @peer has a new connection. What was queued for an older one is dropped. */
void tip_link_peers_connect(struct tip_link_peers *peers,
                            struct tip_link_peer *peer);

/** The connection of @peer, if any, is no more. */
void tip_link_peers_disconnect(struct tip_link_peer *peer,
                               enum tip_link_cause cause);

/** Queue a copy of @message; TIP_ETOOBIG when the window is full, TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_link_peers_queue(struct tip_link_peer *peer,
                                               struct tip_bytes message);

/** The oldest parcel has left: drop it and note the credit. */
void tip_link_peers_sent(struct tip_link_peer *peer);

/** The next thing to say about @peer; false when it was told everything. */
bool tip_link_peers_next(const struct tip_link_peer *peer,
                         struct tip_link_talk *out_talk);

/** @talk of tip_link_peers_next() has been said. */
void tip_link_peers_said(struct tip_link_peer *peer,
                         const struct tip_link_talk *talk);

#endif /* TIP_LINK_PEERS_H */
