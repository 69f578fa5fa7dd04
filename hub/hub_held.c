/* held list, show, accept, reject: people decide about what is held back. */
#include <stdlib.h>

#include "hub_program.h"
#include "tip_commands_say.h"
#include "tip_conf.h"
#include "tip_words.h"

/* A list on its way out. */
struct list_job {
    uint32_t office; /* 0: all. */
    uint32_t origin;
    uint64_t seq;
    uint64_t shown;
};

static enum tip_err begin_list(struct hub_program *hub,
                               struct tip_request *request)
{
    const char *name = tip_cli_argument(request->call, 0);
    struct list_job *job = calloc(1, sizeof *job);
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (name != NULL) {
        err =
            tip_desk_office(hub->host.desk, tip_bytes_text(name), &job->office);
    }
    if (err != TIP_OK) {
        free(job);
        return err;
    }
    request->job = job;
    request->job_free = free;
    return TIP_OK;
}

static uint32_t office_of(const struct hub_program *hub, uint32_t origin)
{
    uint32_t office = hub_engine_office_of(hub->engine, origin);

    return office == 0 ? HUB_OFFICE : office;
}

/* What is held back, as members of the reply or of the open row. */
static void say_held(struct tip_reply *reply, struct hub_program *hub,
                     const struct hub_held *held)
{
    uint32_t office = office_of(hub, held->origin);

    tip_reply_integer(reply, "office", office);
    tip_reply_bytes(reply, "name", hub_office_name(hub->engine, office));
    tip_reply_integer(reply, "origin", held->origin);
    tip_reply_integer(reply, "seq", (int64_t)held->seq);
    tip_reply_time(reply, "since", (int64_t)held->since_ms);
    tip_reply_text(reply, "why", tip_hold_words(held->reason));
}

enum tip_err hub_run_held_list(void *program, struct tip_request *request,
                               struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct list_job *job;
    struct hub_held held;
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = begin_list(hub, request);
        if (err != TIP_OK) {
            return err;
        }
        tip_reply_list_begin(reply, "held_changes");
    }
    job = request->job;
    for (;;) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = hub_engine_held_next(hub->engine, job->origin, job->seq, &held);
        if (err != TIP_OK) {
            break;
        }
        job->origin = held.origin;
        job->seq = held.seq;
        if (job->office == 0 || job->office == office_of(hub, held.origin)) {
            tip_reply_row_begin(reply);
            say_held(reply, hub, &held);
            tip_reply_row_end(reply);
            job->shown++;
        }
    }
    tip_reply_list_end(reply);
    if (err == TIP_ENOTFOUND && job->shown > 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "See one with tiphub held show ORIGIN SEQ, then accept "
                       "or reject it.");
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Which change-sets are meant. */
static enum tip_err read_target(const struct tip_request *request,
                                struct tip_reply *reply,
                                struct hub_ruling *target)
{
    uint64_t origin, last;
    enum tip_err err = tip_command_seqs(request, 0, reply, &origin, &last);

    if (err == TIP_OK) {
        err =
            tip_command_seqs(request, 1, reply, &target->first, &target->last);
    }
    target->origin =
        err == TIP_OK && origin <= UINT32_MAX ? (uint32_t)origin : 0;
    return err;
}

/* What became of it, if it waits no more. */
static enum tip_err show_decided(struct hub_program *hub, uint32_t origin,
                                 uint64_t seq, struct tip_arena *arena,
                                 struct tip_reply *reply)
{
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err = hub_engine_find_ruling(hub->engine, origin, seq, arena,
                                              &ruling, &commit);

    if (err == TIP_OK) {
        tip_reply_integer(reply, "origin", origin);
        tip_reply_integer(reply, "seq", (int64_t)seq);
        tip_command_say_ruling(reply, &ruling, commit);
    }
    return err == TIP_ENOTFOUND ? TIP_ENOT_HELD : err;
}

