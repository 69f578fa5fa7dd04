#include "hub_row.h"

#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_state_row.h"
#include "tip_store.h"

/* Rows of TIP_TABLE_META. Numbers are on disk. */
/* 4 to 6 and 8 are in hub_recovery_row.c, 7 in hub_scrub.c. */
enum { ROW_ORDER = 1, ROW_CALENDAR = 2 };

/* Rows of TIP_TABLE_CHANNEL with this lo are the channel's own. */
enum { ROW_CHANNEL = 0 };

enum {
    ORDER_FORMAT = 2,
    CALENDAR_FORMAT = 1,
    ORIGIN_FORMAT = 9,
    CHANNEL_FORMAT = 1,
    ROW_BYTES_MAX = 512
};

enum tip_err hub_row_load_order(struct tip_txn *txn,
                                struct hub_order_row *out_row)
{
    struct hub_order_row row = {.generation = 1,
                                .commit = tip_commit_make(1, 0)};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_ORDER, 0), ORDER_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = row;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.generation = tip_reader_get_u32(&reader);
    row.commit = tip_reader_get_u64(&reader);
    row.seq = tip_reader_get_u64(&reader);
    row.origin = tip_reader_get_u32(&reader);
    row.ceiling.packed = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_engine_read_order(struct tip_txn *txn,
                                   struct hub_order *out_order)
{
    struct hub_order_row row;
    enum tip_err err = hub_row_load_order(txn, &row);

    if (err == TIP_OK) {
        *out_order = (struct hub_order){
            .generation = row.generation, .commit = row.commit, .seq = row.seq};
    }
    return err;
}

enum tip_err hub_row_store_order(struct tip_txn *txn,
                                 const struct hub_order_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, ORDER_FORMAT);
    tip_buf_put_u32(&buf, row->generation);
    tip_buf_put_u64(&buf, row->commit);
    tip_buf_put_u64(&buf, row->seq);
    tip_buf_put_u32(&buf, row->origin);
    tip_buf_put_u64(&buf, row->ceiling.packed);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_ORDER, 0), &buf);
}

enum tip_err hub_row_load_calendar(struct tip_txn *txn,
                                   struct tip_calendar *out_calendar)
{
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(ROW_CALENDAR, 0),
                          CALENDAR_FORMAT, &reader);

    *out_calendar = (struct tip_calendar){.count = 0};
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    while (reader.rest.size != 0 && !reader.failed &&
           out_calendar->count < TIP_CALENDAR_DAYS) {
        out_calendar->days[out_calendar->count].day =
            tip_reader_get_u64(&reader);
        out_calendar->days[out_calendar->count].before =
            tip_reader_get_u64(&reader);
        out_calendar->count++;
    }
    return tip_state_row_finish(&reader);
}

enum tip_err hub_row_store_calendar(struct tip_txn *txn,
                                    const struct tip_calendar *calendar)
{
    uint8_t memory[1 + TIP_CALENDAR_DAYS * 16];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, CALENDAR_FORMAT);
    for (size_t i = 0; i < calendar->count; i++) {
        tip_buf_put_u64(&buf, calendar->days[i].day);
        tip_buf_put_u64(&buf, calendar->days[i].before);
    }
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_CALENDAR, 0),
                             &buf);
}

