/*
 * What the main process knows of its peers, and what it believes of the child.
 *
 * Every packet of the child comes through here. It must follow the order UP,
 * RECEIVED or CREDIT, DOWN for each peer and name peers we have; a child that
 * does otherwise has been taken over or is broken. Pure: no socket, no clock.
 */
#ifndef TIP_LINK_ROSTER_H
#define TIP_LINK_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

#include "tip_link_talk.h"

/** Counters of one peer since the program started. */
struct tip_link_peer_status {
    bool is_up;
    uint32_t up_count;         /* Connections so far. */
    enum tip_link_cause cause; /* Of the last TIP_LINK_DOWN. */
    uint64_t sent_count;       /* Messages handed to the child. */
    uint64_t sent_bytes;       /* In them. */
    uint64_t received_count;
    uint64_t received_bytes;
};

struct tip_link_seat {
    uint32_t peer;
    uint8_t key[TIP_LINK_KEY_SIZE];
    bool is_allowed;
    uint32_t connection; /* At the child; 0: none. */
    bool is_hidden;      /* That connection is over for us, the child's word on
                            it is still to come. */
    uint32_t in_flight;  /* SENDs it has not given credit for. */
    uint32_t heartbeat_ms; /* What the child was told to expect of it. */
    bool owes_down;        /* Our user is still to hear TIP_LINK_DOWN. */
    struct tip_link_peer_status status;
};

/** Caller-allocated, zero before use. */
struct tip_link_roster {
    size_t count;
    size_t owed_count; /* Seats with owes_down. */
    struct tip_link_seat seats[TIP_LINK_PEERS_MAX];
};

struct tip_link_seat *tip_link_roster_find(struct tip_link_roster *roster,
                                           uint32_t peer);

/** Give @peer a place with @key; what it had under another key is over.
 * TIP_ETOOBIG: no place left. TIP_EEXISTS: another peer has that key. */
TIP_MUST_USE enum tip_err
tip_link_roster_allow(struct tip_link_roster *roster, uint32_t peer,
                      const uint8_t key[TIP_LINK_KEY_SIZE]);

/** Take the place away; the connection is over. */
void tip_link_roster_deny(struct tip_link_roster *roster, uint32_t peer);

/** The connection of @seat is over for us, whatever the child still says. */
void tip_link_roster_end(struct tip_link_roster *roster,
                         struct tip_link_seat *seat, enum tip_link_cause cause);

/** The child is gone, and with it every connection. */
void tip_link_roster_end_all(struct tip_link_roster *roster);

/** Take one owed TIP_LINK_DOWN; false when there is none. */
bool tip_link_roster_take_down(struct tip_link_roster *roster,
                               struct tip_link_event *out_event);

/** Whether @seat may be sent to: TIP_ENOTFOUND, TIP_EAGAIN or TIP_OK. */
TIP_MUST_USE enum tip_err
tip_link_roster_may_send(const struct tip_link_seat *seat);

/**
 * Believe UP, DOWN, RECEIVED or CREDIT of the child, or not: TIP_EMALFORMED.
 * @out_event is the event for our user, TIP_LINK_NOTHING if it is none of its
 * business.
 */
TIP_MUST_USE enum tip_err
tip_link_roster_hear(struct tip_link_roster *roster,
                     const struct tip_link_talk *talk,
                     struct tip_link_event *out_event);

#endif /* TIP_LINK_ROSTER_H */
