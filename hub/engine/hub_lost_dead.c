/*
 * What had been written over before a record was sent whole is not in it. It
 * comes with whoever has all of the change-set: its author, or who was sent the
 * record before.
 */
#include "hub_replay.h"

/* The live write that stands where @change stood; NULL if @set's own does. */
static const struct tip_write *find_killer(const struct tip_record *record,
                                           const struct tip_change_set *set,
                                           const struct tip_change *change)
{
    struct tip_cell cell =
        tip_record_cell(record, change->field, change->element);
    const struct tip_write *killer = NULL;

    for (size_t i = 0; i < cell.count; i++) {
        killer = tip_record_write(record, &cell.siblings[i]);
        if (killer->origin == set->origin && killer->seq == set->seq) {
            return NULL;
        }
    }
    return killer;
}

static enum tip_err bury(struct hub_engine *engine,
                         const struct tip_record *record, uint32_t ordinal,
                         const struct tip_write *write,
                         const struct tip_change *change,
                         const struct tip_write *killer)
{
    struct tip_record gone, none;
    enum tip_err err;

    tip_record_init(&gone, &record->id, record->type, record->maker);
    err = tip_record_apply(&gone, write, change, 1, &engine->work, &none);
    return err == TIP_OK ? tip_record_table_bury(&engine->records, engine->txn,
                                                 ordinal, &gone, killer)
                         : err;
}

enum tip_err hub_lost_fill_in(struct hub_engine *engine,
                              const struct hub_arrival *arrival, size_t i,
                              const struct tip_change_set *set, uint64_t commit)
{
    const struct tip_record *record = &arrival->targets.stored[i].record;
    const struct tip_write write = tip_write_of(set, commit, TIP_VERDICT_GOOD);
    uint32_t ordinal = arrival->targets.ordinals[i];
    enum tip_err err = TIP_OK;
    size_t count;
    const struct tip_change *changes = tip_change_set_part(set, i, &count);

    for (size_t c = 0; c < count && err == TIP_OK; c++) {
        const struct tip_write *killer = find_killer(record, set, &changes[c]);
        bool is_there = killer == NULL;
        uint64_t unused;

        if (!is_there) {
            err = tip_record_table_has_dead(engine->txn, ordinal, set->origin,
                                            set->seq, &changes[c], &is_there,
                                            &unused);
        }
        if (err == TIP_OK && !is_there) {
            err = bury(engine, record, ordinal, &write, &changes[c], killer);
        }
    }
    return err;
}
