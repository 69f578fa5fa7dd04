/*
 * Of a record that was erased its name is kept: whatever comes late, waited, or
 * is written by somebody who has not heard of it, does not bring it back. A
 * disk may lose that name too; the control log has it.
 */
#include "node_engine_internal.h"
#include "node_erase.h"
#include "tip_ctl_log.h"
#include "tip_inspect.h"
#include "tip_sweep.h"

enum tip_err node_erase_record(struct node_engine *engine, uint32_t ordinal,
                               struct node_erasure *erasure)
{
    struct tip_wire_record stored;
    struct tip_record left;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    if (err != TIP_OK || stored.record.erased != 0) {
        return err;
    }
    erasure->was_here = true;
    left = stored.record;
    tip_record_erase(&left, erasure->commit, erasure->decided_ms);
    err = tip_record_table_erase(&engine->records, engine->txn, ordinal, &left);
    if (err == TIP_OK) {
        err = node_holding_change(engine, ordinal, &stored.record, &left);
    }
    return err;
}

/* The record of @erase, erased by @commit, has its name and nothing else. Else
 * leave it that; then *out_is is true. */
static enum tip_err keep_name(struct node_engine *engine,
                              const struct tip_ctl_erase *erase,
                              uint64_t commit, bool *out_is)
{
    struct node_erasure erasure = {.record = erase->record,
                                   .commit = commit,
                                   .decided_ms = erase->decided_ms};
    const struct tip_record_ref ref = {.id = erase->record};
    uint32_t ordinal;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_ENOTFOUND) {
        *out_is = true;
        return tip_record_table_add_erased(&engine->records, engine->txn, erase,
                                           commit);
    }
    if (err == TIP_OK) {
        err = node_erase_record(engine, ordinal, &erasure);
        *out_is = *out_is || erasure.was_here;
    }
    return err;
}

/* Do that for entry @number of the control log, if it erases something. */
static enum tip_err keep_entry(struct node_engine *engine, uint64_t number,
                               bool *out_is)
{
    struct tip_ctl_entry entry;
    enum tip_err err =
        tip_ctl_log_get(engine->txn, number, &engine->work, &entry);
    bool is_one =
        err == TIP_OK && entry.is_known && entry.control.kind == TIP_CTL_ERASE;

    tip_arena_clear(&engine->work);
    if (is_one) {
        err = keep_name(engine, &entry.control.erase, entry.commit, out_is);
        tip_arena_clear(&engine->work);
    } else if (err == TIP_ENOTFOUND || tip_inspect_is_of_value(err)) {
        err = TIP_OK; /* What the others say is obeyed. */
    }
    tip_txn_forget(engine->txn);
    return err;
}

enum tip_err node_erase_again(struct node_engine *engine)
{
    bool was_lost = false;
    enum tip_err err = TIP_OK;

    for (uint64_t i = 1; i <= engine->control_count && err == TIP_OK; i++) {
        err = keep_entry(engine, i, &was_lost);
    }
    if (err == TIP_OK && was_lost) {
        tip_sweep_begin(&engine->sweep, engine->sweep.through);
        err = tip_sweep_store(engine->txn, &engine->sweep);
    }
    return err;
}
