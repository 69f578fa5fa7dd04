#include "tip_sweep.h"

#include "tip_envelope.h"
#include "tip_state_row.h"
#include "tip_wire_channel.h"

enum { SWEEP_FORMAT = 2, ROW_BYTES_MAX = 64, ITEM_BYTES_MAX = 64 * 1024 };

/* In this order: a frame that is cut meanwhile comes from a log in which
 * nothing is left, or is swept after it. */
static const enum tip_table tables[] = {TIP_TABLE_FRAME_UP, TIP_TABLE_CHANNEL,
                                        TIP_TABLE_FRAME_DOWN, TIP_TABLE_RULING};
enum { TABLE_COUNT = sizeof tables / sizeof *tables };

enum tip_err tip_sweep_load(struct tip_txn *txn, struct tip_sweep *out_sweep)
{
    struct tip_sweep sweep = {.phase = TIP_SWEEP_IDLE};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(txn, TIP_TABLE_ERASURE, TIP_KEY(0, 0),
                                         SWEEP_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_sweep = sweep;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    sweep.phase = (enum tip_sweep_phase)tip_reader_get_u8(&reader);
    sweep.table = tip_reader_get_u8(&reader);
    sweep.key.hi = tip_reader_get_u64(&reader);
    sweep.key.lo = tip_reader_get_u64(&reader);
    sweep.carry.in_erased_state = tip_reader_get_u8(&reader) != 0;
    sweep.carry.owes_control = tip_reader_get_u8(&reader) != 0;
    sweep.through = tip_reader_get_u64(&reader);
    sweep.done = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK &&
        (sweep.table >= TABLE_COUNT || sweep.phase > TIP_SWEEP_PURGING)) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_sweep = sweep;
    }
    return err;
}

enum tip_err tip_sweep_store(struct tip_txn *txn, const struct tip_sweep *sweep)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SWEEP_FORMAT);
    tip_buf_put_u8(&buf, (uint8_t)sweep->phase);
    tip_buf_put_u8(&buf, (uint8_t)sweep->table);
    tip_buf_put_u64(&buf, sweep->key.hi);
    tip_buf_put_u64(&buf, sweep->key.lo);
    tip_buf_put_u8(&buf, sweep->carry.in_erased_state ? 1 : 0);
    tip_buf_put_u8(&buf, sweep->carry.owes_control ? 1 : 0);
    tip_buf_put_u64(&buf, sweep->through);
    tip_buf_put_u64(&buf, sweep->done);
    return tip_state_row_put(txn, TIP_TABLE_ERASURE, TIP_KEY(0, 0), &buf);
}

void tip_sweep_begin(struct tip_sweep *sweep, uint64_t commit)
{
    *sweep = (struct tip_sweep){
        .phase = TIP_SWEEP_READING,
        .through = commit > sweep->through ? commit : sweep->through,
        .done = sweep->done};
}

/* One row under way. */
struct row {
    struct tip_txn *txn;
    struct tip_redactor *redactor;
    tip_sweep_key_fn *key_of;
    enum tip_table table;
    struct tip_key key;
    struct tip_bytes value; /* In the arena. */
};

/* What opens @frame. */
static enum tip_err find_key(const struct row *row, struct tip_bytes frame,
                             const struct tip_frame_key **out_key)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err == TIP_OK) {
        *out_key = row->key_of(row->redactor, row->table, row->key.hi,
                               header.key_epoch);
        err = *out_key == NULL ? TIP_EUNSEAL : TIP_OK;
    }
    return err;
}

/* Write @left in the place of a frame, behind what its row begins with. */
static enum tip_err put_frame(const struct row *row, size_t prefix,
                              struct tip_bytes left)
{
    uint8_t *memory = tip_arena_alloc(row->redactor->arena, prefix + left.size);
    struct tip_bytes value;
    struct tip_buf buf;
    enum tip_err err;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, prefix + left.size);
    tip_buf_put(&buf, tip_bytes(row->value.data, prefix));
    tip_buf_put(&buf, left);
    err = tip_buf_finish(&buf, &value);
    return err == TIP_OK ? tip_txn_put(row->txn, row->table, row->key, value)
                         : err;
}

static enum tip_err sweep_frame(const struct row *row)
{
    size_t prefix =
        row->table == TIP_TABLE_FRAME_UP ? TIP_FRAME_ROW_PREFIX_SIZE : 0;
    const struct tip_frame_key *key = NULL;
    struct tip_bytes frame, left;
    bool is_less = false;
    enum tip_err err;

