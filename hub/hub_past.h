/*
 * What was with an office, since when: a short ring of changes, one row of
 * TIP_TABLE_OFFICE each, so that "silent since Monday, as three weeks ago"
 * outlives the daemon. It holds ails (hub_health.h), nothing of records.
 */
#ifndef HUB_PAST_H
#define HUB_PAST_H

#include "hub_health.h"
#include "tip_err.h"
#include "tip_store.h"

enum { HUB_PAST_MAX = 32 };

/* lo of its row in TIP_TABLE_OFFICE: behind any origin, which has 32 bits. */
#define HUB_PAST_ROW (UINT64_C(1) << 40)

/** Plain data. */
struct hub_past {
    struct {
        uint64_t since_ms; /* Unix, by the hub's clock. */
        enum hub_ail worst;
    } changes[HUB_PAST_MAX]; /* Oldest first. */
    size_t count;
};

/** What was last: HUB_FINE if nothing is known. */
enum hub_ail hub_past_last(const struct hub_past *past);

/** Note that from @now_ms on the worst is @worst; false: as before. The oldest
 * gives way. */
bool hub_past_note(struct hub_past *past, enum hub_ail worst, uint64_t now_ms);

/** Read the past of @office; empty if there is none. Errors of the store. */
TIP_MUST_USE enum tip_err hub_past_load(struct tip_txn *txn, uint64_t office,
                                        struct hub_past *out_past);
TIP_MUST_USE enum tip_err hub_past_store(struct tip_txn *txn, uint64_t office,
                                         const struct hub_past *past);

#endif /* HUB_PAST_H */
