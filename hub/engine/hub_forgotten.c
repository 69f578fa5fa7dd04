#include "hub_forgotten.h"

#include "hub_engine_internal.h"
#include "tip_ctl_log.h"

/* A feed that goes on from another is of a device that has a row already. */
static bool is_forgotten(struct hub_engine *engine,
                         const struct tip_ctl_entry *entry)
{
    const struct tip_ctl_open *open = &entry->control.open;

    return entry->is_known && entry->control.kind == TIP_CTL_OPEN &&
           open->continues == 0 &&
           hub_engine_origin(engine, open->origin) == NULL;
}

enum tip_err hub_engine_next_forgotten(struct hub_engine *engine,
                                       uint64_t *position, uint32_t *out_office)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    while (err == TIP_OK) {
        struct tip_ctl_entry entry;

        err = tip_ctl_log_get(txn, ++*position, &engine->work, &entry);
        tip_arena_clear(&engine->work); /* Its numbers are copied. */
        if (err == TIP_OK && is_forgotten(engine, &entry)) {
            *out_office = entry.control.open.office;
            return TIP_OK;
        }
    }
    return err;
}
