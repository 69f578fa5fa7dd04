/* From a home to a running daemon. */
#include <inttypes.h>
#include <stdlib.h>

#include "hub_program.h"
#include "hub_retire.h"
#include "tip_backup_mark.h"

#include "tip_clock_posix.h"
#include "tip_conf.h"
#include "tip_random_sodium.h"

enum {
    /* How long others may wait for a flush because of what comes together. */
    TURNS_MS = 10,
    /* How long a device that floods waits after a message that costs a sync:
     * of a second too few must pass for one edit of another office in a hundred
     * to meet one. What it says of frames it got costs none. */
    FLOOD_REST_MS = 250
};

static void hear(struct tip_daemon_work *self,
                 const struct tip_link_event *event)
{
    struct hub_program *hub = (struct hub_program *)self;
    enum tip_err err = hub_turns_add(&hub->turns, event);

    if (err != TIP_OK) {
        tip_link_drop(tip_link_zmq_base(hub->link), event->peer);
    }
}

static uint64_t elapsed_ms(struct hub_program *hub)
{
    return hub->clock.elapsed_ms(&hub->clock);
}

static void take(struct hub_program *hub, const struct tip_link_event *event)
{
    switch (event->kind) {
    case TIP_LINK_UP:
        hub_engine_link_up(hub->engine, event->peer);
        break;
    case TIP_LINK_DOWN:
        hub_engine_link_down(hub->engine, event->peer);
        break;
    case TIP_LINK_MESSAGE:
        hub_engine_receive(hub->engine, event->peer, event->message);
        tip_link_zmq_expect(hub->link, event->peer,
                            hub_engine_heartbeat_ms(hub->engine, event->peer));
        if (hub_engine_is_writing(hub->engine) &&
            hub_engine_is_over_quota(hub->engine, event->peer)) {
            hub_turns_rest(&hub->turns, event->peer,
                           elapsed_ms(hub) + FLOOD_REST_MS);
        }
        break;
    case TIP_LINK_NOTHING:
        break;
    }
}

/* Each in its turn, until it is time for a flush. */
static void take_turns(struct hub_program *hub)
{
    const uint64_t until = elapsed_ms(hub) + TURNS_MS;
    struct tip_link_event event;

    while (elapsed_ms(hub) < until &&
           hub_turns_next(&hub->turns, elapsed_ms(hub), &event)) {
        take(hub, &event);
    }
}

/* Go on as soon as there is something to do. */
static void wake(struct hub_program *hub)
{
    const uint64_t now = elapsed_ms(hub);
    uint64_t wait_ms = hub_turns_wait_ms(&hub->turns, now);
    uint64_t look_ms = hub->look_ms > now ? hub->look_ms - now : 0;

    if (wait_ms == 0) {
        tip_daemon_again(hub->host.daemon);
    }
    tip_daemon_wake(hub->host.daemon, wait_ms < look_ms ? wait_ms : look_ms);
}

static enum tip_err flush(struct tip_daemon_work *self)
{
    struct hub_program *hub = (struct hub_program *)self;
    enum tip_err err, loss;

    take_turns(hub);
    err = hub_engine_flush(hub->engine);
    loss = hub_engine_take_loss(hub->engine);
    return loss != TIP_OK ? loss : err;
}

static enum tip_err pump(struct tip_daemon_work *self)
{
    struct hub_program *hub = (struct hub_program *)self;
    enum tip_err watched = hub_watch(hub);
    enum tip_err err = hub_engine_pump(hub->engine);
    struct hub_recovery recovery;

    wake(hub);
    hub_engine_recovery(hub->engine, &recovery);
    if (err == TIP_OK && hub->was_recovering && !recovery.is_open) {
        /* A catalogue may have come back, too. */
        tip_daemon_say("the hub has taken back what it lost; offices not back: "
                       "%zu",
                       recovery.missing);
        err = hub_catalogue_refresh(hub);
    }
    hub->was_recovering = recovery.is_open;
    return err != TIP_OK ? err : watched;
}

static enum tip_err open_link(struct hub_program *hub,
                              const struct tip_conf *conf)
{
    const struct tip_device_keys *keys = hub->state.keys;
    struct tip_program_addresses addresses;
    struct tip_link_zmq_opts opts = {
        .role = TIP_LINK_HUB,
        .clock = &hub->clock,
        .endpoint_count = 1,
        .public_key = tip_device_keys_public(keys)->curve.bytes,
        .secret_key = tip_device_keys_curve(keys)->bytes};
    enum tip_err err =
        tip_program_addresses(tip_conf_text(conf, HUB_CONF_LISTEN), &addresses);

    if (err != TIP_OK) {
        return err;
    }
    opts.endpoints[0] = addresses.texts[0];
    return tip_link_zmq_open(&opts, &hub->link);
}

static struct tip_quota_limits read_quota(const struct tip_conf *conf)
{
    int64_t old_ms = tip_conf_number(conf, HUB_CONF_QUOTA_OLD);

    return (struct tip_quota_limits){
        .deletions = (uint32_t)tip_conf_number(conf, HUB_CONF_QUOTA_DELETIONS),
        .overwrites =
            (uint32_t)tip_conf_number(conf, HUB_CONF_QUOTA_OVERWRITES),
        .old_days = (uint32_t)(old_ms / (INT64_C(24) * 3600 * 1000)),
        .change_sets = (uint64_t)tip_conf_number(conf, HUB_CONF_QUOTA_CHANGES),
        .bytes = (uint64_t)tip_conf_number(conf, HUB_CONF_QUOTA_BYTES),
        .waiting = (uint64_t)tip_conf_number(conf, HUB_CONF_QUOTA_WAITING)};
}

