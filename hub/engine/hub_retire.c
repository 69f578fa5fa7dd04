#include "hub_retire.h"

#include "hub_engine_internal.h"
#include "hub_row.h"
#include "tip_link.h"

bool hub_device_is_out(const struct hub_device *device)
{
    return device->is_revoked || device->is_retired;
}

const struct hub_device *hub_engine_in_use(const struct hub_engine *engine,
                                           uint32_t office)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(engine, i)) != NULL; i++) {
        if (device->office == office && !hub_device_is_out(device)) {
            return device;
        }
    }
    return NULL;
}

uint32_t hub_engine_next_epoch(const struct hub_engine *engine, uint32_t office)
{
    const struct hub_device *device;
    uint32_t newest = 0;

    for (size_t i = 0; (device = hub_engine_device(engine, i)) != NULL; i++) {
        if (device->office == office && device->key_epoch > newest) {
            newest = device->key_epoch;
        }
    }
    return newest + 1;
}

bool hub_retire_is_out(struct hub_engine *engine, uint32_t origin)
{
    const struct hub_origin *known = hub_engine_origin(engine, origin);

    return known != NULL && hub_device_is_out(&known->row.device);
}

/* Nobody waits for it, and whatever it was owed is void. */
static enum tip_err cut_off(struct hub_engine *engine,
                            struct hub_origin *device)
{
    device->back = (struct hub_return_row){.is_due = false};
    tip_hub_session_down(&device->session);
    device->recall_due = 0;
    device->lost_due.number = 0;
    device->continued_due = 0;
    device->refusal_due = TIP_OK;
    device->clone_due = false;
    return hub_row_remove_return(engine->txn, device->row.device.origin);
}

enum tip_err hub_retire_replay(struct hub_engine *engine, uint32_t origin)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        if (engine->origins[i]->row.root == origin) {
            engine->origins[i]->row.device.is_retired = true;
            engine->origins[i]->is_dirty = true;
            err = cut_off(engine, engine->origins[i]);
        }
    }
    if (engine->opts.link != NULL) {
        tip_link_drop(engine->opts.link,
                      origin); /* Whatever it writes under. */
    }
    return err;
}

enum tip_err hub_engine_retire(struct hub_engine *engine, uint32_t origin)
{
    const struct tip_ctl control = {.kind = TIP_CTL_RETIRE,
                                    .retire = {.origin = origin}};
    struct hub_origin *device = hub_engine_origin(engine, origin);
    enum tip_err err;

    if (device == NULL || device->row.root != origin ||
        hub_device_is_out(&device->row.device)) {
        return TIP_ENOTFOUND;
    }
    err = hub_control_append(engine, &control);
    if (err != TIP_OK) {
        return err;
    }
    err = hub_retire_replay(engine, origin);
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    return err;
}

enum tip_err hub_engine_joined(struct hub_engine *engine, uint32_t origin,
                               uint32_t *out_generation,
                               struct tip_head *out_head)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);

    if (device == NULL) {
        return TIP_ENOTFOUND;
    }
    *out_generation = engine->order.generation;
    *out_head = device->row.joined;
    return TIP_OK;
}

const struct tip_frame_key *
hub_retire_down_key(struct hub_engine *engine,
                    const struct hub_channel *channel, uint32_t epoch,
                    struct tip_frame_key *old)
{
    if (epoch == channel->key_epoch) {
        return &channel->key;
    }
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_device *device = &engine->origins[i]->row.device;

        if (device->office == channel->row.channel &&
            device->key_epoch == epoch) {
            tip_frame_key_derive(&device->office_secret, TIP_CHAIN_DOWN, old);
            return old;
        }
    }
    return NULL;
}

enum tip_err hub_retire_leave_off(struct hub_engine *engine,
                                  struct hub_channel *channel,
                                  struct tip_head *out_joined)
{
    enum tip_err err = hub_channel_settle(engine, channel);

    /* What is in the log and in no frame is in the records, too. */
    channel->row.cut = channel->row.newest;
    channel->row.has_news = false;
    channel->is_dirty = true;
    *out_joined = channel->row.head;
    return err;
}

enum tip_err hub_retire_begin_anew(struct hub_engine *engine,
                                   struct hub_channel *channel)
{
    channel->is_counted = false; /* It was counted under another key. */
    return hub_repair_all(engine, channel);
}
