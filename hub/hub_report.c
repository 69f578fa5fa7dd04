/* What an administrator asks first: how is the hub. */
#include <stdlib.h>

#include "hub_program.h"
#include "hub_view.h"
#include "tip_backup_command.h"
#include "tip_conf.h"
#include "tip_link.h"
#include "tip_span.h"
#include "tip_words.h"

enum { HELD_SHOWN_MAX = 64 };

static void warn_of_rot(struct tip_reply *reply, struct hub_scrub_report scrub)
{
    if (scrub.found > 0) {
        tip_program_warn(reply,
                         "Records of the hub cannot be read, and what it sent "
                         "does not give them again: stop it, and restore the "
                         "newest backup that verifies (tiphub backup restore). "
                         "The offices hand back what came after it.");
    }
    if (scrub.made > 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Records that could not be read were made again, with "
                       "nothing lost. Next: look at the disk; run tiphub "
                       "verify when the hub may be stopped.");
    }
}

/* What keeps the hub from its work: before anything about an office. */
static void warn_of_work(struct tip_reply *reply, struct hub_program *hub)
{
    enum tip_err losing = hub_engine_losing(hub->engine);
    enum tip_err trouble = tip_daemon_trouble(hub->host.daemon);
    struct tip_link_zmq_status link;

    hub_warn_losing(reply, losing);
    if (trouble != losing && trouble != TIP_OK) {
        tip_program_warn(reply, "%s", tip_err_text(trouble));
    }
    warn_of_rot(reply, hub_engine_scrubbed(hub->engine));
    tip_link_zmq_status(hub->link, &link);
    if (!link.is_running) {
        tip_program_warn(reply, "The link process is not running: %s",
                         tip_err_text(link.start_err));
    }
    if (hub->shelf.schema.catalogue->version == 0) {
        tip_program_warn(reply,
                         "No catalogue is published yet: nobody can save a "
                         "record. Next: tiphub catalogue check DIR --pack "
                         "FILE, then tiphub catalogue publish FILE");
    }
}

/* What would be lost with this disk. */
static void warn_of_backup(struct tip_reply *reply,
                           const struct hub_program *hub,
                           const struct tip_backup_marks *marks)
{
    uint64_t now_ms = hub->clock.now_ms(&hub->clock);
    uint64_t limit_ms = (uint64_t)tip_conf_number(
        tip_daemon_conf(hub->host.daemon), HUB_CONF_BACKUP);
    char span[TIP_SPAN_SIZE];

    if (marks->made.made_ms == 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "There is no backup of the hub: run tiphub backup "
                       "create, onto another disk.");
    } else if (now_ms > marks->made.made_ms + limit_ms) {
        tip_span_words((int64_t)(now_ms - marks->made.made_ms), span);
        tip_program_warn(reply,
                         "The newest backup of the hub is %s old: run tiphub "
                         "backup create, onto another disk.",
                         span);
    }
}

static void say_store(struct tip_reply *reply, struct hub_program *hub)
{
    struct tip_store *store = tip_store_lmdb_base(hub->home.store);
    struct tip_store_usage usage = store->usage(store);
    struct tip_txn *txn;

    tip_program_say_disk(reply, &usage);
    if (tip_program_is_nearly_full(&usage)) {
        tip_program_warn(reply, "The store is nearly full: free disk space, or "
                                "raise [store] size; once it is full, the hub "
                                "takes nothing in.");
    }
    if (hub_engine_txn(hub->engine, &txn) == TIP_OK) {
        const struct tip_backup_marks marks = tip_backup_marks_get(txn);

        tip_backup_say(reply, &marks);
        warn_of_backup(reply, hub, &marks);
    }
}

static void say_program(struct tip_reply *reply, const struct hub_program *hub)
{
    tip_reply_time(reply, "clock", (int64_t)hub->clock.now_ms(&hub->clock));
    tip_reply_integer(reply, "catalogue", hub->shelf.schema.catalogue->version);
    tip_reply_text(reply, "version", hub_cli.version);
    tip_reply_duration(reply, "up_ms",
                       (int64_t)tip_daemon_uptime_ms(hub->host.daemon));
}

/* For whoever looks into a fault. */
static void say_inside(struct tip_reply *reply, const struct hub_program *hub)
{
    struct hub_scrub_report scrub = hub_engine_scrubbed(hub->engine);
    uint64_t commit = hub_engine_seen(hub->engine).commit;
    struct tip_link_zmq_status link;

    tip_link_zmq_status(hub->link, &link);
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_integer(reply, "generation", tip_commit_generation(commit));
    tip_reply_integer(reply, "commits", (int64_t)tip_commit_number(commit));
    tip_reply_integer(reply, "port", link.port);
    tip_reply_integer(reply, "link_starts", link.child_starts);
    tip_reply_integer(reply, "refused_calls", link.fault_count);
    if (scrub.done_ms == 0) {
        tip_reply_none(reply, "last_scrub");
    } else {
        tip_reply_time(reply, "last_scrub", (int64_t)scrub.done_ms);
    }
    tip_program_say_scrub(reply, scrub.next, scrub.end);
    tip_reply_integer(reply, "unreadable_records", (int64_t)scrub.found);
    tip_reply_integer(reply, "remade_records", (int64_t)scrub.made);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
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

enum tip_err hub_run_status(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct hub_views *views = tip_request_job(request, sizeof *views, free);
    enum tip_err err =
        views == NULL ? TIP_ENOMEM : hub_views_collect(hub, views);

    if (err != TIP_OK) {
        return err;
    }
    hub_views_say(reply, views);
    warn_of_work(reply, hub);
    hub_recovery_warn(hub, reply);
    say_store(reply, hub);
    say_program(reply, hub);
    say_inside(reply, hub);
    hub_recount_warn(hub, reply);
    hub_views_warn(reply, views);
    if (hub->home.is_dev) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The vault key lies beside the store (--dev).");
    }
    say_held(reply, hub);
    return TIP_OK;
}
