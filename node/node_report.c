/* What an office asks its daemon: how is it, and go now. */
#include <inttypes.h>
#include <stdlib.h>

#include "node_program.h"
#include "tip_backup_command.h"
#include "tip_conf.h"
#include "tip_words.h"

enum { HELD_SHOWN_MAX = 64 };

static const char *session_name(enum tip_node_state state)
{
    switch (state) {
    case TIP_NODE_DOWN:
        return "offline";
    case TIP_NODE_GREETING:
        return "greeting";
    case TIP_NODE_LIVE:
        return "connected";
    case TIP_NODE_STOPPED:
        return "stopped";
    }
    return "offline";
}

static void say_office(struct tip_reply *reply, const struct node_program *node)
{
    const struct tip_invitation *invitation = &node->state.invitation;

    tip_reply_integer(reply, "office", invitation->office);
    tip_reply_text(reply, "name", invitation->name);
    tip_reply_integer(reply, "origin", invitation->origin);
    tip_reply_text(reply, "version", node_cli.version);
    tip_reply_integer(reply, "catalogue",
                      node->shelf.schema.catalogue->version);
    tip_reply_duration(reply, "up_ms",
                       (int64_t)tip_daemon_uptime_ms(node->host.daemon));
    tip_reply_time(reply, "clock", (int64_t)node->clock.now_ms(&node->clock));
}

static void say_stopped(struct tip_reply *reply, enum tip_err trouble)
{
    tip_program_warn(reply, "The session has stopped: %s",
                     tip_err_text(trouble));
}

static void say_rest(struct tip_reply *reply, uint64_t rest_ms)
{
    uint64_t minutes = (rest_ms + 59999) / 60000;

    tip_program_warn(
        reply,
        "What may go over the line in a day is used; it goes on in "
        "%" PRIu64 " h %" PRIu64 " min. To go on now: tipnode sync --now",
        minutes / 60, minutes % 60);
}

static void say_budget(struct tip_reply *reply,
                       const struct node_status *status)
{
    if (status->budget_bytes == 0) {
        return;
    }
    tip_reply_size(reply, "budget_bytes", (int64_t)status->budget_bytes);
    tip_reply_size(reply, "spent_bytes", (int64_t)status->spent_bytes);
    if (status->rest_ms > 0) {
        say_rest(reply, status->rest_ms);
    }
}

/* Why there is no connection, and when the hub is called next. */
static void say_away(struct tip_reply *reply, const struct node_program *node,
                     const struct tip_link_zmq_status *link,
                     enum tip_link_cause cause)
{
    uint64_t now_ms = node->clock.elapsed_ms(&node->clock);

    tip_reply_text(reply, "reason", tip_cause_words(cause));
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_text(reply, "reason_code", tip_cause_code(cause));
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    if (now_ms < link->call_ms) {
        tip_reply_duration(reply, "next_try_ms",
                           (int64_t)(link->call_ms - now_ms));
    } else if (link->is_running) {
        tip_reply_duration(reply, "calling_ms",
                           (int64_t)(now_ms - link->call_ms));
    }
}

