/*
 * Two copies of one disk that both run (DESIGN 5): what is known of it, and who
 * goes on.
 *
 * A feed that is closed says HELLO, and the next was written to, or goes on
 * from another: then another copy of the device goes on under the newest feed.
 * From then on nothing is taken from either nor given to them, until an
 * administrator has named the one that goes on. It does, under a new feed if
 * its own is closed. The other gets one turn: it hands in what it had not sent
 * and is told. Should it still run, that is shown until it is switched off.
 * Whoever has a turn first fetches what the device has sent under
 * all its feeds, so nothing is lost and no number means two things.
 */
#ifndef HUB_CLONE_H
#define HUB_CLONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"
#include "tip_frame.h"
#include "tip_session.h"

struct hub_engine;
struct hub_origin;

/* What the copy that writes under a feed may do once that is closed. Numbers
 * are on disk: append only. */
enum hub_copy {
    HUB_COPY_UNKNOWN = 0, /* Nobody has decided. */
    HUB_COPY_SETTLED = 1, /* It has had its turn. */
    HUB_COPY_TURN = 2,    /* Hand in what it has not sent. */
    HUB_COPY_CHOSEN = 3   /* Go on. */
};

/* What is kept of it with each feed; part of its row. */
struct hub_copy_row {
    enum hub_copy may;
    bool is_frozen;         /* Of a device's first feed: until it is decided. */
    uint64_t called_ms;     /* When a copy called under it though closed… */
    struct tip_head newest; /* …and what it said to have written. */
    uint64_t unsent;        /* …and how much of it was not here then. */
    uint64_t stray_ms; /* Of a device's first feed: when a copy called that has
                        * had its turn; 0: none did since the last choice. */
};

enum {
    /* It calls once a day at least (node_refusal.h): one that was not heard for
     * so long was switched off. */
    HUB_STRAY_MS = 2 * 24 * 3600 * 1000
};

/** One feed of a device, as evidence. Plain data. */
struct hub_copy_status {
    uint32_t origin;
    uint32_t office;
    uint32_t feed;
    bool is_frozen; /* The device. */
    bool is_open;
    enum hub_copy may;
    struct tip_head head; /* What the hub has of it. */
    uint64_t called_ms;   /* 0: no copy called once it was closed. */
    struct tip_head newest;
    uint64_t unsent; /* Change-sets of it that were not here when it called. */
};

/** The feeds of all devices of which two copies were seen; returns how many, at
 * most @max are written. */
size_t hub_engine_copies(struct hub_engine *engine,
                         struct hub_copy_status *out_copies, size_t max);

/** The copy that writes under @feed goes on, every other known one has a turn.
 * Durable after flush. TIP_ENOTFOUND: no two copies of that device were seen,
 * or none under that feed. */
TIP_MUST_USE enum tip_err hub_engine_copy_choose(struct hub_engine *engine,
                                                 uint32_t feed);

/* Internal: */

/** @device says @hello for its feed @member. Is it to be told that it is
 * closed? An error is the store's. */
TIP_MUST_USE enum tip_err hub_clone_greet(struct hub_engine *engine,
                                          struct hub_origin *device,
                                          struct hub_origin *member,
                                          const struct tip_hello *hello,
                                          bool *out_is_closed);

/** May the copy that writes under @member go on under a new feed? */
bool hub_clone_may_go_on(struct hub_engine *engine,
                         const struct hub_origin *member);

/** It does, under @fresh, while the one before is still open. */
void hub_clone_went_on(struct hub_engine *engine, struct hub_origin *member,
                       struct hub_copy_row *fresh);

/** Is it undecided which copy of the device of @member goes on? */
bool hub_clone_is_frozen(struct hub_engine *engine,
                         const struct hub_origin *member);

/** Does a copy of the device of @member that does not go on still run? */
bool hub_clone_has_stray(struct hub_engine *engine,
                         const struct hub_origin *member);

/** How many change-sets has a copy that does not go on that are not here? */
uint64_t hub_clone_unsent(struct hub_engine *engine,
                          const struct hub_origin *member);

#endif /* HUB_CLONE_H */
