/* From a home to a running daemon. */
#include "node_program.h"
#include "node_trouble.h"
#include "node_view.h"

#include "tip_backup_mark.h"
#include "tip_budget.h"
#include "tip_clock_posix.h"
#include "tip_conf.h"
#include "tip_random_sodium.h"

enum { HOUR_MS = 3600 * 1000 };

/* How this node is, as the hub is told: the engine says when. */
static void note_health(struct node_program *node)
{
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_store *store = tip_store_lmdb_base(node->home.store);
    struct node_status status;
    struct tip_health health = {
        .clock_ms = node->clock.now_ms(&node->clock),
        .heartbeat_ms = node->heartbeat_ms,
        .keeps_erased = node_keeps_erased(node, before),
        .disk_used_bytes = store->usage(store).used_bytes,
        .disk_limit_bytes = store->usage(store).limit_bytes};
    struct tip_backup_marks marks;
    struct tip_txn *txn;

    if (node_engine_txn(node->engine, &txn) == TIP_OK) {
        marks = tip_backup_marks_get(txn);
        health.backup_ms = marks.made.made_ms;
        health.verified_ms = marks.made.verified_ms;
        health.restores = marks.restored.count;
        health.restored_ms = marks.restored.restored_ms;
    }
    node_starts_count(&node->starts, node->clock.now_ms(&node->clock),
                      &health.starts_day, &health.cuts_day);
    node_engine_status(node->engine, &status);
    health.troubles = node_troubles_now(node, &status);
    health.rot = node_rot(&status);
    health.outage_ms = node->outage_ms;
    health.outage_cause = node->down_cause;
    node_engine_set_health(node->engine, &health);
    if (node_news_note(&node->news, &health,
                       node->clock.elapsed_ms(&node->clock))) {
        node_engine_tell(node->engine);
    }
}

static void note_down(struct node_program *node)
{
    node->down_ms = node->clock.elapsed_ms(&node->clock);
    node->down_cause = TIP_LINK_CAUSE_NONE;
}

/* Why there is no line: the link forgets it once there is one. */
static void note_cause(struct node_program *node,
                       const struct tip_link_peer_status *hub)
{
    struct tip_link_zmq_status link;
    enum tip_link_cause cause;

    tip_link_zmq_status(node->link, &link);
    cause = link.fault != TIP_LINK_CAUSE_NONE ? link.fault : hub->cause;
    if (!hub->is_up && cause != TIP_LINK_CAUSE_NONE) {
        node->down_cause = cause;
    }
}

static void hear(struct tip_daemon_work *self,
                 const struct tip_link_event *event)
{
    struct node_program *node = (struct node_program *)self;

    switch (event->kind) {
    case TIP_LINK_UP:
        node->heartbeat_ms = node->next_beat_ms;
        node->outage_ms = node->clock.elapsed_ms(&node->clock) - node->down_ms;
        note_health(node);
        node_engine_link_up(node->engine);
        break;
    case TIP_LINK_DOWN:
        note_down(node);
        node_engine_link_down(node->engine);
        break;
    case TIP_LINK_MESSAGE:
        node_engine_receive(node->engine, event->message);
        break;
    case TIP_LINK_NOTHING:
        break;
    }
}

static enum tip_err flush(struct tip_daemon_work *self)
{
    struct node_program *node = (struct node_program *)self;
    enum tip_err err = node_engine_flush(node->engine);
    enum tip_err loss = node_engine_take_loss(node->engine);

    return loss != TIP_OK ? loss : err;
}

static uint64_t wait_for_company_ms(struct node_program *node)
{
    struct node_status status;

    node_engine_status(node->engine, &status);
    return node_company_wait_ms(&node->company, &status,
                                node->clock.elapsed_ms(&node->clock));
}

/* Is there nothing to call the hub for: the day's bytes are used, or it has
 * refused this copy and is to be asked again later? Who calls and says nothing
 * is cut off there after a while, and each call costs 3 KB. */
static bool is_to_rest(const struct node_status *status,
                       const struct tip_link_peer_status *hub)
{
    return status->rest_ms > 0 || (status->again_ms > 0 && !hub->is_up);
}

/* The engine hears of connections, not of calls that came to none. */
static void count_failed_calls(struct node_program *node)
{
    struct tip_link_zmq_status link;

    tip_link_zmq_status(node->link, &link);
    for (; node->faults_counted != link.fault_count; node->faults_counted++) {
        node_engine_spend(node->engine, link.fault == TIP_LINK_CAUSE_NO_ROUTE
                                            ? TIP_BUDGET_UNANSWERED_BYTES
                                            : TIP_BUDGET_REFUSED_BYTES);
    }
}