static void say_session(struct tip_reply *reply, struct node_program *node,
                        const struct node_status *status)
{
    struct tip_link_zmq_status link;
    struct tip_link_peer_status peer = {.is_up = false};
    enum tip_err err = tip_link_zmq_peer_status(node->link, 0, &peer);

    (void)err; /* The hub is always on the list. */
    tip_link_zmq_status(node->link, &link);
    tip_reply_text(reply, "session",
                   status->rest_ms > 0 ? "resting"
                                       : session_name(status->session));
    if (status->is_recovering) {
        tip_program_warn(reply,
                         "This disk was restored from a backup: what it had "
                         "sent since comes back, %" PRIu64 " of %" PRIu64
                         " changes; go on working.",
                         status->recalled, status->recalled_to);
    } else if (status->trouble != TIP_OK) {
        say_stopped(reply, status->trouble);
    } else if (!peer.is_up && status->rest_ms == 0) {
        say_away(reply, node, &link,
                 link.fault != TIP_LINK_CAUSE_NONE ? link.fault : peer.cause);
    }
    if (status->hindrance != TIP_OK && status->saved > status->confirmed) {
        tip_program_warn(reply, "%s", tip_err_text(status->hindrance));
    }
    if (status->session == TIP_NODE_LIVE) {
        tip_reply_duration(reply, "round_trip_ms",
                           (int64_t)status->round_trip_ms);
    }
    tip_reply_integer(reply, "sent_bytes", (int64_t)peer.sent_bytes);
    tip_reply_integer(reply, "resent_bytes", (int64_t)status->resent_bytes);
    tip_reply_integer(reply, "goodput_bps", (int64_t)status->goodput_bps);
    say_budget(reply, status);
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_duration(reply, "heartbeat_ms", node->heartbeat_ms);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    tip_reply_integer(reply, "link_starts", link.child_starts);
    if (!link.is_running) {
        tip_program_warn(reply, "The link process is not running: %s",
                         tip_err_text(link.start_err));
    }
}

/* Does this office hold what the hub says, and what is done about it? */
static void say_agreement(struct tip_reply *reply,
                          const struct node_status *status)
{
    tip_reply_text(reply, "digest", tip_agreement_word(status->agreement));
    tip_reply_integer(reply, "lost_records", (int64_t)status->lost_count);
    if (status->scrubbed_ms == 0) {
        tip_reply_none(reply, "last_scrub");
    } else {
        tip_reply_time(reply, "last_scrub", (int64_t)status->scrubbed_ms);
    }
    tip_reply_integer(reply, "faulty_scrubs", (int64_t)status->scrub_found);
    if (status->lost_count > 0 || status->scrub_found > 0) {
        tip_program_warn(reply,
                         "Records were gone or could not be read. The hub "
                         "sends them again; but look at this machine's disk, "
                         "and move to another one if it happens again.");
    }
    if (status->differs_since_ms == 0) {
        tip_reply_none(reply, "differs_since");
    } else {
        tip_reply_time(reply, "differs_since",
                       (int64_t)status->differs_since_ms);
    }
    if (status->is_sent_again) {
        tip_reply_integer(reply, "sent_again", (int64_t)status->again_came);
        tip_reply_integer(reply, "to_be_sent_again",
                          (int64_t)status->again_count);
    } else {
        tip_reply_none(reply, "sent_again");
        tip_reply_none(reply, "to_be_sent_again");
    }
    if (status->agreement == TIP_AGREEMENT_DIFFERS) {
        tip_program_warn(reply,
                         "What this office holds is not what the hub holds for "
                         "it. It is sent again as soon as there is a link; if "
                         "this stays, run tipnode verify, and tell the "
                         "secretariat what it says.");
    }
}

static void say_feed(struct tip_reply *reply, struct node_program *node,
                     const struct node_status *status)
{
    uint64_t waiting = status->saved - status->confirmed;
    uint64_t age = node_engine_waiting_ms(node->engine);
    int64_t longest =
        tip_conf_number(tip_daemon_conf(node->host.daemon), NODE_CONF_WAITING);

    tip_reply_integer(reply, "feed", status->feed);
    if (status->feed_start == 0) {
        tip_reply_none(reply, "restored_at");
    } else {
        tip_reply_integer(reply, "restored_at", (int64_t)status->feed_start);
    }
    tip_reply_integer(reply, "saved", (int64_t)status->saved);
    tip_reply_integer(reply, "framed", (int64_t)status->framed);
    tip_reply_integer(reply, "confirmed", (int64_t)status->confirmed);
    tip_reply_integer(reply, "decided", (int64_t)status->decided);
    tip_reply_integer(reply, "waiting", (int64_t)waiting);
    if (waiting == 0) {
        tip_reply_none(reply, "oldest_waiting_ms");
    } else {
        tip_reply_duration(reply, "oldest_waiting_ms", (int64_t)age);
    }
    tip_reply_integer(reply, "checkpoint",
                      (int64_t)tip_commit_number(status->checkpoint));
    say_agreement(reply, status);
    tip_reply_integer(reply, "generation", status->generation);
    tip_reply_integer(reply, "bad_messages", (int64_t)status->bad_messages);
    if (waiting > 0 && age > (uint64_t)longest) {
        tip_program_warn(reply,
                         "Work waits too long for the hub: check the link, or "
                         "carry it with tipnode bundle export.");
    }
}

