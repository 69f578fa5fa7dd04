/* erase request, confirm, withdraw, list, show: two people decide. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub_erase_commands.h"
#include "hub_erasure.h"
#include "hub_program.h"
#include "tip_commands_say.h"

const struct tip_cli_option hub_erase_request_options[1] = {
    {.name = "reason",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = 256},
     .value = "TEXT",
     .help = "The decision it rests on. It is kept: name no person."}};

const struct tip_cli_example hub_erase_request_examples[1] = {
    {"erase request 0199f3a2-5c1e-7d2a-9b11-5d1f0c6a7e10 --reason 'order "
     "44/2026 of the court of Néma'",
     "Ask for a record to be erased."}};

const struct tip_cli_argument hub_erase_number_arguments[1] = {
    {.name = "NUMBER",
     .spec = {.type = TIP_SPEC_INTEGER, .min = 1, .max = INT32_MAX},
     .help = "The decision's number, as erase list says it."}};

/* A decision on its way to the disk. */
struct erase_job {
    uint64_t ticket;
    struct hub_erasure erasure;
};

/* What a handler does to @job->erasure before it is durable. */
typedef enum tip_err erase_fn(struct hub_program *hub,
                              struct tip_request *request,
                              struct tip_reply *reply, struct erase_job *job);

static struct hub_erasure_step step_of(const struct hub_program *hub,
                                       const struct tip_request *request)
{
    struct hub_erasure_step step = {.uid = request->uid,
                                    .unix_ms = hub->clock.now_ms(&hub->clock)};

    (void)snprintf(step.account, sizeof step.account, "%s", request->account);
    return step;
}

static void say_step(struct tip_reply *reply, const char *by, const char *at,
                     const struct hub_erasure_step *step)
{
    if (step->unix_ms != 0) {
        tip_reply_text(reply, by, step->account);
        tip_reply_time(reply, at, (int64_t)step->unix_ms);
    }
}

/* The decision, as members of the reply or of the open row. */
static void say_erasure(struct tip_reply *reply,
                        const struct hub_erasure *erasure)
{
    char id[TIP_ID_TEXT_SIZE];

    tip_id_format(&erasure->record, id);
    tip_reply_integer(reply, "number", (int64_t)erasure->number);
    tip_reply_text(reply, "record", id);
    tip_reply_text(reply, "decision", hub_erasure_word(erasure));
    tip_reply_text(reply, "reason", erasure->reason);
    say_step(reply, "asked_by", "asked", &erasure->asked);
    say_step(reply, "ended_by", "ended", &erasure->ended);
}

/* Whole, and not kept in a store that was put aside. */
static bool has_erased(const struct hub_device_status *device,
                       const struct hub_erasure *erasure)
{
    return device->erased >= erasure->commit && !device->health.keeps_erased;
}

/* How many offices have carried it out, of how many. */
static void say_carried_out(struct tip_reply *reply, struct hub_program *hub,
                            const struct hub_erasure *erasure)
{
    struct hub_device_status devices[HUB_ORIGINS_MAX];
    size_t count = hub_engine_devices(hub->engine, devices, HUB_ORIGINS_MAX);
    struct hub_erasing erasing;
    int64_t offices = 0;
    int64_t done = 0;

    if (erasure->state != HUB_ERASURE_CONFIRMED) {
        return;
    }
    hub_engine_erasing(hub->engine, &erasing);
    for (size_t i = 0; i < count; i++) {
        if (!devices[i].is_out) {
            offices++;
            done += has_erased(&devices[i], erasure) ? 1 : 0;
        }
    }
    tip_reply_boolean(reply, "hub_done", erasing.done >= erasure->commit);
    tip_reply_integer(reply, "offices_done", done);
    tip_reply_integer(reply, "offices", offices);
}

/* Say what hinders the hub itself. */
static void warn_trouble(struct tip_reply *reply, const struct hub_program *hub)
{
    struct hub_erasing erasing;

    hub_engine_erasing(hub->engine, &erasing);
    if (erasing.trouble != TIP_OK) {
        tip_program_warn(reply,
                         "The hub has not finished erasing; it tries again "
                         "each minute: %s",
                         tip_err_text(erasing.trouble));
    }
}

