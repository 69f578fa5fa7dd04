/*
 * Internal: records that are sent to an audience again, and the reading of
 * those they are sent from.
 */
#ifndef HUB_REPAIR_H
#define HUB_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "hub_engine.h"
#include "hub_sums.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_scrub.h"
#include "tip_session.h"

struct hub_channel;
struct hub_engine;
struct tip_txn;

/* Records in which people work come first, then all others; of each the
 * youngest first. Numbers are on disk. */
enum hub_repair_pass { HUB_REPAIR_LIVELY = 0, HUB_REPAIR_REST = 1 };

/* How far records are sent again on a channel; one row. */
struct hub_repair {
    bool is_dirty;
    bool is_on;
    bool has_begun;   /* Its roll call is in the log. */
    bool misses_some; /* A record could not be read here, or was gone. */
    uint8_t parts[TIP_ROLL_BYTES];
    enum hub_repair_pass pass;
    uint32_t below;    /* Records from this ordinal on are done in it. */
    uint32_t top;      /* …and from this on came after it began. */
    uint64_t since;    /* The newest commit when it began. */
    uint64_t old;      /* The newest of those that were old then. */
    uint32_t rounds;   /* Begun since the office last agreed. */
    uint64_t count;    /* Of records to be sent, about. */
    uint64_t sent;     /* …that are in the log. */
    uint64_t queued;   /* Position in the log of the newest of it… */
    uint64_t through;  /* …and the frame it is in, once cut. */
    uint64_t asked_ms; /* Elapsed, when it was begun; not stored. */
};

/** Read how far records are sent again on @channel; write it if it changed. */
TIP_MUST_USE enum tip_err hub_repair_load(struct tip_txn *txn,
                                          struct hub_channel *channel);
TIP_MUST_USE enum tip_err hub_repair_store(struct tip_txn *txn,
                                           const struct hub_channel *channel);

/** An office does not hold what @channel's digest says, but @said: begin to
 * send it again what differs, unless that is under way (to an office that had
 * not got all of it when it said so, too), was done a moment ago or has been
 * done HUB_REPAIR_ROUNDS_MAX times and did not help. */
TIP_MUST_USE enum tip_err hub_repair_ask(struct hub_engine *engine,
                                         struct hub_channel *channel,
                                         const struct tip_parts *said);

/** An office holds what @channel's digest says. */
void hub_repair_agreed(struct hub_channel *channel);

/** Begin to send @parts of @channel again, from the beginning; they may be
 * those that are being sent. */
void hub_repair_start(struct hub_channel *channel,
                      const uint8_t parts[TIP_ROLL_BYTES]);

/** Send all that @channel's audience holds again, from now on. A transaction to
 * write in is open. */
TIP_MUST_USE enum tip_err hub_repair_all(struct hub_engine *engine,
                                         struct hub_channel *channel);

/** Put the next of what is to be sent again into the log of @channel, once
 * what was put there before is cut. A transaction to write in is open. */
TIP_MUST_USE enum tip_err hub_repair_feed(struct hub_engine *engine,
                                          struct hub_channel *channel);

/* A reading of all records, a few at a time. */
struct hub_scrub {
    struct tip_scrub base;
    uint64_t made; /* Records made again since open. */
    /* Channels whose holding was counted again, and whose roll call was begun
     * again, because what was kept of it could not be read. */
    uint64_t recounted, recalled;
    struct hub_sums sums;
};

/* hub_scrub.c */

/** Read how far it is; and write that if it has changed or it is time. */
TIP_MUST_USE enum tip_err hub_scrub_load(struct hub_engine *engine);
TIP_MUST_USE enum tip_err hub_scrub_store(struct hub_engine *engine);

/** Read some more records if a scrub is due. Flushes if it wrote anything. */
TIP_MUST_USE enum tip_err hub_scrub_step(struct hub_engine *engine);

/** Something could not be read: look at all at once, unless that was done in
 * the last hour. */
void hub_scrub_ask(struct hub_engine *engine);

#endif /* HUB_REPAIR_H */
