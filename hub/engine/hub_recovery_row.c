/* The rows of a hub that was restored. */
#include "hub_row.h"

#include "tip_reader.h"
#include "tip_state_row.h"
#include "tip_store.h"

/* Rows of TIP_TABLE_META. Numbers are on disk. */
enum {
    ROW_RECOVERY = 4,
    ROW_RETURN = 5, /* lo: origin. */
    ROW_KEPT = 6,   /* lo: channel. */
    ROW_BORDER = 8  /* lo: channel and generation. */
};

enum {
    RECOVERY_FORMAT = 2,
    RETURN_FORMAT = 2,
    KEPT_FORMAT = 1,
    BORDER_FORMAT = 1,
    ROW_SIZE = 64
};

enum tip_err hub_row_load_recovery(struct tip_txn *txn,
                                   struct hub_recovery_row *out_row)
{
    struct hub_recovery_row row;
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(ROW_RECOVERY, 0),
                          RECOVERY_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = (struct hub_recovery_row){.id = 0};
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.id = tip_reader_get_u64(&reader);
    row.count = tip_reader_get_u32(&reader);
    row.is_open = tip_reader_get_u8(&reader) != 0;
    row.follows = tip_reader_get_u64(&reader);
    row.started_ms = tip_reader_get_u64(&reader);
    row.waited_ms = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_row_store_recovery(struct tip_txn *txn,
                                    const struct hub_recovery_row *row)
{
    uint8_t memory[ROW_SIZE];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, RECOVERY_FORMAT);
    tip_buf_put_u64(&buf, row->id);
    tip_buf_put_u32(&buf, row->count);
    tip_buf_put_u8(&buf, row->is_open ? 1 : 0);
    tip_buf_put_u64(&buf, row->follows);
    tip_buf_put_u64(&buf, row->started_ms);
    tip_buf_put_u64(&buf, row->waited_ms);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_RECOVERY, 0),
                             &buf);
}

enum tip_err hub_row_load_return(struct tip_txn *txn, uint32_t origin,
                                 struct hub_return_row *out_row)
{
    struct hub_return_row row = {.is_due = true};
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(ROW_RETURN, origin),
                          RETURN_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = (struct hub_return_row){.is_due = false};
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.is_back = tip_reader_get_u8(&reader) != 0;
    row.taken = tip_reader_get_u64(&reader);
    row.is_ended = tip_reader_get_u8(&reader) != 0;
    row.end = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_row_store_return(struct tip_txn *txn, uint32_t origin,
                                  const struct hub_return_row *row)
{
    uint8_t memory[ROW_SIZE];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, RETURN_FORMAT);
    tip_buf_put_u8(&buf, row->is_back ? 1 : 0);
    tip_buf_put_u64(&buf, row->taken);
    tip_buf_put_u8(&buf, row->is_ended ? 1 : 0);
    tip_buf_put_u64(&buf, row->end);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_RETURN, origin),
                             &buf);
}

enum tip_err hub_row_remove_return(struct tip_txn *txn, uint32_t origin)
{
    enum tip_err err =
        tip_txn_remove(txn, TIP_TABLE_META, TIP_KEY(ROW_RETURN, origin));

    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err hub_row_load_kept(struct tip_txn *txn, uint32_t channel,
                               uint64_t *out)
{
    struct tip_reader reader;
    uint64_t kept;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_KEPT, channel), KEPT_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out = 0;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    kept = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out = kept;
    }
    return err;
}

enum tip_err hub_row_store_kept(struct tip_txn *txn, uint32_t channel,
                                uint64_t kept)
{
    uint8_t memory[ROW_SIZE];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, KEPT_FORMAT);
    tip_buf_put_u64(&buf, kept);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_KEPT, channel),
                             &buf);
}

static struct tip_key border_key(uint32_t channel, uint32_t generation)
{
    return TIP_KEY(ROW_BORDER, (uint64_t)channel << 32 | generation);
}

/* The first there is from @generation on. */
static enum tip_err seek_border(struct tip_txn *txn, uint32_t channel,
                                uint32_t generation, struct tip_key *out_key,
                                struct tip_bytes *out_row)
{
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_META, TIP_SEEK_AT_OR_AFTER,
                     border_key(channel, generation), out_key, out_row);

    return err == TIP_OK &&
                   (out_key->hi != ROW_BORDER || out_key->lo >> 32 != channel)
               ? TIP_ENOTFOUND
               : err;
}

enum tip_err hub_row_load_border(struct tip_txn *txn, uint32_t channel,
                                 uint32_t generation, struct tip_head *out_head)
{
    struct tip_key key;
    struct tip_bytes row;
    struct tip_reader reader;
    struct tip_head head;
    enum tip_err err = seek_border(txn, channel, generation + 1, &key, &row);

    if (err == TIP_OK) {
        err = tip_state_row_open(row, BORDER_FORMAT, &reader);
    }
    if (err != TIP_OK) {
        return err;
    }
    head = tip_state_row_get_head(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_head = head;
    }
    return err;
}

enum tip_err hub_row_note_border(struct tip_txn *txn, uint32_t channel,
                                 uint32_t generation,
                                 const struct tip_head *head)
{
    uint8_t memory[ROW_SIZE];
    struct tip_key key;
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err = seek_border(txn, channel, generation, &key, &row);

    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, BORDER_FORMAT);
    tip_state_row_put_head(&buf, head);
    return tip_state_row_put(txn, TIP_TABLE_META,
                             border_key(channel, generation), &buf);
}
