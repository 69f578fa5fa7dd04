/*
 * `tipnode status`: what an officer needs stands first and in words; all else
 * is for scripts, and for whoever asks with --plain.
 */
#include <inttypes.h>
#include <stdio.h>

#include "node_health.h"
#include "node_view.h"
#include "tip_backup_command.h"
#include "tip_program.h"
#include "tip_span.h"
#include "tip_words.h"

enum { HELD_SHOWN_MAX = 64 };

const char *node_view_session(const struct node_status *status)
{
    switch (status->rest_ms > 0 ? TIP_NODE_DOWN : status->session) {
    case TIP_NODE_DOWN:
        return status->rest_ms > 0    ? "resting"
               : status->again_ms > 0 ? "stopped"
                                      : "offline";
    case TIP_NODE_GREETING:
        return "greeting";
    case TIP_NODE_LIVE:
        return "connected";
    case TIP_NODE_STOPPED:
        return "stopped";
    }
    return "offline";
}

static void say_time(struct tip_reply *reply, const char *key, uint64_t unix_ms)
{
    if (unix_ms == 0) {
        tip_reply_none(reply, key);
    } else {
        tip_reply_time(reply, key, (int64_t)unix_ms);
    }
}

/* Where this office's work is, in one sentence. */
static void say_summary(struct tip_reply *reply, const struct node_view *view)
{
    const struct node_status *status = &view->status;
    uint64_t undecided = status->confirmed > status->decided
                             ? status->confirmed - status->decided
                             : 0;
    char text[200], span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)view->waiting_ms, span);
    if (status->saved == 0) {
        (void)snprintf(text, sizeof text, "Nothing was written here yet.");
    } else if (view->waiting > 0) {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " of %" PRIu64
                       " changes wait here for Nouakchott, the oldest for %s.",
                       view->waiting, status->saved, span);
    } else if (undecided > 0) {
        (void)snprintf(text, sizeof text,
                       "All %" PRIu64 " changes are in Nouakchott; the newest "
                       "%" PRIu64 " are not yet known to be merged.",
                       status->saved, undecided);
    } else if (status->held_count > 0) {
        (void)snprintf(text, sizeof text,
                       "All %" PRIu64 " changes are in Nouakchott; %" PRIu64
                       " of them are held back there.",
                       status->saved, status->held_count);
    } else {
        (void)snprintf(text, sizeof text,
                       "All %" PRIu64 " changes are in Nouakchott and merged.",
                       status->saved);
    }
    tip_reply_text(reply, "summary", text);
}

enum tip_link_cause node_view_cause(const struct node_view *view)
{
    return view->link.fault != TIP_LINK_CAUSE_NONE ? view->link.fault
                                                   : view->hub.cause;
}

/* Why there is no connection, and when the hub is called next. */
static void say_away(struct tip_reply *reply, const struct node_view *view)
{
    const struct tip_link_zmq_status *link = &view->link;
    enum tip_link_cause cause = node_view_cause(view);

    tip_reply_text(reply, "reason", tip_cause_words(cause));
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_text(reply, "reason_code", tip_cause_code(cause));
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    if (view->elapsed_ms < link->call_ms) {
        tip_reply_duration(reply, "next_try_ms",
                           (int64_t)(link->call_ms - view->elapsed_ms));
    } else if (link->is_running) {
        tip_reply_duration(reply, "calling_ms",
                           (int64_t)(view->elapsed_ms - link->call_ms));
    }
}

/* What it carried in a day, and how often it was there. */
static void say_day(struct tip_reply *reply, const struct node_view *view)
{
    struct tip_hour day = tip_hours_sum(&view->hours);
    char strip[TIP_HOURS_STRIP_SIZE];

    tip_hours_strip(&view->hours, strip);
    tip_reply_text(reply, "reach", strip);
    tip_reply_size(reply, "day_up_bytes", (int64_t)day.up_bytes);
    tip_reply_size(reply, "day_down_bytes", (int64_t)day.down_bytes);
}

static void say_line(struct tip_reply *reply, const struct node_view *view)
{
    const struct node_status *status = &view->status;

    tip_reply_text(reply, "session", node_view_session(status));
    if (!view->hub.is_up && !status->is_recovering && status->rest_ms == 0 &&
        status->trouble == TIP_OK) {
        say_away(reply, view);
    } else if (status->again_ms > 0) {
        tip_reply_duration(reply, "next_try_ms", (int64_t)status->again_ms);
    }
    say_day(reply, view);
}

static void say_work(struct tip_reply *reply, const struct node_view *view)
{
    tip_reply_integer(reply, "waiting", (int64_t)view->waiting);
    if (view->waiting == 0) {
        tip_reply_none(reply, "oldest_waiting_ms");
    } else {
        tip_reply_duration(reply, "oldest_waiting_ms",
                           (int64_t)view->waiting_ms);
    }
    say_time(reply, "last_delivered", view->status.delivered_ms);
    tip_reply_integer(reply, "records", (int64_t)view->status.records);
    tip_reply_integer(reply, "held", (int64_t)view->status.held_count);
    tip_reply_integer(reply, "conflicts", (int64_t)view->conflicts.count);
    if (view->conflicts.count == 0) {
        tip_reply_none(reply, "oldest_conflict_ms");
    } else {
        tip_reply_duration(reply, "oldest_conflict_ms",
                           (int64_t)view->conflicts.oldest_ms);
    }
}

