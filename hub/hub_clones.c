/* clone show, clone choose: two copies of one disk. */
#include <stdlib.h>

#include "hub_clone.h"
#include "hub_clone_commands.h"

const struct tip_cli_argument hub_clone_arguments[1] = {
    {.name = "FEED",
     .spec = {.type = TIP_SPEC_INTEGER,
              .min = HUB_ORIGIN + 1,
              .max = UINT32_MAX},
     .help = "The feed the copy writes under, as clone show says it."}};

const struct tip_cli_example hub_clone_examples[1] = {
    {"clone choose 17", "The copy that writes under feed 17 goes on."}};

/* All feeds there can be; on the heap, they are much for a stack. */
struct clone_job {
    struct hub_copy_status copies[HUB_ORIGINS_MAX];
    size_t count;
    size_t next;
    uint64_t ticket; /* Of a choice. */
};

static const char *state_of(const struct hub_copy_status *copy)
{
    if (copy->is_frozen) {
        return "frozen";
    }
    switch (copy->may) {
    case HUB_COPY_CHOSEN:
        return "goes on";
    case HUB_COPY_TURN:
        return "may hand in";
    case HUB_COPY_SETTLED:
        return copy->is_open ? "hands in" : "closed";
    case HUB_COPY_UNKNOWN:
        break;
    }
    return copy->is_open ? "goes on" : "closed";
}

/* A head as evidence: how many change-sets, and the first half of the hash that
 * stands for them all. */
static void say_head(struct tip_reply *reply, const char *number_key,
                     const char *hash_key, const struct tip_head *head)
{
    static const char digits[] = "0123456789abcdef";
    char text[TIP_HEAD_SIZE + 1];

    for (size_t i = 0; i < TIP_HEAD_SIZE / 2; i++) {
        text[2 * i] = digits[head->hash[i] >> 4];
        text[2 * i + 1] = digits[head->hash[i] & 15];
    }
    text[TIP_HEAD_SIZE] = '\0';
    tip_reply_integer(reply, number_key, (int64_t)head->number);
    tip_reply_text(reply, hash_key, text);
}

static void say_copy(struct tip_reply *reply, struct hub_program *hub,
                     const struct hub_copy_status *copy)
{
    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "office", copy->office);
    tip_reply_bytes(reply, "name", hub_office_name(hub->engine, copy->office));
    tip_reply_integer(reply, "origin", copy->origin);
    tip_reply_integer(reply, "feed", copy->feed);
    tip_reply_text(reply, "state", state_of(copy));
    say_head(reply, "received", "received_head", &copy->head);
    if (copy->called_ms != 0) {
        tip_reply_time(reply, "called", (int64_t)copy->called_ms);
        say_head(reply, "written", "written_head", &copy->newest);
        tip_reply_integer(reply, "unsent", (int64_t)copy->unsent);
    } else {
        tip_reply_none(reply, "called");
        tip_reply_none(reply, "written");
        tip_reply_none(reply, "written_head");
        tip_reply_none(reply, "unsent");
    }
    tip_reply_row_end(reply);
}

enum tip_err hub_run_clone_show(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct hub_program *hub = program;
    bool is_new = request->job == NULL;
    struct clone_job *job = tip_request_job(request, sizeof *job, free);

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (is_new) {
        job->count =
            hub_engine_copies(hub->engine, job->copies, HUB_ORIGINS_MAX);
        tip_reply_list_begin(reply, "copies");
    }
    for (; job->next < job->count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        say_copy(reply, hub, &job->copies[job->next]);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

enum tip_err hub_run_clone_choose(void *program, struct tip_request *request,
                                  struct tip_reply *reply)
{
    struct hub_program *hub = program;
    bool is_new = request->job == NULL;
    struct clone_job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err = job == NULL ? TIP_ENOMEM : TIP_OK;

    if (err == TIP_OK && is_new) {
        uint64_t feed = strtoull(tip_cli_argument(request->call, 0), NULL, 10);

        err = hub_engine_copy_choose(hub->engine, (uint32_t)feed);
        job->ticket = tip_daemon_ticket(hub->host.daemon);
    }
    if (err == TIP_ENOTFOUND) {
        tip_reply_explain(reply, "no copy of a disk has called under that "
                                 "feed: see tiphub clone show");
    }
    if (err == TIP_OK) {
        err = tip_daemon_settled(hub->host.daemon, job->ticket);
    }
    if (err == TIP_OK) {
        tip_reply_note(
            reply, TIP_REPLY_INFO,
            "It goes on when it calls next; to have it call now, run tipnode "
            "sync there. They have one line: to let the other copy hand in "
            "what it has not sent, stop the chosen one meanwhile, and run "
            "tipnode sync at the other; then switch that off, or enrol it as a "
            "device of its own.");
    }
    return err;
}
