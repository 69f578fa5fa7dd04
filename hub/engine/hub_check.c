#include "hub_check.h"

#include "hub_erasure.h"
#include "hub_retire.h"
#include "hub_row.h"
#include "hub_said.h"
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
    *out_count = count;
    tip_secret_wipe(&row, sizeof row);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
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

static enum tip_err check_devices(struct tip_inspect *check,
                                  const struct hub_check_self *self)
{
    struct hub_origin_row row = {.device.origin = 0};
    enum tip_err err;

    do {
        err = hub_row_next_origin(check->txn, row.device.origin, &row);
        if (err == TIP_OK) {
            err = check_device(check, &row, self);
        }
    } while (err == TIP_OK);
    tip_secret_wipe(&row, sizeof row);
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
    return err;
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

enum tip_err hub_check(struct tip_inspect *check,
                       const struct hub_check_self *self)
{
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_records(check, HUB_ORIGIN, false);

    if (err == TIP_OK) {
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = check_devices(check, self);
    }
    if (err == TIP_OK) {
        err = check_channels(check, self);
    }
    if (err == TIP_OK) {
        err = tip_inspect_log(check);
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

/* A row of a device: its own, or what it said. */
static enum tip_err check_device_row(struct tip_txn *txn, struct tip_key key,
                                     struct tip_arena *arena)
{
    const uint32_t number = (uint32_t)key.hi;
    struct hub_origin *origin = tip_arena_alloc(arena, sizeof *origin);
    enum tip_err err;

    if (origin == NULL) {
        return TIP_ENOMEM;
    }
    *origin = (struct hub_origin){.row.device.origin = number};
    err = key.lo == 0 ? hub_row_next_origin(txn, number - 1, &origin->row)
                      : hub_said_load(txn, arena, origin);
    tip_secret_wipe(origin, sizeof *origin);
    return err;
}

enum tip_err hub_check_row(struct tip_txn *txn, enum tip_table table,
                           struct tip_key key, struct tip_arena *arena)
{
    const uint32_t origin = (uint32_t)key.hi;
    struct hub_erasure erasure;
    struct hub_held_row held;
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err = TIP_OK;

    if (table == TIP_TABLE_HELD) {
        err = hub_row_next_held(txn, origin, key.lo - 1, arena, &held);
    } else if (table == TIP_TABLE_RULING) {
        err = hub_row_find_ruling(txn, origin, key.lo, arena, &ruling, &commit);
    } else if (table == TIP_TABLE_ORIGIN) {
        err = check_device_row(txn, key, arena);
    } else if (table == TIP_TABLE_ERASURE && key.hi != 0) {
        /* Row 0 says how far the sweep is. */
        err = hub_erasure_load(txn, key.hi, &erasure);
    }
    return err;
}
