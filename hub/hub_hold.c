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
        origin->held_count++;
    }
    return TIP_OK;
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
        origin->held_count--;
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
        engine->origins[i]->held_count = 0;
    }
    while (err == TIP_OK) {
        err = hub_row_next_held(txn, row.origin, row.held.seq, &engine->work,
                                &row);
        if (err == TIP_OK) {
            err = hub_hold_note(engine, &row);
        }
        tip_arena_clear(&engine->work);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err hub_hold_exceptions(struct hub_engine *engine, uint32_t origin,
                                 struct tip_arena *arena,
                                 struct tip_held **out_held, size_t *out_count)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);
    size_t max = device->held_count < HUB_EXCEPTIONS_MAX
                     ? (size_t)device->held_count
                     : HUB_EXCEPTIONS_MAX;
    struct tip_held *held = tip_arena_alloc_array(arena, max, sizeof *held);
    struct hub_held_row row = {.origin = origin};
    size_t count = 0;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (held == NULL) {
        return TIP_ENOMEM;
    }
    while (err == TIP_OK && count < max) {
        err = hub_row_next_held(txn, origin, row.held.seq, &engine->work, &row);
        tip_arena_clear(&engine->work); /* Its records are not wanted. */
        if (err == TIP_OK && row.origin != origin) {
            break;
        }
        if (err == TIP_OK) {
            held[count++] = row.held;
        }
    }
    if (err != TIP_OK && err != TIP_ENOTFOUND) {
        return err;
    }
    *out_held = held;
    *out_count = count;
    return TIP_OK;
}

void hub_hold_tell(struct hub_engine *engine, const struct hub_origin *origin)
{
    struct hub_channel *channel =
        hub_engine_channel(engine, origin->row.device.office);

    channel->row.has_news = true;
    channel->is_dirty = true;
}

bool hub_hold_is_behind(const struct hub_engine *engine,
                        const struct hub_origin *origin,
                        const struct tip_id *record)
{
    uint32_t number = origin->row.device.origin;

    return origin->held_count != 0 &&
           is_waiting(engine, number, waiting_tag(engine, number, record));
}

size_t hub_engine_held(struct hub_engine *engine, struct hub_held *out_held,
                       size_t max)
{
    struct hub_held_row row = {.origin = 0};
    size_t count = 0;
    struct tip_txn *txn;

    if (hub_engine_txn(engine, &txn) != TIP_OK) {
        return 0;
    }
    while (count < max && hub_row_next_held(txn, row.origin, row.held.seq,
                                            &engine->work, &row) == TIP_OK) {
        out_held[count++] =
            (struct hub_held){.origin = row.origin, .held = row.held};
        tip_arena_clear(&engine->work);
    }
    tip_arena_clear(&engine->work);
    return count;
}
