/*
 * From a draft to a change-set: the checks every save passes.
 *
 * Node and hub differ in what a person sees of a record and in what becomes of
 * the change-set; what may be saved is the same and stands here.
 */
#ifndef TIP_PLAN_H
#define TIP_PLAN_H

#include "tip_admit.h"
#include "tip_draft.h"
#include "tip_record_table.h"

/**
 * Who saves, and into what. Programs embed it as their first member; everything
 * in it is borrowed.
 */
struct tip_planner {
    const struct tip_record_table *records;
    struct tip_txn *txn;
    struct tip_arena *arena; /* Of the plan that is made. */
    const struct tip_schema *schema;
    struct tip_admission author;
    uint64_t seq; /* Of the change-set. */
    uint64_t base;
    uint32_t mends; /* As in tip_seen. */

    /** Read record @ordinal: as stored, and as a person sees it. */
    enum tip_err (*view)(struct tip_planner *self, uint32_t ordinal,
                         struct tip_wire_record *out_stored,
                         struct tip_record *out_view);
};

/** What is to be written. Borrows from the arena. */
struct tip_plan {
    struct tip_change_set set;      /* Its stamp is not set yet. */
    uint32_t *ordinals;             /* One per record; 0: new. */
    struct tip_wire_record *stored; /* One per record, as it is now. */
};

/** Was @write there, for a program of @origin, when @seen was given out? What
 * @origin goes on from, as @lineage says, is its own too. */
bool tip_seen_covers(struct tip_seen seen, const struct tip_lineage *lineage,
                     uint32_t origin, const struct tip_write *write);

/** Check @draft. Errors as node_engine_save(); nothing is written. */
TIP_MUST_USE enum tip_err tip_plan_make(struct tip_planner *planner,
                                        const struct tip_draft *draft,
                                        struct tip_plan *out_plan);

#endif /* TIP_PLAN_H */
