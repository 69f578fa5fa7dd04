/* Rows of what is held back, and of what people decided about it. */
#include "hub_row.h"

#include <assert.h>

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_state_row.h"
#include "tip_store.h"
#include "tip_wire_ruling.h"

enum { HELD_FORMAT = 2, HELD_BYTES = 32, RULING_FORMAT = 1 };

static enum tip_err read_held(struct tip_bytes value, struct tip_key key,
                              struct tip_arena *arena,
                              struct hub_held_row *out_row)
{
    struct hub_held_row row = {.origin = (uint32_t)key.hi, .seq = key.lo};
    struct tip_reader reader;
    struct tip_id *records;
    enum tip_err err = tip_state_row_open(value, HELD_FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    row.reason = (enum tip_hold)tip_reader_get_u32(&reader);
    row.proven = tip_reader_get_u64(&reader);
    row.since_ms = tip_reader_get_u64(&reader);
    row.record_count = tip_reader_get_u32(&reader);
    if ((unsigned)row.reason >= TIP_HOLD_COUNT ||
        row.record_count > TIP_CHANGE_SET_RECORDS_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    records = tip_arena_alloc_array(arena, row.record_count, sizeof *records);
    if (records == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < row.record_count; i++) {
        tip_reader_copy(&reader, records[i].bytes, sizeof records[i].bytes);
    }
    row.records = records;
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_row_next_held(struct tip_txn *txn, uint32_t origin,
                               uint64_t seq, struct tip_arena *arena,
                               struct hub_held_row *out_row)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_HELD, TIP_SEEK_AT_OR_AFTER,
                     tip_key_next(TIP_KEY(origin, seq)), &key, &value);

    if (err == TIP_OK && key.hi > UINT32_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    return err != TIP_OK ? err : read_held(value, key, arena, out_row);
}

enum tip_err hub_row_store_held(struct tip_txn *txn, struct tip_arena *arena,
                                const struct hub_held_row *row)
{
    size_t size = HELD_BYTES + row->record_count * TIP_ID_SIZE;
    uint8_t *memory = tip_arena_alloc(arena, size);
    struct tip_buf buf;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    tip_buf_put_u8(&buf, HELD_FORMAT);
    tip_buf_put_u32(&buf, (uint32_t)row->reason);
    tip_buf_put_u64(&buf, row->proven);
    tip_buf_put_u64(&buf, row->since_ms);
    tip_buf_put_u32(&buf, (uint32_t)row->record_count);
    for (size_t i = 0; i < row->record_count; i++) {
        tip_buf_put(&buf, TIP_BYTES_OF(row->records[i].bytes));
    }
    return tip_state_row_put(txn, TIP_TABLE_HELD,
                             TIP_KEY(row->origin, row->seq), &buf);
}

enum tip_err hub_row_store_ruling(struct tip_txn *txn,
                                  const struct tip_ruling *ruling,
                                  uint64_t commit)
{
    uint8_t memory[16 + TIP_WIRE_RULING_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, RULING_FORMAT);
    tip_buf_put_u64(&buf, commit);
    tip_wire_ruling_put(&buf, ruling);
    return tip_state_row_put(txn, TIP_TABLE_RULING,
                             TIP_KEY(ruling->origin, ruling->first_seq), &buf);
}

static enum tip_err read_ruling(struct tip_bytes value, struct tip_key key,
                                struct tip_arena *arena,
                                struct tip_ruling *out_ruling,
                                uint64_t *out_commit)
{
    struct tip_reader reader;
    struct tip_bytes copy;
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err = tip_arena_copy(arena, value, &copy);

    if (err == TIP_OK) {
        err = tip_state_row_open(copy, RULING_FORMAT, &reader);
    }
    if (err != TIP_OK) {
        return err;
    }
    commit = tip_reader_get_u64(&reader);
    if (tip_wire_ruling_get(&reader, &ruling) != TIP_OK) {
        return TIP_ESTORE_DAMAGED;
    }
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK &&
        (ruling.origin != key.hi || ruling.first_seq != key.lo)) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_ruling = ruling;
        *out_commit = commit;
    }
    return err;
}

/* The decision on change-sets of @origin that is found from @key on. */
static enum tip_err seek_ruling(struct tip_txn *txn, enum tip_seek how,
                                struct tip_key key, struct tip_arena *arena,
                                struct tip_ruling *out_ruling,
                                uint64_t *out_commit)
{
    const uint64_t origin = key.hi;
    struct tip_bytes value;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_RULING, how, key, &key, &value);

    if (err == TIP_OK && key.hi != origin) {
        return TIP_ENOTFOUND;
    }
    return err == TIP_OK
               ? read_ruling(value, key, arena, out_ruling, out_commit)
               : err;
}

enum tip_err hub_row_find_ruling(struct tip_txn *txn, uint32_t origin,
                                 uint64_t seq, struct tip_arena *arena,
                                 struct tip_ruling *out_ruling,
                                 uint64_t *out_commit)
{
    enum tip_err err =
        seek_ruling(txn, TIP_SEEK_AT_OR_BEFORE, TIP_KEY(origin, seq), arena,
                    out_ruling, out_commit);

    return err == TIP_OK && seq - out_ruling->first_seq >= out_ruling->count
               ? TIP_ENOTFOUND
               : err;
}

enum tip_err hub_row_next_ruling(struct tip_txn *txn, uint32_t origin,
                                 uint64_t seq, struct tip_arena *arena,
                                 struct tip_ruling *out_ruling,
                                 uint64_t *out_commit)
{
    assert(seq < UINT64_MAX); /* Or the next key is another origin's. */
    return seek_ruling(txn, TIP_SEEK_AT_OR_AFTER, TIP_KEY(origin, seq + 1),
                       arena, out_ruling, out_commit);
}
