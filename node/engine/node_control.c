/*
 * What everybody must obey: entries of the control log.
 *
 * All are kept as they came, those of a later version too.
 */
#include "node_control.h"
#include "node_engine_internal.h"
#include "node_erase.h"
#include "tip_ctl_log.h"
#include "tip_wire_ctl.h"

/* What this device itself goes on from. */
static enum tip_err note_own(struct node_engine *engine)
{
    const struct node_own *own = engine->feed.own;
    enum tip_err err = TIP_OK;

    for (size_t i = 1; i < engine->feed.own_count && err == TIP_OK; i++) {
        const struct tip_descent descent = {.origin = own[i].origin,
                                            .continues = own[i].continues,
                                            .up_to = own[i].up_to};

        if (descent.continues != 0) {
            err = tip_lineage_add(&engine->lineage, &descent);
        }
    }
    return err;
}

enum tip_err node_control_lineage(struct node_engine *engine,
                                  struct tip_txn *txn)
{
    enum tip_err err = tip_ctl_log_read_lineage(txn, &engine->lineage);
    bool is_damaged = err == TIP_ESTORE_DAMAGED;
    size_t told = engine->lineage.count;

    /* Where it is not known two values stand side by side, until what the hub
     * sends again replaces them. */
    err = is_damaged ? TIP_OK : err;
    if (err == TIP_OK) {
        err = note_own(engine);
    }
    /* In a damaged log it may stand where it will not be told again. */
    engine->is_untold = !is_damaged && engine->lineage.count != told;
    return err;
}

/* On the way back work came with what erasures had left of it: they stand in
 * the log before the word that we go on. */
bool node_control_suffices(const struct node_engine *engine,
                           const struct node_channel *channel,
                           uint64_t presumed)
{
    return presumed <= engine->control_count &&
           !(engine->is_untold &&
             channel == &engine->channels[NODE_CHANNEL_OWN]);
}

static enum tip_err obey(struct node_engine *engine,
                         const struct tip_item *item)
{
    struct tip_ctl control;
    enum tip_err err = tip_wire_ctl_decode(item->control, &control);

    if (err == TIP_EUNSUPPORTED) {
        return TIP_OK; /* A later version will. */
    }
    if (err == TIP_OK) {
        err = tip_ctl_log_note_lineage(&control, &engine->lineage);
    }
    if (err == TIP_OK && control.kind == TIP_CTL_OPEN &&
        control.open.origin == node_continue_origin(engine)) {
        engine->is_untold = false;
    }
    return err != TIP_OK || control.kind != TIP_CTL_ERASE
               ? err
               : node_erase(engine, &control.erase, item->commit);
}

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
        err = obey(engine, item);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}
