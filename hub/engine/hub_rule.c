/*
 * A person decides about what is held back.
 *
 * What is accepted commits as it was made, but for its base: that is lowered to
 * the last point its author provably had of every record in it, so it becomes a
 * sibling of what was written since and overwrites nothing. What is rejected
 * takes a place in the order too, without a change, so that its author learns
 * of it in turn; it goes to the history of its records. Either way what waited
 * behind it is judged again.
 */
#include "hub_quota.h"
#include "hub_recovery.h"
#include "hub_release.h"
#include "hub_retire.h"
#include "hub_row.h"
#include "tip_clock.h"
#include "tip_merge.h"
#include "tip_store.h"

/* One call decides about so many at most, so that others are served between. */
enum { RULED_MAX = 256, REMOVALS_MAX = 64 };

/* An office that an accepted change-set takes out of a record. */
struct removal {
    struct tip_id record;
    uint64_t office;
};

/* A pass on which a person decides. */
struct ruling_pass {
    struct hub_pass pass; /* First member, so the cast below is valid. */
    const struct hub_ruling *ruling;
    struct hub_ruled ruled;
    struct tip_ruling run; /* Of rejected ones, still growing; count 0: none. */
    uint64_t run_commit;
    struct removal removals[REMOVALS_MAX];
    size_t removal_count;
};

static struct tip_ruling ruling_of(const struct ruling_pass *pass,
                                   const struct hub_held_row *row)
{
    const struct hub_engine *engine = pass->pass.engine;
    bool is_accepted = pass->ruling->is_accepted;

    return (struct tip_ruling){
        .kind = is_accepted ? TIP_RULING_ACCEPTED : TIP_RULING_REFUSED,
        .hold = row->reason,
        .origin = row->origin,
        .first_seq = row->seq,
        .count = 1,
        .unix_ms = engine->opts.clock->now_ms(engine->opts.clock),
        .by = pass->ruling->by,
        .reason = pass->ruling->reason};
}

/* Tell the author's office, if it has what was decided about. */
static enum tip_err tell(struct ruling_pass *pass,
                         const struct tip_ruling *ruling, uint64_t commit)
{
    struct hub_engine *engine = pass->pass.engine;
    struct tip_item item = {
        .kind = TIP_ITEM_RULING, .ruling = *ruling, .commit = commit};

    if (hub_device_is_out(&pass->pass.origin->row.device)) {
        return TIP_OK;
    }
    return hub_channel_append(
        engine,
        hub_engine_channel(engine, pass->pass.origin->row.device.office),
        &item);
}

/* The run of rejected ones is over: keep it and tell it. */
static enum tip_err end_run(struct ruling_pass *pass)
{
    struct tip_ruling run = pass->run;
    enum tip_err err;

    if (run.count == 0) {
        return TIP_OK;
    }
    pass->run.count = 0;
    err = hub_row_store_ruling(pass->pass.engine->txn, &run, pass->run_commit);
    return err == TIP_OK ? tell(pass, &run, pass->run_commit) : err;
}

static void begin_run(struct ruling_pass *pass, const struct hub_held_row *row)
{
    struct hub_engine *engine = pass->pass.engine;

    pass->run = ruling_of(pass, row);
    pass->run.count = 0;
    (void)hub_quota_today(engine); /* As before every commit. */
    pass->run_commit = ++engine->order.commit;
    engine->order_is_dirty = true;
}

/* Put what @arrival would have written to its record @i into the history. */
static enum tip_err bury(struct ruling_pass *pass,
                         const struct hub_arrival *arrival, size_t i)
{
    struct hub_engine *engine = pass->pass.engine;
    uint32_t ordinal = arrival->targets.ordinals[i];

    return ordinal == 0
               ? TIP_OK /* Once it is there: hub_refused.h. */
               : tip_record_table_refuse(&engine->records, engine->txn, ordinal,
                                         arrival->set, i, &pass->run,
                                         pass->run_commit, &engine->work);
}

static enum tip_err reject(struct ruling_pass *pass,
                           const struct hub_held_row *row)
{
    const struct tip_change_set *set;
    struct hub_arrival arrival;
    enum tip_err err = hub_release_load(&pass->pass, row, &set);

    if (err == TIP_OK && pass->run.count == 0) {
        begin_run(pass, row);
    }
    if (err == TIP_OK) {
        err = hub_judge(pass->pass.engine, pass->pass.origin, set, row->reason,
                        &arrival);
    }
    for (size_t i = 0; err == TIP_OK && i < set->record_count; i++) {
        err = bury(pass, &arrival, i);
    }
    if (err == TIP_OK) {
        err = hub_release_remove(&pass->pass, row);
    }
    pass->run.count++;
    return err;
}

