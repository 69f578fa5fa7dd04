#include "node_engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node_budget.h"
#include "node_control.h"
#include "node_engine_internal.h"
#include "node_erase.h"
#include "node_roll.h"
#include "node_row.h"
#include "node_ruling.h"
#include "tip_clock.h"
#include "tip_ctl_log.h"
#include "tip_secret.h"
#include "tip_store.h"

uint64_t node_engine_now_ms(const struct node_engine *engine)
{
    return engine->opts.clock->elapsed_ms(engine->opts.clock);
}

uint64_t node_engine_base(const struct node_engine *engine)
{
    return engine->channels[NODE_CHANNEL_OWN].row.position.checkpoint;
}

static void abort_txn(struct node_engine *engine)
{
    tip_txn_abort(engine->txn);
    engine->txn = NULL;
    engine->is_writing = false;
    engine->has_saves = false;
    engine->failure = TIP_OK;
}

static enum tip_err begin_read(struct node_engine *engine)
{
    return engine->txn != NULL ? TIP_OK
                               : tip_store_begin(engine->opts.store,
                                                 TIP_TXN_READ, &engine->txn);
}

static uint32_t channel_number(const struct node_engine *engine, size_t i)
{
    const uint32_t numbers[NODE_CHANNELS] = {
        [NODE_CHANNEL_OWN] = engine->identity.office,
        [NODE_CHANNEL_REF] = TIP_CHANNEL_REF,
        [NODE_CHANNEL_CTL] = TIP_CHANNEL_CTL};

    return numbers[i];
}

/* Read all rows of the engine, or the state of a new one. */
static enum tip_err load_rows(struct node_engine *engine)
{
    enum tip_err err = begin_read(engine);
    struct tip_txn *txn = engine->txn;

    if (err == TIP_OK) {
        err = node_row_load_feed(txn, engine->identity.origin, &engine->feed);
    }
    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        err = node_row_load_channel(txn, channel_number(engine, i),
                                    &engine->channels[i].row);
        engine->channels[i].is_dirty = false;
        engine->channels[i].holding_is_dirty = false;
        if (err == TIP_OK) {
            err = node_holding_load(engine, txn, &engine->channels[i]);
        }
        if (err == TIP_OK) {
            err = node_roll_open(engine, txn, &engine->channels[i]);
        }
    }
    node_row_join(&engine->channels[NODE_CHANNEL_OWN].row, &engine->identity);
    if (err == TIP_OK) {
        err = node_row_open(engine, txn);
    }
    if (err == TIP_OK) {
        err = node_scrub_load(engine, txn);
    }
    if (err == TIP_OK) {
        err = node_ruling_load(engine, txn);
    }
    if (err == TIP_OK) {
        err = tip_ctl_log_count(txn, &engine->control_count);
    }
    if (err == TIP_OK) {
        err = node_control_lineage(engine, txn);
    }
    if (err == TIP_OK) {
        err = node_erase_load(engine, txn);
    }
    engine->feed_is_dirty = false;
    return err;
}

static enum tip_err store_rows(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (tip_stamp_compare(engine->feed.ceiling, engine->hlc.ceiling) != 0) {
        engine->feed.ceiling = engine->hlc.ceiling;
        engine->feed_is_dirty = true;
    }
    err = node_budget_store(engine);
    if (err == TIP_OK && engine->feed_is_dirty) {
        err = node_row_store_feed(engine->txn, &engine->feed);
    }
    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        if (engine->channels[i].is_dirty) {
            err = node_row_store_channel(engine->txn, &engine->channels[i].row);
        }
        if (err == TIP_OK && engine->channels[i].holding_is_dirty) {
            err = node_holding_store(engine->txn, &engine->channels[i]);
        }
        if (err == TIP_OK && engine->channels[i].is_dirty) {
            err = node_roll_store(engine->txn, &engine->work,
                                  &engine->channels[i]);
        }
    }
    return err == TIP_OK ? node_scrub_store(engine) : err;
}

/* The transaction was lost: believe what the store holds. */
static enum tip_err reload(struct node_engine *engine)
{
    enum tip_err err;

    abort_txn(engine);
    engine->go_on.step = NODE_RECOVERY_NONE;
    err = begin_read(engine);
    if (err == TIP_OK) {
        err = tip_record_table_rewind(&engine->records, engine->txn);
    }
    err = err == TIP_OK ? load_rows(engine) : err;
    engine->is_adrift = err != TIP_OK;
    if (err != TIP_OK) {
        tip_node_session_down(&engine->session); /* It would say untruths. */
        return err;
    }
    tip_hlc_restore(&engine->hlc, engine->feed.ceiling);
    node_talk_lost(engine);
    return err;
}

enum tip_err node_engine_txn(struct node_engine *engine,
                             struct tip_txn **out_txn)
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

enum tip_err node_engine_write(struct node_engine *engine,
                               enum tip_txn_mode mode)
{
    enum tip_err err = engine->is_adrift ? reload(engine) : TIP_OK;

    if (engine->untold != TIP_OK) {
        return engine->untold;
    }
    if (err != TIP_OK || engine->is_writing) {
        return err != TIP_OK ? err : engine->failure;
    }
    abort_txn(engine); /* It only reads. */
    err = tip_store_begin(engine->opts.store, mode, &engine->txn);
    engine->is_writing = err == TIP_OK;
    engine->taken = 0;
    return err;
}

enum tip_err node_engine_write_txn(struct node_engine *engine,
                                   struct tip_txn **out_txn)
{
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    if (err == TIP_OK) {
        *out_txn = engine->txn;
    }
    return err;
}

