/* What an office asks its daemon: how is it, and go now. */
#include <stdlib.h>

#include "node_health.h"
#include "node_program.h"

enum tip_err node_run_status(void *program, struct tip_request *request,
                             struct tip_reply *reply)
{
    struct node_program *node = program;
    struct node_view *view = tip_request_job(request, sizeof *view, free);
    enum tip_err err =
        view == NULL ? TIP_ENOMEM : node_view_collect(node, view);

    if (err == TIP_OK) {
        node_view_say(reply, view);
        tip_command_say_disputes(reply, node->host.desk, &view->disputes,
                                 view->office);
    }
    return err;
}

/* A sync that waits. */
struct sync_job {
    uint64_t until_ms; /* Elapsed. */
    uint64_t target;   /* Newest seq when it was asked. */
};

static enum tip_err sync_begin(struct node_program *node,
                               struct tip_request *request)
{
    struct sync_job *job = calloc(1, sizeof *job);
    struct node_status status;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    request->job = job;
    request->job_free = free;
    node_engine_status(node->engine, &status);
    job->target = status.saved;
    job->until_ms = node->clock.elapsed_ms(&node->clock) +
                    (uint64_t)tip_cli_option(request->call, "for")->number;
    if (tip_cli_option(request->call, "now")->is_given) {
        node_engine_override_budget(node->engine);
    }
    node_engine_ask_again(node->engine);
    tip_link_zmq_retry(node->link);
    return TIP_OK;
}

static void say_synced(struct tip_reply *reply, const struct sync_job *job,
                       const struct node_status *status)
{
    bool is_synced =
        status->session == TIP_NODE_LIVE && status->decided >= job->target;

    tip_reply_boolean(reply, "synced", is_synced);
    tip_reply_text(reply, "session", node_view_session(status));
    tip_reply_integer(reply, "waiting",
                      (int64_t)(status->saved - status->confirmed));
}

static void say_why_not(struct tip_reply *reply,
                        const struct node_status *status)
{
    char says[NODE_SAYS_SIZE];

    if (node_health_rests(status, says) ||
        (!status->is_asked_again && node_health_stopped(status, says))) {
        tip_program_warn(reply, "%s", says);
    } else if (status->session != TIP_NODE_LIVE) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The hub is being called; tipnode status says what "
                       "became of it, sync --wait waits for it.");
    }
}

enum tip_err node_run_sync(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct node_program *node = program;
    bool is_waiting = tip_cli_option(request->call, "wait")->is_given;
    const struct sync_job *job;
    struct node_status status;
    enum tip_err err =
        request->job == NULL ? sync_begin(node, request) : TIP_OK;

    if (err != TIP_OK) {
        return err;
    }
    job = request->job;
    node_engine_status(node->engine, &status);
    if (!is_waiting ||
        (status.session == TIP_NODE_LIVE && status.decided >= job->target)) {
        say_synced(reply, job, &status);
        say_why_not(reply, &status);
        return TIP_OK;
    }
    if (status.trouble != TIP_OK && !status.is_asked_again) {
        return status.trouble;
    }
    if (node->clock.elapsed_ms(&node->clock) < job->until_ms) {
        return TIP_EAGAIN; /* Called again after every turn and tick. */
    }
    say_synced(reply, job, &status);
    tip_reply_explain(reply, "see tipnode status");
    return TIP_ETIMEOUT;
}