static void say_held(struct tip_reply *reply, const struct node_program *node,
                     uint64_t total)
{
    struct tip_held_run runs[HELD_SHOWN_MAX];
    size_t count = node_engine_held(node->engine, runs, HELD_SHOWN_MAX);

    tip_reply_integer(reply, "held", (int64_t)total);
    tip_reply_list_begin(reply, "held_changes");
    for (size_t i = 0; i < count && tip_reply_has_room(reply); i++) {
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "seq", (int64_t)runs[i].first);
        tip_reply_integer(reply, "count", (int64_t)runs[i].count);
        tip_reply_text(reply, "reason", tip_hold_words(runs[i].reason));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    if (total > 0) {
        tip_program_warn(reply, "The hub holds back some changes; the reasons "
                                "are listed.");
    }
}

enum tip_err node_run_status(void *program, struct tip_request *request,
                             struct tip_reply *reply)
{
    struct node_program *node = program;
    struct tip_store *store = tip_store_lmdb_base(node->home.store);
    struct tip_store_usage usage = store->usage(store);
    struct node_status status;
    struct tip_txn *txn;
    enum tip_err trouble = tip_daemon_trouble(node->host.daemon);

    (void)request;
    node_engine_status(node->engine, &status);
    say_office(reply, node);
    say_session(reply, node, &status);
    say_feed(reply, node, &status);
    tip_program_say_disk(reply, &usage);
    if (node_engine_txn(node->engine, &txn) == TIP_OK) {
        tip_backup_say(reply, txn);
    }
    if (trouble != TIP_OK) {
        tip_program_warn(reply, "%s", tip_err_text(trouble));
    }
    if (node->shelf.schema.catalogue->version == 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "No catalogue has come from the hub yet: no record can "
                       "be saved before.");
    }
    if (node->home.is_dev) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The vault key lies beside the store (--dev).");
    }
    node_warn_erasing(reply, node);
    say_held(reply, node, status.held_count);
    return TIP_OK;
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
    tip_link_zmq_retry(node->link);
    return TIP_OK;
}

static void say_synced(struct tip_reply *reply, const struct sync_job *job,
                       const struct node_status *status)
{
    bool is_synced =
        status->session == TIP_NODE_LIVE && status->decided >= job->target;

    tip_reply_boolean(reply, "synced", is_synced);
    tip_reply_text(reply, "session", session_name(status->session));
    tip_reply_integer(reply, "waiting",
                      (int64_t)(status->saved - status->confirmed));
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
        if (status.rest_ms > 0) {
            say_rest(reply, status.rest_ms);
        } else if (status.session == TIP_NODE_STOPPED) {
            say_stopped(reply, status.trouble);
        } else if (status.session != TIP_NODE_LIVE) {
            tip_reply_note(reply, TIP_REPLY_INFO,
                           "The hub is being called; tipnode status says what "
                           "became of it, sync --wait waits for it.");
        }
        return TIP_OK;
    }
    if (status.trouble != TIP_OK) {
        return status.trouble;
    }
    if (node->clock.elapsed_ms(&node->clock) < job->until_ms) {
        return TIP_EAGAIN; /* Called again after every turn and tick. */
    }
    say_synced(reply, job, &status);
    tip_reply_explain(reply, "see tipnode status");
    return TIP_ETIMEOUT;
}
