/* erase list, show: what was decided, and how far it is carried out. */
#include <inttypes.h>
#include <stdlib.h>

#include "hub_erase_commands.h"
#include "hub_program.h"

enum { ENTRY_BYTES_MAX = 1024 * 1024 };

static void say_step(struct tip_reply *reply, const char *by, const char *at,
                     const struct hub_erasure_step *step)
{
    if (step->unix_ms != 0 && step->account[0] == '\0') {
        tip_reply_none(reply, by);
    } else if (step->unix_ms != 0) {
        tip_reply_text(reply, by, step->account);
    }
    if (step->unix_ms != 0) {
        tip_reply_time(reply, at, (int64_t)step->unix_ms);
    }
}

void hub_erasure_say(struct tip_reply *reply, const struct hub_erasure *erasure)
{
    char id[TIP_ID_TEXT_SIZE];

    tip_id_format(&erasure->record, id);
    if (erasure->number == 0) {
        tip_reply_none(reply, "number");
    } else {
        tip_reply_integer(reply, "number", (int64_t)erasure->number);
    }
    tip_reply_text(reply, "record", id);
    tip_reply_text(reply, "decision", hub_erasure_word(erasure));
    if (erasure->number == 0) {
        tip_reply_none(reply, "reason");
    } else {
        tip_reply_text(reply, "reason", erasure->reason);
    }
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

/* A list on its way out: decisions, then what only the control log says. */
struct list_job {
    uint64_t number, entry;
    bool has_decisions;
    int64_t told;
};

/* The next of them. TIP_ENOTFOUND: that was all. */
static enum tip_err next(struct list_job *job, struct tip_txn *txn,
                         struct hub_erasure *out_erasure)
{
    struct tip_arena arena;
    enum tip_err err = TIP_ENOTFOUND;

    if (!job->has_decisions) {
        err = hub_erasure_next(txn, job->number, out_erasure);
        job->number = err == TIP_OK ? out_erasure->number : job->number;
        job->has_decisions = err == TIP_ENOTFOUND;
    }
    if (job->has_decisions) {
        tip_arena_init(&arena, ENTRY_BYTES_MAX);
        err = hub_erasure_next_told(txn, &arena, &job->entry, out_erasure);
        job->told += err == TIP_OK ? 1 : 0;
        tip_arena_deinit(&arena);
    }
    return err;
}

static void note_told(struct tip_reply *reply, const struct list_job *job)
{
    if (job->told > 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "%" PRId64 " without a number: this hub was put back to "
                       "before that decision, and learned again what was "
                       "erased and when; who asked for it and why is not "
                       "known here.",
                       job->told);
    }
}

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
        err = next(job, txn, &erasure);
        if (err == TIP_OK) {
            tip_reply_row_begin(reply);
            hub_erasure_say(reply, &erasure);
            say_carried_out(reply, hub, &erasure);
            tip_reply_row_end(reply);
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_reply_list_end(reply);
    note_told(reply, job);
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
    enum tip_err err = hub_erasure_named(hub, request, &erasure);

    if (err != TIP_OK) {
        return err;
    }
    hub_erasure_say(reply, &erasure);
    say_carried_out(reply, hub, &erasure);
    if (erasure.state == HUB_ERASURE_CONFIRMED) {
        say_offices(reply, hub, &erasure);
    }
    warn_trouble(reply, hub);
    return TIP_OK;
}
