#include "hub_engine.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hub_recovery.h"
#include "hub_row.h"
#include "hub_tale.h"
#include "tip_clock.h"
#include "tip_ctl_log.h"
#include "tip_random.h"
#include "tip_secret.h"
#include "tip_store.h"

static void abort_txn(struct hub_engine *engine)
{
    tip_txn_abort(engine->txn);
    engine->txn = NULL;
    engine->is_writing = false;
    engine->failure = TIP_OK;
}

static enum tip_err begin_read(struct hub_engine *engine)
{
    return engine->txn != NULL ? TIP_OK
                               : tip_store_begin(engine->opts.store,
                                                 TIP_TXN_READ, &engine->txn);
}

static enum tip_err load_rows(struct hub_engine *engine)
{
    enum tip_err err = begin_read(engine);
    struct tip_txn *txn = engine->txn;

    if (err == TIP_OK) {
        err = hub_row_load_order(txn, &engine->order);
    }
    if (err == TIP_OK) {
        err = hub_row_load_calendar(txn, &engine->calendar);
    }
    if (err == TIP_OK) {
        err = tip_ctl_log_read_lineage(txn, &engine->lineage);
    }
    if (err == TIP_OK) {
        err = hub_offices_load(engine, txn);
    }
    if (err == TIP_OK) {
        err = tip_sweep_load(txn, &engine->sweep);
    }
    if (err == TIP_OK) {
        err = hub_scrub_load(engine);
    }
    engine->order_is_dirty = false;
    engine->calendar_is_dirty = false;
    if (err == TIP_OK) {
        err = hub_recovery_load(engine);
    }
    return err == TIP_OK ? hub_hold_load(engine) : err;
}

static enum tip_err store_rows(struct hub_engine *engine)
{
    struct hub_watcher *watcher = engine->opts.watcher;
    enum tip_err err = hub_channel_settle_all(engine);

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
    if (err == TIP_OK && engine->calendar_is_dirty) {
        err = hub_row_store_calendar(engine->txn, &engine->calendar);
    }
    if (err == TIP_OK) {
        err = hub_scrub_store(engine);
    }
    return err == TIP_OK ? hub_offices_store(engine) : err;
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
    enum tip_err err;

    abort_txn(engine);
    engine->is_adrift = false; /* Reading asks for it. */
    tell_watcher(engine, false);
    err = load_rows(engine);
    if (err == TIP_OK) {
        err = tip_record_table_rewind(&engine->records, engine->txn);
    }
    engine->is_adrift = err != TIP_OK;
    if (err != TIP_OK) {
        return err; /* Nothing is said until it has been read. */
    }
    tip_hlc_restore(&engine->hlc, engine->order.ceiling);
    /* The sessions go on: acknowledgements say what the store holds. */
    return err;
}

enum tip_err hub_engine_txn(struct hub_engine *engine, struct tip_txn **out_txn)
{
    enum tip_err err = engine->is_adrift ? reload(engine) : TIP_OK;

    if (err == TIP_OK) {
        err = begin_read(engine);
    }
    if (err == TIP_OK) {
        *out_txn = engine->txn;
    }
    return err;
}

static enum tip_err begin_write(struct hub_engine *engine,
                                enum tip_txn_mode mode)
{
    enum tip_err err = engine->is_adrift ? reload(engine) : TIP_OK;

    if (err != TIP_OK || engine->is_writing) {
        return err != TIP_OK ? err : engine->failure;
    }
    abort_txn(engine); /* It only reads. */
    err = tip_store_begin(engine->opts.store, mode, &engine->txn);
    engine->is_writing = err == TIP_OK;
    return err;
}

enum tip_err hub_engine_write(struct hub_engine *engine)
{
    return begin_write(engine, TIP_TXN_WRITE);
}

enum tip_err hub_engine_write_reserve(struct hub_engine *engine)
{
    return begin_write(engine, TIP_TXN_WRITE_RESERVE);
}

void hub_engine_drop(struct hub_engine *engine)
{
    abort_txn(engine);
}

enum tip_err hub_engine_write_txn(struct hub_engine *engine,
                                  struct tip_txn **out_txn)
{
    enum tip_err err = hub_engine_write(engine);

    if (err == TIP_OK) {
        *out_txn = engine->txn;
    }
    return err;
}

void hub_engine_fail(struct hub_engine *engine, enum tip_err err)
{
    if (engine->is_writing && engine->failure == TIP_OK) {
        engine->failure = err;
    }
}

enum tip_err hub_engine_flush(struct hub_engine *engine)
{
    enum tip_err err = engine->failure;
    struct tip_txn *txn = engine->txn;

