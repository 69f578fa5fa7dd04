/*
 * The offices' devices and channels, in memory and in the store.
 */
#include <stdlib.h>
#include <string.h>

#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_row.h"
#include "hub_said.h"
#include "tip_envelope.h"
#include "tip_secret.h"
#include "tip_store.h"

struct hub_origin *hub_engine_origin(struct hub_engine *engine, uint32_t origin)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        if (engine->origins[i]->row.device.origin == origin) {
            return engine->origins[i];
        }
    }
    return NULL;
}

const struct hub_device *hub_engine_device(const struct hub_engine *engine,
                                           size_t index)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == row->device.origin && index-- == 0) {
            return &row->device;
        }
    }
    return NULL;
}

uint32_t hub_engine_office_of(struct hub_engine *engine, uint32_t origin)
{
    const struct hub_origin *known = hub_engine_origin(engine, origin);

    return known == NULL ? 0 : known->row.device.office;
}

struct hub_channel *hub_engine_channel(struct hub_engine *engine,
                                       uint32_t channel)
{
    for (size_t i = 0; i < engine->channel_count; i++) {
        if (engine->channels[i].row.channel == channel) {
            return &engine->channels[i];
        }
    }
    return NULL;
}

struct hub_channel *hub_engine_make_channel(struct hub_engine *engine,
                                            uint32_t channel)
{
    struct hub_channel *known = hub_engine_channel(engine, channel);

    if (known != NULL || engine->channel_count == HUB_CHANNELS_MAX) {
        return known;
    }
    known = &engine->channels[engine->channel_count++];
    *known = (struct hub_channel){.row.channel = channel, .is_counted = true};
    return known;
}

/* Take on the device of @row: its keys and, for the first of an office, the
 * office's channel. */
enum tip_err hub_offices_add(struct hub_engine *engine,
                             const struct hub_origin_row *row)
{
    struct hub_origin *origin;
    struct hub_channel *channel;
    enum tip_err err;

    channel = hub_engine_make_channel(engine, row->device.office);
    if (engine->origin_count == HUB_ORIGINS_MAX || channel == NULL) {
        return TIP_ETOOBIG;
    }
    origin = calloc(1, sizeof *origin);
    if (origin == NULL) {
        return TIP_ENOMEM;
    }
    origin->row = *row;
    origin->channel = (size_t)(channel - engine->channels);
    origin->opened_at = row->head.number;
    tip_hub_session_init(&origin->session);
    origin->session.goodput.fixed_bytes = engine->opts.frame_bytes;
    tip_frame_key_derive(&row->device.office_secret, TIP_CHAIN_UP,
                         &origin->key);
    err = tip_talk_init(&origin->talk, engine->opts.keys, TIP_SESSION_HUB,
                        &row->device.keys.box);
    if (err != TIP_OK) {
        free(origin);
        return err;
    }
    engine->origins[engine->origin_count++] = origin;
    channel->key_epoch = row->device.key_epoch;
    tip_frame_key_derive(&row->device.office_secret, TIP_CHAIN_DOWN,
                         &channel->key);
    tip_digest_key_derive(&row->device.office_secret, &channel->digest_key);
    channel->has_key = true;
    return TIP_OK;
}

/* Read every device; on a reload they are there and only rows change. */
static enum tip_err load_origins(struct hub_engine *engine, struct tip_txn *txn)
{
    struct hub_origin_row row;
    struct hub_origin *known;
    uint32_t after = 0;
    enum tip_err err;

    for (;;) {
        err = hub_row_next_origin(txn, after, &row);
        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        after = row.device.origin;
        known = hub_engine_origin(engine, after);
        if (known == NULL) {
            err = hub_offices_add(engine, &row);
            if (err == TIP_OK) {
                err = hub_said_load(txn, &engine->said,
                                    hub_engine_origin(engine, after));
                tip_arena_clear(&engine->said);
            }
            if (err != TIP_OK) {
                return err;
            }
        } else {
            known->row = row;
            known->is_dirty = false;
        }
    }
}

static void remove_origin(struct hub_engine *engine, size_t i)
{
    tip_talk_deinit(&engine->origins[i]->talk);
    hub_named_deinit(&engine->origins[i]->named);
    tip_secret_wipe(engine->origins[i], sizeof *engine->origins[i]);
    free(engine->origins[i]);
    engine->origins[i] = engine->origins[--engine->origin_count];
}

/* Forget devices whose enrolment was lost with its transaction. */
static enum tip_err forget_origins(struct hub_engine *engine,
                                   struct tip_txn *txn)
{
    size_t i = 0;

    while (i < engine->origin_count) {
        uint32_t origin = engine->origins[i]->row.device.origin;
        struct hub_origin_row row;
        enum tip_err err = hub_row_next_origin(txn, origin - 1, &row);

        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            return err;
        }
        if (err == TIP_ENOTFOUND || row.device.origin != origin) {
            remove_origin(engine, i);
        } else {
            i++;
        }
    }
    return TIP_OK;
}

/* Read every channel anything was ever told on. */
static enum tip_err load_channels(struct hub_engine *engine,
                                  struct tip_txn *txn)
{
    uint64_t next = 0;

    for (;;) {
        struct hub_channel *channel;
        uint32_t number;
        enum tip_err err = hub_row_next_channel(txn, next, &number);

        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        channel = hub_engine_make_channel(engine, number);
        if (channel == NULL) {
            return TIP_ETOOBIG;
        }
        next = (uint64_t)number + 1;
    }
}

enum tip_err hub_offices_load(struct hub_engine *engine, struct tip_txn *txn)
{
    enum tip_err err = load_origins(engine, txn);

