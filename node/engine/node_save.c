#include <string.h>

#include "node_engine_internal.h"
#include "node_mend.h"
#include "node_roll.h"
#include "node_ruling.h"
#include "node_stand_in.h"
#include "tip_plan.h"
#include "tip_store.h"
#include "tip_wire_set.h"

enum tip_err node_save_load(struct node_engine *engine, uint64_t seq,
                            struct tip_arena *arena,
                            struct tip_change_set *out_set, size_t *out_bytes)
{
    struct tip_bytes value, copy;
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_get(txn, TIP_TABLE_OUTBOX,
                          TIP_KEY(engine->identity.origin, seq), &value);
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(arena, value, &copy);
    }
    if (err == TIP_OK) {
        err = tip_wire_set_decode(copy, arena, out_set);
    }
    if (err == TIP_OK) {
        *out_bytes = copy.size;
    }
    return err;
}

enum tip_err node_engine_own(struct node_engine *engine, uint64_t seq,
                             struct tip_arena *arena,
                             struct tip_change_set *out_set)
{
    size_t bytes;

    return node_save_load(engine, seq, arena, out_set, &bytes);
}

/* Put own change-set @seq over @view, as far as it touches that record. */
static enum tip_err overlay(struct node_engine *engine, uint64_t seq,
                            struct tip_arena *arena, struct tip_record *view)
{
    struct tip_change_set set;
    struct tip_record dead;
    size_t bytes;
    enum tip_err err = node_save_load(engine, seq, arena, &set, &bytes);

    for (size_t i = 0; err == TIP_OK && i < set.record_count; i++) {
        if (tip_id_equal(&set.records[i].id, &view->id)) {
            struct tip_write write = tip_write_of(&set, 0, TIP_VERDICT_GOOD);
            size_t count;
            const struct tip_change *changes =
                tip_change_set_part(&set, i, &count);

            err = tip_record_apply(view, &write, changes, count, arena, &dead);
        }
    }
    return err;
}

enum tip_err node_engine_view(struct node_engine *engine, uint32_t ordinal,
                              struct tip_arena *arena,
                              struct tip_wire_record *out_stored,
                              struct tip_record *out_view)
{
    struct tip_wire_record stored;
    struct tip_record view;
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, txn, ordinal, arena,
                                    &stored);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        node_mend_doubt(engine);
    }
    if (err != TIP_OK) {
        return err;
    }
    view = stored.record;
    for (size_t i = 0; i < stored.overlay_count && err == TIP_OK; i++) {
        err = overlay(engine, stored.overlay[i], arena, &view);
        if (node_stand_in_is_due(engine, stored.overlay[i], err)) {
            node_mend_doubt(engine);
            err = TIP_ESTORE_DAMAGED;
        }
    }
    if (err == TIP_OK) {
        *out_stored = stored;
        *out_view = view;
    }
    return err;
}

/* What tip_plan needs of us. */
struct planner {
    struct tip_planner base; /* First member, so the cast below is valid. */
    struct node_engine *engine;
};

static enum tip_err planner_view(struct tip_planner *self, uint32_t ordinal,
                                 struct tip_wire_record *out_stored,
                                 struct tip_record *out_view)
{
    struct planner *planner = (struct planner *)self;
    enum tip_err err = node_engine_view(planner->engine, ordinal, self->arena,
                                        out_stored, out_view);

    return err == TIP_OK && node_roll_is_awaited(planner->engine, ordinal,
                                                 &out_stored->record)
               ? TIP_ESENT_AGAIN
               : err;
}

/* Note in record @i of @plan that the change-set lies over it. */
static enum tip_err store_overlay(struct node_engine *engine,
                                  struct tip_plan *plan, size_t i)
{
    struct tip_wire_record *stored = &plan->stored[i];
    uint64_t *seqs = tip_arena_alloc_array(
        &engine->arena, stored->overlay_count + 1, sizeof *seqs);

    if (seqs == NULL) {
        return TIP_ENOMEM;
    }
    if (stored->overlay_count != 0) {
        memcpy(seqs, stored->overlay, stored->overlay_count * sizeof *seqs);
    }
    seqs[stored->overlay_count++] = plan->set.seq;
    stored->overlay = seqs;
    if (plan->ordinals[i] == 0) {
        return tip_record_table_add(&engine->records, engine->txn, stored,
                                    &plan->ordinals[i]);
    }
    return tip_record_table_put(&engine->records, engine->txn,
                                plan->ordinals[i], stored,
                                stored->record.birth_commit != 0);
}

