/*
 * All records read every other day, a few at a time between other work.
 *
 * What nobody looks at may rot for years, and the hub's copy is the one others
 * are repaired from. A scrub reads and decodes each record, some at a pump that
 * comes anyway; where it stands is in the store (tip_scrub.h). What it finds is
 * made again at its end.
 */
#include "hub_engine_internal.h"
#include "hub_tale.h"
#include "tip_clock.h"
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
    enum tip_err err =
        tip_state_row_get(engine->txn, TIP_TABLE_META, TIP_KEY(ROW_SCRUB, 0),
                          SCRUB_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
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

    if (!engine->scrub.base.is_dirty && !is_unsaved(engine)) {
        return TIP_OK;
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

    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    if (err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND) {
        engine->scrub.base.found++; /* The hub takes no record away. */
        err = TIP_OK;
    }
    return err;
}

/* All records were read. */
static enum tip_err finish(struct hub_engine *engine)
{
    const struct tip_clock *clock = engine->opts.clock;
    uint64_t found = engine->scrub.base.found;
    uint64_t made = 0;
    enum tip_err err = found == 0 ? TIP_OK : hub_rebuild(engine, &found, &made);

    if (err == TIP_OK || err == TIP_ETOOBIG) { /* It is told. */
        engine->scrub.made += made;
        tip_scrub_end(&engine->scrub.base, now_ms(engine), clock->now_ms(clock),
                      found - made);
        err = save(engine);
    }
    return err;
}

static enum tip_err step(struct hub_engine *engine)
{
    struct tip_scrub *scrub = &engine->scrub.base;
    struct tip_txn *txn;
    enum tip_err err;

    if (scrub->next == 0) {
        scrub->next = 1;
        scrub->found = 0;
    }
    scrub->step_ms = now_ms(engine);
    err = hub_engine_txn(engine, &txn);
    for (int i = 0; i < TIP_SCRUB_STEP_RECORDS && err == TIP_OK &&
                    scrub->next < engine->records.next_ordinal;
         i++) {
        err = look_at(engine, scrub->next);
        scrub->next++;
    }
    return err;
}

enum tip_err hub_scrub_step(struct hub_engine *engine)
{
    const struct tip_scrub *scrub = &engine->scrub.base;
    uint32_t end = engine->records.next_ordinal;
    enum tip_err err = TIP_OK;

    if (tip_scrub_is_due(scrub, end, now_ms(engine))) {
        err = step(engine);
        if (err == TIP_OK && scrub->next >= end) {
            return finish(engine);
        }
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

struct hub_scrub_report hub_engine_scrubbed(const struct hub_engine *engine)
{
    const struct tip_scrub *scrub = &engine->scrub.base;

    return (struct hub_scrub_report){.done_ms = scrub->done_ms,
                                     .found = scrub->last_found,
                                     .made = engine->scrub.made,
                                     .next = scrub->next,
                                     .end = engine->records.next_ordinal};
}
