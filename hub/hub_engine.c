#include "hub_engine.h"

#include <stdlib.h>
#include <string.h>

#include "hub_engine_internal.h"
#include "hub_row.h"
#include "tip_clock.h"
#include "tip_envelope.h"
#include "tip_random.h"
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
    *known = (struct hub_channel){.row.channel = channel};
    return known;
}

static void abort_txn(struct hub_engine *engine)
{
    tip_txn_abort(engine->txn);
    engine->txn = NULL;
    engine->is_writing = false;
    engine->failure = TIP_OK;
}

enum tip_err hub_engine_txn(struct hub_engine *engine, struct tip_txn **out_txn)
{
    if (engine->txn == NULL) {
        enum tip_err err =
            tip_store_begin(engine->opts.store, TIP_TXN_READ, &engine->txn);

        if (err != TIP_OK) {
            return err;
        }
    }
    *out_txn = engine->txn;
    return TIP_OK;
}

enum tip_err hub_engine_write(struct hub_engine *engine)
{
    enum tip_err err;

    if (engine->is_writing) {
        return engine->failure;
    }
    abort_txn(engine); /* It only reads. */
    err = tip_store_begin(engine->opts.store, TIP_TXN_WRITE, &engine->txn);
    engine->is_writing = err == TIP_OK;
    return err;
}

/* Take on the device of @row: its keys and, for the first of an office, the
 * office's channel. */
static enum tip_err add_origin(struct hub_engine *engine,
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
    tip_hub_session_init(&origin->session);
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
            err = add_origin(engine, &row);
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

static enum tip_err load_rows(struct hub_engine *engine)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = hub_row_load_order(txn, &engine->order);
    }
    if (err == TIP_OK) {
        err = load_origins(engine, txn);
    }
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
    }
    engine->order_is_dirty = false;
    return err == TIP_OK ? hub_hold_load(engine) : err;
}

static enum tip_err store_rows(struct hub_engine *engine)
{
    struct hub_watcher *watcher = engine->opts.watcher;
    enum tip_err err = hub_channel_settle(engine);

    if (err == TIP_OK && watcher != NULL) {
        err = watcher->settle(watcher, engine->txn);
    }
    if (tip_stamp_compare(engine->order.ceiling, engine->hlc.ceiling) != 0) {
        engine->order.ceiling = engine->hlc.ceiling;
        engine->order_is_dirty = true;
    }
    if (err == TIP_OK && engine->order_is_dirty) {
        err = hub_row_store_order(engine->txn, &engine->order);
    }
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        if (engine->origins[i]->is_dirty) {
            err = hub_row_store_origin(engine->txn, &engine->origins[i]->row);
        }
    }
    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        if (engine->channels[i].is_dirty) {
            err = hub_row_store_channel(engine->txn, &engine->channels[i].row);
        }
    }
    return err;
}

static void tell_watcher(struct hub_engine *engine, bool durable)
{
    if (engine->opts.watcher != NULL) {
        engine->opts.watcher->ended(engine->opts.watcher, durable);
    }
}

/* The transaction was lost: believe what the store holds. */
static enum tip_err reload(struct hub_engine *engine)
{
    struct tip_stamp last = engine->hlc.last;
    enum tip_err err;

    abort_txn(engine);
    tell_watcher(engine, false);
    err = load_rows(engine);
    if (err == TIP_OK) {
        err = tip_record_table_rewind(&engine->records, engine->txn);
    }
    tip_hlc_restore(&engine->hlc, engine->order.ceiling);
    if (tip_stamp_compare(engine->hlc.last, last) < 0) {
        engine->hlc.last = last;
    }
    hub_talk_reset(engine);
    return err;
}

static void mark_clean(struct hub_engine *engine)
{
    engine->order_is_dirty = false;
    for (size_t i = 0; i < engine->origin_count; i++) {
        engine->origins[i]->is_dirty = false;
    }
    for (size_t i = 0; i < engine->channel_count; i++) {
        engine->channels[i].is_dirty = false;
    }
}

enum tip_err hub_engine_flush(struct hub_engine *engine)
{
    enum tip_err err = engine->failure;
    struct tip_txn *txn = engine->txn;

