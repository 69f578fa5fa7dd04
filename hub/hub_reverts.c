/* revert: one device undone from a point on. */
#include <inttypes.h>
#include <stdlib.h>

#include "hub_program.h"
#include "hub_revert.h"
#include "tip_commands_say.h"
#include "tip_desk_show.h"

/* So many change-sets are undone between two turns of the loop. */
enum { SLICE = 32, NAMES_BYTES_MAX = 64 * 1024 };

/* A revert on its way. */
struct revert_job {
    uint64_t newest, next; /* Seqs: from here down to the first. */
    uint64_t ticket;       /* 0: not all is undone yet. */
    int64_t restored, hidden, left, unknown;
    int64_t refused, held;   /* Change-sets that never took effect. */
    struct tip_reply *reply; /* Of the call that is on… */
    struct tip_desk *desk;   /* …and whose words it speaks. */
};

static const char *kind_name(enum hub_undone_kind kind)
{
    switch (kind) {
    case HUB_UNDONE_RESTORED:
        return "restored";
    case HUB_UNDONE_HIDDEN:
        return "hidden";
    case HUB_UNDONE_UNKNOWN:
        return "unknown";
    case HUB_UNDONE_LEFT:
    case HUB_UNDONE_REFUSED:
    case HUB_UNDONE_HELD:
        break;
    }
    return "left";
}

/* The cell in the words of the catalogue; of a whole record no words. */
static void say_cell(const struct revert_job *job,
                     const struct hub_undone *undone)
{
    struct tip_bytes field = TIP_BYTES_NONE, element = TIP_BYTES_NONE;
    struct tip_arena arena;
    enum tip_err err = TIP_OK;

    tip_arena_init(&arena, NAMES_BYTES_MAX);
    if (undone->field != 0) {
        err = tip_desk_cell_name(job->desk, undone->type, undone->field,
                                 undone->element, &arena, &field, &element);
    }
    if (err == TIP_OK) {
        tip_reply_bytes(job->reply, "field", field);
        tip_reply_bytes(job->reply, "element", element);
    } else { /* It is undone all the same: what it is called is no matter. */
        tip_reply_integer(job->reply, "field", undone->field);
        tip_reply_integer(job->reply, "element", (int64_t)undone->element);
    }
    tip_arena_deinit(&arena);
}

static void tell(void *context, const struct hub_undone *undone)
{
    struct revert_job *job = context;
    char id[TIP_ID_TEXT_SIZE];

    job->restored += undone->kind == HUB_UNDONE_RESTORED ? 1 : 0;
    job->hidden += undone->kind == HUB_UNDONE_HIDDEN ? 1 : 0;
    job->left += undone->kind == HUB_UNDONE_LEFT ? 1 : 0;
    job->unknown += undone->kind == HUB_UNDONE_UNKNOWN ? 1 : 0;
    job->refused += undone->kind == HUB_UNDONE_REFUSED ? 1 : 0;
    job->held += undone->kind == HUB_UNDONE_HELD ? 1 : 0;
    if (undone->kind == HUB_UNDONE_REFUSED || undone->kind == HUB_UNDONE_HELD) {
        return;
    }
    tip_id_format(&undone->record, id);
    tip_reply_row_begin(job->reply);
    tip_reply_integer(job->reply, "seq", (int64_t)undone->seq);
    tip_reply_text(job->reply, "id", id);
    say_cell(job, undone);
    tip_reply_text(job->reply, "result", kind_name(undone->kind));
    tip_reply_row_end(job->reply);
}

static enum tip_err begin(struct tip_request *request, struct tip_reply *reply,
                          struct hub_program *hub,
                          const struct hub_revert *revert)
{
    struct revert_job *job;
    struct tip_head head;
    uint32_t generation;
    enum tip_err err =
        hub_engine_feed(hub->engine, revert->origin, &generation, &head);

    if (err != TIP_OK || revert->from > head.number) {
        return TIP_ENOTFOUND;
    }
    job = calloc(1, sizeof *job);
    if (job == NULL) {
        return TIP_ENOMEM;
    }
    job->newest = head.number;
    job->next = head.number;
    request->job = job;
    request->job_free = free;
    tip_reply_list_begin(reply, "cells");
    return TIP_OK;
}

/* Undo a slice. TIP_EAGAIN: there is more. */
static enum tip_err undo_some(struct hub_program *hub,
                              const struct hub_revert *revert,
                              struct revert_job *job)
{
    enum tip_err err = TIP_OK;

    for (int i = 0; i < SLICE && err == TIP_OK && job->next >= revert->from;
         i++) {
        if (!tip_reply_has_room(job->reply)) {
            return TIP_EAGAIN;
        }
        err = hub_engine_revert(hub->engine, revert, job->next);
        job->next -= err == TIP_OK ? 1 : 0;
    }
    if (err == TIP_OK && job->next >= revert->from) {
        tip_daemon_again(hub->host.daemon);
        return TIP_EAGAIN;
    }
    return err;
}

static void say_sums(struct tip_reply *reply, const struct revert_job *job,
                     const struct hub_revert *revert)
{
    tip_reply_list_end(reply);
    tip_reply_integer(reply, "change_sets", (int64_t)(job->newest - job->next));
    tip_reply_integer(reply, "restored", job->restored);
    tip_reply_integer(reply, "hidden", job->hidden);
    tip_reply_integer(reply, "left", job->left);
    tip_reply_integer(reply, "unknown", job->unknown);
    tip_reply_integer(reply, "refused", job->refused);
    tip_reply_integer(reply, "held", job->held);
    tip_reply_boolean(reply, "dry_run", revert->is_dry);
    if (job->left > 0) {
        tip_program_warn(reply, "Some cells are left as they are, because "
                                "others have written there: look at each.");
    }
    if (job->unknown > 0) {
        tip_program_warn(reply,
                         "%" PRId64 " cells are left as they are, because an "
                         "entry of the history of their record cannot be read, "
                         "so nobody knows what stood there before: see tiphub "
                         "record history, and write each by hand.",
                         job->unknown);
    }
    if (job->held > 0) {
        tip_program_warn(reply,
                         "%" PRId64 " of its changes are held back and may yet "
                         "be let in: see tiphub held list, then held reject.",
                         job->held);
    }
}

enum tip_err hub_run_revert(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct tip_desk_who who = tip_command_who(request);
    struct hub_revert revert = {
        .origin = (uint32_t)tip_cli_option(request->call, "device")->number,
        .from = (uint64_t)tip_cli_option(request->call, "from")->number,
        .is_dry = tip_command_flag(request, "dry-run"),
        .by = who.author,
        .reason = who.reason,
        .tell = tell};
    struct revert_job *job = request->job;
    enum tip_err err;

    if (revert.origin == 0 || revert.from == 0) {
        tip_reply_explain(reply, "--device and --from are needed");
        return TIP_EUSAGE;
    }
    if (job == NULL) {
        err = begin(request, reply, hub, &revert);
        if (err != TIP_OK) {
            return err;
        }
        job = request->job;
    }
    job->reply = reply;
    job->desk = &hub->hub_desk.base;
    revert.context = job;
    if (job->ticket == 0) {
        err = undo_some(hub, &revert, job);
        if (err != TIP_OK) {
            return err;
        }
        job->ticket = tip_daemon_ticket(hub->host.daemon);
        return TIP_EAGAIN;
    }
    err = tip_daemon_settled(hub->host.daemon, job->ticket);
    if (err == TIP_OK) {
        say_sums(reply, job, &revert);
    }
    return err;
}
