#include "tip_state_row.h"

void tip_state_row_put_head(struct tip_buf *buf, const struct tip_head *head)
{
    tip_buf_put_u64(buf, head->number);
    tip_buf_put(buf, TIP_BYTES_OF(head->hash));
}

struct tip_head tip_state_row_get_head(struct tip_reader *reader)
{
    struct tip_head head = {.number = tip_reader_get_u64(reader)};

    tip_reader_copy(reader, head.hash, sizeof head.hash);
    return head;
}

enum tip_err tip_state_row_open(struct tip_bytes row, uint8_t format,
                                struct tip_reader *out_reader)
{
    uint8_t found;

    tip_reader_init(out_reader, row);
    found = tip_reader_get_u8(out_reader);
    if (out_reader->failed) {
        return TIP_ESTORE_DAMAGED;
    }
    return found == format ? TIP_OK : TIP_ESTORE_VERSION;
}

enum tip_err tip_state_row_get(struct tip_txn *txn, enum tip_table table,
                               struct tip_key key, uint8_t format,
                               struct tip_reader *out_reader)
{
    struct tip_bytes row;
    enum tip_err err = tip_txn_get(txn, table, key, &row);

    return err != TIP_OK ? err : tip_state_row_open(row, format, out_reader);
}

enum tip_err tip_state_row_finish(const struct tip_reader *reader)
{
    return tip_reader_finish(reader) == TIP_OK ? TIP_OK : TIP_ESTORE_DAMAGED;
}

enum tip_err tip_state_row_put(struct tip_txn *txn, enum tip_table table,
                               struct tip_key key, const struct tip_buf *buf)
{
    struct tip_bytes bytes;
    enum tip_err err = tip_buf_finish(buf, &bytes);

    return err != TIP_OK ? err : tip_txn_put(txn, table, key, bytes);
}
