#include "tip_plan.h"

/* The arrays of the change-set while it is being filled. */
struct filling {
    struct tip_plan plan;
    struct tip_record_ref *refs;
    struct tip_change *changes;
};

static enum tip_err filling_init(struct filling *filling,
                                 const struct tip_planner *planner,
                                 const struct tip_draft *draft)
{
    struct tip_arena *arena = planner->arena;
    struct tip_plan *plan = &filling->plan;
    size_t records = draft->record_count;
    size_t changes = 0;

    for (size_t i = 0; i < records; i++) {
        changes += draft->records[i].change_count;
    }
    filling->refs =
        tip_arena_alloc_array(arena, records, sizeof *filling->refs);
    filling->changes =
        tip_arena_alloc_array(arena, changes, sizeof *filling->changes);
    *plan = (struct tip_plan){
        .ordinals =
            tip_arena_alloc_array(arena, records, sizeof *plan->ordinals),
        .stored = tip_arena_alloc_array(arena, records, sizeof *plan->stored),
        .set = {.origin = planner->author.origin,
                .office = planner->author.office,
                .seq = planner->seq,
                .base = planner->base,
                .author = draft->author,
                .reason = draft->reason,
                .records = filling->refs,
                .changes = filling->changes}};
    if (filling->refs == NULL || filling->changes == NULL ||
        plan->ordinals == NULL || plan->stored == NULL) {
        return TIP_ENOMEM;
    }
    return TIP_OK;
}

bool tip_seen_covers(struct tip_seen seen, const struct tip_lineage *lineage,
                     uint32_t origin, const struct tip_write *write)
{
    return tip_lineage_has_past(lineage, origin, UINT64_MAX, write->origin,
                                write->seq)
               ? write->seq <= seen.seq
               : write->commit != 0 && write->commit <= seen.commit;
}

/* Has the cell of @change in @view been written since @seen? */
static bool has_changed(const struct tip_planner *planner,
                        const struct tip_record *view,
                        const struct tip_change *change, struct tip_seen seen)
{
    struct tip_cell cell =
        tip_record_cell(view, change->field, change->element);

    for (size_t i = 0; i < cell.count; i++) {
        if (!tip_seen_covers(seen, planner->records->lineage,
                             planner->author.origin,
                             tip_record_write(view, &cell.siblings[i]))) {
            return true;
        }
    }
    return false;
}

/* Has the author's office come to the record, or come again, since @seen? Then
 * that point says nothing of what others wrote while it was away. */
static bool has_come(const struct tip_planner *planner,
                     const struct tip_record *view, struct tip_seen seen)
{
    const struct tip_change own = {.field = TIP_FIELD_OFFICES,
                                   .element = planner->author.office};

    return !planner->author.is_hub && has_changed(planner, view, &own, seen);
}

/* Why the hub would hold a change back, as an answer to who is saving it. */
static enum tip_err refusal(enum tip_hold hold)
{
    switch (hold) {
    case TIP_HOLD_NONE:
        return TIP_OK;
    case TIP_HOLD_VALUE:
        return TIP_EVALUE;
    case TIP_HOLD_TOO_NEW:
        return TIP_EUNKNOWN_FIELD;
    case TIP_HOLD_TOO_LARGE:
        return TIP_ERECORD_FULL;
    case TIP_HOLD_OFFICES:
        return TIP_EOFFICES;
    case TIP_HOLD_MEMBER:
    case TIP_HOLD_CHANNEL:
    case TIP_HOLD_REVOKED:
        return TIP_EACCESS;
    case TIP_HOLD_BEHIND:
    case TIP_HOLD_QUOTA: /* Never asked for here. */
    case TIP_HOLD_BASE:
    case TIP_HOLD_ORDER:
    case TIP_HOLD_PROGRAM:
        break;
    }
    return TIP_EINVAL;
}

/* Find what the draft's record @i is now: in @out_view as a person sees it. */
static enum tip_err find_record(struct tip_planner *planner,
                                const struct tip_draft_record *asked,
                                struct tip_plan *plan, size_t i,
                                struct tip_record *out_view)
{
    struct tip_record_ref ref = {.id = asked->id, .type = asked->type};
    enum tip_err err = tip_record_table_find(planner->records, planner->txn,
                                             &ref, &plan->ordinals[i]);

    if (err == TIP_OK) {
        err = planner->view(planner, plan->ordinals[i], &plan->stored[i],
                            out_view);
        if (err == TIP_OK && out_view->erased != 0) {
            return TIP_EERASED;
        }
        return err == TIP_OK && asked->is_new ? TIP_EEXISTS : err;
    }
    if (err == TIP_ENOTFOUND && asked->is_new) {
        tip_record_init(out_view, &asked->id, asked->type,
                        planner->author.office);
        plan->stored[i].record = *out_view;
        return TIP_OK;
    }
    return err;
}

/* Check the draft's record @i and take its changes into the change-set. */
static enum tip_err plan_record(struct tip_planner *planner,
                                const struct tip_draft_record *asked, size_t i,
                                struct filling *filling)
{
    struct tip_plan *plan = &filling->plan;
    struct tip_record view;
    enum tip_err err = find_record(planner, asked, plan, i, &view);

    if (err != TIP_OK) {
        return err;
    }
    if (!asked->is_new && asked->seen.mends != planner->mends) {
        return TIP_ECHANGED;
    }
    for (size_t c = 0; c < asked->change_count; c++) {
        if (!asked->is_new &&
            has_changed(planner, &view, &asked->changes[c], asked->seen)) {
            return TIP_ECHANGED;
        }
        filling->changes[plan->set.change_count] = asked->changes[c];
        filling->changes[plan->set.change_count++].record = (uint32_t)i;
    }
    filling->refs[i] =
        (struct tip_record_ref){.id = asked->id, .type = view.type};
    plan->set.record_count++;
    err = refusal(tip_admit_record(&planner->author, &plan->set, &view,
                                   asked->changes, asked->change_count,
                                   planner->schema));
    return err == TIP_OK && !asked->is_new &&
                   has_come(planner, &view, asked->seen)
               ? TIP_ECHANGED
               : err;
}

enum tip_err tip_plan_make(struct tip_planner *planner,
                           const struct tip_draft *draft,
                           struct tip_plan *out_plan)
{
    struct filling filling;
    enum tip_err err = filling_init(&filling, planner, draft);

    for (size_t i = 0; i < draft->record_count && err == TIP_OK; i++) {
        err = plan_record(planner, &draft->records[i], i, &filling);
    }
    if (err == TIP_OK) {
        *out_plan = filling.plan;
    }
    return err;
}
