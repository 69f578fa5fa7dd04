#include "hub_check.h"

#include "hub_retire.h"
#include "hub_row.h"
#include "tip_secret.h"

/* The feed of one device. */
static void know_feed(const struct hub_origin_row *row,
                      const struct hub_check_self *self,
                      struct hub_chain *chain)
{
    const struct hub_device *device = &row->device;

    chain->signer = device->keys.sign;
    chain->keys[0].epoch = device->key_epoch;
    tip_frame_key_derive(&device->office_secret, TIP_CHAIN_UP,
                         &chain->keys[0].key);
    chain->chain =
        (struct tip_inspect_chain){.table = TIP_TABLE_FRAME_UP,
                                   .number = device->origin,
                                   .office = device->office,
                                   .begins_behind.number = row->start,
                                   .ends_at = row->head.number,
                                   .signer = &chain->signer,
                                   .redactor = self->sign,
                                   .keys = chain->keys,
                                   .key_count = 1};
}

/* What the frames of @channel are closed with: of an office's, a key for each
 * of the devices it had. */
static enum tip_err find_keys(struct tip_txn *txn, uint32_t channel,
                              const struct tip_operational_secret *ref_secret,
                              struct tip_inspect_key *keys, size_t *out_count)
{
    struct hub_origin_row row = {.device.origin = 0};
    size_t count = 0;
    enum tip_err err = TIP_OK;

    if (channel == TIP_CHANNEL_REF || channel == TIP_CHANNEL_CTL) {
        keys[0].epoch = 0;
        tip_frame_key_derive(ref_secret, TIP_CHAIN_DOWN, &keys[0].key);
        *out_count = 1;
        return TIP_OK;
    }
    while (err == TIP_OK && count < HUB_ORIGINS_MAX) {
        err = hub_row_next_origin(txn, row.device.origin, &row);
        if (err == TIP_OK && row.device.office == channel) {
            keys[count].epoch = row.device.key_epoch;
            tip_frame_key_derive(&row.device.office_secret, TIP_CHAIN_DOWN,
                                 &keys[count++].key);
        }
    }
    /* Without the keys of a device that cannot be read nothing is opened. */
    *out_count = tip_inspect_is_of_value(err) ? 0 : count;
    tip_secret_wipe(&row, sizeof row);
    return err == TIP_ENOTFOUND || tip_inspect_is_of_value(err) ? TIP_OK : err;
}

static enum tip_err know_channel(struct tip_txn *txn, uint32_t channel,
                                 const struct hub_check_self *self,
                                 struct hub_chain *chain)
{
    struct hub_channel_row row;
    enum tip_err err = hub_row_load_channel(txn, channel, &row);

    if (err != TIP_OK) {
        return err;
    }
    chain->chain = (struct tip_inspect_chain){.table = TIP_TABLE_FRAME_DOWN,
                                              .number = channel,
                                              .ends_at = row.head.number,
                                              .signer = self->sign,
                                              .redactor = self->sign,
                                              .keys = chain->keys};
    return find_keys(txn, channel, self->ref_secret, chain->keys,
                     &chain->chain.key_count);
}

enum tip_err hub_check_know(struct tip_txn *txn,
                            const struct hub_check_self *self,
                            enum tip_table table, uint32_t number,
                            struct hub_chain *out_chain)
{
    struct hub_origin_row row = {.device.origin = 0};
    enum tip_err err;

    if (table == TIP_TABLE_FRAME_DOWN) {
        return know_channel(txn, number, self, out_chain);
    }
    if (number == 0) {
        return TIP_ENOTFOUND;
    }
    err = hub_row_next_origin(txn, number - 1, &row);
    if (err == TIP_OK) {
        if (row.device.origin == number) {
            know_feed(&row, self, out_chain);
        } else {
            err = TIP_ENOTFOUND;
        }
        tip_secret_wipe(&row, sizeof row);
    }
    return err;
}

static enum tip_err check_device(struct tip_inspect *check,
                                 const struct hub_origin_row *row,
                                 const struct hub_check_self *self)
{
    const struct hub_device *device = &row->device;
    struct tip_digest_key key;
    struct hub_chain chain;
    enum tip_err err;

    know_feed(row, self, &chain);
    err = tip_inspect_chain(check, &chain.chain);
    tip_secret_wipe(&chain, sizeof chain);
    if (err == TIP_OK && !row->is_closed && !hub_device_is_out(device)) {
        tip_digest_key_derive(&device->office_secret, &key);
        err = tip_inspect_holding(check, device->office, &key);
        tip_secret_wipe(&key, sizeof key);
    }
    return err;
}

