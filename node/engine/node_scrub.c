/*
 * All of the store read now and then, a little at a time between other work.
 *
 * What nobody looks at may rot for years. A scrub reads each record and adds up
 * anew what this office holds; at their end that must be what was kept with
 * every change. Then it reads everything else (tip_survey.h). It takes a step
 * at a pump that comes anyway, so that a machine that sleeps is not woken for
 * it. What was added up is stored with its position (tip_scrub.h), in the
 * transaction that changes it.
 */
#include <string.h>

#include "node_check.h"
#include "node_mend.h"
#include "tip_clock.h"
#include "tip_secret.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum {
    SCRUB_FORMAT = 1,
    ROW_SCRUB = 3, /* Beside what this office holds; 2 had no position. */
    ROW_BYTES = 1 + TIP_SCRUB_BYTES + NODE_CHANNELS * TIP_HOLDING_BYTES
};

static struct tip_key row_key(const struct node_engine *engine)
{
    return TIP_KEY(engine->identity.office, ROW_SCRUB);
}

enum tip_err node_scrub_load(struct node_engine *engine, struct tip_txn *txn)
{
    struct node_scrub *scrub = &engine->scrub;
    uint64_t now = node_engine_now_ms(engine);
    struct tip_reader reader;
    enum tip_err err = tip_survey_load(txn, &scrub->base.survey);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_state_row_get(txn, TIP_TABLE_HOLDING, row_key(engine),
                            SCRUB_FORMAT, &reader);
    if (err != TIP_OK) {
        tip_scrub_init(&scrub->base, now);
        return err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED ? TIP_OK : err;
    }
    tip_scrub_get(&scrub->base, now, &reader);
    for (size_t i = 0; i < NODE_CHANNELS && scrub->base.next != 0; i++) {
        tip_holding_get(&reader, &scrub->holdings[i]);
    }
    /* The last records may have gone since, and others get their ordinals. */
    if (scrub->base.next > engine->records.next_ordinal) {
        scrub->base.next = engine->records.next_ordinal;
    }
    if (tip_state_row_finish(&reader) != TIP_OK) {
        tip_scrub_init(&scrub->base, now);
    }
    return TIP_OK;
}

static enum tip_err store(struct node_engine *engine)
{
    struct node_scrub *scrub = &engine->scrub;
    TIP_BUF_ROOM uint8_t memory[ROW_BYTES];
    struct tip_buf buf;
    enum tip_err err = tip_survey_store(engine->txn, &scrub->base.survey);

    if (err != TIP_OK) {
        return err;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SCRUB_FORMAT);
    tip_scrub_put(&scrub->base, node_engine_now_ms(engine), &buf);
    for (size_t i = 0; i < NODE_CHANNELS && scrub->base.next != 0; i++) {
        tip_holding_put(&buf, &scrub->holdings[i]);
    }
    return tip_state_row_put(engine->txn, TIP_TABLE_HOLDING, row_key(engine),
                             &buf);
}

static bool is_unsaved(const struct node_engine *engine)
{
    return tip_scrub_is_unsaved(&engine->scrub.base,
                                node_engine_now_ms(engine));
}

enum tip_err node_scrub_store(struct node_engine *engine)
{
    return engine->scrub.base.is_dirty || is_unsaved(engine) ? store(engine)
                                                             : TIP_OK;
}

/* …with a write of its own. */
static enum tip_err save(struct node_engine *engine)
{
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    return err == TIP_OK ? node_engine_flush(engine) : err;
}

void node_scrub_forget(struct node_engine *engine)
{
    struct tip_scrub *scrub = &engine->scrub.base;

    scrub->is_dirty = scrub->is_dirty || scrub->next != 0;
    scrub->next = 0;
}

void node_scrub_change(struct node_engine *engine, uint32_t ordinal,
                       size_t channel, const struct tip_held_record *held,
                       bool is_added)
{
    struct node_scrub *scrub = &engine->scrub;

    if (ordinal == 0 || ordinal >= scrub->base.next) {
        return; /* Still to be read. */
    }
    (is_added ? tip_holding_add : tip_holding_remove)(
        &scrub->holdings[channel], &engine->channels[channel].digest_key, held);
    scrub->base.is_dirty = true;
}

/* Read record @ordinal and add it up; TIP_ESTORE_DAMAGED. */
static enum tip_err look_at(struct node_engine *engine, uint32_t ordinal)
{
    struct tip_wire_record stored;
    struct tip_held_record held;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        struct node_channel *channel = &engine->channels[i];

