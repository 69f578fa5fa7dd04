/* What an administrator asks: how is the hub, how is each office. */
#include <stdlib.h>

#include "hub_program.h"
#include "tip_backup_command.h"
#include "tip_conf.h"
#include "tip_link.h"
#include "tip_words.h"

enum { HELD_SHOWN_MAX = 64 };

/* What all devices say; on the heap, 256 of them are much for a stack. */
struct devices_job {
    struct hub_device_status devices[HUB_ORIGINS_MAX];
    size_t count;
    size_t next;
};

static enum tip_err job_begin(struct hub_program *hub,
                              struct tip_request *request)
{
    struct devices_job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    job->count = hub_engine_devices(hub->engine, job->devices, HUB_ORIGINS_MAX);
    request->job = job;
    request->job_free = free;
    return TIP_OK;
}

static bool is_silent(const struct hub_program *hub,
                      const struct hub_device_status *device)
{
    uint64_t now = hub->clock.now_ms(&hub->clock);
    uint64_t longest = (uint64_t)tip_conf_number(
        tip_daemon_conf(hub->host.daemon), HUB_CONF_SILENT);

    return !device->is_live && !device->is_revoked &&
           device->last_heard_ms + longest < now;
}

static const char *state_name(const struct hub_program *hub,
                              const struct hub_device_status *device)
{
    if (device->is_revoked) {
        return "revoked";
    }
    if (device->is_missing) {
        return device->is_live ? "handing back" : "not yet back";
    }
    if (device->is_live) {
        return "connected";
    }
    if (device->last_heard_ms == 0) {
        return "never seen";
    }
    return is_silent(hub, device) ? "silent" : "away";
}

static void say_known(struct tip_reply *reply, const char *key, bool is_known,
                      int64_t number)
{
    if (is_known) {
        tip_reply_integer(reply, key, number);
    } else {
        tip_reply_none(reply, key);
    }
}

/* Does the office hold what it should, and what is done about it? */
static void say_agreement(struct tip_reply *reply,
                          const struct hub_device_status *device)
{
    tip_reply_text(reply, "digest", tip_agreement_word(device->agreement));
    if (device->differs_since_ms == 0) {
        tip_reply_none(reply, "differs_since");
    } else {
        tip_reply_time(reply, "differs_since",
                       (int64_t)device->differs_since_ms);
    }
    tip_reply_integer(reply, "repair_rounds", device->again_rounds);
    say_known(reply, "sent_again", device->is_sent_again,
              (int64_t)device->again_sent);
    say_known(reply, "to_send_again", device->is_sent_again,
              (int64_t)device->again_count);
}

/* What the device said of itself when it was last here. */
static void say_said(struct tip_reply *reply, const struct hub_program *hub,
                     const struct hub_device_status *device)
{
    bool is_known = device->version[0] != '\0';
    uint64_t newest = hub_engine_seen(hub->engine).commit;
    uint64_t behind = device->is_caught_up || newest < device->checkpoint
                          ? 0
                          : newest - device->checkpoint;

    say_known(reply, "waiting", is_known, (int64_t)device->waiting_count);
    say_known(reply, "lag", is_known, (int64_t)tip_commit_number(behind));
    tip_reply_integer(reply, "held", (int64_t)device->held_count);
    say_agreement(reply, device);
    if (!is_known) {
        tip_reply_none(reply, "clock_offset_ms");
        tip_reply_none(reply, "version");
        tip_reply_none(reply, "catalogue");
        tip_reply_none(reply, "disk_used_bytes");
        tip_reply_none(reply, "disk_limit_bytes");
        return;
    }
    tip_reply_duration(reply, "clock_offset_ms", device->clock_offset_ms);
    tip_reply_text(reply, "version", device->version);
    tip_reply_integer(reply, "catalogue", device->catalogue);
    tip_reply_size(reply, "disk_used_bytes", (int64_t)device->disk_used_bytes);
    tip_reply_size(reply, "disk_limit_bytes",
                   (int64_t)device->disk_limit_bytes);
}

static void say_device(struct tip_reply *reply, struct hub_program *hub,
                       const struct hub_device_status *device)
{
    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "office", device->office);
    tip_reply_bytes(reply, "name",
                    hub_office_name(hub->engine, device->office));
    tip_reply_integer(reply, "origin", device->origin);
    tip_reply_text(reply, "state", state_name(hub, device));
    if (device->last_heard_ms == 0) {
        tip_reply_none(reply, "last_heard");
    } else {
        tip_reply_time(reply, "last_heard", (int64_t)device->last_heard_ms);
    }
    tip_reply_integer(reply, "received", (int64_t)device->seq);
    say_said(reply, hub, device);
    if (device->trouble == TIP_OK) {
        tip_reply_none(reply, "trouble");
    } else {
        tip_reply_text(reply, "trouble", tip_err_text(device->trouble));
    }
    tip_reply_row_end(reply);
}

