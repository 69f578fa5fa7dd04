/*
 * What is held back.
 *
 * A change-set that may not commit yet keeps its place here, with the reason
 * and the records it touches. An index in memory answers whether a later one
 * of the same origin has to wait behind it: one entry for a record, however
 * many wait for it. Its entries are tags, so a rare collision makes a
 * change-set wait too long, never overtake.
 */
#include "hub_engine_internal.h"
#include "hub_row.h"
#include "tip_buf.h"
#include "tip_store.h"

/* A checkpoint is not to cost more than this because some were let go. */
enum { HELD_READ_MAX = 4096 };

/* The key of (origin, record) in the index of what waits. */
struct waiting_key {
    uint8_t bytes[4 + TIP_ID_SIZE];
};

static uint32_t waiting_tag(const struct hub_engine *engine, uint32_t origin,
                            const struct tip_id *record)
{
    struct waiting_key key;
    struct tip_buf buf;

    tip_buf_init(&buf, key.bytes, sizeof key.bytes);
    tip_buf_put_u32(&buf, origin);
    tip_buf_put(&buf, TIP_BYTES_OF(record->bytes));
    return tip_index_tag(&engine->waiting, TIP_BYTES_OF(key.bytes));
}

static bool is_waiting(const struct hub_engine *engine, uint32_t origin,
                       uint32_t tag)
{
    struct tip_index_walk walk = tip_index_find(&engine->waiting, tag);
    uint32_t other;

    while (tip_index_next(&engine->waiting, &walk, &other)) {
        if (other == origin) {
            return true;
        }
    }
    return false;
}

enum tip_err hub_hold_note(struct hub_engine *engine,
                           const struct hub_held_row *row)
{
    struct hub_origin *origin = hub_engine_origin(engine, row->origin);

    for (size_t i = 0; i < row->record_count; i++) {
        uint32_t tag = waiting_tag(engine, row->origin, &row->records[i]);
        enum tip_err err =
            is_waiting(engine, row->origin, tag)
                ? TIP_OK
                : tip_index_add(&engine->waiting, tag, row->origin);

        if (err != TIP_OK) {
            return err;
        }
    }
    if (origin != NULL) {
        if (origin->named.sets == origin->held_count) {
            (void)hub_named_add(&origin->named, row->seq, row->reason);
        }
        origin->held_count++;
        origin->held_for[row->reason]++;
    }
    return TIP_OK;
}

enum tip_err hub_hold_back(struct hub_engine *engine,
                           const struct hub_arrival *arrival)
{
    struct hub_held_row row = {.origin = arrival->set->origin,
                               .seq = arrival->set->seq,
                               .reason = arrival->hold,
                               .proven = arrival->proven,
                               .since_ms = arrival->since_ms,
                               .records = arrival->ids,
                               .record_count = arrival->set->record_count};
    enum tip_err err = hub_row_store_held(engine->txn, &engine->work, &row);

    if (err == TIP_OK) {
        err = hub_hold_note(engine, &row);
    }
    hub_hold_tell(engine, arrival->origin);
    return err;
}

void hub_hold_forget(struct hub_engine *engine, const struct hub_held_row *row)
{
    struct hub_origin *origin = hub_engine_origin(engine, row->origin);

    for (size_t i = 0; i < row->record_count; i++) {
        tip_index_remove(&engine->waiting,
                         waiting_tag(engine, row->origin, &row->records[i]),
                         row->origin);
    }
    if (origin != NULL) {
        origin->named.is_stale = true;
        origin->held_count--;
        origin->held_for[row->reason]--;
    }
}