static void say_machine(struct tip_reply *reply, const struct node_view *view)
{
    tip_program_say_disk(reply, &view->disk);
    tip_backup_say(reply, &view->backups);
    tip_reply_time(reply, "clock", (int64_t)view->now_ms);
    tip_reply_integer(reply, "catalogue", view->catalogue);
    tip_reply_text(reply, "version", view->version);
    tip_reply_duration(reply, "up_ms", (int64_t)view->up_ms);
}

static void say_feed(struct tip_reply *reply, const struct node_status *status)
{
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
    tip_reply_integer(reply, "checkpoint",
                      (int64_t)tip_commit_number(status->checkpoint));
    tip_reply_integer(reply, "generation", status->generation);
}

static void say_starts(struct tip_reply *reply, const struct node_view *view)
{
    tip_reply_integer(reply, "starts_day", view->starts_day);
    tip_reply_integer(reply, "power_cuts_day", view->cuts_day);
}

/* Does this office hold what the hub says, and what is done about it? */
static void say_agreement(struct tip_reply *reply,
                          const struct node_status *status)
{
    tip_reply_text(reply, "digest", tip_agreement_word(status->agreement));
    say_time(reply, "differs_since", status->differs_since_ms);
    tip_reply_integer(reply, "lost_records", (int64_t)status->lost_count);
    say_time(reply, "last_scrub", status->scrubbed_ms);
    tip_program_say_scrub(reply, status->scrub_next, status->scrub_end,
                          &status->scrub_rest);
    tip_reply_integer(reply, "faulty_scrubs", (int64_t)status->scrub_found);
    if (status->is_sent_again) {
        tip_reply_integer(reply, "sent_again", (int64_t)status->again_came);
        tip_reply_integer(reply, "to_be_sent_again",
                          (int64_t)status->again_count);
    } else {
        tip_reply_none(reply, "sent_again");
        tip_reply_none(reply, "to_be_sent_again");
    }
}

static void say_traffic(struct tip_reply *reply, const struct node_view *view)
{
    const struct node_status *status = &view->status;

    if (status->session == TIP_NODE_LIVE) {
        tip_reply_duration(reply, "round_trip_ms",
                           (int64_t)status->round_trip_ms);
    }
    tip_reply_duration(reply, "clock_offset_ms", status->clock_offset_ms);
    tip_reply_integer(reply, "sent_bytes", (int64_t)view->hub.sent_bytes);
    tip_reply_integer(reply, "resent_bytes", (int64_t)status->resent_bytes);
    tip_reply_integer(reply, "goodput_bps", (int64_t)status->goodput_bps);
    if (status->budget_bytes > 0) {
        tip_reply_size(reply, "budget_bytes", (int64_t)status->budget_bytes);
        tip_reply_size(reply, "spent_bytes", (int64_t)status->spent_bytes);
    }
    tip_reply_duration(reply, "heartbeat_ms", view->heartbeat_ms);
    tip_reply_integer(reply, "bad_messages", (int64_t)status->bad_messages);
    tip_reply_integer(reply, "link_starts", view->link.child_starts);
}

static void say_held(struct tip_reply *reply, const struct node_view *view)
{
    tip_reply_list_begin(reply, "held_changes");
    for (size_t i = 0; i < view->held_count && i < HELD_SHOWN_MAX &&
                       tip_reply_has_room(reply);
         i++) {
        const struct tip_held_run *run = &view->held[i];

        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "seq", (int64_t)run->first);
        tip_reply_integer(reply, "count", (int64_t)run->count);
        tip_reply_text(reply, "reason", tip_hold_words(run->reason));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

static void say_ails(struct tip_reply *reply, const struct node_view *view)
{
    struct node_ail ail;
    size_t position = 0;

    while (node_health_next(view, &position, &ail)) {
        if (ail.is_a_note) {
            tip_reply_note(reply, TIP_REPLY_INFO, "%s", ail.says);
        } else {
            tip_program_warn(reply, "%s", ail.says);
        }
    }
}

void node_view_say(struct tip_reply *reply, const struct node_view *view)
{
    tip_reply_text(reply, "name", view->name);
    tip_reply_integer(reply, "office", view->office);
    say_summary(reply, view);
    say_line(reply, view);
    say_work(reply, view);
    say_machine(reply, view);
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_integer(reply, "origin", view->origin);
    say_feed(reply, &view->status);
    say_agreement(reply, &view->status);
    say_starts(reply, view);
    say_traffic(reply, view);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    say_ails(reply, view);
    say_held(reply, view);
    tip_program_say_rot(reply, &view->status.scrub_rest);
}
