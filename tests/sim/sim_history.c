#include "sim_history.h"

#include "sim_check.h"
#include "tip_store.h"
#include "tip_wire_record.h"

void sim_history_walk(struct sim *sim, uint32_t record, sim_history_fn *visit,
                      void *context)
{
    const struct tip_record_ref ref = {.id = sim->oracle.records[record].id};
    struct tip_txn *txn = sim_check_reading(sim, SIM_HUB);
    struct tip_bytes value;
    struct tip_key key;
    uint32_t ordinal;

    sim_require(sim, SIM_HUB,
                tip_record_table_find(hub_engine_records(sim->hub.engine), txn,
                                      &ref, &ordinal) == TIP_OK,
                "I1 a record that is due is there");
    key = TIP_KEY(ordinal, 0);
    while (tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key, &key,
                        &value) == TIP_OK &&
           key.hi == ordinal) {
        struct tip_wire_dead dead;

        sim_require(sim, SIM_HUB,
                    tip_wire_dead_decode(value, &sim->arena, &dead) == TIP_OK,
                    "I7 the history can be read");
        visit(context, &dead.record);
        key = tip_key_next(key);
    }
}