enum tip_err hub_hold_load(struct hub_engine *engine)
{
    struct hub_held_row row = {.origin = 0};
    uint64_t secret = engine->waiting.secret;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    tip_index_deinit(&engine->waiting);
    tip_index_init(&engine->waiting, secret);
    for (size_t i = 0; i < engine->origin_count; i++) {
        hub_named_clear(&engine->origins[i]->named);
        engine->origins[i]->held_count = 0;
        memset(engine->origins[i]->held_for, 0,
               sizeof engine->origins[i]->held_for);
    }
    while (err == TIP_OK) {
        err = hub_row_next_held(txn, row.origin, row.seq, &engine->work, &row);
        if (err == TIP_OK) {
            err = hub_hold_note(engine, &row);
        }
        tip_arena_clear(&engine->work);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err name_all(struct hub_engine *engine,
                             struct hub_origin *origin)
{
    struct hub_held_row row = {.origin = origin->row.device.origin};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    hub_named_clear(&origin->named);
    for (size_t i = 0; i < HELD_READ_MAX && err == TIP_OK; i++) {
        err = hub_row_next_held(txn, row.origin, row.seq, &engine->work, &row);
        tip_arena_clear(&engine->work); /* Its records are not wanted. */
        if (err == TIP_OK &&
            (row.origin != origin->row.device.origin ||
             !hub_named_add(&origin->named, row.seq, row.reason))) {
            break;
        }
    }
    origin->named.is_stale = err != TIP_OK && err != TIP_ENOTFOUND;
    return origin->named.is_stale ? err : TIP_OK;
}

enum tip_err hub_hold_name(struct hub_engine *engine, struct hub_origin *origin,
                           size_t max, struct tip_decided *out_decided)
{
    const struct hub_named *named = &origin->named;
    uint64_t unnamed = origin->held_count;
    size_t count;
    enum tip_err err = named->is_stale ? name_all(engine, origin) : TIP_OK;

    if (err != TIP_OK) {
        return err;
    }
    for (count = 0; count < named->count && count < max; count++) {
        unnamed -= named->runs[count].count;
    }
    *out_decided = (struct tip_decided){.origin = origin->row.device.origin,
                                        .bound = origin->row.head.number,
                                        .runs = named->runs,
                                        .run_count = count,
                                        .unnamed = unnamed};
    return TIP_OK;
}

void hub_hold_tell(struct hub_engine *engine, const struct hub_origin *origin)
{
    struct hub_channel *channel =
        hub_engine_channel(engine, origin->row.device.office);

    channel->row.has_news = true;
    channel->is_dirty = true;
}

bool hub_hold_is_behind(struct hub_engine *engine,
                        const struct hub_origin *origin,
                        const struct tip_id *record)
{
    /* What a device goes on from is its own earlier work. */
    for (; origin != NULL;
         origin = hub_engine_origin(engine, origin->row.continues)) {
        uint32_t number = origin->row.device.origin;

        if (origin->held_for[TIP_HOLD_PROGRAM] != 0) {
            return true; /* Nobody can say which records those touch. */
        }
        if (origin->held_count != 0 &&
            is_waiting(engine, number, waiting_tag(engine, number, record))) {
            return true;
        }
    }
    return false;
}

enum tip_err hub_engine_held_next(struct hub_engine *engine, uint32_t origin,
                                  uint64_t seq, struct hub_held *out_held)
{
    struct hub_held_row row;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = hub_row_next_held(txn, origin, seq, &engine->held, &row);
    }
    tip_arena_clear(&engine->held); /* Its records are not wanted. */
    if (err == TIP_OK) {
        *out_held = (struct hub_held){.origin = row.origin,
                                      .seq = row.seq,
                                      .since_ms = row.since_ms,
                                      .reason = row.reason};
    }
    return err;
}

size_t hub_engine_held(struct hub_engine *engine, struct hub_held *out_held,
                       size_t max)
{
    struct hub_held last = {.origin = 0};
    size_t count = 0;

    while (count < max && hub_engine_held_next(engine, last.origin, last.seq,
                                               &last) == TIP_OK) {
        out_held[count++] = last;
    }
    return count;
}

enum tip_err hub_hold_look(struct hub_engine *engine, uint32_t origin,
                           uint64_t seq, bool *out_is_held,
                           bool *out_is_refused)
{
    struct hub_held_row held;
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err =
        hub_row_next_held(engine->txn, origin, seq - 1, &engine->held, &held);

    *out_is_held = err == TIP_OK && held.origin == origin && held.seq == seq;
    if (err == TIP_OK || err == TIP_ENOTFOUND) {
        err = hub_row_find_ruling(engine->txn, origin, seq, &engine->held,
                                  &ruling, &commit);
    }
    *out_is_refused =
        err == TIP_OK && !*out_is_held && ruling.kind == TIP_RULING_REFUSED;
    tip_arena_clear(&engine->held);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
