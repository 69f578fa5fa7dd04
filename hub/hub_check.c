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
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_feed(check, device->origin, row->start,
                                        &device->keys.sign, own);

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

static enum tip_err check_channels(struct tip_inspect *check,
                                   const struct tip_sign_public *own)
{
    const struct tip_head first = {.number = 0};
    uint64_t from = 0;

    for (;;) {
        uint32_t channel;
        enum tip_err err = hub_row_next_channel(check->txn, from, &channel);

        if (err == TIP_OK) {
            err = tip_inspect_channel(check, channel, &first, own, own);
        }
        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        from = (uint64_t)channel + 1;
    }
}

enum tip_err hub_check(struct tip_inspect *check,
                       const struct tip_sign_public *own,
                       const struct tip_operational_secret *ref_secret)
{
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_records(check, HUB_ORIGIN);

    if (err == TIP_OK) {
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = check_devices(check, own);
    }
    if (err == TIP_OK) {
        err = check_channels(check, own);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(ref_secret, &key);
        err = tip_inspect_holding(check, TIP_CHANNEL_REF, &key);
        tip_secret_wipe(&key, sizeof key);
    }
    return err;
}
