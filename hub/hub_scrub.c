/*
 * All records read every other day, a few at a time between other work.
 *
 * What nobody looks at may rot for years, and the hub's copy is the one others
 * are repaired from. A scrub reads and decodes each record, some at a pump that
 * comes anyway; it begins with the program and is told of in status. The hub
 * has nobody to be sent a record by: what is found is for a person and a
 * backup.
 */
#include "hub_engine_internal.h"
#include "tip_clock.h"
#include "tip_store.h"

enum { STEP_RECORDS = 200, STEP_PAUSE_MS = 1000 };

#define EVERY_MS (48 * UINT64_C(60) * 60 * 1000)

/* Read record @ordinal. */
static enum tip_err look_at(struct hub_engine *engine, uint32_t ordinal)
{
    struct tip_wire_record stored;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    if (err == TIP_ESTORE_DAMAGED) {
        engine->scrub.found++;
    }
    return err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND ? TIP_OK : err;
}

static bool is_due(const struct hub_engine *engine, uint64_t now)
{
    const struct hub_scrub *scrub = &engine->scrub;

    if (scrub->next != 0) {
        return now - scrub->step_ms >= STEP_PAUSE_MS;
    }
    return engine->records.next_ordinal > 1 &&
           (scrub->report.done_ms == 0 || now - scrub->step_ms >= EVERY_MS);
}

enum tip_err hub_scrub_step(struct hub_engine *engine)
{
    struct hub_scrub *scrub = &engine->scrub;
    const struct tip_clock *clock = engine->opts.clock;
    uint64_t now = clock->elapsed_ms(clock);
    struct tip_txn *txn;
    enum tip_err err;

    if (!is_due(engine, now)) {
        return TIP_OK;
    }
    if (scrub->next == 0) {
        scrub->next = 1;
        scrub->found = 0;
    }
    scrub->step_ms = now;
    err = hub_engine_txn(engine, &txn);
    for (int i = 0; i < STEP_RECORDS && err == TIP_OK &&
                    scrub->next < engine->records.next_ordinal;
         i++) {
        err = look_at(engine, scrub->next);
        scrub->next++;
    }
    if (err == TIP_OK && scrub->next >= engine->records.next_ordinal) {
        scrub->next = 0;
        scrub->report = (struct hub_scrub_report){
            .done_ms = clock->now_ms(clock), .found = scrub->found};
    }
    return err;
}

struct hub_scrub_report hub_engine_scrubbed(const struct hub_engine *engine)
{
    return engine->scrub.report;
}
