/*
 * What speaks against a change-set.
 *
 * A frame of a device that was enrolled is not believed either: whatever could
 * not be committed, stored or told must be held back here. An error later on
 * loses the transaction, and with it the work of everybody who is in it.
 */
#include "hub_quota.h"
#include "hub_recovery.h"
#include "tip_store.h"
#include "tip_wire_set.h"

enum {
    /* The records of one change-set, decoded: merging needs twice as much
     * again, here and at each node that holds them. */
    RECORDS_BYTES_MAX = 12 * 1024 * 1024,
    /* No less than a change or a record takes in a row, but for its value. */
    CHANGE_BYTES = 32,
    RECORD_BYTES = 40
};

static enum tip_err init(struct hub_engine *engine, struct hub_origin *origin,
                         const struct tip_change_set *set,
                         struct hub_arrival *arrival)
{
    struct tip_arena *work = &engine->work;
    size_t count = set->record_count;

    *arrival = (struct hub_arrival){
        .origin = origin,
        .set = set,
        .targets = {.ordinals = tip_arena_alloc_array(
                        work, count, sizeof *arrival->targets.ordinals),
                    .stored = tip_arena_alloc_array(
                        work, count, sizeof *arrival->targets.stored)},
        .ids = tip_arena_alloc_array(work, count, sizeof *arrival->ids)};
    return arrival->targets.ordinals == NULL ||
                   arrival->targets.stored == NULL || arrival->ids == NULL
               ? TIP_ENOMEM
               : TIP_OK;
}

static void speak_against(struct hub_arrival *arrival, enum tip_hold hold)
{
    if (arrival->hold == TIP_HOLD_NONE) {
        arrival->hold = hold;
    }
}

/* Read record @i, which is there; of too many only their ids. */
static enum tip_err load_record(struct hub_engine *engine,
                                struct hub_arrival *arrival, size_t i)
{
    uint32_t ordinal = arrival->targets.ordinals[i];
    struct tip_wire_record *stored = &arrival->targets.stored[i];
    struct tip_wire_record_peek peek;
    struct tip_bytes value;
    enum tip_err err;

    if (engine->work.used_bytes < RECORDS_BYTES_MAX) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, stored);
        arrival->ids[i] = stored->record.id;
        return err;
    }
    speak_against(arrival, TIP_HOLD_TOO_LARGE);
    err =
        tip_txn_get(engine->txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &value);
    if (err == TIP_OK) {
        err = tip_wire_record_peek(value, &peek);
    }
    if (err == TIP_OK) {
        arrival->ids[i] = peek.id;
    }
    tip_txn_forget(engine->txn);
    return err;
}

/* Find record @i of the arrival, or start it. */
static enum tip_err find_record(struct hub_engine *engine,
                                struct hub_arrival *arrival, size_t i)
{
    const struct tip_record_ref *ref = &arrival->set->records[i];
    enum tip_err err = tip_record_table_find(&engine->records, engine->txn, ref,
                                             &arrival->targets.ordinals[i]);

    if (err == TIP_OK) {
        return load_record(engine, arrival, i);
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    arrival->targets.ordinals[i] = 0;
    if (tip_id_is_none(&ref->id)) {
        /* It names a birth it was never told of. */
        speak_against(arrival, TIP_HOLD_BASE);
        return TIP_OK;
    }
    tip_record_init(&arrival->targets.stored[i].record, &ref->id, ref->type,
                    arrival->set->office);
    arrival->ids[i] = ref->id;
    return TIP_OK;
}

/* Is a record named twice, once by its id and once by its birth? A record that
 * is named by its id, and is there, is rare: the hub gives births. */
static bool names_twice(const struct hub_arrival *arrival)
{
    const struct tip_change_set *set = arrival->set;
    const uint32_t *ordinals = arrival->targets.ordinals;

    for (size_t i = 0; i < set->record_count; i++) {
        if (tip_id_is_none(&set->records[i].id) || ordinals[i] == 0) {
            continue;
        }
        for (size_t j = 0; j < set->record_count; j++) {
            if (j != i && ordinals[j] == ordinals[i]) {
                return true;
            }
        }
    }
    return false;
}

/* Would a node have refused to save it for its size? Then it fits no frame
 * that tells others of it. The size is worked out only where it matters. */
static bool is_too_large(struct hub_engine *engine,
                         const struct tip_change_set *set)
{
    size_t bytes = set->record_count * RECORD_BYTES +
                   set->change_count * CHANGE_BYTES + set->author.size +
                   set->reason.size;
    struct tip_buf buf;

    for (size_t i = 0; i < set->change_count; i++) {
        bytes += tip_value_bytes(&set->changes[i].value);
    }
    if (bytes <= TIP_CHANGE_SET_BYTES_MAX) {
        return false;
    }
    tip_buf_init(&buf, engine->row, TIP_CHANGE_SET_BYTES_MAX);
    return tip_wire_set_encode(set, &buf) != TIP_OK;
}

/* Can @office be told? What is written for an office without a device waits
 * for it, but not so that a node can use up what real offices will need. */
static bool is_reachable(struct hub_engine *engine, uint64_t office)
{
    if (office > TIP_OFFICE_MAX) {
        return false;
    }
    return hub_engine_channel(engine, (uint32_t)office) != NULL ||
           (engine->channel_count < HUB_CHANNELS_MAX / 2 &&
            hub_engine_make_channel(engine, (uint32_t)office) != NULL);
}

static bool is_for_reachable_offices(struct hub_engine *engine,
                                     const struct tip_change *changes,
                                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_OFFICES &&
            !is_reachable(engine, changes[i].element)) {
            return false;
        }
    }
    return true;
}

