/*
 * All records read now and then, a few at a time between other work.
 *
 * What nobody looks at may rot for years. A scrub reads each record and adds up
 * anew what this office holds; at its end that must be what was kept with every
 * change. It takes a step at a pump that comes anyway, so that a machine that
 * sleeps is not woken for it. Where it stands is not stored: it is through in
 * some hundred steps, and begins anew after a restart. What is stored is how
 * long the program has run since the last one: wall clocks here are wrong, and
 * 48 hours at work are a week of an office.
 */
#include <string.h>

#include "node_engine_internal.h"
#include "tip_clock.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum {
    SCRUB_FORMAT = 1,
    ROW_SCRUB = 2, /* Beside what this office holds. */
    ROW_BYTES = 40,
    STEP_RECORDS = 200,
    STEP_PAUSE_MS = 1000
};

#define HOUR_MS  (UINT64_C(60) * 60 * 1000)
#define EVERY_MS (48 * HOUR_MS)

static struct tip_key row_key(const struct node_engine *engine)
{
    return TIP_KEY(engine->identity.office, ROW_SCRUB);
}

enum tip_err node_scrub_load(struct node_engine *engine, struct tip_txn *txn)
{
    struct node_scrub *scrub = &engine->scrub;
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_HOLDING, row_key(engine), SCRUB_FORMAT, &reader);

    scrub->next = 0; /* What was added up may not be in the store. */
    scrub->since_ms = node_engine_now_ms(engine);
    if (err != TIP_OK) {
        scrub->done_ms = 0;
        scrub->ran_ms = EVERY_MS;
        scrub->found = 0;
        return err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED ? TIP_OK : err;
    }
    scrub->done_ms = tip_reader_get_u64(&reader);
    scrub->ran_ms = tip_reader_get_u64(&reader);
    scrub->found = tip_reader_get_u64(&reader);
    return tip_state_row_finish(&reader);
}

/* How long we have run since the last scrub. */
static uint64_t ran_ms(const struct node_engine *engine)
{
    return engine->scrub.ran_ms + node_engine_now_ms(engine) -
           engine->scrub.since_ms;
}

static enum tip_err store(struct node_engine *engine)
{
    uint8_t memory[ROW_BYTES];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SCRUB_FORMAT);
    tip_buf_put_u64(&buf, engine->scrub.done_ms);
    tip_buf_put_u64(&buf, ran_ms(engine));
    tip_buf_put_u64(&buf, engine->scrub.found);
    return tip_state_row_put(engine->txn, TIP_TABLE_HOLDING, row_key(engine),
                             &buf);
}

enum tip_err node_scrub_store(struct node_engine *engine)
{
    struct node_scrub *scrub = &engine->scrub;
    enum tip_err err;

    if (node_engine_now_ms(engine) - scrub->since_ms < HOUR_MS) {
        return TIP_OK;
    }
    err = store(engine);
    if (err == TIP_OK) {
        scrub->ran_ms = ran_ms(engine);
        scrub->since_ms = node_engine_now_ms(engine);
    }
    return err;
}

void node_scrub_forget(struct node_engine *engine)
{
    engine->scrub.next = 0;
}

void node_scrub_change(struct node_engine *engine, uint32_t ordinal,
                       size_t channel, const struct tip_held_record *held,
                       bool is_added)
{
    struct node_scrub *scrub = &engine->scrub;

    if (ordinal == 0 || ordinal >= scrub->next) {
        return; /* Still to be read. */
    }
    (is_added ? tip_holding_add : tip_holding_remove)(
        &scrub->holdings[channel], &engine->channels[channel].digest_key, held);
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

/* All were read: is it what was kept? */
static enum tip_err finish(struct node_engine *engine, bool is_sound)
{
    struct node_scrub *scrub = &engine->scrub;
    enum tip_err err;

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        is_sound = is_sound &&
                   memcmp(&scrub->holdings[i], &engine->channels[i].holding,
                          sizeof scrub->holdings[i]) == 0;
    }
    if (!is_sound) {
        node_mend_doubt(engine);
    }
    scrub->next = 0;
    scrub->is_asked = false;
    err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    if (err == TIP_OK) {
        scrub->done_ms = engine->opts.clock->now_ms(engine->opts.clock);
        scrub->ran_ms = 0;
        scrub->since_ms = node_engine_now_ms(engine);
        scrub->found = is_sound ? 0 : scrub->found + 1;
        err = store(engine);
        engine->failure = err;
    }
    return err == TIP_OK ? node_engine_flush(engine) : err;
}

static bool is_due(const struct node_engine *engine)
{
    return engine->scrub.is_asked ||
           (engine->records.next_ordinal > 1 && ran_ms(engine) >= EVERY_MS);
}

static void begin(struct node_engine *engine)
{
    engine->scrub.next = 1;
    memset(engine->scrub.holdings, 0, sizeof engine->scrub.holdings);
}

enum tip_err node_scrub_step(struct node_engine *engine)
{
    struct node_scrub *scrub = &engine->scrub;
    uint64_t now = node_engine_now_ms(engine);
    struct tip_txn *txn;
    enum tip_err err = TIP_OK;

    if (engine->is_in_doubt || (scrub->next == 0 && !is_due(engine)) ||
        (scrub->step_ms != 0 && now - scrub->step_ms < STEP_PAUSE_MS)) {
        return TIP_OK;
    }
    if (scrub->next == 0) {
        begin(engine);
    }
    scrub->step_ms = now;
    err = node_engine_txn(engine, &txn);
    for (int i = 0; i < STEP_RECORDS && err == TIP_OK &&
                    scrub->next < engine->records.next_ordinal;
         i++) {
        err = look_at(engine, scrub->next);
        scrub->next++;
        tip_txn_forget(txn);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        return finish(engine, false);
    }
    return err == TIP_OK && scrub->next >= engine->records.next_ordinal
               ? finish(engine, true)
               : err;
}

void node_engine_scrub(struct node_engine *engine)
{
    engine->scrub.is_asked = true;
    engine->scrub.next = 0;
}