enum tip_err hub_run_nodes(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct devices_job *job;
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = job_begin(hub, request);
        tip_reply_list_begin(reply, "nodes");
    }
    if (err != TIP_OK) {
        return err;
    }
    job = request->job;
    for (; job->next < job->count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        say_device(reply, hub, &job->devices[job->next]);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

/* Sums over all devices. */
struct totals {
    int64_t live, silent, revoked, held, differing, stuck;
};

static struct totals add_up(const struct hub_program *hub,
                            const struct devices_job *job)
{
    struct totals totals = {0};

    for (size_t i = 0; i < job->count; i++) {
        const struct hub_device_status *device = &job->devices[i];

        totals.live += device->is_live ? 1 : 0;
        totals.silent += is_silent(hub, device) ? 1 : 0;
        totals.revoked += device->is_revoked ? 1 : 0;
        totals.held += (int64_t)device->held_count;
        totals.differing += device->agreement == TIP_AGREEMENT_DIFFERS ? 1 : 0;
        totals.stuck += device->agreement == TIP_AGREEMENT_DIFFERS &&
                                !device->is_sent_again &&
                                device->again_rounds >= HUB_REPAIR_ROUNDS_MAX
                            ? 1
                            : 0;
    }
    return totals;
}

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

static void say_totals(struct tip_reply *reply, const struct hub_program *hub,
                       const struct devices_job *job)
{
    struct totals totals = add_up(hub, job);
    uint64_t commit = hub_engine_seen(hub->engine).commit;

    tip_reply_integer(reply, "generation", tip_commit_generation(commit));
    tip_reply_integer(reply, "commits", (int64_t)tip_commit_number(commit));
    tip_reply_integer(reply, "devices", (int64_t)job->count);
    tip_reply_integer(reply, "connected", totals.live);
    tip_reply_integer(reply, "silent", totals.silent);
    tip_reply_integer(reply, "revoked", totals.revoked);
    tip_reply_integer(reply, "held", totals.held);
    tip_reply_integer(reply, "differing", totals.differing);
    if (totals.differing > 0) {
        tip_program_warn(reply, "Some offices do not hold what they should: "
                                "see digest in tiphub nodes.");
    }
    if (totals.stuck > 0) {
        tip_program_warn(reply,
                         "Some of them were sent everything again %d times, "
                         "and it did not help: run tipnode verify there, then "
                         "tiphub resend OFFICE.",
                         HUB_REPAIR_ROUNDS_MAX);
    }
    if (totals.silent > 0) {
        tip_program_warn(reply, "Some offices are silent: see tiphub nodes.");
    }
    if (totals.held > 0) {
        tip_program_warn(reply, "Some changes are held back; the reasons are "
                                "listed.");
    }
    hub_recount_warn(hub, reply);
}

static uint32_t office_of(const struct devices_job *job, uint32_t origin)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->devices[i].origin == origin) {
            return job->devices[i].office;
        }
    }
    return HUB_OFFICE;
}

/* What waits here, and why: the first of it. */
static void say_held(struct tip_reply *reply, struct hub_program *hub,
                     const struct devices_job *job)
{
    struct hub_held held[HELD_SHOWN_MAX];
    size_t count = hub_engine_held(hub->engine, held, HELD_SHOWN_MAX);

    tip_reply_list_begin(reply, "held_changes");
    for (size_t i = 0; i < count && tip_reply_has_room(reply); i++) {
        uint32_t office = office_of(job, held[i].origin);

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
    enum tip_err err = job_begin(hub, request);

    if (err != TIP_OK) {
        return err;
    }
    tip_reply_text(reply, "version", hub_cli.version);
    tip_reply_integer(reply, "catalogue", hub->shelf.schema.catalogue->version);
    tip_reply_duration(reply, "up_ms",
                       (int64_t)tip_daemon_uptime_ms(hub->host.daemon));
    tip_reply_time(reply, "clock", (int64_t)hub->clock.now_ms(&hub->clock));
    say_totals(reply, hub, request->job);
    say_link(reply, hub);
    say_scrub(reply, hub);
    tip_program_say_disk(reply, &usage);
    if (hub_engine_txn(hub->engine, &txn) == TIP_OK) {
        tip_backup_say(reply, txn);
    }
    hub_recovery_warn(hub, reply);
    if (trouble != TIP_OK) {
        tip_program_warn(reply, "%s", tip_err_text(trouble));
    }
    if (hub->shelf.schema.catalogue->version == 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "No catalogue is published yet: nobody can save a "
                       "record. Next: tiphub catalogue check DIR --pack FILE, "
                       "then tiphub catalogue publish FILE");
    }
    if (hub->home.is_dev) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The vault key lies beside the store (--dev).");
    }
    say_held(reply, hub, request->job);
    return TIP_OK;
}
