/*
 * What everybody must obey: entries of the control log.
 *
 * All are kept as they came, those of a later version too.
 */
#include "node_engine_internal.h"
#include "tip_ctl_log.h"

enum tip_err node_control_apply(struct node_engine *engine,
                                const struct tip_down_body *body,
                                uint64_t after, uint64_t checkpoint)
{
    uint64_t last = after;

    for (size_t i = 0; i < body->item_count; i++) {
        const struct tip_item *item = &body->items[i];
        enum tip_err err;

        if (item->kind != TIP_ITEM_CONTROL || item->commit <= last ||
            item->commit > checkpoint) {
            return TIP_EDIVERGED;
        }
        err = tip_ctl_log_put(engine->txn, engine->control_count + 1, item);
        if (err != TIP_OK) {
            return err;
        }
        engine->control_count++;
        last = item->commit;
    }
    return TIP_OK;
}
