/* Frames that travel on a stick instead of the link. */
#include "hub_continue.h"
#include "hub_devices.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_said.h"
#include "tip_clock.h"
#include "tip_store.h"

enum tip_err hub_engine_feed(struct hub_engine *engine, uint32_t origin,
                             uint32_t *out_generation,
                             struct tip_head *out_head)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);

    if (device == NULL) {
        return TIP_ENOTFOUND;
    }
    *out_generation = engine->order.generation;
    *out_head = hub_continue_feed(engine, device)->row.head;
    return TIP_OK;
}

uint64_t hub_engine_known(struct hub_engine *engine, uint32_t origin,
                          uint32_t channel)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);

    for (size_t i = 0; device != NULL && device->session.is_live &&
                       i < device->session.channel_count;
         i++) {
        if (device->session.channels[i].channel == channel) {
            return device->session.channels[i].got;
        }
    }
    return 0;
}

enum tip_err hub_engine_export_frame(struct hub_engine *engine,
                                     uint32_t channel, uint64_t index,
                                     struct tip_bytes *out_frame)
{
    struct hub_channel *known = hub_engine_channel(engine, channel);
    struct tip_txn *txn;
    enum tip_err err = hub_engine_flush(engine);

    if (err == TIP_OK) {
        err = known == NULL
                  ? TIP_ENOTFOUND
                  : hub_cut(engine, known, index, TIP_FRAME_BYTES_MAX);
    }
    if (err == TIP_OK) {
        err = hub_engine_flush(engine);
    }
    if (err == TIP_OK) {
        err = hub_engine_txn(engine, &txn);
    }
    return err == TIP_OK ? tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                                       TIP_KEY(channel, index), out_frame)
                         : err;
}

void hub_engine_hear(struct hub_engine *engine, uint32_t origin,
                     uint64_t made_ms, uint64_t saved)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);
    uint64_t now_ms = engine->opts.clock->now_ms(engine->opts.clock);
    uint64_t ms = made_ms < now_ms ? made_ms : now_ms;

    if (device != NULL && ms > device->row.last_heard_ms) {
        device->row.last_heard_ms = ms;
        device->is_dirty = true;
    }
    if (device != NULL) {
        hub_said_bundle(device, ms, saved);
    }
}

enum tip_err
hub_engine_hear_channel(struct hub_engine *engine, uint32_t origin,
                        const struct tip_channel_position *position,
                        const struct tip_parts *parts)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);

    if (device == NULL) {
        return TIP_ENOTFOUND;
    }
    if (hub_device_is_out(&device->row.device)) {
        return TIP_OK; /* It is sent nothing any more. */
    }
    if (parts != NULL) {
        return hub_devices_take_parts(engine, device, parts);
    }
    hub_devices_note_position(engine, device, position);
    return TIP_OK;
}

enum tip_err hub_engine_import_frame(struct hub_engine *engine, uint32_t origin,
                                     struct tip_bytes frame)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);
    enum tip_err err = device == NULL ? TIP_ENOTFOUND : TIP_OK;

    /* What is handed back after a restore comes over the link alone. */
    if (err == TIP_OK && hub_device_is_out(&device->row.device)) {
        err = hub_recovery_check(engine);
    }
    if (err == TIP_OK) {
        err = hub_feed_frame(engine, device, frame);
    }

    if (err == TIP_OK && device->session.is_live) {
        /* The node that is connected may be an older copy that knows nothing of
         * this frame, and would take an echo of it for one of its own work:
         * first it says again where its chain stands. */
        tip_hub_session_down(&device->session);
        tip_link_drop(engine->opts.link, origin);
    }
    return err == TIP_EAGAIN ? TIP_EBUNDLE_GAP : err;
}