    if (!engine->is_writing) {
        abort_txn(engine);
        return engine->is_adrift ? reload(engine) : TIP_OK;
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

        engine->loss = err;
        engine->losing = err;
        if (err == TIP_ESTORE_DAMAGED) {
            hub_scrub_ask(engine);
        }
        return again == TIP_OK ? err : again;
    }
    engine->losing = TIP_OK;
    engine->order_is_dirty = false;
    engine->calendar_is_dirty = false;
    hub_offices_mark_clean(engine);
    tell_watcher(engine, true);
    return TIP_OK;
}

bool hub_engine_is_writing(const struct hub_engine *engine)
{
    return engine->is_writing;
}

enum tip_err hub_engine_losing(const struct hub_engine *engine)
{
    return engine->losing;
}

enum tip_err hub_engine_take_loss(struct hub_engine *engine)
{
    enum tip_err loss = engine->loss;

    engine->loss = TIP_OK;
    return loss;
}

/* The channels that everybody follows, under the secret everybody has. */
static void start_channels(struct hub_engine *engine)
{
    engine->channels[HUB_CHANNEL_REF].row.channel = TIP_CHANNEL_REF;
    engine->channels[HUB_CHANNEL_CTL].row.channel = TIP_CHANNEL_CTL;
    engine->channel_count = HUB_CHANNELS_FIXED;
    for (size_t i = 0; i < HUB_CHANNELS_FIXED; i++) {
        struct hub_channel *channel = &engine->channels[i];

        tip_frame_key_derive(&engine->opts.ref_secret, TIP_CHAIN_DOWN,
                             &channel->key);
        tip_digest_key_derive(&engine->opts.ref_secret, &channel->digest_key);
        channel->has_key = true;
    }
}

/* No record may be missing, and the hub takes none away: what is written to one
 * that it does not find, it would make anew. */
static enum tip_err mend(struct hub_engine *engine)
{
    uint64_t found, made;
    enum tip_err err = hub_rebuild(engine, &found, &made);

    engine->scrub.made = made;
    return err == TIP_ETOOBIG || (err == TIP_OK && made < found)
               ? TIP_ESTORE_DAMAGED
               : err;
}

static enum tip_err start(struct hub_engine *engine)
{
    struct tip_txn *txn;
    uint64_t secret;
    enum tip_err err = tip_codec_new(TIP_CODEC_LEVEL, &engine->codec);

    start_channels(engine);
    engine->opts.random->fill(engine->opts.random, &secret, sizeof secret);
    tip_index_init(&engine->waiting, secret);
    tip_hlc_init(&engine->hlc, engine->opts.clock, HUB_SKEW_MS_MAX);
    if (err == TIP_OK) {
        err = hub_engine_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = tip_record_table_open(&engine->records, txn, engine->opts.random,
                                    &engine->lineage);
    }
    if (err == TIP_OK) {
        err = load_rows(engine);
    }
    if (err == TIP_OK) {
        tip_hlc_restore(&engine->hlc, engine->order.ceiling);
    }
    if (err == TIP_OK &&
        (engine->records.unread_count != 0 || engine->records.gap_count != 0)) {
        err = mend(engine);
    }
    return err == TIP_OK ? hub_holding_mend(engine) : err;
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
    tip_arena_init(&engine->held, HUB_ARENA_BYTES_MAX);
    tip_wire_cut_init(&engine->cut);
    err = start(engine);
    if (err == TIP_OK && opts->restored_id != 0 &&
        opts->restored_id != engine->recovery.id) {
        err = hub_engine_recovery_begin(engine, opts->restored_id);
    }
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
    hub_sums_forget(engine);
    hub_offices_close(engine);
    tip_record_table_close(&engine->records);
    tip_lineage_deinit(&engine->lineage);
    tip_index_deinit(&engine->waiting);
    tip_codec_free(engine->codec);
    tip_arena_deinit(&engine->arena);
    tip_arena_deinit(&engine->work);
    tip_arena_deinit(&engine->said);
    tip_arena_deinit(&engine->held);
    /* A megabyte of channels that nobody follows is left as it came. */
    tip_secret_wipe(engine,
                    offsetof(struct hub_engine, channels) +
                        engine->channel_count * sizeof engine->channels[0]);
    free(engine);
}

void hub_engine_set_schema(struct hub_engine *engine,
                           const struct tip_schema *schema, uint32_t catalogue)
{
    engine->opts.schema = schema;
    engine->opts.catalogue = catalogue;
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
        err = tip_record_table_load(&engine->records, txn, ordinal, arena,
                                    &stored);
    }
    if (err == TIP_OK) {
        *out_view = stored.record;
    }
    return err;
}
