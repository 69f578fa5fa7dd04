#include "node_view.h"

#include "node_program.h"
#include "node_trouble.h"
#include "tip_conf.h"
#include "tip_program.h"

static void look_at_store(struct node_program *node, struct node_view *view)
{
    struct tip_store *store = tip_store_lmdb_base(node->home.store);
    struct tip_txn *txn;

    view->disk = store->usage(store);
    if (node_engine_txn(node->engine, &txn) == TIP_OK) {
        view->backups = tip_backup_marks_get(txn);
    }
}

bool node_keeps_erased(struct node_program *node,
                       char out_before[TIP_STORE_BEFORE_SIZE])
{
    const struct tip_home_opts opts =
        tip_program_home_opts(tip_daemon_conf(node->host.daemon));
    struct node_erasing erasing;

    node_engine_erasing(node->engine, &erasing);
    return erasing.newest != 0 && tip_store_has_before(opts.dir, out_before);
}

static void look_at_erasures(struct node_program *node, struct node_view *view)
{
    struct node_erasing erasing;

    node_engine_erasing(node->engine, &erasing);
    view->erase_trouble = erasing.trouble;
    if (!node_keeps_erased(node, view->before)) {
        view->before[0] = '\0';
    }
}

static void look_at_line(struct node_program *node, struct node_view *view)
{
    enum tip_err err = tip_link_zmq_peer_status(node->link, 0, &view->hub);

    (void)err; /* The hub is always on the list. */
    node_note_hours(node, &view->hub);
    view->hours = node->hours;
    tip_link_zmq_status(node->link, &view->link);
}

enum tip_err node_view_collect(struct node_program *node,
                               struct node_view *out_view)
{
    const struct tip_invitation *invitation = &node->state.invitation;
    struct node_view *view = out_view;
    enum tip_err err;

    *view = (struct node_view){
        .office = invitation->office,
        .origin = invitation->origin,
        .name = invitation->name,
        .version = node_cli.version,
        .catalogue = node->shelf.schema.catalogue->version,
        .now_ms = node->clock.now_ms(&node->clock),
        .elapsed_ms = node->clock.elapsed_ms(&node->clock),
        .up_ms = tip_daemon_uptime_ms(node->host.daemon),
        .is_dev = node->home.is_dev,
        .heartbeat_ms = node->heartbeat_ms,
        .waiting_ms = node_engine_waiting_ms(node->engine),
        .waiting_limit_ms = (uint64_t)tip_conf_number(
            tip_daemon_conf(node->host.daemon), NODE_CONF_WAITING),
        .trouble = tip_daemon_trouble(node->host.daemon)};
    node_engine_status(node->engine, &view->status);
    view->troubles = node_troubles_now(node, &view->status);
    view->waiting = view->status.saved - view->status.confirmed;
    view->held_count =
        node_engine_held(node->engine, view->held, TIP_WIRE_HELD_MAX);
    err = tip_desk_disputed(node->host.desk, &view->disputes, &view->conflicts);
    if (err != TIP_OK) {
        return err;
    }
    node_starts_count(&node->starts, view->now_ms, &view->starts_day,
                      &view->cuts_day);
    look_at_line(node, view);
    look_at_store(node, view);
    look_at_erasures(node, view);
    return TIP_OK;
}
