/* Looks at the offices once a minute, and remembers what has changed. */
#include <stdlib.h>

#include "hub_past.h"
#include "hub_program.h"
#include "hub_view.h"
#include "tip_conf.h"

enum { LOOK_MS = 60 * 1000, LOOKS = 4 /* Within what makes one silent. */ };

/* Note how @view is; opens a transaction to write in only if that is news. */
static enum tip_err note(struct hub_program *hub, const struct hub_view *view)
{
    struct hub_past past;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK) {
        err = hub_past_load(txn, view->office, &past);
    }
    if (err != TIP_OK || !hub_past_note(&past, view->verdict.worst,
                                        hub->clock.now_ms(&hub->clock))) {
        return err;
    }
    err = hub_engine_write_txn(hub->engine, &txn);
    return err == TIP_OK ? hub_past_store(txn, view->office, &past) : err;
}

/* Once an hour is over. */
static enum tip_err keep_lines(struct hub_program *hub)
{
    struct tip_txn *txn;
    enum tip_err err;

    if (!hub_lines_are_due(hub->lines)) {
        return TIP_OK;
    }
    err = hub_engine_write_txn(hub->engine, &txn);
    return err == TIP_OK ? hub_lines_store(hub->lines, txn) : err;
}

enum tip_err hub_watch(struct hub_program *hub)
{
    uint64_t now_ms = hub->clock.elapsed_ms(&hub->clock);
    uint64_t wait_ms = (uint64_t)tip_conf_number(
                           tip_daemon_conf(hub->host.daemon), HUB_CONF_SILENT) /
                       LOOKS;
    struct hub_views *views;
    enum tip_err err;

    if (now_ms < hub->look_ms) {
        return TIP_OK;
    }
    wait_ms = wait_ms < LOOK_MS ? wait_ms : LOOK_MS;
    hub->look_ms = now_ms + wait_ms;
    views = malloc(sizeof *views);
    err = views == NULL ? TIP_ENOMEM : hub_views_collect(hub, views);
    for (size_t i = 0; err == TIP_OK && i < views->count; i++) {
        err = note(hub, &views->items[i]);
    }
    free(views);
    if (err == TIP_OK) {
        err = keep_lines(hub);
    }
    return err == TIP_OK ? hub_engine_keep(hub->engine) : err;
}