/* Somebody may have added the office meanwhile, and adding wins: an accepted
 * removal is said again once it is in. */
static void note_removals(struct ruling_pass *pass,
                          const struct tip_change_set *set,
                          const struct tip_id *ids)
{
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *change = &set->changes[i];

        if (change->field == TIP_FIELD_OFFICES &&
            change->value.kind == TIP_VALUE_NONE &&
            pass->removal_count < REMOVALS_MAX) {
            pass->removals[pass->removal_count++] = (struct removal){
                .record = ids[change->record], .office = change->element};
        }
    }
}

/* Commit @set, whose author had another base; say so where that matters. */
static enum tip_err commit(struct ruling_pass *pass,
                           const struct hub_held_row *row,
                           const struct tip_change_set *set, bool is_lowered,
                           struct hub_arrival *arrival)
{
    struct hub_engine *engine = pass->pass.engine;
    struct tip_ruling ruling = ruling_of(pass, row);
    enum tip_err err;

    note_removals(pass, set, row->records);
    if (is_lowered) {
        ruling.base = set->base;
        err = hub_commit_ruled(engine, set, &arrival->targets, &ruling);
    } else {
        err = hub_commit_set(engine, set, &arrival->targets);
    }
    if (err == TIP_OK) {
        err = hub_row_store_ruling(engine->txn, &ruling, engine->order.commit);
    }
    return err == TIP_OK ? hub_release_let_go(&pass->pass, row) : err;
}

/* Commit the change-set of @row if nothing speaks against it that a person
 * cannot waive. */
static enum tip_err accept(struct ruling_pass *pass,
                           const struct hub_held_row *row, bool *out_is_decided)
{
    const struct tip_change_set *set;
    struct tip_change_set lowered;
    struct hub_arrival arrival;
    enum tip_err err = hub_release_load(&pass->pass, row, &set);

    if (err != TIP_OK) {
        return err;
    }
    lowered = *set;
    lowered.base = row->proven;
    err = hub_judge_accepted(pass->pass.engine, pass->pass.origin, &lowered,
                             &arrival);
    if (err != TIP_OK) {
        return err;
    }
    *out_is_decided = arrival.hold == TIP_HOLD_NONE;
    if (*out_is_decided) {
        return commit(pass, row, &lowered, lowered.base != set->base, &arrival);
    }
    if (pass->ruled.left++ == 0) {
        pass->ruled.hold = arrival.hold;
    }
    tip_arena_clear(&pass->pass.engine->work);
    return TIP_OK;
}

static bool continues(const struct tip_ruling *run,
                      const struct hub_held_row *row)
{
    return run->first_seq + run->count == row->seq;
}

static enum tip_err rule(struct hub_pass *self, const struct hub_held_row *row,
                         bool *out_is_decided)
{
    struct ruling_pass *pass = (struct ruling_pass *)self;
    const struct hub_ruling *ruling = pass->ruling;
    bool is_meant = row->seq >= ruling->first && row->seq <= ruling->last;
    enum tip_err err = TIP_OK;

    if (is_meant && pass->ruled.count == RULED_MAX) {
        pass->ruled.is_more = true;
        is_meant = false;
    }
    if (is_meant && row->reason == TIP_HOLD_PROGRAM) {
        /* Nobody can decide about what nobody can read. */
        pass->ruled.hold =
            pass->ruled.left++ == 0 ? row->reason : pass->ruled.hold;
        is_meant = false;
    }
    if (pass->run.count != 0 && !(is_meant && continues(&pass->run, row))) {
        err = end_run(pass);
    }
    if (err != TIP_OK || !is_meant) {
        return err;
    }
    if (ruling->is_accepted) {
        err = accept(pass, row, out_is_decided);
    } else {
        *out_is_decided = true;
        err = reject(pass, row);
    }
    pass->ruled.count += *out_is_decided ? 1 : 0;
    return err;
}

