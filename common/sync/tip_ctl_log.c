#include "tip_ctl_log.h"

#include <assert.h>

#include "tip_wire_channel.h"
#include "tip_wire_ctl.h"

enum {
    ROW_BYTES_MAX = TIP_CTL_BYTES_MAX + 32,
    ENTRY_ARENA_BYTES_MAX = 64 * 1024
};

enum tip_err tip_ctl_log_count(struct tip_txn *txn, uint64_t *out_count)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_CHANNEL, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(TIP_CHANNEL_CTL, UINT64_MAX), &key, &row);
    bool is_altered = err == TIP_ESTORE_DAMAGED && key.lo != UINT64_MAX;

    if (err == TIP_OK || err == TIP_ENOTFOUND || is_altered) {
        bool is_entry = err != TIP_ENOTFOUND && key.hi == TIP_CHANNEL_CTL;

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

enum tip_err tip_ctl_log_note_lineage(const struct tip_ctl *control,
                                      struct tip_lineage *lineage)
{
    struct tip_descent descent;

    if (control->kind != TIP_CTL_OPEN || control->open.continues == 0) {
        return TIP_OK;
    }
    descent = (struct tip_descent){.origin = control->open.origin,
                                   .continues = control->open.continues,
                                   .up_to = control->open.up_to};
    return tip_lineage_add(lineage, &descent);
}

enum tip_err tip_ctl_log_read_lineage(struct tip_txn *txn,
                                      struct tip_lineage *lineage)
{
    bool is_damaged = false;
    struct tip_arena arena;
    uint64_t count;
    enum tip_err err = tip_ctl_log_count(txn, &count);

    tip_arena_init(&arena, ENTRY_ARENA_BYTES_MAX);
    tip_lineage_deinit(lineage);
    for (uint64_t i = 1; err == TIP_OK && i <= count; i++) {
        struct tip_ctl_entry entry;

        err = tip_ctl_log_get(txn, i, &arena, &entry);
        if (err == TIP_OK && entry.is_known) {
            err = tip_ctl_log_note_lineage(&entry.control, lineage);
        }
        if (err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND) {
            is_damaged = true;
            err = TIP_OK;
        }
        tip_arena_clear(&arena);
        tip_txn_forget(txn);
    }
    tip_arena_deinit(&arena);
    return err == TIP_OK && is_damaged ? TIP_ESTORE_DAMAGED : err;
}
