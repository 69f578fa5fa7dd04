/* Internal: what the records add up to for each audience, while a scrub reads
 * them. */
#ifndef HUB_SUMS_H
#define HUB_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "tip_holding.h"

struct hub_engine;

/* Secret. */
struct hub_sum {
    struct tip_digest_key key; /* As it was when the reading began. */
    struct tip_holding holding;
};

/** Of one reading; NULL: there is none, or it cannot be compared. */
struct hub_sums {
    struct hub_sum *items; /* Owned; in the order of the engine's channels… */
    size_t count;          /* …there were when it began. */
};

/** A reading begins. Without memory it goes on, and compares nothing. */
void hub_sums_begin(struct hub_engine *engine);

/** What was added up no longer counts: a row could not be read, or what is in
 * memory is not what is in the store. */
void hub_sums_forget(struct hub_engine *engine);

/** @record was read. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err hub_sums_read(struct hub_engine *engine,
                                        const struct tip_record *record);

/** Record @ordinal counts for channel number @i as @held, or no more. */
void hub_sums_change(struct hub_engine *engine, uint32_t ordinal, size_t i,
                     const struct tip_held_record *held, bool is_added);

/** All records were read: tell of each audience whose sum is not what was kept
 * with every commit, and have it counted anew before it is said again. */
void hub_sums_end(struct hub_engine *engine);

#endif /* HUB_SUMS_H */
