#include "tip_ctl_log.h"

#include <assert.h>

#include "tip_wire_channel.h"
#include "tip_wire_ctl.h"

enum { ROW_BYTES_MAX = TIP_CTL_BYTES_MAX + 32 };

enum tip_err tip_ctl_log_count(struct tip_txn *txn, uint64_t *out_count)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_CHANNEL, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(TIP_CHANNEL_CTL, UINT64_MAX), &key, &row);

    if (err == TIP_OK || err == TIP_ENOTFOUND) {
        bool is_entry = err == TIP_OK && key.hi == TIP_CHANNEL_CTL;

        *out_count = is_entry ? key.lo : 0; /* Row 0 is none. */
        return TIP_OK;
    }
    return err;
}

enum tip_err tip_ctl_log_get(struct tip_txn *txn, uint64_t number,
                             struct tip_arena *arena, struct tip_ctl_entry *out)
{
    struct tip_ctl_entry entry = {.number = number};
    struct tip_bytes row, copy;
    struct tip_item item;
    enum tip_err err =
        number == 0 ? TIP_ENOTFOUND
                    : tip_txn_get(txn, TIP_TABLE_CHANNEL,
                                  TIP_KEY(TIP_CHANNEL_CTL, number), &row);

    if (err == TIP_OK) {
        err = tip_arena_copy(arena, row, &copy);
    }
    if (err == TIP_OK) {
        err = tip_wire_channel_decode(copy, arena, &item);
        if (err == TIP_OK && item.kind != TIP_ITEM_CONTROL) {
            err = TIP_ESTORE_DAMAGED;
        }
    }
    if (err != TIP_OK) {
        return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : err;
    }
    entry.commit = item.commit;
    entry.bytes = item.control;
    err = tip_wire_ctl_decode(item.control, &entry.control);
    entry.is_known = err == TIP_OK;
    *out = entry;
    return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : TIP_OK;
}

enum tip_err tip_ctl_log_put(struct tip_txn *txn, uint64_t number,
                             const struct tip_item *item)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err;

    assert(item->kind == TIP_ITEM_CONTROL && number != 0);
    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_wire_channel_encode(item, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_CHANNEL,
                                       TIP_KEY(TIP_CHANNEL_CTL, number), row)
                         : err;
}