    if (!engine->is_writing) {
        abort_txn(engine);
        return TIP_OK;
    }
    if (err == TIP_OK) {
        err = store_rows(engine);
    }
    if (err == TIP_OK) {
        engine->txn = NULL;
        engine->is_writing = false;
        err = tip_txn_commit(txn);
    }
    if (err != TIP_OK) {
        enum tip_err again = reload(engine);

        return again == TIP_OK ? err : again;
    }
    mark_clean(engine);
    tell_watcher(engine, true);
    return TIP_OK;
}

static enum tip_err start(struct hub_engine *engine)
{
    struct tip_txn *txn;
    uint64_t secret;
    enum tip_err err = tip_codec_new(TIP_CODEC_LEVEL, &engine->codec);

    engine->channels[0].row.channel = TIP_CHANNEL_REF;
    engine->channel_count = 1;
    tip_frame_key_derive(&engine->opts.ref_secret, TIP_CHAIN_DOWN,
                         &engine->channels[0].key);
    engine->opts.random->fill(engine->opts.random, &secret, sizeof secret);
    tip_index_init(&engine->waiting, secret);
    tip_hlc_init(&engine->hlc, engine->opts.clock, HUB_SKEW_MS_MAX);
    if (err == TIP_OK) {
        err = hub_engine_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = tip_record_table_open(&engine->records, txn, engine->opts.random);
    }
    if (err == TIP_OK) {
        err = load_rows(engine);
    }
    if (err == TIP_OK) {
        tip_hlc_restore(&engine->hlc, engine->order.ceiling);
    }
    return err;
}

enum tip_err hub_engine_open(const struct hub_engine_opts *opts,
                             struct hub_engine **out_engine)
{
    struct hub_engine *engine = calloc(1, sizeof *engine);
    enum tip_err err;

    if (engine == NULL) {
        return TIP_ENOMEM;
    }
    engine->opts = *opts;
    tip_arena_init(&engine->arena, HUB_ARENA_BYTES_MAX);
    tip_arena_init(&engine->work, HUB_ARENA_BYTES_MAX);
    tip_arena_init(&engine->said, HUB_ARENA_BYTES_MAX);
    err = start(engine);
    if (err != TIP_OK) {
        hub_engine_close(engine);
        return err;
    }
    abort_txn(engine);
    *out_engine = engine;
    return TIP_OK;
}

void hub_engine_close(struct hub_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    abort_txn(engine);
    while (engine->origin_count > 0) {
        remove_origin(engine, engine->origin_count - 1);
    }
    tip_record_table_close(&engine->records);
    tip_index_deinit(&engine->waiting);
    tip_codec_free(engine->codec);
    tip_arena_deinit(&engine->arena);
    tip_arena_deinit(&engine->work);
    tip_arena_deinit(&engine->said);
    tip_secret_wipe(engine, sizeof *engine);
    free(engine);
}

void hub_engine_set_schema(struct hub_engine *engine,
                           const struct tip_schema *schema, uint32_t catalogue)
{
    engine->opts.schema = schema;
    engine->opts.catalogue = catalogue;
}

enum tip_err hub_engine_enrol(struct hub_engine *engine,
                              const struct hub_device *device)
{
    struct tip_frame_header first = {.origin = device->origin};
    struct hub_origin_row row = {
        .device = *device,
        .admission = {.origin = device->origin, .office = device->office}};
    enum tip_err err;

    if (device->origin <= HUB_ORIGIN || device->office <= HUB_OFFICE) {
        return TIP_EINVAL;
    }
    if (hub_engine_origin(engine, device->origin) != NULL) {
        return TIP_EEXISTS;
    }
    tip_envelope_start(&first, &row.head);
    err = hub_engine_write(engine);
    if (err == TIP_OK) {
        err = add_origin(engine, &row);
    }
    if (err == TIP_OK) {
        hub_engine_origin(engine, device->origin)->is_dirty = true;
        hub_engine_channel(engine, device->office)->is_dirty = true;
    }
    return err;
}

const struct tip_record_table *
hub_engine_records(const struct hub_engine *engine)
{
    return &engine->records;
}

struct tip_seen hub_engine_seen(const struct hub_engine *engine)
{
    return (struct tip_seen){.commit = engine->order.commit,
                             .seq = engine->order.seq};
}

enum tip_err hub_engine_view(struct hub_engine *engine, uint32_t ordinal,
                             struct tip_arena *arena,
                             struct tip_record *out_view)
{
    struct tip_wire_record stored;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_record_table_load(txn, ordinal, arena, &stored);
    }
    if (err == TIP_OK) {
        *out_view = stored.record;
    }
    return err;
}