/* How good the line is was measured: the next connection is asked as often as
 * it deserves. libzmq does not change that for one that is up. */
static void note_beat(struct node_program *node,
                      const struct node_status *status)
{
    const struct tip_conf *conf = tip_daemon_conf(node->host.daemon);
    uint32_t every_ms;

    if (status->session != TIP_NODE_LIVE) {
        return;
    }
    every_ms = node_beat_every_ms(
        (uint32_t)tip_conf_number(conf, NODE_CONF_HEARTBEAT),
        status->round_trip_ms + 1, /* Less than one is not "not measured". */
        (uint64_t)tip_conf_number(conf, NODE_CONF_DAILY));
    if (every_ms != node->next_beat_ms) {
        node->next_beat_ms = every_ms;
        tip_link_zmq_expect(node->link, 0, every_ms);
    }
}

void node_note_hours(struct node_program *node,
                     const struct tip_link_peer_status *hub)
{
    uint64_t now_ms = node->clock.now_ms(&node->clock);

    (void)tip_hours_pass(&node->hours, now_ms);
    if (hub->is_up) {
        tip_hours_hear(&node->hours, now_ms);
    }
    tip_hours_carry(&node->hours, hub->sent_bytes - node->up_bytes,
                    hub->received_bytes - node->down_bytes);
    node->up_bytes = hub->sent_bytes;
    node->down_bytes = hub->received_bytes;
}

static enum tip_err pump(struct tip_daemon_work *self)
{
    struct node_program *node = (struct node_program *)self;
    enum tip_err err = node_engine_take_catalogue_news(node->engine)
                           ? node_catalogue_refresh(node)
                           : TIP_OK;
    uint64_t wait_ms = wait_for_company_ms(node);
    struct tip_link_peer_status hub = {.is_up = false};
    struct node_status status;
    enum tip_err pumped = TIP_OK;
    enum tip_err known = tip_link_zmq_peer_status(node->link, 0, &hub);

    (void)known; /* The hub is always on the list. */
    note_cause(node, &hub);
    node_note_hours(node, &hub);
    tip_daemon_wake(node->host.daemon, HOUR_MS);
    count_failed_calls(node);
    node_engine_set_budget(
        node->engine, (uint64_t)tip_conf_number(
                          tip_daemon_conf(node->host.daemon), NODE_CONF_DAILY));
    if (wait_ms > 0) {
        tip_daemon_wake(node->host.daemon, wait_ms);
    } else {
        note_health(node);
        pumped = node_engine_pump(node->engine);
    }
    node_engine_status(node->engine, &status);
    note_beat(node, &status);
    tip_link_zmq_rest(node->link, is_to_rest(&status, &hub));
    if (status.rest_ms > 0) {
        tip_daemon_wake(node->host.daemon, status.rest_ms);
    } else if (status.again_ms > 0) {
        tip_daemon_wake(node->host.daemon, status.again_ms);
    }
    return pumped != TIP_OK ? pumped : err;
}

/* How often the bytes of a day allow what costs @bytes and is configured as
 * @key: with few of them, an idle line would cost more than the work. */
static uint32_t every_ms(const struct tip_conf *conf, uint32_t bytes,
                         size_t key)
{
    return tip_budget_every_ms((uint64_t)tip_conf_number(conf, NODE_CONF_DAILY),
                               bytes, (uint32_t)tip_conf_number(conf, key));
}

static enum tip_err open_link(struct node_program *node,
                              const struct tip_conf *conf)
{
    const char *list = tip_conf_text(conf, NODE_CONF_HUB);
    const struct tip_device_keys *keys = node->state.keys;
    struct tip_program_addresses addresses;
    struct tip_link_zmq_opts opts = {
        .role = TIP_LINK_NODE,
        .clock = &node->clock,
        .public_key = tip_device_keys_public(keys)->curve.bytes,
        .secret_key = tip_device_keys_curve(keys)->bytes,
        .hub_key = node->state.invitation.hub.curve.bytes,
        .heartbeat_ms = node->heartbeat_ms,
        .reconnect_ms_min =
            (uint32_t)tip_conf_number(conf, NODE_CONF_RETRY_MIN),
        .reconnect_ms_max =
            (uint32_t)tip_conf_number(conf, NODE_CONF_RETRY_MAX),
        .refused_ms_max =
            every_ms(conf, TIP_BUDGET_REFUSED_BYTES, NODE_CONF_RETRY_MAX)};
    enum tip_err err = tip_program_addresses(
        *list == '\0' ? node->state.invitation.addresses : list, &addresses);

    if (err != TIP_OK) {
        return err;
    }
    opts.endpoint_count = addresses.count;
    for (size_t i = 0; i < addresses.count; i++) {
        opts.endpoints[i] = addresses.texts[i];
    }
    return tip_link_zmq_open(&opts, &node->link);
}

