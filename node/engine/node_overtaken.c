/*
 * While @later lives in a cell, what it overtook there is not shown. Once
 * others have written over it nothing in the record says so any more, and what
 * waits would be shown again, beside theirs: so it is settled here, once.
 */
#include "node_overtaken.h"

#include "node_engine_internal.h"
#include "node_outbox.h"

/* The changes of one change-set, parted. */
struct parting {
    struct tip_change *kept, *gone;
    size_t kept_count, gone_count;
};

/* Did @later write the cell of @change in @record? It lives there still. */
static bool has_written(const struct tip_record *record,
                        const struct tip_write *later,
                        const struct tip_change *change)
{
    struct tip_cell cell =
        tip_record_cell(record, change->field, change->element);

    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_write *write =
            tip_record_write(record, &cell.siblings[i]);

        if (write->origin == later->origin && write->seq == later->seq) {
            return true;
        }
    }
    return false;
}

static enum tip_err part(struct tip_arena *arena,
                         const struct tip_change_set *set,
                         const struct tip_record *record,
                         const struct tip_write *later, struct parting *parting)
{
    size_t count = set->change_count;

    *parting = (struct parting){
        .kept = tip_arena_alloc_array(arena, count, sizeof *parting->kept),
        .gone = tip_arena_alloc_array(arena, count, sizeof *parting->gone)};
    if (parting->kept == NULL || parting->gone == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const struct tip_change *change = &set->changes[i];

        if (tip_id_equal(&set->records[change->record].id, &record->id) &&
            has_written(record, later, change)) {
            parting->gone[parting->gone_count++] = *change;
        } else {
            parting->kept[parting->kept_count++] = *change;
        }
    }
    return TIP_OK;
}

/* Bury what own change-set @seq wrote and @later overtook. */
static enum tip_err bury(struct node_engine *engine, uint32_t ordinal,
                         uint64_t seq, const struct tip_record *record,
                         const struct tip_write *later)
{
    struct tip_record gone, none;
    struct tip_change_set set;
    struct parting parting;
    struct tip_write write;
    size_t bytes;
    enum tip_err err = node_save_load(engine, seq, &engine->work, &set, &bytes);

    if (err == TIP_ENOTFOUND) {
        return TIP_ESTORE_DAMAGED;
    }
    if (err != TIP_OK) {
        return err;
    }
    write = tip_write_of(&set, 0, TIP_VERDICT_GOOD);
    if (!tip_write_supersedes(record->lineage, later, &write)) {
        return TIP_OK; /* Another copy of this disk wrote one of them. */
    }
    err = part(&engine->work, &set, record, later, &parting);
    if (err != TIP_OK || parting.gone_count == 0) {
        return err;
    }
    tip_record_init(&gone, &record->id, record->type, record->maker);
    err = tip_record_apply(&gone, &write, parting.gone, parting.gone_count,
                           &engine->work, &none);
    if (err == TIP_OK) {
        err = tip_record_table_bury(&engine->records, engine->txn, ordinal,
                                    &gone, later);
    }
    set.changes = parting.kept;
    set.change_count = parting.kept_count;
    return err == TIP_OK ? node_outbox_put(engine, &set) : err;
}

enum tip_err node_overtaken_bury(struct node_engine *engine, uint32_t ordinal,
                                 const struct tip_wire_record *stored,
                                 const struct tip_write *later)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < stored->overlay_count && err == TIP_OK &&
                       stored->overlay[i] < later->seq;
         i++) {
        err = bury(engine, ordinal, stored->overlay[i], &stored->record, later);
    }
    return err;
}
