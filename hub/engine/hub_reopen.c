/*
 * Feeds that a device went on under since the backup this hub was put back to,
 * as the control log tells that it hands back: each is taken on again, and
 * closed where it ended.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_row.h"

enum tip_err hub_continue_note_end(struct hub_engine *engine,
                                   const struct tip_ctl_close *close)
{
    struct hub_origin *feed = hub_engine_origin(engine, close->origin);

    if (feed == NULL || !feed->back.is_due) {
        return TIP_OK;
    }
    feed->back.is_ended = true;
    feed->back.end = close->head.number;
    return hub_row_store_return(engine->txn, close->origin, &feed->back);
}

/* Has @feed come to its end, and is there a later one of its device? */
static bool is_reached(const struct hub_engine *engine,
                       const struct hub_origin *feed)
{
    const uint64_t head = feed->row.head.number;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *next = &engine->origins[i]->row;

        if (next->root == feed->row.root &&
            next->device.origin > feed->row.device.origin &&
            (next->start == head ||
             (feed->back.is_ended && head >= feed->back.end))) {
            return true;
        }
    }
    return false;
}

void hub_continue_close_reached(struct hub_engine *engine,
                                const struct hub_origin *device)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *feed = engine->origins[i];

        if (feed->row.root == device->row.root && !feed->row.is_closed &&
            is_reached(engine, feed)) {
            feed->row.is_closed = true;
            feed->is_dirty = true;
        }
    }
}

enum tip_err hub_continue_reopen(struct hub_engine *engine,
                                 const struct tip_ctl_open *open)
{
    const struct hub_origin *before =
        hub_engine_origin(engine, open->continues);
    struct hub_origin_row row;
    struct hub_origin *feed, *root;
    enum tip_err err;

    if (open->continues == 0 || before == NULL ||
        hub_engine_origin(engine, open->origin) != NULL) {
        return TIP_OK;
    }
    row = before->row;
    row.device.origin = open->origin;
    row.continues = open->continues;
    row.up_to = open->up_to;
    row.start = open->start;
    row.told = 0;
    row.use = (struct tip_quota_use){.day = 0}; /* In the first row. */
    row.head = hub_offices_start(&row);
    row.admission.origin = open->origin;
    row.admission.base = 0; /* What it had used by then is to come. */
    row.is_closed = false;
    row.copy = (struct hub_copy_row){.may = HUB_COPY_UNKNOWN};
    memset(row.token, 0, sizeof row.token);
    err = hub_offices_add(engine, &row);
    if (err != TIP_OK) {
        return err;
    }
    feed = hub_engine_origin(engine, open->origin);
    feed->is_dirty = true;
    root = hub_engine_origin(engine, row.root);
    feed->back = (struct hub_return_row){
        .is_due = true, .is_back = root->back.is_back, .taken = row.start};
    if (feed->back.is_back) {
        hub_continue_close_reached(engine, root); /* It came before. */
    }
    return hub_row_store_return(engine->txn, open->origin, &feed->back);
}
