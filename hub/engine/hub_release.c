/*
 * What is held back, judged again.
 *
 * Nothing waits behind itself: all of an origin is taken out of the index of
 * what waits, and each that stays is noted again before the next is judged.
 * What nothing has changed for costs a look at its row, not its frame.
 */
#include "hub_release.h"

#include "hub_erase.h"
#include "hub_recovery.h"
#include "hub_refused.h"
#include "hub_row.h"
#include "tip_store.h"
#include "tip_wire_header.h"

enum tip_err hub_release_load(struct hub_pass *pass,
                              const struct hub_held_row *row,
                              const struct tip_change_set **out_set)
{
    struct hub_sets *frame = &pass->frame;
    enum tip_err err = TIP_OK;

    if (row->seq - frame->first >= frame->count) {
        tip_arena_clear(&pass->engine->arena);
        *frame = (struct hub_sets){.count = 0};
        err = hub_feed_load(pass->engine, pass->origin, row->seq, frame);
    }
    if (err == TIP_OK) {
        *out_set = &frame->sets[row->seq - frame->first];
    }
    return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
}

enum tip_err hub_release_remove(struct hub_pass *pass,
                                const struct hub_held_row *row)
{
    return tip_txn_remove(pass->engine->txn, TIP_TABLE_HELD,
                          TIP_KEY(row->origin, row->seq));
}

enum tip_err hub_release_let_go(struct hub_pass *pass,
                                const struct hub_held_row *row)
{
    pass->first = pass->first == 0 ? row->seq : pass->first;
    return hub_release_remove(pass, row);
}

/* Time does not mend these: a person decides. */
static bool is_for_a_person(enum tip_hold reason)
{
    return reason == TIP_HOLD_BASE || reason == TIP_HOLD_ORDER ||
           reason == TIP_HOLD_REVOKED || reason == TIP_HOLD_QUOTA;
}

static bool is_behind_still(const struct hub_pass *pass,
                            const struct hub_held_row *row)
{
    if (row->reason != TIP_HOLD_BEHIND) {
        return false;
    }
    for (size_t i = 0; i < row->record_count; i++) {
        if (hub_hold_is_behind(pass->engine, pass->origin, &row->records[i])) {
            return true;
        }
    }
    return false;
}

/* Were all records of what @row holds back erased? */
static enum tip_err is_moot_now(struct hub_engine *engine,
                                const struct hub_held_row *row, bool *out_is)
{
    bool all = row->record_count != 0;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < row->record_count && all && err == TIP_OK; i++) {
        const struct tip_record_ref ref = {.id = row->records[i]};

        err = tip_record_table_is_erased(&engine->records, engine->txn, &ref,
                                         &all);
    }
    *out_is = err == TIP_OK && all;
    return err;
}

/* Judge what @row holds back once more. It commits, or is noted again. */
static enum tip_err retry(struct hub_pass *pass, const struct hub_held_row *row)
{
    struct hub_engine *engine = pass->engine;
    const struct tip_change_set *set;
    enum tip_hold hold = TIP_HOLD_NONE;
    struct hub_arrival arrival;
    bool is_moot;
    enum tip_err err = is_moot_now(engine, row, &is_moot);

    if (err != TIP_OK) {
        return err;
    }
    if (!is_moot &&
        (is_for_a_person(row->reason) || is_behind_still(pass, row))) {
        return hub_hold_note(engine, row);
    }
    err = hub_release_load(pass, row, &set);
    if (row->reason == TIP_HOLD_PROGRAM) {
        if (tip_wire_is_too_new(err)) {
            return hub_hold_note(engine, row);
        }
        /* Nobody could look at its base when it came. */
        hold = err == TIP_OK && set->base > row->proven ? TIP_HOLD_BASE : hold;
    }
    if (err == TIP_OK) {
        err = hub_judge(engine, pass->origin, set, hold, &arrival);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (arrival.hold != TIP_HOLD_NONE) {
        arrival.proven = row->proven;
        arrival.since_ms = row->since_ms;
        return hub_hold_back(engine, &arrival);
    }
    err = hub_commit_set(engine, set, &arrival.targets);
    if (err == TIP_OK && arrival.erased_count != 0) {
        err = hub_erase_again(engine);
    }
    if (err == TIP_OK) {
        err = hub_release_let_go(pass, row);
    }
    pass->released++;
    return err;
}

static enum tip_err decide(struct hub_pass *pass,
                           const struct hub_held_row *row)
{
    bool is_decided = false;
    enum tip_err err =
        pass->rule == NULL ? TIP_OK : pass->rule(pass, row, &is_decided);

    return err != TIP_OK || is_decided ? err : retry(pass, row);
}

static enum tip_err forget(struct hub_pass *pass,
                           const struct hub_held_row *row)
{
    hub_hold_forget(pass->engine, row);
    return TIP_OK;
}

/* Call @visit for each row of the origin that is held back, by seq. */
static enum tip_err
for_each_held(struct hub_pass *pass,
              enum tip_err (*visit)(struct hub_pass *pass,
                                    const struct hub_held_row *row))
{
    struct hub_engine *engine = pass->engine;
    uint32_t number = pass->origin->row.device.origin;
    struct hub_held_row row = {.origin = number};
    enum tip_err err;

    do {
        tip_arena_clear(&engine->held);
        err = hub_row_next_held(engine->txn, number, row.seq, &engine->held,
                                &row);
        if (err == TIP_OK && row.origin != number) {
            err = TIP_ENOTFOUND;
        }
        if (err == TIP_OK) {
            err = visit(pass, &row);
        }
        tip_arena_clear(&engine->work);
        tip_txn_forget(engine->txn);
    } while (err == TIP_OK);
    tip_arena_clear(&engine->held);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err hub_release(struct hub_pass *pass)
{
    struct hub_engine *engine = pass->engine;
    enum tip_err err = TIP_OK;

    pass->frame = (struct hub_sets){.count = 0};
    if (pass->origin->held_count != 0) {
        err = for_each_held(pass, forget);
        if (err == TIP_OK) {
            err = for_each_held(pass, decide);
        }
        if (err == TIP_OK && pass->first != 0) {
            err = hub_refused_follow(engine, pass->origin, pass->first);
        }
        hub_hold_tell(engine, pass->origin);
    }
    tip_arena_clear(&engine->arena);
    if (err != TIP_OK) {
        engine->failure = err;
    }
    return err;
}

enum tip_err hub_release_heirs(struct hub_pass *pass)
{
    struct hub_engine *engine = pass->engine;
    const struct hub_origin_row *row = &pass->origin->row;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_pass next = {.engine = engine, .origin = engine->origins[i]};

        if (next.origin->row.root == row->root &&
            next.origin->row.device.origin > row->device.origin) {
            err = hub_release(&next);
            pass->released += next.released;
        }
    }
    return err;
}

enum tip_err hub_engine_release(struct hub_engine *engine)
{
    enum tip_err err;

    if (hub_recovery_check(engine) != TIP_OK) {
        return TIP_OK; /* Finishing takes it up. */
    }
    err = hub_engine_write(engine);
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_pass pass = {.engine = engine, .origin = engine->origins[i]};

        err = hub_release(&pass);
    }
    return err;
}
