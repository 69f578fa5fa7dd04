/*
 * All of the store read every other day, a little at a time between other work.
 *
 * What nobody looks at may rot for years, and the hub's copy is the one others
 * are repaired from. A scrub reads and decodes each record, some at a pump that
 * comes anyway; where it stands is in the store (tip_scrub.h). What it finds of
 * them is made again at their end. Then it reads everything else
 * (tip_survey.h).
 */
#include "hub_check.h"
#include "hub_engine_internal.h"
#include "hub_tale.h"
#include "tip_clock.h"
#include "tip_secret.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum {
    SCRUB_FORMAT = 1,
    ROW_SCRUB = 7, /* Beside those of hub_row.c. */
    ROW_BYTES = 1 + TIP_SCRUB_BYTES,
    ASK_PAUSE_MS = 60 * 60 * 1000
};

static uint64_t now_ms(const struct hub_engine *engine)
{
    return engine->opts.clock->elapsed_ms(engine->opts.clock);
}

enum tip_err hub_scrub_load(struct hub_engine *engine)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    struct tip_reader reader;
    enum tip_err err = tip_survey_load(engine->txn, &scrub->survey);

    hub_sums_forget(engine); /* It is read anew, or not at all. */
    if (err != TIP_OK) {
        return err;
    }
    err = tip_state_row_get(engine->txn, TIP_TABLE_META, TIP_KEY(ROW_SCRUB, 0),
                            SCRUB_FORMAT, &reader);
    if (err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED) {
        tip_scrub_init(scrub, now_ms(engine));
        return TIP_OK;
    }
    if (err == TIP_OK) {
        tip_scrub_get(scrub, now_ms(engine), &reader);
        err = tip_state_row_finish(&reader);
    }
    return err;
}

static bool is_unsaved(const struct hub_engine *engine)
{
    return tip_scrub_is_unsaved(&engine->scrub.base, now_ms(engine));
}

enum tip_err hub_scrub_store(struct hub_engine *engine)
{
    uint8_t memory[ROW_BYTES];
    struct tip_buf buf;
    enum tip_err err;

    if (!engine->scrub.base.is_dirty && !is_unsaved(engine)) {
        return TIP_OK;
    }
    err = tip_survey_store(engine->txn, &engine->scrub.base.survey);
    if (err != TIP_OK) {
        return err;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SCRUB_FORMAT);
    tip_scrub_put(&engine->scrub.base, now_ms(engine), &buf);
    return tip_state_row_put(engine->txn, TIP_TABLE_META, TIP_KEY(ROW_SCRUB, 0),
                             &buf);
}

/* …with a write of its own. */
static enum tip_err save(struct hub_engine *engine)
{
    enum tip_err err = hub_engine_write_reserve(engine);

    return err == TIP_OK ? hub_engine_flush(engine) : err;
}

/* Read record @ordinal. */
static enum tip_err look_at(struct hub_engine *engine, uint32_t ordinal)
{
    struct tip_wire_record stored;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    if (err == TIP_OK) {
        err = hub_sums_read(engine, &stored.record);
    }
    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    if (err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND) {
        engine->scrub.base.found++; /* The hub takes no record away. */
        err = TIP_OK;
    }
    return err;
}

/* All records were read. */
static enum tip_err end_records(struct hub_engine *engine)
{
    uint64_t found = engine->scrub.base.found;
    uint64_t made = 0;
    enum tip_err err = TIP_OK;

    if (found != 0) {
        hub_sums_forget(engine);
        err = hub_rebuild(engine, &found, &made);
        if (err == TIP_OK || err == TIP_ETOOBIG) { /* It is told. */
            engine->scrub.made += made;
            err = save(engine);
        }
    }
    if (err == TIP_OK) {
        tip_scrub_turn(&engine->scrub.base, found - made);
        hub_sums_end(engine);
    }
    return err;
}

/* Read at most *@left more records. */
static enum tip_err read_records(struct hub_engine *engine, size_t *left)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    enum tip_err err = TIP_OK;

    if (scrub->next == 0) {
        scrub->next = 1;
        scrub->found = 0;
        hub_sums_begin(engine);
    }
    while (*left > 0 && err == TIP_OK &&
           scrub->next < engine->records.next_ordinal) {
        err = look_at(engine, scrub->next);
        scrub->next++;
        (*left)--;
    }
    return err == TIP_OK && scrub->next >= engine->records.next_ordinal
               ? end_records(engine)
               : err;
}

