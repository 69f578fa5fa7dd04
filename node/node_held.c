/* held list, held show: what the hub holds back of ours, and what it refused.
 */
#include <stdlib.h>

#include "node_program.h"
#include "tip_commands_say.h"
#include "tip_wire_down.h"
#include "tip_words.h"

/* A list on its way out: what waits first, then what was decided. */
struct list_job {
    struct tip_held_run runs[TIP_WIRE_HELD_MAX];
    size_t count, next;
    uint64_t decided; /* Seq of the newest decision that was shown. */
};

static void say_run(struct tip_reply *reply, const struct tip_held_run *run)
{
    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "seq", (int64_t)run->first);
    tip_reply_integer(reply, "count", (int64_t)run->count);
    tip_reply_text(reply, "decision", "waits");
    tip_reply_text(reply, "why", tip_hold_words(run->reason));
    tip_reply_none(reply, "decided_by");
    tip_reply_none(reply, "decided");
    tip_reply_row_end(reply);
}

static void say_decision(struct tip_reply *reply,
                         const struct tip_ruling *ruling)
{
    bool is_accepted = ruling->kind == TIP_RULING_ACCEPTED;

    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "seq", (int64_t)ruling->first_seq);
    tip_reply_integer(reply, "count", 1);
    tip_reply_text(reply, "decision", is_accepted ? "accepted" : "refused");
    tip_reply_bytes(reply, "why", ruling->reason);
    tip_reply_bytes(reply, "decided_by", ruling->by);
    tip_reply_time(reply, "decided", (int64_t)ruling->unix_ms);
    tip_reply_row_end(reply);
}

/* Say the next decision. TIP_ENOTFOUND: there is none. */
static enum tip_err list_decision(struct node_program *node,
                                  struct list_job *job, struct tip_reply *reply)
{
    struct node_decision decision;
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    err = node_engine_decision(node->engine, job->decided, &arena, &decision);
    if (err == TIP_OK) {
        say_decision(reply, &decision.ruling);
        job->decided = decision.ruling.first_seq;
    }
    tip_arena_deinit(&arena);
    return err;
}

enum tip_err node_run_held_list(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct node_program *node = program;
    struct list_job *job = request->job;
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        job = calloc(1, sizeof *job);
        if (job == NULL) {
            return TIP_ENOMEM;
        }
        job->count =
            node_engine_held(node->engine, job->runs, TIP_WIRE_HELD_MAX);
        request->job = job;
        request->job_free = free;
        tip_reply_list_begin(reply, "held_changes");
    }
    while (err == TIP_OK) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        if (job->next < job->count) {
            say_run(reply, &job->runs[job->next++]);
        } else {
            err = list_decision(node, job, reply);
        }
    }
    tip_reply_list_end(reply);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Why own change-set @seq waits; TIP_HOLD_NONE: it does not. */
static enum tip_hold hold_of(const struct node_program *node, uint64_t seq)
{
    struct tip_held_run runs[TIP_WIRE_HELD_MAX];
    size_t count = node_engine_held(node->engine, runs, TIP_WIRE_HELD_MAX);

    for (size_t i = 0; i < count; i++) {
        if (seq >= runs[i].first && seq - runs[i].first < runs[i].count) {
            return runs[i].reason;
        }
    }
    return TIP_HOLD_NONE;
}

static enum tip_err show(struct node_program *node, uint64_t seq,
                         struct tip_arena *arena, struct tip_reply *reply)
{
    enum tip_hold hold = hold_of(node, seq);
    struct node_decision decision = {.commit = 0};
    enum tip_err err;

    if (hold != TIP_HOLD_NONE) {
        tip_reply_integer(reply, "seq", (int64_t)seq);
        tip_reply_text(reply, "decision", "waits");
        tip_reply_text(reply, "why", tip_hold_words(hold));
        err = node_engine_own(node->engine, seq, arena, &decision.set);
    } else {
        err = node_engine_decision(node->engine, seq - 1, arena, &decision);
        if (err == TIP_OK && decision.ruling.first_seq != seq) {
            err = TIP_ENOTFOUND;
        }
        if (err == TIP_OK) {
            tip_reply_integer(reply, "seq", (int64_t)seq);
            tip_command_say_ruling(reply, &decision.ruling, decision.commit);
        }
    }
    if (err == TIP_OK && decision.set.record_count != 0) {
        err = tip_command_say_proposal(reply, node->host.desk, &decision.set,
                                       arena);
    }
    return err == TIP_ENOTFOUND ? TIP_ENOT_HELD : err;
}

enum tip_err node_run_held_show(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct node_program *node = program;
    struct tip_arena arena;
    uint64_t seq, last;
    enum tip_err err = tip_command_seqs(request, 0, reply, &seq, &last);

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    err = show(node, seq, &arena, reply);
    tip_arena_deinit(&arena);
    return err;
}
