#include "tip_frame_row.h"

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_state_row.h"

void tip_frame_row_put_head(uint8_t row[TIP_FRAME_ROW_PREFIX_SIZE],
                            const struct tip_head *head)
{
    struct tip_buf buf;

    tip_buf_init(&buf, row, TIP_FRAME_ROW_PREFIX_SIZE);
    tip_state_row_put_head(&buf, head);
}

enum tip_err tip_frame_row_read(struct tip_bytes row, struct tip_head *out_head,
                                struct tip_bytes *out_frame)
{
    struct tip_reader reader;
    struct tip_head head;

    tip_reader_init(&reader, row);
    head = tip_state_row_get_head(&reader);
    if (reader.failed) {
        return TIP_ESTORE_DAMAGED;
    }
    *out_head = head;
    *out_frame = reader.rest;
    return TIP_OK;
}

enum tip_err tip_frame_row_find(struct tip_txn *txn, uint32_t origin,
                                uint64_t seq, uint64_t *out_first,
                                struct tip_head *out_head,
                                struct tip_bytes *out_frame)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(origin, seq), &key, &row);

    if (err == TIP_OK && key.hi != origin) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = tip_frame_row_read(row, out_head, out_frame);
    }
    if (err == TIP_OK) {
        *out_first = key.lo;
    }
    return err == TIP_OK && out_head->number < seq ? TIP_ENOTFOUND : err;
}