static enum tip_hold judge_record(struct hub_engine *engine,
                                  const struct hub_arrival *arrival, size_t i)
{
    size_t count;
    const struct tip_change *changes =
        tip_change_set_part(arrival->set, i, &count);
    enum tip_hold hold;

    if (arrival->targets.stored[i].record.erased != 0) {
        return TIP_HOLD_NONE;
    }
    if (count == 0) {
        return TIP_HOLD_VALUE; /* Named for nothing. */
    }
    hold = (arrival->is_accepted ? tip_admit_accepted : tip_admit_record)(
        &arrival->origin->row.admission, arrival->set,
        &arrival->targets.stored[i].record, changes, count,
        engine->opts.schema);
    return hold == TIP_HOLD_NONE &&
                   !is_for_reachable_offices(engine, changes, count)
               ? TIP_HOLD_TOO_NEW
               : hold;
}

static enum tip_hold judge(struct hub_engine *engine,
                           struct hub_arrival *arrival)
{
    const struct tip_change_set *set = arrival->set;
    enum tip_hold hold = arrival->hold;

    for (size_t i = 0; i < set->record_count; i++) {
        arrival->erased_count += arrival->targets.stored[i].record.erased != 0;
    }
    if (arrival->erased_count == set->record_count) {
        return TIP_HOLD_NONE; /* It is destroyed: what could it harm? */
    }
    for (size_t i = 0; i < set->record_count && hold == TIP_HOLD_NONE; i++) {
        if (hub_hold_is_behind(engine, arrival->origin, &arrival->ids[i])) {
            hold = TIP_HOLD_BEHIND;
        }
    }
    if (hold == TIP_HOLD_NONE && is_too_large(engine, set)) {
        hold = TIP_HOLD_TOO_LARGE;
    }
    if (hold == TIP_HOLD_NONE && names_twice(arrival)) {
        hold = TIP_HOLD_VALUE;
    }
    for (size_t i = 0; i < set->record_count && hold == TIP_HOLD_NONE; i++) {
        hold = judge_record(engine, arrival, i);
    }
    return hold;
}

/* Has later work of its author been merged into one of its records and written
 * over since? The record does not say so any more. It was refused before that,
 * or merged, and a hub that was put back has lost it. */
static enum tip_err check_order(struct hub_engine *engine,
                                struct hub_arrival *arrival)
{
    const struct tip_change_set *set = arrival->set;
    bool is_late = false;
    enum tip_err err = TIP_OK;

    if (arrival->hold == TIP_HOLD_BEHIND ||
        set->seq > arrival->origin->row.head.number) {
        return TIP_OK; /* Its turn has not come; or it is the newest. */
    }
    for (size_t i = 0; i < set->record_count && !is_late && err == TIP_OK;
         i++) {
        if (arrival->targets.ordinals[i] != 0) {
            err = tip_record_table_has_later_dead(
                &engine->records, engine->txn, arrival->targets.ordinals[i],
                set->origin, set->seq, &is_late);
        }
    }
    arrival->hold = is_late ? TIP_HOLD_ORDER : arrival->hold;
    return err;
}

/* Find the records of @set; what speaks against it, whoever decides, is in
 * @arrival. */
static enum tip_err find_records(struct hub_engine *engine,
                                 struct hub_origin *origin,
                                 const struct tip_change_set *set,
                                 enum tip_hold known,
                                 struct hub_arrival *arrival)
{
    enum tip_err err = init(engine, origin, set, arrival);

    arrival->hold = known;
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = find_record(engine, arrival, i);
    }
    return err;
}

enum tip_err hub_judge_find(struct hub_engine *engine,
                            const struct tip_change_set *set,
                            struct hub_arrival *out_arrival)
{
    return find_records(engine, NULL, set, TIP_HOLD_NONE, out_arrival);
}

enum tip_err hub_judge(struct hub_engine *engine, struct hub_origin *origin,
                       const struct tip_change_set *set, enum tip_hold known,
                       struct hub_arrival *out_arrival)
{
    enum tip_err err = find_records(engine, origin, set, known, out_arrival);

    if (err == TIP_OK) {
        out_arrival->hold = judge(engine, out_arrival);
        err = check_order(engine, out_arrival);
    }
    if (err == TIP_OK && out_arrival->hold == TIP_HOLD_NONE &&
        out_arrival->erased_count < set->record_count &&
        !hub_quota_take(engine, out_arrival)) {
        out_arrival->hold = TIP_HOLD_QUOTA;
    }
    return err;
}

enum tip_err hub_judge_accepted(struct hub_engine *engine,
                                struct hub_origin *origin,
                                struct tip_change_set *set,
                                struct hub_arrival *out_arrival)
{
    enum tip_err err =
        find_records(engine, origin, set, TIP_HOLD_NONE, out_arrival);

    if (err != TIP_OK) {
        return err;
    }
    for (size_t i = 0; i < set->record_count; i++) {
        const struct tip_record *record =
            &out_arrival->targets.stored[i].record;

        if (record->sibling_count != 0) {
            set->base =
                tip_admit_proven(record, origin->row.device.office, set->base);
        }
    }
    out_arrival->is_accepted = true;
    out_arrival->hold = judge(engine, out_arrival);
    return check_order(engine, out_arrival);
}