static enum tip_err flush(struct node_engine *engine)
{
    bool had_saves = engine->has_saves;
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
        engine->has_saves = false;
        err = tip_txn_commit(txn);
    }
    if (err != TIP_OK) {
        enum tip_err again = reload(engine);

        engine->trouble = engine->taken > 0 ? err : engine->trouble;
        engine->is_mended = false;
        engine->loss = had_saves ? err : engine->loss;
        return again == TIP_OK ? err : again;
    }
    engine->feed_is_dirty = false;
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        engine->losses = engine->channels[i].is_dirty ? 0 : engine->losses;
        engine->channels[i].is_dirty = false;
        engine->channels[i].holding_is_dirty = false;
        engine->channels[i].roll.is_dirty = false;
    }
    engine->is_in_doubt = engine->is_in_doubt && !engine->is_mended;
    engine->is_mended = false;
    return TIP_OK;
}

enum tip_err node_engine_settle(struct node_engine *engine)
{
    if (engine->has_saves) {
        engine->untold = flush(engine);
    }
    return engine->untold;
}

void node_engine_give_up(struct node_engine *engine)
{
    assert(!engine->has_saves);
    (void)(flush(engine) == TIP_OK);
}

enum tip_err node_engine_flush(struct node_engine *engine)
{
    enum tip_err untold = engine->untold;
    enum tip_err err;

    engine->untold = TIP_OK;
    err = flush(engine);
    return untold != TIP_OK ? untold : err;
}

enum tip_err node_engine_take_loss(struct node_engine *engine)
{
    enum tip_err loss = engine->loss;

    engine->loss = TIP_OK;
    return loss;
}

static enum tip_err start(struct node_engine *engine)
{
    const struct node_identity *identity = &engine->identity;
    struct tip_txn *txn;
    enum tip_err err;

    tip_frame_key_derive(&identity->office_secret, TIP_CHAIN_UP,
                         &engine->feed_key);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct tip_operational_secret *secret =
            i == NODE_CHANNEL_OWN ? &identity->office_secret
                                  : &identity->ref_secret;

        tip_frame_key_derive(secret, TIP_CHAIN_DOWN, &engine->channels[i].key);
        tip_digest_key_derive(secret, &engine->channels[i].digest_key);
    }
    tip_hlc_init(&engine->hlc, engine->opts.clock, NODE_SKEW_MS_MAX);
    err = tip_talk_init(&engine->talk, engine->opts.keys, TIP_SESSION_NODE,
                        &identity->hub_box);
    if (err == TIP_OK) {
        err = tip_codec_new(TIP_CODEC_LEVEL, &engine->codec);
    }
    if (err == TIP_OK) {
        err = node_engine_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = tip_record_table_open(&engine->records, txn, engine->opts.random,
                                    &engine->lineage);
    }
    if (err == TIP_OK) {
        err = load_rows(engine);
    }
    engine->is_in_doubt =
        engine->is_in_doubt || engine->records.unread_count != 0;
    if (err == TIP_OK) {
        tip_hlc_restore(&engine->hlc, engine->feed.ceiling);
        engine->session.goodput.fixed_bytes = engine->opts.frame_bytes;
        node_talk_reset(engine);
    }
    return err;
}

enum tip_err node_engine_open(const struct node_engine_opts *opts,
                              struct node_engine **out_engine)
{
    struct node_engine *engine = calloc(1, sizeof *engine);
    enum tip_err err;

    if (engine == NULL) {
        return TIP_ENOMEM;
    }
    engine->opts = *opts;
    engine->identity = *opts->identity;
    tip_arena_init(&engine->arena, NODE_ARENA_BYTES_MAX);
    tip_arena_init(&engine->work, NODE_ARENA_BYTES_MAX);
    tip_arena_init(&engine->said, NODE_ARENA_BYTES_MAX);
    tip_wire_cut_init(&engine->cut);
    err = start(engine);
    if (err == TIP_OK) {
        err = node_follow_resume(engine);
    }
    if (err != TIP_OK) {
        node_engine_close(engine);
        return err;
    }
    abort_txn(engine);
    *out_engine = engine;
    return TIP_OK;
}

void node_engine_close(struct node_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    abort_txn(engine);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        node_roll_close(&engine->channels[i]);
    }
    tip_record_table_close(&engine->records);
    tip_lineage_deinit(&engine->lineage);
    tip_codec_free(engine->codec);
    tip_talk_deinit(&engine->talk);
    tip_arena_deinit(&engine->arena);
    tip_arena_deinit(&engine->work);
    tip_arena_deinit(&engine->said);
    tip_secret_wipe(engine, sizeof *engine);
    free(engine);
}

void node_engine_set_schema(struct node_engine *engine,
                            const struct tip_schema *schema, uint32_t catalogue)
{
    engine->opts.schema = schema;
    engine->opts.catalogue = catalogue;
    node_talk_greet_again(engine);
}

const struct tip_record_table *
node_engine_records(const struct node_engine *engine)
{
    return &engine->records;
}

struct tip_seen node_engine_seen(const struct node_engine *engine)
{
    return (struct tip_seen){.commit = node_engine_base(engine),
                             .seq = engine->feed.saved,
                             .mends = engine->channels[0].row.mends +
                                      engine->channels[1].row.mends};
}

bool node_engine_take_catalogue_news(struct node_engine *engine)
{
    bool news = engine->has_catalogue_news;

    engine->has_catalogue_news = false;
    return news;
}

struct node_channel *node_engine_channel(struct node_engine *engine,
                                         uint32_t channel)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].row.position.channel == channel) {
            return &engine->channels[i];
        }
    }
    return NULL;
}