/* Do @change once, then say what came of it when it is durable. */
static enum tip_err run(struct hub_program *hub, struct tip_request *request,
                        struct tip_reply *reply, erase_fn *change)
{
    bool is_first = request->job == NULL;
    struct erase_job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (is_first) {
        err = change(hub, request, reply, job);
        if (err != TIP_OK) {
            return err;
        }
        job->ticket = tip_daemon_ticket(hub->host.daemon);
        return TIP_EAGAIN;
    }
    err = tip_daemon_settled(hub->host.daemon, job->ticket);
    if (err == TIP_OK) {
        say_erasure(reply, &job->erasure);
    }
    return err;
}

/* Is there a record @id that may be erased? */
static enum tip_err check_record(struct hub_program *hub,
                                 const struct tip_id *id)
{
    const struct tip_record_ref ref = {.id = *id};
    struct tip_txn *txn;
    uint32_t ordinal;
    bool is_erased = false;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK) {
        err = tip_record_table_find(hub_engine_records(hub->engine), txn, &ref,
                                    &ordinal);
    }
    if (err == TIP_OK) {
        err = tip_record_table_is_erased(hub_engine_records(hub->engine), txn,
                                         &ref, &is_erased);
    }
    return err == TIP_OK && is_erased ? TIP_EERASED : err;
}

/* The decision about @record that waits, or the newest number. */
static enum tip_err find_open(struct tip_txn *txn, const struct tip_id *record,
                              struct hub_erasure *out_found,
                              uint64_t *out_newest)
{
    struct hub_erasure erasure = {.number = 0};
    enum tip_err err;

    while ((err = hub_erasure_next(txn, erasure.number, &erasure)) == TIP_OK) {
        if (erasure.state == HUB_ERASURE_ASKED &&
            tip_id_equal(&erasure.record, record)) {
            *out_found = erasure;
            return TIP_OK;
        }
    }
    *out_newest = erasure.number;
    return err;
}

static enum tip_err ask(struct hub_program *hub, struct tip_request *request,
                        struct tip_reply *reply, struct erase_job *job)
{
    struct tip_bytes reason = tip_command_option(request, "reason");
    struct hub_erasure *erasure = &job->erasure;
    uint64_t newest = 0;
    struct tip_txn *txn;
    struct tip_id record;
    enum tip_err err = tip_command_id(request, 0, reply, &record);

    if (err == TIP_OK && reason.size == 0) {
        err = TIP_EREASON;
    }
    if (err == TIP_OK) {
        err = check_record(hub, &record);
    }
    if (err == TIP_OK) {
        err = hub_engine_write_txn(hub->engine, &txn);
    }
    if (err != TIP_OK) {
        return err; /* TIP_ENOTFOUND: the record, not the decision. */
    }
    err = find_open(txn, &record, erasure, &newest);
    if (err != TIP_ENOTFOUND) {
        return err; /* TIP_OK: it was asked for before. */
    }
    *erasure = (struct hub_erasure){
        .number = newest + 1, .record = record, .asked = step_of(hub, request)};
    (void)snprintf(erasure->reason, sizeof erasure->reason, "%.*s",
                   (int)reason.size, (const char *)reason.data);
    return hub_erasure_store(txn, erasure);
}

enum tip_err hub_run_erase_request(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    enum tip_err err = run(program, request, reply, ask);

    if (err == TIP_OK) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Somebody else must confirm it: tiphub erase confirm "
                       "NUMBER. It cannot be taken back then.");
    }
    return err;
}

static enum tip_err load(struct hub_program *hub, struct tip_request *request,
                         struct hub_erasure *out_erasure)
{
    uint64_t number = strtoull(tip_cli_argument(request->call, 0), NULL, 10);
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    return err == TIP_OK ? hub_erasure_load(txn, number, out_erasure) : err;
}

static enum tip_err end(struct hub_program *hub, struct tip_request *request,
                        struct hub_erasure *erasure,
                        enum hub_erasure_state state)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_write_txn(hub->engine, &txn);

    erasure->state = state;
    erasure->ended = step_of(hub, request);
    if (err == TIP_OK) {
        err = hub_erasure_store(txn, erasure);
        if (err != TIP_OK) {
            hub_engine_fail(hub->engine, err);
        }
    }
    return err;
}