/* The newest restore of this home; 0: there was none. */
static enum tip_err read_restored(struct hub_program *hub,
                                  struct hub_engine_opts *out_opts)
{
    struct tip_backup_restored restored = {.id = 0};
    struct tip_txn *txn;
    enum tip_err err = tip_store_begin(tip_store_lmdb_base(hub->home.store),
                                       TIP_TXN_READ, &txn);

    if (err == TIP_OK) {
        err = tip_backup_restored_get(txn, &restored);
        tip_txn_abort(txn);
    }
    out_opts->restored_id = restored.id;
    out_opts->restored_count = restored.count;
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err open_engine(struct hub_program *hub,
                                const struct tip_conf *conf,
                                struct tip_reply *reply)
{
    struct hub_engine_opts opts = {
        .store = tip_store_lmdb_base(hub->home.store),
        .link = tip_link_zmq_base(hub->link),
        .clock = &hub->clock,
        .random = tip_random_sodium(),
        .schema = &hub->shelf.schema.base,
        .keys = hub->state.keys,
        .ref_secret = hub->state.ref_secret,
        .quota = read_quota(conf),
        .watcher = &hub->figures.base,
        .recovery_ms = (uint64_t)tip_conf_number(conf, HUB_CONF_RECOVERY)};
    enum tip_err err = read_restored(hub, &opts);

    if (err == TIP_OK) {
        err = hub_engine_open(&opts, &hub->engine);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        tip_reply_explain(reply, "what the hub sent does not give its records "
                                 "again, or a row it cannot do without is "
                                 "altered (tiphub verify names it); the "
                                 "offices hand back what came after a backup");
    }
    return err;
}

static void say_remade(const struct hub_engine *engine)
{
    struct hub_scrub_report report = hub_engine_scrubbed(engine);

    if (report.made != 0) {
        tip_daemon_say("%" PRIu64 " records could not be read and were made "
                       "again from what the hub sent",
                       report.made);
    }
    if (report.recounted != 0 || report.recalled != 0) {
        tip_daemon_say("what was kept of what offices hold could not be read: "
                       "%" PRIu64 " counted again, %" PRIu64
                       " are sent all again",
                       report.recounted, report.recalled);
    }
}

/* Only who is enrolled and in use is on the list of the link. */
static enum tip_err admit_all(struct hub_program *hub)
{
    const struct hub_device *device;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; err == TIP_OK; i++) {
        device = hub_engine_device(hub->engine, i);
        if (device == NULL) {
            break;
        }
        if (!hub_device_is_out(device)) {
            err = tip_link_zmq_allow(hub->link, device->origin,
                                     device->keys.curve.bytes);
        }
    }
    return err;
}

static enum tip_err open_daemon(struct hub_program *hub,
                                const struct tip_request *request)
{
    const struct tip_daemon_opts opts = {.clock = &hub->clock,
                                         .work = &hub->host.work,
                                         .program = request->program,
                                         .call = request->call,
                                         .conf = request->conf,
                                         .handlers = hub,
                                         .link = tip_link_zmq_base(hub->link),
                                         .link_fd = tip_link_zmq_fd(hub->link),
                                         .store = hub->home.store};

    return tip_daemon_open(&opts, &hub->host.daemon);
}

static enum tip_err open_all(struct hub_program *hub,
                             const struct tip_request *request,
                             struct tip_reply *reply)
{
    enum tip_err err =
        hub_home_open(request->conf, reply, &hub->home, &hub->state);

    if (err == TIP_OK) {
        err = open_link(hub, request->conf);
        if (err == TIP_ELINK_ADDRESS) {
            tip_reply_explain(reply, "[link] listen = %s",
                              tip_conf_text(request->conf, HUB_CONF_LISTEN));
        }
    }
    if (err == TIP_OK) {
        err = open_engine(hub, request->conf, reply);
    }
    if (err == TIP_OK) {
        say_remade(hub->engine);
        hub_desk_begin(hub);
        err = hub_catalogue_refresh(hub);
    }
    if (err == TIP_OK) {
        err = admit_all(hub);
    }
    return err == TIP_OK ? open_daemon(hub, request) : err;
}

/* Stopped in order: what offices said is not to be asked for again. */
static void keep(struct hub_program *hub)
{
    enum tip_err err =
        hub->engine == NULL ? TIP_OK : hub_engine_keep(hub->engine);

    if (err != TIP_OK) {
        tip_daemon_say("what offices said last is not kept: %s",
                       tip_err_text(err));
    }
}

static void close_all(struct hub_program *hub)
{
    keep(hub);
    tip_daemon_close(hub->host.daemon);
    hub_turns_deinit(&hub->turns);
    hub_engine_close(hub->engine);
    hub_figures_deinit(&hub->figures);
    free(hub->lines);
    tip_link_zmq_close(hub->link);
    tip_shelf_deinit(&hub->shelf);
    hub_state_deinit(&hub->state);
    tip_home_close(&hub->home);
}

enum tip_err hub_run_serve(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program hub = {
        .host.work = {.hear = hear, .flush = flush, .pump = pump},
        .lines = calloc(1, sizeof *hub.lines)};
    struct tip_link_zmq_status link;
    enum tip_err err;

    (void)program;
    tip_clock_posix_init(&hub.clock);
    tip_shelf_init(&hub.shelf);
    hub_figures_init(&hub.figures);
    err = hub.lines == NULL ? TIP_ENOMEM : open_all(&hub, request, reply);
    if (err == TIP_OK) {
        tip_link_zmq_status(hub.link, &link);
        tip_daemon_say("tiphub %s listens on port %u, store in %s",
                       hub_cli.version, link.port,
                       tip_conf_text(request->conf, TIP_PROGRAM_CONF_DIR));
        err = tip_daemon_run(hub.host.daemon);
    }
    close_all(&hub);
    return err;
}