static enum tip_err show(struct hub_program *hub, uint32_t origin, uint64_t seq,
                         struct tip_arena *arena, struct tip_reply *reply)
{
    const struct tip_change_set *set;
    struct hub_held held;
    enum tip_err err =
        hub_engine_held_next(hub->engine, origin, seq - 1, &held);

    if (err == TIP_ENOTFOUND ||
        (err == TIP_OK && (held.origin != origin || held.seq != seq))) {
        err = show_decided(hub, origin, seq, arena, reply);
        if (err != TIP_OK) {
            return err;
        }
    } else if (err == TIP_OK) {
        say_held(reply, hub, &held);
        tip_reply_text(reply, "decision", "waits");
    }
    if (err == TIP_OK) {
        err = hub_engine_held_set(hub->engine, origin, seq, &set);
    }
    return err == TIP_OK
               ? tip_command_say_proposal(reply, hub->host.desk, set, arena)
               : err;
}

enum tip_err hub_run_held_show(void *program, struct tip_request *request,
                               struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct hub_ruling target = {.origin = 0};
    struct tip_arena arena;
    enum tip_err err = read_target(request, reply, &target);

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    err = show(hub, target.origin, target.first, &arena, reply);
    tip_arena_deinit(&arena);
    return err;
}

/* A decision that waits for the disk, or for its next slice. */
struct rule_job {
    uint64_t ticket; /* 0: not all decided yet. */
    uint64_t count, released, left;
    enum tip_hold hold;
    bool is_repeated;
};

static enum tip_err decide(struct hub_program *hub, struct tip_request *request,
                           struct tip_reply *reply, bool is_accepted,
                           struct rule_job *job)
{
    struct tip_desk_who who = tip_command_who(request);
    struct hub_ruling ruling = {
        .is_accepted = is_accepted, .by = who.author, .reason = who.reason};
    struct hub_ruled ruled = {.count = 0};
    enum tip_err err = read_target(request, reply, &ruling);

    if (err == TIP_OK) {
        err = hub_engine_rule(hub->engine, &ruling, &ruled);
    }
    job->count += ruled.count;
    job->released += ruled.released;
    job->left = ruled.left;
    job->hold = ruled.hold;
    if (err == TIP_EEXISTS) {
        job->is_repeated = true;
        return TIP_OK;
    }
    if (err == TIP_EUNACCEPTABLE) {
        tip_reply_explain(reply, "%s", tip_hold_words(ruled.hold));
    }
    if (err == TIP_OK && ruled.is_more) {
        tip_reply_progress(reply, "decided", (int64_t)job->count, 0);
        tip_daemon_again(hub->host.daemon);
        return TIP_EAGAIN;
    }
    return err;
}

static void say_ruled(struct tip_reply *reply, const struct rule_job *job)
{
    tip_reply_integer(reply, "decided", (int64_t)job->count);
    tip_reply_integer(reply, "released", (int64_t)job->released);
    tip_reply_integer(reply, "left", (int64_t)job->left);
    if (job->is_repeated) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "It was decided so before; nothing has changed.");
    }
    if (job->left > 0) {
        tip_program_warn(reply,
                         "Some could not be accepted: the first of them "
                         "%s.",
                         tip_hold_words(job->hold));
    }
}

static enum tip_err rule(struct hub_program *hub, struct tip_request *request,
                         struct tip_reply *reply, bool is_accepted)
{
    struct rule_job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (job->ticket == 0) {
        err = decide(hub, request, reply, is_accepted, job);
        if (err != TIP_OK) {
            return err;
        }
        job->ticket = tip_daemon_ticket(hub->host.daemon);
        return TIP_EAGAIN;
    }
    err = tip_daemon_settled(hub->host.daemon, job->ticket);
    if (err == TIP_OK) {
        say_ruled(reply, job);
    }
    return err;
}

enum tip_err hub_run_held_accept(void *program, struct tip_request *request,
                                 struct tip_reply *reply)
{
    return rule(program, request, reply, true);
}

enum tip_err hub_run_held_reject(void *program, struct tip_request *request,
                                 struct tip_reply *reply)
{
    return rule(program, request, reply, false);
}