static enum tip_err confirm(struct hub_program *hub,
                            struct tip_request *request,
                            struct tip_reply *reply, struct erase_job *job)
{
    struct hub_erasure *erasure = &job->erasure;
    enum tip_err err = load(hub, request, erasure);

    (void)reply;
    if (err == TIP_OK) {
        err = hub_erasure_check(erasure, request->account, request->uid);
    }
    if (err == TIP_OK) {
        err =
            hub_engine_erase(hub->engine, &erasure->record,
                             hub->clock.now_ms(&hub->clock), &erasure->commit);
    }
    return err == TIP_OK ? end(hub, request, erasure, HUB_ERASURE_CONFIRMED)
                         : err;
}

enum tip_err hub_run_erase_confirm(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    enum tip_err err = run(program, request, reply, confirm);

    if (err == TIP_OK) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Every office erases it when it next connects: see "
                       "tiphub erase show NUMBER. Bundles and backups made "
                       "before still hold it.");
    }
    return err;
}

static enum tip_err withdraw(struct hub_program *hub,
                             struct tip_request *request,
                             struct tip_reply *reply, struct erase_job *job)
{
    enum tip_err err = load(hub, request, &job->erasure);

    (void)reply;
    if (err == TIP_OK && job->erasure.state != HUB_ERASURE_ASKED) {
        err = TIP_EDECIDED;
    }
    return err == TIP_OK
               ? end(hub, request, &job->erasure, HUB_ERASURE_WITHDRAWN)
               : err;
}

enum tip_err hub_run_erase_withdraw(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    return run(program, request, reply, withdraw);
}

/* A list on its way out. */
struct list_job {
    uint64_t number;
};

enum tip_err hub_run_erase_list(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct hub_erasure erasure;
    struct list_job *job = request->job;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK && job == NULL) {
        job = tip_request_job(request, sizeof *job, free);
        err = job == NULL ? TIP_ENOMEM : TIP_OK;
        tip_reply_list_begin(reply, "erasures");
    }
    while (err == TIP_OK) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = hub_erasure_next(txn, job->number, &erasure);
        if (err == TIP_OK) {
            job->number = erasure.number;
            tip_reply_row_begin(reply);
            say_erasure(reply, &erasure);
            say_carried_out(reply, hub, &erasure);
            tip_reply_row_end(reply);
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_reply_list_end(reply);
    warn_trouble(reply, hub);
    return TIP_OK;
}

/* Each office: has it carried it out, and if not, since when is it away? */
static void say_offices(struct tip_reply *reply, struct hub_program *hub,
                        const struct hub_erasure *erasure)
{
    struct hub_device_status devices[HUB_ORIGINS_MAX];
    size_t count = hub_engine_devices(hub->engine, devices, HUB_ORIGINS_MAX);

    tip_reply_list_begin(reply, "nodes");
    for (size_t i = 0; i < count; i++) {
        if (devices[i].is_out) {
            continue;
        }
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "office", devices[i].office);
        tip_reply_bytes(reply, "name",
                        hub_office_name(hub->engine, devices[i].office));
        tip_reply_integer(reply, "origin", devices[i].origin);
        tip_reply_boolean(reply, "done", has_erased(&devices[i], erasure));
        tip_reply_boolean(reply, "kept_aside", devices[i].health.keeps_erased);
        if (devices[i].last_heard_ms == 0) {
            tip_reply_none(reply, "last_heard");
        } else {
            tip_reply_time(reply, "last_heard",
                           (int64_t)devices[i].last_heard_ms);
        }
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

enum tip_err hub_run_erase_show(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct hub_erasure erasure;
    enum tip_err err = load(hub, request, &erasure);

    if (err != TIP_OK) {
        return err;
    }
    say_erasure(reply, &erasure);
    say_carried_out(reply, hub, &erasure);
    if (erasure.state == HUB_ERASURE_CONFIRMED) {
        say_offices(reply, hub, &erasure);
    }
    warn_trouble(reply, hub);
    return TIP_OK;
}
