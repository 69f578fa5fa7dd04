/*
 * What people decided about records that are erased by law.
 *
 * That it was decided, who did and when stays; the reason may speak of the
 * person, and goes. A ruling names change-sets, and those name their records.
 */
#include "hub_erase.h"
#include "hub_row.h"
#include "tip_redact.h"
#include "tip_wire_header.h"

enum tip_err hub_erase_is_ruled(struct hub_engine *engine,
                                struct tip_redactor *redactor,
                                const struct tip_ruling *ruling, bool *out_is)
{
    const struct hub_origin *origin = hub_engine_origin(engine, ruling->origin);
    const uint64_t last = ruling->first_seq + ruling->count - 1;
    uint64_t seq = ruling->first_seq;
    bool is = origin == NULL;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && !is && seq <= last) {
        struct hub_sets sets;

        err = hub_feed_load(engine, origin, seq, &sets);
        if (err == TIP_ENOTFOUND || tip_wire_is_too_new(err)) {
            is = true;
            err = TIP_OK;
        } else if (err == TIP_OK) {
            uint64_t end = sets.first + sets.count;

            end = end > last + 1 ? last + 1 : end;
            err = tip_redact_names(redactor, &sets.sets[seq - sets.first],
                                   end - seq, &is);
            seq = end;
        }
    }
    *out_is = err == TIP_OK && is;
    return err;
}

enum tip_err hub_erase_sweep_ruling(struct hub_engine *engine,
                                    struct tip_redactor *redactor,
                                    struct tip_key key)
{
    struct tip_ruling ruling;
    uint64_t commit;
    bool is = false;
    enum tip_err err =
        hub_row_find_ruling(engine->txn, (uint32_t)key.hi, key.lo,
                            &engine->arena, &ruling, &commit);

    if (err == TIP_OK && ruling.reason.size != 0) {
        err = hub_erase_is_ruled(engine, redactor, &ruling, &is);
    }
    if (err == TIP_OK && is) {
        ruling.reason = TIP_BYTES_NONE;
        err = hub_row_store_ruling(engine->txn, &ruling, commit);
    }
    return err;
}
