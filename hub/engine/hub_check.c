#include "hub_check.h"

#include "hub_retire.h"
#include "hub_row.h"
#include "tip_secret.h"

/* The feed of one device, and what its office holds. */
static enum tip_err check_device(struct tip_inspect *check,
                                 const struct hub_origin_row *row,
                                 const struct tip_sign_public *own)
{
    const struct hub_device *device = &row->device;
    struct tip_inspect_key frame_key = {.epoch = device->key_epoch};
    struct tip_digest_key key;
    const struct tip_inspect_chain feed = {.table = TIP_TABLE_FRAME_UP,
                                           .number = device->origin,
                                           .office = device->office,
                                           .begins_behind.number = row->start,
                                           .ends_at = row->head.number,
                                           .signer = &device->keys.sign,
                                           .redactor = own,
                                           .keys = &frame_key,
                                           .key_count = 1};
    enum tip_err err;

    tip_frame_key_derive(&device->office_secret, TIP_CHAIN_UP, &frame_key.key);
    err = tip_inspect_chain(check, &feed);
    tip_secret_wipe(&frame_key, sizeof frame_key);
    if (err == TIP_OK && !row->is_closed && !hub_device_is_out(device)) {
        tip_digest_key_derive(&device->office_secret, &key);
        err = tip_inspect_holding(check, device->office, &key);
        tip_secret_wipe(&key, sizeof key);
    }
    return err;
}

static enum tip_err check_devices(struct tip_inspect *check,
                                  const struct tip_sign_public *own)
{
    struct hub_origin_row row = {.device.origin = 0};
    enum tip_err err;

    do {
        err = hub_row_next_origin(check->txn, row.device.origin, &row);
        if (err == TIP_OK) {
            err = check_device(check, &row, own);
        }
    } while (err == TIP_OK);
    tip_secret_wipe(&row, sizeof row);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* What the frames of @channel are closed with: of an office's, a key for each
 * of the devices it had. */
static enum tip_err find_keys(struct tip_inspect *check, uint32_t channel,
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
        err = hub_row_next_origin(check->txn, row.device.origin, &row);
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

static enum tip_err
check_channel(struct tip_inspect *check, uint32_t channel,
              const struct tip_sign_public *own,
              const struct tip_operational_secret *ref_secret)
{
    struct tip_inspect_key keys[HUB_ORIGINS_MAX];
    struct hub_channel_row row;
    struct tip_inspect_chain chain = {.table = TIP_TABLE_FRAME_DOWN,
                                      .number = channel,
                                      .signer = own,
                                      .redactor = own,
                                      .keys = keys};
    enum tip_err err = hub_row_load_channel(check->txn, channel, &row);

    if (err == TIP_OK) {
        chain.ends_at = row.head.number;
        err = find_keys(check, channel, ref_secret, keys, &chain.key_count);
    }
    if (err == TIP_OK) {
        err = tip_inspect_chain(check, &chain);
    }
    tip_secret_wipe(keys, sizeof keys);
    return err;
}

static enum tip_err
check_channels(struct tip_inspect *check, const struct tip_sign_public *own,
               const struct tip_operational_secret *ref_secret)
{
    uint64_t from = 0;

    for (;;) {
        uint32_t channel;
        enum tip_err err = hub_row_next_channel(check->txn, from, &channel);

        if (err == TIP_OK) {
            err = check_channel(check, channel, own, ref_secret);
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
                       const struct tip_sign_public *own,
                       const struct tip_operational_secret *ref_secret)
{
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_records(check, HUB_ORIGIN, false);

    if (err == TIP_OK) {
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = check_devices(check, own);
    }
    if (err == TIP_OK) {
        err = check_channels(check, own, ref_secret);
    }
    if (err == TIP_OK) {
        err = tip_inspect_log(check);
    }
    if (err == TIP_OK) {
        err = check_held(check);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(ref_secret, &key);
        err = tip_inspect_holding(check, TIP_CHANNEL_REF, &key);
        tip_secret_wipe(&key, sizeof key);
    }
    return err;
}
