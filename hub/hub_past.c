#include "hub_past.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_reader.h"

enum { FORMAT = 1, ROW_BYTES_MAX = 2 + HUB_PAST_MAX * 9 };

enum hub_ail hub_past_last(const struct hub_past *past)
{
    return past->count == 0 ? HUB_FINE : past->changes[past->count - 1].worst;
}

bool hub_past_note(struct hub_past *past, enum hub_ail worst, uint64_t now_ms)
{
    if (past->count > 0 && hub_past_last(past) == worst) {
        return false;
    }
    if (past->count == HUB_PAST_MAX) {
        memmove(past->changes, past->changes + 1,
                (HUB_PAST_MAX - 1) * sizeof *past->changes);
        past->count--;
    }
    past->changes[past->count].since_ms = now_ms;
    past->changes[past->count].worst = worst;
    past->count++;
    return true;
}

enum tip_err hub_past_load(struct tip_txn *txn, uint64_t office,
                           struct hub_past *out_past)
{
    struct hub_past past = {.count = 0};
    struct tip_reader reader;
    struct tip_bytes row;
    size_t count;
    enum tip_err err =
        tip_txn_get(txn, TIP_TABLE_OFFICE, TIP_KEY(office, HUB_PAST_ROW), &row);

    if (err != TIP_OK) {
        *out_past = past;
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    tip_reader_init(&reader, row);
    if (tip_reader_get_u8(&reader) != FORMAT) {
        return TIP_ESTORE_VERSION;
    }
    count = tip_reader_get_u8(&reader);
    for (; past.count < count && past.count < HUB_PAST_MAX; past.count++) {
        past.changes[past.count].since_ms = tip_reader_get_u64(&reader);
        past.changes[past.count].worst =
            (enum hub_ail)tip_reader_get_u8(&reader);
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_ESTORE_DAMAGED;
    }
    *out_past = past;
    return TIP_OK;
}

enum tip_err hub_past_store(struct tip_txn *txn, uint64_t office,
                            const struct hub_past *past)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put_u8(&buf, (uint8_t)past->count);
    for (size_t i = 0; i < past->count; i++) {
        tip_buf_put_u64(&buf, past->changes[i].since_ms);
        tip_buf_put_u8(&buf, (uint8_t)past->changes[i].worst);
    }
    err = tip_buf_finish(&buf, &row);
    return err != TIP_OK ? err
                         : tip_txn_put(txn, TIP_TABLE_OFFICE,
                                       TIP_KEY(office, HUB_PAST_ROW), row);
}