    if (err == TIP_OK) {
        err = forget_origins(engine, txn);
    }
    if (err == TIP_OK) {
        err = load_channels(engine, txn);
    }
    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        struct hub_channel *channel = &engine->channels[i];

        err = hub_row_load_channel(txn, channel->row.channel, &channel->row);
        channel->is_dirty = false;
        channel->echo.count = 0;
        if (err == TIP_OK) {
            err = hub_holding_open(engine, txn, channel);
        }
    }
    return err;
}

enum tip_err hub_offices_store(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        if (engine->origins[i]->is_dirty) {
            err = hub_row_store_origin(engine->txn, &engine->origins[i]->row);
        }
        if (err == TIP_OK && engine->origins[i]->said_is_dirty) {
            err = hub_said_store(engine->txn, engine->origins[i]);
        }
    }
    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        if (engine->channels[i].is_dirty) {
            err = hub_row_store_channel(engine->txn, &engine->channels[i].row);
        }
        if (err == TIP_OK) {
            err = hub_holding_store(engine->txn, &engine->channels[i]);
        }
        if (err == TIP_OK) {
            err = hub_repair_store(engine->txn, &engine->channels[i]);
        }
    }
    return err;
}

void hub_offices_mark_clean(struct hub_engine *engine)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        engine->origins[i]->is_dirty = false;
        engine->origins[i]->said_is_dirty = false;
    }
    for (size_t i = 0; i < engine->channel_count; i++) {
        engine->channels[i].is_dirty = false;
        engine->channels[i].holding_is_dirty = false;
        engine->channels[i].repair.is_dirty = false;
    }
}

void hub_offices_close(struct hub_engine *engine)
{
    while (engine->origin_count > 0) {
        remove_origin(engine, engine->origin_count - 1);
    }
}

struct tip_head hub_offices_start(const struct hub_origin_row *row)
{
    struct tip_frame_header first = {.origin = row->device.origin};
    struct tip_head head;

    tip_envelope_start(&first, &head);
    head.number = row->start;
    return head;
}

enum tip_err hub_offices_announce(struct hub_engine *engine,
                                  const struct hub_origin_row *row)
{
    const struct tip_device_public *keys = &row->device.keys;
    struct tip_ctl control = {.kind = TIP_CTL_OPEN,
                              .open = {.origin = row->device.origin,
                                       .office = row->device.office,
                                       .continues = row->continues,
                                       .up_to = row->up_to,
                                       .start = row->start}};

    memcpy(control.open.sign, keys->sign.bytes, TIP_CTL_KEY_SIZE);
    memcpy(control.open.box, keys->box.bytes, TIP_CTL_KEY_SIZE);
    memcpy(control.open.curve, keys->curve.bytes, TIP_CTL_KEY_SIZE);
    return hub_control_append(engine, &control);
}

void hub_offices_note_origin(struct hub_engine *engine, uint32_t origin)
{
    if (origin > engine->order.origin) {
        engine->order.origin = origin;
        engine->order_is_dirty = true;
    }
}

enum tip_err hub_engine_new_origin(struct hub_engine *engine,
                                   uint32_t *out_origin)
{
    enum tip_err err = hub_engine_write(engine);

    if (err == TIP_OK && engine->order.origin == UINT32_MAX) {
        err = TIP_ETOOBIG;
    }
    if (err == TIP_OK) {
        hub_offices_note_origin(engine, engine->order.origin < HUB_ORIGIN
                                            ? HUB_ORIGIN + 1
                                            : engine->order.origin + 1);
        *out_origin = engine->order.origin;
    }
    return err;
}

/* May @device be let in, whatever it asks for? */
static enum tip_err check_new(struct hub_engine *engine,
                              const struct hub_device *device)
{
    const struct hub_channel *channel;

    if (device->origin <= HUB_ORIGIN || device->office <= HUB_OFFICE ||
        device->office > TIP_OFFICE_MAX) {
        return TIP_EINVAL;
    }
    if (hub_engine_origin(engine, device->origin) != NULL) {
        return TIP_EEXISTS;
    }
    if (hub_engine_in_use(engine, device->office) != NULL) {
        return TIP_EOFFICE_TAKEN;
    }
    channel = hub_engine_channel(engine, device->office);
    return channel != NULL && channel->has_key &&
                   device->key_epoch <= channel->key_epoch
               ? TIP_EINVAL
               : hub_recovery_check(engine);
}

/* Take on the device of @row, which is new, or the next of its office. */
static enum tip_err take_on(struct hub_engine *engine,
                            struct hub_origin_row *row)
{
    struct hub_channel *channel =
        hub_engine_channel(engine, row->device.office);
    bool is_next = channel != NULL && channel->has_key;
    enum tip_err err = TIP_OK;

    if (is_next) {
        err = hub_retire_leave_off(engine, channel, &row->joined);
    }
    if (err == TIP_OK) {
        err = hub_offices_add(engine, row);
    }
    if (err == TIP_OK) {
        hub_engine_origin(engine, row->device.origin)->is_dirty = true;
        hub_engine_channel(engine, row->device.office)->is_dirty = true;
        hub_offices_note_origin(engine, row->device.origin);
        err = hub_offices_announce(engine, row);
    }
    return err == TIP_OK && is_next ? hub_retire_begin_anew(engine, channel)
                                    : err;
}

enum tip_err hub_engine_enrol(struct hub_engine *engine,
                              const struct hub_device *device)
{
    struct hub_origin_row row = {
        .device = *device,
        .root = device->origin,
        .admission = {.origin = device->origin, .office = device->office}};
    enum tip_err err = check_new(engine, device);

    row.head = hub_offices_start(&row);
    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err == TIP_OK) {
        err = take_on(engine, &row);
        if (err != TIP_OK) {
            hub_engine_fail(engine, err);
        }
    }
    return err;
}