/* What the survey knows of the chain it met last. */
struct knowledge {
    struct hub_engine *engine;
    struct hub_chain chain;
    bool is_there;
};

static enum tip_err find_chain(void *context, enum tip_table table,
                               uint32_t number,
                               const struct tip_inspect_chain **out_chain)
{
    struct knowledge *known = context;
    const struct tip_inspect_chain *chain = &known->chain.chain;
    const struct hub_engine *engine = known->engine;
    const struct hub_check_self self = {
        .sign = &tip_device_keys_public(engine->opts.keys)->sign,
        .ref_secret = &engine->opts.ref_secret};
    enum tip_err err = TIP_OK;

    if (!known->is_there || chain->table != table || chain->number != number) {
        err = hub_check_know(engine->txn, &self, table, number, &known->chain);
        known->is_there = err == TIP_OK;
    }
    *out_chain = chain;
    return err;
}

static bool chain_at(void *context, enum tip_table table, size_t i,
                     uint32_t *out_number)
{
    const struct hub_engine *engine = ((struct knowledge *)context)->engine;
    bool is_feed = table == TIP_TABLE_FRAME_UP;

    if (i >= (is_feed ? engine->origin_count : engine->channel_count)) {
        return false;
    }
    *out_number = is_feed ? engine->origins[i]->row.device.origin
                          : engine->channels[i].row.channel;
    return true;
}

static enum tip_err decode(void *context, enum tip_table table,
                           struct tip_key key)
{
    struct hub_engine *engine = ((struct knowledge *)context)->engine;

    return hub_check_row(engine->txn, table, key, &engine->work);
}

/* Read some more of everything else. */
static enum tip_err read_rest(struct hub_engine *engine, size_t left)
{
    const struct tip_clock *clock = engine->opts.clock;
    struct tip_scrub *scrub = &engine->scrub.base;
    struct knowledge known = {.engine = engine};
    const struct tip_survey_view view = {.txn = engine->txn,
                                         .arena = &engine->work,
                                         .codec = engine->codec,
                                         .context = &known,
                                         .find_chain = find_chain,
                                         .chain_at = chain_at,
                                         .decode = decode};
    enum tip_err err = tip_survey_step(&scrub->survey, &view, left);

    tip_secret_wipe(&known, sizeof known);
    if (err != TIP_OK || scrub->survey.is_on) {
        return err;
    }
    tip_scrub_end(scrub, now_ms(engine), clock->now_ms(clock));
    return save(engine);
}

static enum tip_err step(struct hub_engine *engine)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    size_t left = TIP_SURVEY_STEP;
    struct tip_txn *txn;
    enum tip_err err = TIP_OK;

    scrub->step_ms = now_ms(engine);
    if (!scrub->survey.is_on) {
        err = hub_engine_txn(engine, &txn);
        if (err == TIP_OK) {
            err = read_records(engine, &left);
        }
    }
    if (err == TIP_OK && scrub->survey.is_on && left > 0) {
        err = hub_engine_txn(engine, &txn); /* It may have been flushed. */
        if (err == TIP_OK) {
            err = read_rest(engine, left);
        }
    }
    return err;
}

enum tip_err hub_scrub_step(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (tip_scrub_is_due(&engine->scrub.base, engine->records.next_ordinal,
                         now_ms(engine))) {
        err = step(engine);
    }
    return err == TIP_OK && is_unsaved(engine) ? save(engine) : err;
}

void hub_scrub_ask(struct hub_engine *engine)
{
    const struct tip_scrub *scrub = &engine->scrub.base;

    if (scrub->done_ms == 0 || scrub->next != 0 ||
        scrub->ran_ms + now_ms(engine) - scrub->since_ms >= ASK_PAUSE_MS) {
        tip_scrub_ask(&engine->scrub.base);
    }
}

void hub_engine_scrub(struct hub_engine *engine)
{
    tip_scrub_ask(&engine->scrub.base);
}

struct hub_scrub_report hub_engine_scrubbed(const struct hub_engine *engine)
{
    const struct tip_scrub *scrub = &engine->scrub.base;

    return (struct hub_scrub_report){.done_ms = scrub->done_ms,
                                     .found = scrub->last_found,
                                     .made = engine->scrub.made,
                                     .recounted = engine->scrub.recounted,
                                     .recalled = engine->scrub.recalled,
                                     .next = scrub->next,
                                     .end = engine->records.next_ordinal,
                                     .rest = tip_survey_report(&scrub->survey)};
}