/* Write what was planned; from here on an error loses the transaction. */
static enum tip_err store_plan(struct node_engine *engine,
                               struct tip_plan *plan, struct tip_bytes row)
{
    enum tip_err err =
        tip_txn_append(engine->txn, TIP_TABLE_OUTBOX,
                       TIP_KEY(engine->identity.origin, plan->set.seq), row);

    if (err == TIP_EINVAL || err == TIP_EEXISTS) {
        node_mend_doubt(engine); /* Something lies where nothing was saved. */
        err = TIP_ESTORE_DAMAGED;
    }
    for (size_t i = 0; i < plan->set.record_count && err == TIP_OK; i++) {
        err = store_overlay(engine, plan, i);
    }
    engine->failure = err;
    return err;
}

/* Has each record of @plan room for one more change-set over it? */
static enum tip_err check_overlays(const struct tip_plan *plan)
{
    for (size_t i = 0; i < plan->set.record_count; i++) {
        if (plan->stored[i].overlay_count >= TIP_WIRE_OVERLAY_MAX) {
            return TIP_ERECORD_WAITS;
        }
    }
    return TIP_OK;
}

/* The bytes of @set for the outbox, in engine->row. */
static enum tip_err encode(struct node_engine *engine,
                           const struct tip_change_set *set,
                           struct tip_bytes *out_row)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, engine->row, sizeof engine->row);
    err = tip_wire_set_encode(set, &buf);
    return err == TIP_OK ? tip_buf_finish(&buf, out_row) : err;
}

/* Has a person at the hub decided about our own work in a record of @draft, of
 * which @plan was made, since its author looked? */
static enum tip_err check_rulings(struct node_engine *engine,
                                  const struct tip_draft *draft,
                                  const struct tip_plan *plan)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < draft->record_count && err == TIP_OK; i++) {
        const struct tip_draft_record *record = &draft->records[i];
        bool has_changed = false;

        if (!record->is_new) {
            err = node_ruling_has_changed(engine, &plan->stored[i].record,
                                          record->seen.commit, &has_changed);
        }
        if (has_changed) {
            return TIP_ECHANGED;
        }
    }
    return err;
}

static enum tip_err save(struct node_engine *engine,
                         const struct tip_draft *draft,
                         struct tip_saved *out_saved)
{
    struct planner planner = {
        .base = {.records = &engine->records,
                 .txn = engine->txn,
                 .arena = &engine->arena,
                 .schema = engine->opts.schema,
                 .author = {.origin = node_continue_origin(engine),
                            .office = engine->identity.office},
                 .seq = engine->feed.saved + 1,
                 .base = node_engine_base(engine),
                 .mends = node_engine_seen(engine).mends,
                 .view = planner_view},
        .engine = engine};
    struct tip_plan plan;
    struct tip_bytes row;
    enum tip_err err = tip_plan_make(&planner.base, draft, &plan);

    if (err == TIP_OK) {
        err = check_rulings(engine, draft, &plan);
    }
    if (err == TIP_OK) {
        err = check_overlays(&plan);
    }
    if (err == TIP_OK) {
        plan.set.stamp = tip_hlc_issue(&engine->hlc);
        err = encode(engine, &plan.set, &row);
    }
    if (err == TIP_OK) {
        err = store_plan(engine, &plan, row);
    }
    if (err == TIP_OK) {
        engine->feed.saved = plan.set.seq;
        engine->feed_is_dirty = true;
        engine->has_saves = true;
        tip_node_session_saved(&engine->session, plan.set.seq);
        *out_saved = (struct tip_saved){plan.set.seq, plan.set.stamp};
    }
    return err;
}

enum tip_err node_engine_save(struct node_engine *engine,
                              const struct tip_draft *draft,
                              struct tip_saved *out_saved)
{
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE);

    if (err == TIP_OK) {
        err = save(engine, draft, out_saved);
    }
    if (err == TIP_OK || err == TIP_ESTORE_FULL) {
        engine->is_full = err == TIP_ESTORE_FULL;
    }
    tip_arena_clear(&engine->arena);
    return err;
}