/* Say @removal as the hub, if the office still holds the record. */
static enum tip_err say_removal(struct ruling_pass *pass,
                                const struct removal *removal)
{
    struct hub_engine *engine = pass->pass.engine;
    struct tip_record_ref ref = {.id = removal->record};
    struct tip_change change = {.field = TIP_FIELD_OFFICES,
                                .element = removal->office};
    struct tip_draft_record record = {.id = removal->record,
                                      .seen = hub_engine_seen(engine),
                                      .changes = &change,
                                      .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = pass->ruling->by,
                              .reason = pass->ruling->reason};
    struct tip_wire_record stored;
    struct tip_saved saved;
    uint32_t ordinal;
    bool holds = false;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
    }
    if (err == TIP_OK) {
        holds = tip_merge_contains(&stored.record, TIP_FIELD_OFFICES,
                                   removal->office);
    }
    tip_arena_clear(&engine->work);
    if (err == TIP_OK && holds) {
        err = hub_engine_save(engine, &draft, &saved);
    }
    return err;
}

static enum tip_err decide(struct ruling_pass *pass)
{
    enum tip_err err = hub_release(&pass->pass);

    err = err == TIP_OK ? end_run(pass) : err;
    err = err == TIP_OK ? hub_release_heirs(&pass->pass) : err;
    for (size_t i = 0; i < pass->removal_count && err == TIP_OK; i++) {
        err = say_removal(pass, &pass->removals[i]);
    }
    pass->ruled.released = pass->pass.released;
    if (err != TIP_OK) {
        pass->pass.engine->failure = err;
    }
    return err;
}

/* Why nothing was decided. */
static enum tip_err why_nothing(struct ruling_pass *pass)
{
    struct hub_engine *engine = pass->pass.engine;
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err;

    if (pass->ruled.left != 0) {
        return TIP_EUNACCEPTABLE;
    }
    err = hub_row_find_ruling(engine->txn, pass->ruling->origin,
                              pass->ruling->first, &engine->held, &ruling,
                              &commit);
    tip_arena_clear(&engine->held);
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_ENOT_HELD : err;
    }
    return (ruling.kind == TIP_RULING_ACCEPTED) == pass->ruling->is_accepted
               ? TIP_EEXISTS
               : TIP_ENOT_HELD;
}

enum tip_err hub_engine_rule(struct hub_engine *engine,
                             const struct hub_ruling *ruling,
                             struct hub_ruled *out_ruled)
{
    struct ruling_pass *pass;
    struct hub_origin *origin = hub_engine_origin(engine, ruling->origin);
    enum tip_err err;

    *out_ruled = (struct hub_ruled){.count = 0};
    if (hub_recovery_check(engine) != TIP_OK) {
        return TIP_ERECOVERING;
    }
    if (ruling->by.size == 0 || ruling->by.size > TIP_AUTHOR_BYTES_MAX ||
        ruling->reason.size > TIP_REASON_BYTES_MAX) {
        return TIP_EINVAL;
    }
    if (ruling->reason.size == 0) {
        return TIP_EREASON;
    }
    if (origin == NULL) {
        return TIP_ENOT_HELD;
    }
    err = hub_engine_write(engine);
    if (err != TIP_OK) {
        return err;
    }
    pass = tip_arena_alloc(&engine->said, sizeof *pass);
    if (pass == NULL) {
        return TIP_ENOMEM;
    }
    *pass = (struct ruling_pass){
        .pass = {.engine = engine, .origin = origin, .rule = rule},
        .ruling = ruling};
    err = decide(pass);
    if (err == TIP_OK && pass->ruled.count == 0) {
        err = why_nothing(pass);
    }
    *out_ruled = pass->ruled;
    tip_arena_clear(&engine->said);
    return err;
}

enum tip_err hub_engine_held_set(struct hub_engine *engine, uint32_t origin,
                                 uint64_t seq,
                                 const struct tip_change_set **out_set)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);
    struct hub_sets frame;
    enum tip_err err;

    if (device == NULL) {
        return TIP_ENOTFOUND;
    }
    tip_arena_clear(&engine->arena);
    err = hub_feed_load(engine, device, seq, &frame);
    if (err == TIP_OK) {
        *out_set = &frame.sets[seq - frame.first];
    }
    return err;
}

enum tip_err hub_engine_find_ruling(struct hub_engine *engine, uint32_t origin,
                                    uint64_t seq, struct tip_arena *arena,
                                    struct tip_ruling *out_ruling,
                                    uint64_t *out_commit)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    return err == TIP_OK ? hub_row_find_ruling(txn, origin, seq, arena,
                                               out_ruling, out_commit)
                         : err;
}
