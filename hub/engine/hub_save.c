#include "hub_recovery.h"
#include "tip_plan.h"
#include "tip_store.h"
#include "tip_wire_set.h"

/* The hub's change-sets travel too: refuse here what no frame could hold. */
static enum tip_err check_size(struct hub_engine *engine,
                               const struct tip_change_set *set)
{
    struct tip_buf buf;

    tip_buf_init(&buf, engine->row, TIP_CHANGE_SET_BYTES_MAX);
    return tip_wire_set_encode(set, &buf);
}

static enum tip_err planner_view(struct tip_planner *self, uint32_t ordinal,
                                 struct tip_wire_record *out_stored,
                                 struct tip_record *out_view)
{
    enum tip_err err = tip_record_table_load(self->records, self->txn, ordinal,
                                             self->arena, out_stored);

    if (err == TIP_OK) {
        *out_view = out_stored->record;
    }
    return err;
}

static enum tip_err save(struct hub_engine *engine,
                         const struct tip_draft *draft,
                         struct tip_saved *out_saved)
{
    struct tip_planner planner = {
        .records = &engine->records,
        .txn = engine->txn,
        .arena = &engine->arena,
        .schema = engine->opts.schema,
        .author = {.origin = HUB_ORIGIN, .office = HUB_OFFICE, .is_hub = true},
        .seq = engine->order.seq + 1,
        .base = engine->order.commit, /* The hub has seen everything. */
        .view = planner_view};
    struct hub_targets targets;
    struct tip_plan plan;
    enum tip_err err = tip_plan_make(&planner, draft, &plan);

    if (err == TIP_OK) {
        err = check_size(engine, &plan.set);
    }
    if (err != TIP_OK) {
        return err;
    }
    plan.set.stamp = tip_hlc_issue(&engine->hlc);
    targets = (struct hub_targets){plan.ordinals, plan.stored};
    engine->order.seq = plan.set.seq;
    err = hub_commit_set(engine, &plan.set, &targets);
    if (err == TIP_OK) {
        *out_saved = (struct tip_saved){plan.set.seq, plan.set.stamp};
    }
    return err;
}

enum tip_err hub_engine_save(struct hub_engine *engine,
                             const struct tip_draft *draft,
                             struct tip_saved *out_saved)
{
    enum tip_err err = hub_recovery_check(engine);

    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err == TIP_OK) {
        err = save(engine, draft, out_saved);
    }
    tip_arena_clear(&engine->arena);
    return err;
}
