/* What an administrator asks first: how is the hub. */
#include <stdlib.h>

#include "hub_program.h"
#include "hub_view.h"
#include "tip_backup_command.h"
#include "tip_conf.h"
#include "tip_link.h"
#include "tip_words.h"

enum { HELD_SHOWN_MAX = 64 };

static void say_link(struct tip_reply *reply, const struct hub_program *hub)
{
    struct tip_link_zmq_status link;

    tip_link_zmq_status(hub->link, &link);
    tip_reply_integer(reply, "port", link.port);
    tip_reply_integer(reply, "link_starts", link.child_starts);
    tip_reply_integer(reply, "refused_calls", link.fault_count);
    if (!link.is_running) {
        tip_program_warn(reply, "The link process is not running: %s",
                         tip_err_text(link.start_err));
    }
}

static void say_totals(struct tip_reply *reply, struct hub_program *hub)
{
    uint64_t commit = hub_engine_seen(hub->engine).commit;

    tip_reply_integer(reply, "generation", tip_commit_generation(commit));
    tip_reply_integer(reply, "commits", (int64_t)tip_commit_number(commit));
    hub_recount_warn(hub, reply);
}

static uint32_t office_of(const struct hub_program *hub, uint32_t origin)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(hub->engine, i)) != NULL;
         i++) {
        if (device->origin == origin) {
            return device->office;
        }
    }
    return HUB_OFFICE;
}

/* What waits here, and why: the first of it. */
static void say_held(struct tip_reply *reply, struct hub_program *hub)
{
    struct hub_held held[HELD_SHOWN_MAX];
    size_t count = hub_engine_held(hub->engine, held, HELD_SHOWN_MAX);

    tip_reply_list_begin(reply, "held_changes");
    for (size_t i = 0; i < count && tip_reply_has_room(reply); i++) {
        uint32_t office = office_of(hub, held[i].origin);

        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "office", office);
        tip_reply_bytes(reply, "name", hub_office_name(hub->engine, office));
        tip_reply_integer(reply, "origin", held[i].origin);
        tip_reply_integer(reply, "seq", (int64_t)held[i].seq);
        tip_reply_text(reply, "reason", tip_hold_words(held[i].reason));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

/* What the last reading of all records found. */
static void say_scrub(struct tip_reply *reply, const struct hub_program *hub)
{
    struct hub_scrub_report report = hub_engine_scrubbed(hub->engine);

    if (report.done_ms == 0) {
        tip_reply_none(reply, "last_scrub");
    } else {
        tip_reply_time(reply, "last_scrub", (int64_t)report.done_ms);
    }
    tip_reply_integer(reply, "unreadable_records", (int64_t)report.found);
    if (report.found > 0) {
        tip_program_warn(reply,
                         "Records of the hub cannot be read: stop it, run "
                         "tiphub verify, and restore the newest backup that "
                         "verifies.");
    }
}

enum tip_err hub_run_status(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct tip_store *store = tip_store_lmdb_base(hub->home.store);
    struct tip_txn *txn;
    struct tip_store_usage usage = store->usage(store);
    enum tip_err trouble = tip_daemon_trouble(hub->host.daemon);
    struct hub_views *views = malloc(sizeof *views);
    enum tip_err err = TIP_ENOMEM;

    request->job = views;
    request->job_free = free;
    if (views != NULL) {
        err = hub_views_collect(hub, views);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_reply_text(reply, "version", hub_cli.version);
    tip_reply_integer(reply, "catalogue", hub->shelf.schema.catalogue->version);
    tip_reply_duration(reply, "up_ms",
                       (int64_t)tip_daemon_uptime_ms(hub->host.daemon));
    tip_reply_time(reply, "clock", (int64_t)hub->clock.now_ms(&hub->clock));
    say_totals(reply, hub);
    hub_views_say(reply, views);
    say_link(reply, hub);
    say_scrub(reply, hub);
    tip_program_say_disk(reply, &usage);
    if (tip_program_is_nearly_full(&usage)) {
        tip_program_warn(reply, "The store is nearly full: free disk space, or "
                                "raise [store] size.");
    }
    if (hub_engine_txn(hub->engine, &txn) == TIP_OK) {
        const struct tip_backup_marks marks = tip_backup_marks_get(txn);

        tip_backup_say(reply, &marks);
    }
    hub_recovery_warn(hub, reply);
    if (trouble != hub_engine_losing(hub->engine) && trouble != TIP_OK) {
        tip_program_warn(reply, "%s", tip_err_text(trouble));
    }
    if (hub->shelf.schema.catalogue->version == 0) {
        tip_program_warn(
            reply, "No catalogue is published yet: nobody can save a "
                   "record. Next: tiphub catalogue check DIR --pack FILE, "
                   "then tiphub catalogue publish FILE");
    }
    if (hub->home.is_dev) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The vault key lies beside the store (--dev).");
    }
    say_held(reply, hub);
    return TIP_OK;
}