        if (tip_holding_has(&stored.record, channel->row.position.channel)) {
            err = tip_holding_prepare(&stored.record, &engine->work, &held);
            if (err == TIP_OK) {
                tip_holding_add(&engine->scrub.holdings[i],
                                &channel->digest_key, &held);
            }
        }
    }
    tip_arena_clear(&engine->work);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* All records were read: is it what was kept? */
static void end_records(struct node_engine *engine, bool is_sound)
{
    struct node_scrub *scrub = &engine->scrub;

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        is_sound = is_sound &&
                   memcmp(&scrub->holdings[i], &engine->channels[i].holding,
                          sizeof scrub->holdings[i]) == 0;
    }
    if (!is_sound) {
        node_mend_doubt(engine);
    }
    tip_scrub_turn(&scrub->base, is_sound ? 0 : scrub->base.last_found + 1);
}

/* Read at most *@left more records. */
static enum tip_err read_records(struct node_engine *engine, size_t *left)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    enum tip_err err = TIP_OK;

    if (scrub->next == 0) {
        scrub->next = 1;
        memset(engine->scrub.holdings, 0, sizeof engine->scrub.holdings);
    }
    while (*left > 0 && err == TIP_OK &&
           scrub->next < engine->records.next_ordinal) {
        err = look_at(engine, scrub->next);
        scrub->next++;
        (*left)--;
        tip_txn_forget(engine->txn);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        end_records(engine, false);
        return TIP_OK;
    }
    if (err == TIP_OK && scrub->next >= engine->records.next_ordinal) {
        end_records(engine, true);
    }
    return err;
}

/* What the survey knows of the chain it met last. */
struct knowledge {
    struct node_engine *engine;
    struct node_chain chain;
    bool is_there;
};

static enum tip_err find_chain(void *context, enum tip_table table,
                               uint32_t number,
                               const struct tip_inspect_chain **out_chain)
{
    struct knowledge *known = context;
    const struct tip_inspect_chain *chain = &known->chain.chain;
    const struct node_engine *engine = known->engine;
    enum tip_err err = TIP_OK;

    if (!known->is_there || chain->table != table || chain->number != number) {
        err = node_check_know(engine->txn, &engine->identity,
                              &tip_device_keys_public(engine->opts.keys)->sign,
                              table, number, &known->chain);
        known->is_there = err == TIP_OK;
    }
    *out_chain = chain;
    return err;
}

static bool chain_at(void *context, enum tip_table table, size_t i,
                     uint32_t *out_number)
{
    const struct node_engine *engine = ((struct knowledge *)context)->engine;
    bool is_feed = table == TIP_TABLE_FRAME_UP;

    if (i >= (is_feed ? 1 : NODE_CHANNELS)) {
        return false;
    }
    *out_number = is_feed ? engine->identity.origin
                          : engine->channels[i].row.position.channel;
    return true;
}

/* Read some more of everything else. */
static enum tip_err read_rest(struct node_engine *engine, size_t left)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    struct knowledge known = {.engine = engine};
    const struct tip_survey_view view = {.txn = engine->txn,
                                         .arena = &engine->work,
                                         .codec = engine->codec,
                                         .context = &known,
                                         .find_chain = find_chain,
                                         .chain_at = chain_at};
    enum tip_err err = tip_survey_step(&scrub->survey, &view, left);

    tip_secret_wipe(&known, sizeof known);
    if (err != TIP_OK || scrub->survey.is_on) {
        return err;
    }
    tip_scrub_end(scrub, node_engine_now_ms(engine),
                  engine->opts.clock->now_ms(engine->opts.clock));
    return save(engine);
}

static enum tip_err step(struct node_engine *engine)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    size_t left = TIP_SURVEY_STEP;
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    scrub->step_ms = node_engine_now_ms(engine);
    if (err == TIP_OK && !scrub->survey.is_on) {
        err = read_records(engine, &left);
    }
    return err == TIP_OK && scrub->survey.is_on && left > 0
               ? read_rest(engine, left)
               : err;
}

enum tip_err node_scrub_step(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (engine->is_in_doubt) {
        return TIP_OK;
    }
    if (tip_scrub_is_due(&engine->scrub.base, engine->records.next_ordinal,
                         node_engine_now_ms(engine))) {
        err = step(engine);
    }
    return err == TIP_OK && is_unsaved(engine) ? save(engine) : err;
}

void node_engine_scrub(struct node_engine *engine)
{
    tip_scrub_ask(&engine->scrub.base);
}