    if (row->value.size < prefix) {
        return TIP_ESTORE_DAMAGED;
    }
    frame = tip_bytes(row->value.data + prefix, row->value.size - prefix);
    err = find_key(row, frame, &key);
    if (err == TIP_OK) {
        err = tip_redact_frame(row->redactor, key, frame, &left, &is_less);
    }
    return err == TIP_OK && is_less ? put_frame(row, prefix, left) : err;
}

static enum tip_err put_item(const struct row *row, const struct tip_item *item)
{
    uint8_t *memory = tip_arena_alloc(row->redactor->arena, ITEM_BYTES_MAX);
    struct tip_bytes left;
    struct tip_buf buf;
    enum tip_err err;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, ITEM_BYTES_MAX);
    err = tip_wire_channel_encode(item, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &left);
    }
    return err == TIP_OK ? tip_txn_put(row->txn, row->table, row->key, left)
                         : err;
}

/* A place of a log at which nothing is left has no row any more. */
static enum tip_err sweep_item(const struct row *row)
{
    struct tip_item item, left;
    bool is_less = false;
    bool is_nothing = false;
    enum tip_err err =
        tip_wire_channel_decode(row->value, row->redactor->arena, &item);

    if (err == TIP_OK) {
        err =
            tip_redact_item(row->redactor, &item, &left, &is_less, &is_nothing);
    }
    if (err != TIP_OK || !is_less) {
        return err;
    }
    return is_nothing ? tip_txn_remove(row->txn, row->table, row->key)
                      : put_item(row, &left);
}

static enum tip_err sweep_row(const struct row *row)
{
    struct tip_redactor *redactor = row->redactor;

    if (row->table == TIP_TABLE_RULING) {
        return redactor->sweep_ruling == NULL
                   ? TIP_OK
                   : redactor->sweep_ruling(redactor, row->key);
    }
    if (row->table != TIP_TABLE_CHANNEL) {
        return sweep_frame(row);
    }
    /* How far a channel is, and what is to be obeyed. */
    return row->key.lo == 0 || row->key.hi == TIP_CHANNEL_CTL ? TIP_OK
                                                              : sweep_item(row);
}

/* Find the next row at or after where @sweep is; TIP_ENOTFOUND: no more. */
static enum tip_err next_row(struct tip_sweep *sweep, struct row *row)
{
    enum tip_err err = TIP_ENOTFOUND;
    struct tip_bytes value;

    while (err == TIP_ENOTFOUND && sweep->table < TABLE_COUNT) {
        row->table = tables[sweep->table];
        err = tip_txn_seek(row->txn, row->table, TIP_SEEK_AT_OR_AFTER,
                           sweep->key, &row->key, &value);
        if (err == TIP_ENOTFOUND) {
            sweep->table++;
            sweep->key = TIP_KEY(0, 0);
            sweep->carry = (struct tip_redact_carry){.owes_control = false};
        }
    }
    if (err == TIP_OK && row->key.hi != sweep->key.hi) {
        sweep->carry = (struct tip_redact_carry){.owes_control = false};
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(row->redactor->arena, value, &row->value);
    }
    return err;
}

enum tip_err tip_sweep_step(struct tip_sweep *sweep, struct tip_txn *txn,
                            struct tip_redactor *redactor,
                            tip_sweep_key_fn *key_of, size_t rows)
{
    struct row row = {.txn = txn, .redactor = redactor, .key_of = key_of};
    struct tip_sweep next = *sweep;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < rows && err == TIP_OK; i++) {
        tip_arena_clear(redactor->arena);
        err = next_row(&next, &row);
        redactor->carry = next.carry;
        if (err == TIP_OK) {
            err = sweep_row(&row);
        }
        next.carry = redactor->carry;
        next.key = tip_key_next(row.key);
        tip_txn_forget(txn);
    }
    tip_arena_clear(redactor->arena);
    if (err == TIP_ENOTFOUND) {
        next = (struct tip_sweep){.phase = TIP_SWEEP_PURGING,
                                  .through = sweep->through,
                                  .done = sweep->done};
        err = TIP_OK;
    }
    if (err == TIP_OK) {
        *sweep = next;
    }
    return err;
}