/* The lowest origin above @after that has a row. */
static enum tip_err next_origin(struct tip_txn *txn, uint32_t after,
                                uint32_t *out_origin)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_ORIGIN, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY((uint64_t)after + 1, 0), &key, &value);

    if (tip_inspect_is_of_value(err)) {
        err = TIP_OK;
    }
    if (err == TIP_OK) {
        *out_origin = (uint32_t)key.hi;
    }
    return err == TIP_OK && key.hi > UINT32_MAX ? TIP_ENOTFOUND : err;
}

/* Of a device whose row cannot be read, which is told with the rows, nothing is
 * known. */
static enum tip_err check_devices(struct tip_inspect *check,
                                  const struct hub_check_self *self)
{
    struct hub_origin_row row;
    uint32_t origin = 0;
    enum tip_err err;

    while ((err = next_origin(check->txn, origin, &origin)) == TIP_OK) {
        err = hub_row_next_origin(check->txn, origin - 1, &row);
        if (err == TIP_OK) {
            err = check_device(check, &row, self);
            tip_secret_wipe(&row, sizeof row);
        }
        if (err != TIP_OK && !tip_inspect_is_of_value(err)) {
            return err;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err check_channel(struct tip_inspect *check, uint32_t channel,
                                  const struct hub_check_self *self)
{
    struct hub_chain chain;
    enum tip_err err = know_channel(check->txn, channel, self, &chain);

    if (err == TIP_OK) {
        err = tip_inspect_chain(check, &chain.chain);
        tip_secret_wipe(&chain, sizeof chain);
    }
    return tip_inspect_is_of_value(err) ? TIP_OK : err; /* It is told. */
}

static enum tip_err check_channels(struct tip_inspect *check,
                                   const struct hub_check_self *self)
{
    uint64_t from = 0;

    for (;;) {
        uint32_t channel;
        enum tip_err err = hub_row_next_channel(check->txn, from, &channel);

        if (err == TIP_OK) {
            err = check_channel(check, channel, self);
        }
        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        from = (uint64_t)channel + 1;
    }
}

static enum tip_err check_held(struct tip_inspect *check)
{
    struct hub_held_row row = {.seq = 0};
    uint64_t count = 0;
    enum tip_err err;

    while ((err = hub_row_next_held(check->txn, row.origin, row.seq,
                                    check->arena, &row)) == TIP_OK) {
        tip_arena_clear(check->arena);
        count++;
    }
    if (tip_inspect_is_of_value(err)) {
        tip_inspect_tell(check, TIP_INSPECT_HELD, count, 0);
        return TIP_OK;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* The order, and where a restore stands. */
static enum tip_err check_order(struct tip_inspect *check)
{
    struct hub_recovery_row recovery;
    struct tip_calendar calendar;
    struct hub_order_row order;
    enum tip_err err = hub_row_load_order(check->txn, &order);

    if (err == TIP_OK) {
        err = hub_row_load_calendar(check->txn, &calendar);
    }
    if (err == TIP_OK) {
        err = hub_row_load_recovery(check->txn, &recovery);
    }
    if (tip_inspect_is_of_value(err)) {
        tip_inspect_tell_row(check, TIP_TABLE_META, TIP_KEY(0, 0));
        err = TIP_OK;
    }
    return err;
}

/* All that is read row by row. */
static enum tip_err check_tables(struct tip_inspect *check)
{
    static const enum tip_table tables[] = {
        TIP_TABLE_HISTORY, TIP_TABLE_CHANNEL, TIP_TABLE_ORIGIN,
        TIP_TABLE_HOLDING, TIP_TABLE_RULING,  TIP_TABLE_ERASURE};
    enum tip_err err = check_order(check);

    for (size_t i = 0; i < sizeof tables / sizeof *tables && err == TIP_OK;
         i++) {
        err = tip_inspect_rows(check, tables[i], hub_check_row);
    }
    return err;
}

enum tip_err hub_check(struct tip_inspect *check,
                       const struct hub_check_self *self)
{
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_records(check, HUB_ORIGIN, false);

    if (err == TIP_OK) {
        err = check_tables(check);
    }
    if (err == TIP_OK) {
        err = check_devices(check, self);
    }
    if (err == TIP_OK) {
        err = check_channels(check, self);
    }
    if (err == TIP_OK) {
        err = check_held(check);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(self->ref_secret, &key);
        err = tip_inspect_holding(check, TIP_CHANNEL_REF, &key);
        tip_secret_wipe(&key, sizeof key);
    }
    return err;
}
