/* What was held back in the backup, and what people had decided about it since:
 * somebody was told of that, or it still waits. */
#include "hub_release.h"
#include "hub_replay.h"
#include "hub_row.h"
#include "tip_clock.h"
#include "tip_store.h"

/* The change-set behind @seq that is held back of @origin; 0: none is, up to
 * @last. */
static enum tip_err next_held(struct hub_engine *engine, uint32_t origin,
                              uint64_t seq, uint64_t last, uint64_t *out_seq)
{
    struct hub_held_row row;
    enum tip_err err =
        hub_row_next_held(engine->txn, origin, seq, &engine->work, &row);

    *out_seq =
        err == TIP_OK && row.origin == origin && row.seq <= last ? row.seq : 0;
    tip_arena_clear(&engine->work); /* Its records are not wanted. */
    tip_txn_forget(engine->txn);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err hub_lost_first_held(struct hub_replay *replay, size_t i,
                                 uint64_t *out_seq)
{
    return next_held(replay->engine,
                     replay->engine->origins[i]->row.device.origin, 0,
                     replay->placed[i].taken, out_seq);
}

enum tip_err hub_lost_note_held(struct hub_replay *replay, size_t i)
{
    struct hub_placed *placed = &replay->placed[i];
    uint32_t origin = replay->engine->origins[i]->row.device.origin;
    uint64_t held = placed->after;
    enum tip_err err = TIP_OK;

    for (uint64_t seq = held + 1; seq <= placed->taken && err == TIP_OK;
         seq++) {
        if (held < seq) {
            err = next_held(replay->engine, origin, held, placed->taken, &held);
            held = held == 0 ? UINT64_MAX : held;
        }
        if (held != seq) {
            hub_lost_set_placed(placed, seq);
        }
    }
    return err;
}

enum tip_err hub_lost_let_go(struct hub_replay *replay, size_t i, uint64_t seq)
{
    struct hub_placed *placed = &replay->placed[i];
    uint32_t origin = replay->engine->origins[i]->row.device.origin;

    hub_lost_set_placed(placed, seq);
    if (seq > placed->taken) {
        return TIP_OK;
    }
    return tip_txn_remove(replay->engine->txn, TIP_TABLE_HELD,
                          TIP_KEY(origin, seq));
}

bool hub_lost_lower(const struct hub_engine *engine,
                    const struct hub_lost *lost, struct tip_change_set *set,
                    struct tip_ruling *out_ruling)
{
    bool is_told = lost->kind == TIP_ITEM_SET || lost->kind == TIP_ITEM_STATE;

    if (!is_told || lost->base >= set->base) {
        return false;
    }
    set->base = lost->base;
    *out_ruling = (struct tip_ruling){
        .kind = TIP_RULING_ACCEPTED,
        .hold = TIP_HOLD_BASE,
        .origin = lost->origin,
        .first_seq = lost->seq,
        .count = 1,
        .base = lost->base,
        .unix_ms = engine->opts.clock->now_ms(engine->opts.clock),
        .by = tip_bytes_text("?"),
        .reason = tip_bytes_text("?")};
    return true;
}

/* Of whoever is still to come back nobody knows yet what was decided. */
static bool is_complete(const struct hub_replay *replay,
                        const struct hub_origin *origin)
{
    return !origin->back.is_due || hub_lost_is_taken_up(replay, origin);
}

enum tip_err hub_lost_release(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = hub_hold_load(engine);

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_pass pass = {.engine = engine, .origin = engine->origins[i]};

        if (is_complete(replay, pass.origin)) {
            err = hub_release(&pass);
        }
    }
    return err;
}

enum tip_err hub_lost_bury(struct hub_engine *engine,
                           const struct tip_change_set *set,
                           const struct tip_ruling *ruling, uint64_t commit)
{
    struct hub_arrival arrival;
    uint32_t ordinals[TIP_CHANGE_SET_RECORDS_MAX];
    enum tip_err err = hub_judge_find(engine, set, &arrival);

    for (size_t i = 0; err == TIP_OK && i < set->record_count; i++) {
        ordinals[i] = arrival.hold == TIP_HOLD_NONE
                          ? arrival.targets.ordinals[i]
                          : 0; /* Not known: it would have made it. */
    }
    tip_arena_clear(&engine->work);
    for (size_t i = 0; err == TIP_OK && i < set->record_count; i++) {
        if (ordinals[i] != 0) {
            err = tip_record_table_refuse(&engine->records, engine->txn,
                                          ordinals[i], set, i, ruling, commit,
                                          &engine->work);
        }
        tip_arena_clear(&engine->work);
    }
    return err;
}
