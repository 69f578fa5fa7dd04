/*
 * A change-set that is not, or not yet, in its records, laid out for a person
 * who decides about it: what it would write, beside what stands there now.
 */
#ifndef TIP_DESK_PROPOSAL_H
#define TIP_DESK_PROPOSAL_H

#include "tip_desk_show.h"

/** One cell that it would write. In the arena that was given. */
struct tip_desk_proposal {
    struct tip_id id;
    struct tip_bytes type_name;
    bool is_new; /* It would make the record. */
    struct tip_bytes name;
    struct tip_bytes label;
    struct tip_desk_value value; /* What it would write. */
    bool has_now;                /* Something stands there… */
    struct tip_desk_value now;   /* …this. */
};

/** Lay out @set. Identity values that this desk cannot open stay sealed. */
TIP_MUST_USE enum tip_err
tip_desk_propose(struct tip_desk *desk, const struct tip_change_set *set,
                 struct tip_arena *arena,
                 const struct tip_desk_proposal **out_proposals,
                 size_t *out_count);

#endif /* TIP_DESK_PROPOSAL_H */
