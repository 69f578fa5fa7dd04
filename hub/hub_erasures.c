/* erase request, confirm, withdraw: two people decide. */
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
        hub_erasure_say(reply, &job->erasure);
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

enum tip_err hub_erasure_named(struct hub_program *hub,
                               struct tip_request *request,
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
    enum tip_err err = hub_erasure_named(hub, request, erasure);

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
    enum tip_err err = hub_erasure_named(hub, request, &job->erasure);

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