static enum tip_err open_engine(struct node_program *node,
                                struct tip_reply *reply)
{
    const struct node_identity identity = node_state_identity(&node->state);
    const struct node_engine_opts opts = {
        .store = tip_store_lmdb_base(node->home.store),
        .link = tip_link_zmq_base(node->link),
        .clock = &node->clock,
        .random = tip_random_sodium(),
        .schema = &node->shelf.schema.base,
        .keys = node->state.keys,
        .identity = &identity,
        .version = tip_bytes_text(node_cli.version)};

    enum tip_err err = node_engine_open(&opts, &node->engine);

    if (err == TIP_ESTORE_DAMAGED) {
        tip_reply_explain(reply, "how far this office is cannot be read, and "
                                 "nothing gives it again; Nouakchott hands "
                                 "back what came after a backup; keep this "
                                 "disk, what had not reached Nouakchott is on "
                                 "it alone");
    }
    return err;
}

static enum tip_err open_daemon(struct node_program *node,
                                const struct tip_request *request)
{
    const struct tip_daemon_opts opts = {.clock = &node->clock,
                                         .work = &node->host.work,
                                         .program = request->program,
                                         .call = request->call,
                                         .conf = request->conf,
                                         .handlers = node,
                                         .link = tip_link_zmq_base(node->link),
                                         .link_fd = tip_link_zmq_fd(node->link),
                                         .store = node->home.store};

    return tip_daemon_open(&opts, &node->host.daemon);
}

/* Note this start; a disk that is full must not keep the office from its work,
 * so an error is a start that was not counted. */
static void begin(struct node_program *node)
{
    uint64_t now_ms = node->clock.now_ms(&node->clock);
    enum tip_err err = node_starts_load(&node->home, &node->starts);

    if (err == TIP_OK) {
        node_starts_add(&node->starts, now_ms);
        err = node_starts_save(&node->home, &node->starts);
    }
    if (err != TIP_OK) {
        tip_daemon_say("this start is not counted: %s", tip_err_text(err));
    }
}

/* Stopped in order: the next start is no power cut. */
static void end(struct node_program *node)
{
    enum tip_err err = TIP_OK;

    if (node->home.store != NULL && node->starts.is_running) {
        node->starts.is_running = false;
        err = node_starts_save(&node->home, &node->starts);
    }
    if (err != TIP_OK) {
        tip_daemon_say("the next start will count as a power cut: %s",
                       tip_err_text(err));
    }
}

static enum tip_err open_all(struct node_program *node,
                             const struct tip_request *request,
                             struct tip_reply *reply)
{
    enum tip_err err =
        node_home_open(request->conf, reply, &node->home, &node->state);

    if (err == TIP_OK && node->state.phase != NODE_ENROLLED) {
        err = TIP_ENOT_ENROLLED;
    }
    if (err == TIP_OK) {
        node->heartbeat_ms = every_ms(request->conf, TIP_BUDGET_HEARTBEAT_BYTES,
                                      NODE_CONF_HEARTBEAT);
        node->next_beat_ms = node->heartbeat_ms;
        err = open_link(node, request->conf);
    }
    if (err == TIP_OK) {
        begin(node);
        note_down(node);
        err = open_engine(node, reply);
    }
    if (err == TIP_OK) {
        node_desk_begin(node);
        err = node_catalogue_refresh(node);
    }
    return err == TIP_OK ? open_daemon(node, request) : err;
}

static void close_all(struct node_program *node)
{
    tip_daemon_close(node->host.daemon);
    node_engine_close(node->engine);
    tip_link_zmq_close(node->link);
    end(node);
    tip_shelf_deinit(&node->shelf);
    node_state_deinit(&node->state);
    tip_home_close(&node->home);
}

enum tip_err node_run_serve(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct node_program node = {
        .host.work = {.hear = hear, .flush = flush, .pump = pump}};
    enum tip_err err;

    (void)program;
    tip_clock_posix_init(&node.clock);
    tip_shelf_init(&node.shelf);
    err = open_all(&node, request, reply);
    if (err == TIP_OK) {
        tip_daemon_say("tipnode %s serves office %u from %s", node_cli.version,
                       node.state.invitation.office,
                       tip_conf_text(request->conf, TIP_PROGRAM_CONF_DIR));
        err = tip_daemon_run(node.host.daemon);
    }
    close_all(&node);
    return err;
}