static enum tip_err read_origin(struct tip_bytes value, uint32_t origin,
                                struct hub_origin_row *out_row)
{
    struct hub_origin_row row = {.device.origin = origin,
                                 .admission.origin = origin};
    struct hub_device *device = &row.device;
    struct tip_reader reader;
    enum tip_err err = tip_state_row_open(value, ORIGIN_FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    device->office = tip_reader_get_u32(&reader);
    row.admission.office = device->office;
    tip_reader_copy(&reader, device->keys.sign.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(&reader, device->keys.box.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(&reader, device->keys.curve.bytes, TIP_PUBLIC_SIZE);
    device->key_epoch = tip_reader_get_u32(&reader);
    tip_reader_copy(&reader, device->office_secret.bytes,
                    TIP_OPERATIONAL_SECRET_SIZE);
    device->is_revoked = tip_reader_get_u8(&reader) != 0;
    row.admission.base = tip_reader_get_u64(&reader);
    row.admission.given = tip_reader_get_u64(&reader);
    row.head = tip_state_row_get_head(&reader);
    row.last_heard_ms = tip_reader_get_u64(&reader);
    row.use.day = tip_reader_get_u64(&reader);
    row.use.deletions = tip_reader_get_u32(&reader);
    row.use.overwrites = tip_reader_get_u32(&reader);
    row.use.change_sets = tip_reader_get_u64(&reader);
    row.use.bytes = tip_reader_get_u64(&reader);
    row.differs_since_ms = tip_reader_get_u64(&reader);
    row.erased = tip_reader_get_u64(&reader);
    row.useful_ms = tip_reader_get_u64(&reader);
    row.root = tip_reader_get_u32(&reader);
    row.continues = tip_reader_get_u32(&reader);
    row.up_to = tip_reader_get_u64(&reader);
    row.start = tip_reader_get_u64(&reader);
    row.told = tip_reader_get_u64(&reader);
    row.is_closed = tip_reader_get_u8(&reader) != 0;
    tip_reader_copy(&reader, row.token, sizeof row.token);
    device->is_retired = tip_reader_get_u8(&reader) != 0;
    row.joined = tip_state_row_get_head(&reader);
    row.copy.may = (enum hub_copy)tip_reader_get_u8(&reader);
    row.copy.is_frozen = tip_reader_get_u8(&reader) != 0;
    row.copy.called_ms = tip_reader_get_u64(&reader);
    row.copy.newest = tip_state_row_get_head(&reader);
    row.copy.unsent = tip_reader_get_u64(&reader);
    row.copy.stray_ms = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK && row.copy.may > HUB_COPY_CHOSEN) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_row_next_origin(struct tip_txn *txn, uint32_t after,
                                 struct hub_origin_row *out_row)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_ORIGIN, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY((uint64_t)after + 1, 0), &key, &value);

    if (err != TIP_OK) {
        return err;
    }
    return key.hi > UINT32_MAX ? TIP_ESTORE_DAMAGED
                               : read_origin(value, (uint32_t)key.hi, out_row);
}

enum tip_err hub_row_store_origin(struct tip_txn *txn,
                                  const struct hub_origin_row *row)
{
    const struct hub_device *device = &row->device;
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, ORIGIN_FORMAT);
    tip_buf_put_u32(&buf, device->office);
    tip_buf_put(&buf, TIP_BYTES_OF(device->keys.sign.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(device->keys.box.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(device->keys.curve.bytes));
    tip_buf_put_u32(&buf, device->key_epoch);
    tip_buf_put(&buf, TIP_BYTES_OF(device->office_secret.bytes));
    tip_buf_put_u8(&buf, device->is_revoked ? 1 : 0);
    tip_buf_put_u64(&buf, row->admission.base);
    tip_buf_put_u64(&buf, row->admission.given);
    tip_state_row_put_head(&buf, &row->head);
    tip_buf_put_u64(&buf, row->last_heard_ms);
    tip_buf_put_u64(&buf, row->use.day);
    tip_buf_put_u32(&buf, row->use.deletions);
    tip_buf_put_u32(&buf, row->use.overwrites);
    tip_buf_put_u64(&buf, row->use.change_sets);
    tip_buf_put_u64(&buf, row->use.bytes);
    tip_buf_put_u64(&buf, row->differs_since_ms);
    tip_buf_put_u64(&buf, row->erased);
    tip_buf_put_u64(&buf, row->useful_ms);
    tip_buf_put_u32(&buf, row->root);
    tip_buf_put_u32(&buf, row->continues);
    tip_buf_put_u64(&buf, row->up_to);
    tip_buf_put_u64(&buf, row->start);
    tip_buf_put_u64(&buf, row->told);
    tip_buf_put_u8(&buf, row->is_closed ? 1 : 0);
    tip_buf_put(&buf, TIP_BYTES_OF(row->token));
    tip_buf_put_u8(&buf, device->is_retired ? 1 : 0);
    tip_state_row_put_head(&buf, &row->joined);
    tip_buf_put_u8(&buf, (uint8_t)row->copy.may);
    tip_buf_put_u8(&buf, row->copy.is_frozen ? 1 : 0);
    tip_buf_put_u64(&buf, row->copy.called_ms);
    tip_state_row_put_head(&buf, &row->copy.newest);
    tip_buf_put_u64(&buf, row->copy.unsent);
    tip_buf_put_u64(&buf, row->copy.stray_ms);
    err = tip_state_row_put(txn, TIP_TABLE_ORIGIN, TIP_KEY(device->origin, 0),
                            &buf);
    tip_secret_wipe(memory, sizeof memory);
    return err;
}

enum tip_err hub_row_next_channel(struct tip_txn *txn, uint64_t from,
                                  uint32_t *out_channel)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_CHANNEL, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY(from, ROW_CHANNEL), &key, &value);

    if (err == TIP_OK && key.hi > UINT32_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_channel = (uint32_t)key.hi;
    }
    return err;
}

enum tip_err hub_row_load_channel(struct tip_txn *txn, uint32_t channel,
                                  struct hub_channel_row *out_row)
{
    struct hub_channel_row row = {.channel = channel};
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_CHANNEL, TIP_KEY(channel, ROW_CHANNEL),
                          CHANNEL_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = row;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.head = tip_state_row_get_head(&reader);
    row.newest = tip_reader_get_u64(&reader);
    row.cut = tip_reader_get_u64(&reader);
    row.has_news = tip_reader_get_u8(&reader) != 0;
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err hub_row_store_channel(struct tip_txn *txn,
                                   const struct hub_channel_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, CHANNEL_FORMAT);
    tip_state_row_put_head(&buf, &row->head);
    tip_buf_put_u64(&buf, row->newest);
    tip_buf_put_u64(&buf, row->cut);
    tip_buf_put_u8(&buf, row->has_news ? 1 : 0);
    return tip_state_row_put(txn, TIP_TABLE_CHANNEL,
                             TIP_KEY(row->channel, ROW_CHANNEL), &buf);
}
