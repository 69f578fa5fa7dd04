#include "node_health.h"

#include <inttypes.h>
#include <stdio.h>

#include "tip_inspect.h"
#include "tip_program.h"
#include "tip_span.h"

#define DAY_MS (UINT64_C(24) * 60 * 60 * 1000)

enum {
    BACKUP_DAYS_MAX = 7, /* As the hub judges them by default… */
    VERIFIED_DAYS_MAX = 30,
    CONFLICT_DAYS_MAX = 5,
    CLOCK_MS_MAX = 10 * 60 * 1000
};

/* Does it apply? Then the sentence is written. */
typedef bool rule_fn(const struct node_view *view, char says[NODE_SAYS_SIZE]);

#define SAY(...) ((void)snprintf(says, NODE_SAYS_SIZE, __VA_ARGS__), true)

static const char *s_of(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static bool is_told(const struct node_view *view, enum tip_trouble trouble)
{
    return (view->troubles & tip_trouble_bit(trouble)) != 0;
}

static bool cannot_save(const struct node_view *view, char *says)
{
    return view->trouble != TIP_OK && SAY("%s", tip_err_text(view->trouble));
}

static bool is_copied(const struct node_view *view, char *says)
{
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)view->status.again_ms, span);
    return view->status.trouble == TIP_ECLONE && !view->status.is_recovering &&
           SAY("%s This machine writes under feed %" PRIu32 ". It asks there "
               "again in %s; as soon as they have chosen: tipnode sync",
               tip_err_text(TIP_ECLONE), view->status.feed, span);
}

static bool has_stray(const struct node_view *view, char *says)
{
    return view->status.has_stray && view->status.trouble == TIP_OK &&
           SAY("A copy of this disk that was not chosen still runs on another "
               "machine: once Nouakchott has all its work, switch that one "
               "off. This machine, which writes under feed %" PRIu32
               ", goes on.",
               view->status.feed);
}

static bool has_no_catalogue(const struct node_view *view, char *says)
{
    return view->catalogue == 0 &&
           SAY("No catalogue has come from Nouakchott yet: no record can be "
               "saved before. Connect this machine, or bring a bundle and run "
               "tipnode bundle import.");
}

static bool is_nearly_full(const struct node_view *view, char *says)
{
    return view->trouble != TIP_ESTORE_FULL &&
           tip_program_is_nearly_full(&view->disk) &&
           SAY("The store is nearly full: free disk space, or raise [store] "
               "size; once it is full, nothing more can be saved.");
}

static bool is_recovering(const struct node_view *view, char *says)
{
    return view->status.is_recovering &&
           SAY("This disk was restored from a backup: what it had sent since "
               "comes back, %" PRIu64 " of %" PRIu64 " changes; go on working.",
               view->status.recalled, view->status.recalled_to);
}

static bool is_cut_from_restored(const struct node_view *view, char *says)
{
    return view->status.hub_is_restored &&
           SAY("Nouakchott was put back from a backup, as its newest stick "
               "says: connect this machine once, from anywhere (the line of a "
               "telephone will do), then ask for a new stick. Until then no "
               "stick brings anything here, and what goes there on one is kept "
               "and not merged.");
}

bool node_health_stopped(const struct node_status *status,
                         char says[NODE_SAYS_SIZE])
{
    char span[TIP_SPAN_SIZE];

    if (status->trouble == TIP_OK || status->is_recovering) {
        return false;
    }
    tip_span_words((int64_t)status->again_ms, span);
    if (status->destroyed.count > 0) {
        return node_health_destroyed(&status->destroyed, says);
    }
    if (status->trouble == TIP_ESTORE_FULL) {
        return SAY("The store has no room for what Nouakchott sends: raise "
                   "[store] size, or free disk space. What was saved here is "
                   "kept; it tries again %s%s, or with tipnode sync.",
                   status->again_ms == 0 ? "by itself" : "in ",
                   status->again_ms == 0 ? "" : span);
    }
    return status->again_ms == 0
               ? SAY("The session has stopped: %s",
                     tip_err_text(status->trouble))
               : SAY("The session has stopped: %s Nouakchott is asked again in "
                     "%s; to ask now: tipnode sync",
                     tip_err_text(status->trouble), span);
}

static bool has_stopped(const struct node_view *view, char *says)
{
    return view->status.trouble != TIP_ECLONE &&
           node_health_stopped(&view->status, says);
}

static bool is_held(const struct node_view *view, char *says)
{
    uint64_t parked = 0, total = view->status.held_count;

    for (size_t i = 0; i < view->held_count; i++) {
        parked +=
            tip_hold_is_parked(view->held[i].reason) ? view->held[i].count : 0;
    }
    if (total == 0) {
        return false;
    }
    return parked >= total
               ? SAY("Nouakchott holds back %" PRIu64
                     " change%s of this office "
                     "until something else is done there; go on working. Why: "
                     "tipnode held list",
                     total, s_of(total))
               : SAY("Nouakchott holds back %" PRIu64
                     " change%s of this office "
                     "until somebody there decides: read why with tipnode held "
                     "list, then phone them.",
                     total, s_of(total));
}

/* Somebody is to decide; for a while that is ordinary work. */
static bool say_conflicts(const struct node_view *view, char *says)
{
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)view->conflicts.oldest_ms, span);
    return SAY("%s%" PRIu64 " record%s %s for a decision, the oldest for %s: "
               "see tipnode conflicts list, then conflicts show.",
               view->conflicts.are_more ? "At least " : "",
               view->conflicts.count, s_of(view->conflicts.count),
               view->conflicts.count == 1 ? "waits" : "wait", span);
}

static bool is_contested_long(const struct node_view *view, char *says)
{
    return view->conflicts.count > 0 &&
           view->conflicts.oldest_ms > CONFLICT_DAYS_MAX * DAY_MS &&
           say_conflicts(view, says);
}

static bool is_contested(const struct node_view *view, char *says)
{
    return view->conflicts.count > 0 &&
           view->conflicts.oldest_ms <= CONFLICT_DAYS_MAX * DAY_MS &&
           say_conflicts(view, says);
}

static bool is_hindered(const struct node_view *view, char *says)
{
    return view->status.hindrance != TIP_OK && view->waiting > 0 &&
           SAY("%s", tip_err_text(view->status.hindrance));
}

static bool is_shut_out(const struct node_view *view, char *says)
{
    return view->status.session == TIP_NODE_DOWN &&
           node_view_cause(view) == TIP_LINK_CAUSE_NOT_ADMITTED &&
           SAY("Nouakchott does not admit this device: ask there whether it "
               "was retired or revoked. What is saved stays on this machine.");
}

static bool waits_too_long(const struct node_view *view, char *says)
{
    return view->waiting > 0 && view->waiting_ms > view->waiting_limit_ms &&
           SAY("Work waits too long for Nouakchott: check the line, or carry "
               "it on a stick with tipnode bundle export.");
}

bool node_health_rests(const struct node_status *status,
                       char says[NODE_SAYS_SIZE])
{
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)status->rest_ms, span);
    return status->rest_ms > 0 &&
           SAY("What may go over the line in a day is used; it goes on in %s. "
               "To go on now: tipnode sync --now",
               span);
}

static bool is_resting(const struct node_view *view, char *says)
{
    return node_health_rests(&view->status, says);
}

static bool has_no_link(const struct node_view *view, char *says)
{
    return !view->link.is_running && SAY("The link process is not running: %s",
                                         tip_err_text(view->link.start_err));
}

static bool has_wrong_clock(const struct node_view *view, char *says)
{
    int64_t offset = view->status.clock_offset_ms;
    uint64_t size = offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)size, span);
    return size > CLOCK_MS_MAX + view->status.round_trip_ms &&
           SAY("The clock of this machine is %s %s that of Nouakchott: look at "
               "another, and set date and time if this one is wrong. Nothing "
               "is lost meanwhile.",
               span, offset < 0 ? "behind" : "ahead of");
}

static bool differs(const struct node_view *view, char *says)
{
    return view->status.agreement == TIP_AGREEMENT_DIFFERS &&
           SAY("What this office holds is not what the hub holds for it. It is "
               "sent again as soon as there is a link; if this stays, run "
               "tipnode verify, and tell the secretariat what it says.");
}

/* It was copied since and goes on; else that it does not is said first. */
static bool has_failed(const struct node_view *view, char *says)
{
    return is_told(view, TIP_TROUBLE_DISK) &&
           view->trouble != TIP_ESTORE_FAILED &&
           SAY("This machine's disk did not keep what was written. The store "
               "was copied and goes on, but change the disk soon; before that, "
               "run tipnode backup create, onto another disk or a stick.");
}

static bool has_lost(const struct node_view *view, char *says)
{
    return is_told(view, TIP_TROUBLE_LOST) &&
           SAY("Records were gone or could not be read. The hub sends them "
               "again; but look at this machine's disk, and move to another "
               "one if it happens again.");
}

static bool has_remade(const struct node_view *view, char *says)
{
    return node_health_remade(&view->status, says);
}

static bool is_rotten(const struct node_view *view, char *says)
{
    const struct tip_survey_report *rest = &view->status.scrub_rest;
    char text[TIP_INSPECT_SENTENCE_SIZE];

    tip_inspect_say(rest->first[0].kind, rest->first[0].a, rest->first[0].b,
                    text);
    return is_told(view, TIP_TROUBLE_ROTTEN) &&
           SAY("This machine's disk has altered what is stored. %s What "
               "Nouakchott still has of it comes again while there is a line. "
               "If this stays: once nothing waits, stop tipnode, restore the "
               "newest backup that "
               "verifies onto a sound disk (tipnode backup restore), and "
               "start: the hub hands back what came after it.",
               text);
}

static bool cannot_erase(const struct node_view *view, char *says)
{
    return is_told(view, TIP_TROUBLE_ERASURE) &&
           SAY("This office has not finished erasing; it tries again each "
               "minute: %s",
               tip_err_text(view->erase_trouble));
}

static bool keeps_erased(const struct node_view *view, char *says)
{
    return view->before[0] != '\0' &&
           SAY(TIP_BACKUP_KEEPS_ERASED, view->before);
}

static bool has_old_backup(const struct node_view *view, char *says)
{
    uint64_t made_ms = view->backups.made.made_ms;
    uint64_t age_ms = view->now_ms > made_ms ? view->now_ms - made_ms : 0;
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)age_ms, span);
    return made_ms != 0 && age_ms > BACKUP_DAYS_MAX * DAY_MS &&
           SAY("The newest backup is %s old: run tipnode backup create, onto "
               "another disk or a stick.",
               span);
}

/* One sentence for one thing: not of one that is only old. */
static bool has_unverified_backup(const struct node_view *view, char *says)
{
    uint64_t verified_ms = view->backups.made.verified_ms;

    return verified_ms < view->backups.made.made_ms &&
           view->now_ms > verified_ms &&
           view->now_ms - verified_ms > VERIFIED_DAYS_MAX * DAY_MS &&
           SAY("Backups of this office were made that nobody read back, as "
               "those that go to standard output: run tipnode backup create "
               "FILE, onto another disk or a stick.");
}

static bool has_no_backup(const struct node_view *view, char *says)
{
    return view->backups.made.made_ms == 0 && view->status.saved > 0 &&
           SAY("There is no backup of this office: run tipnode backup create, "
               "onto another disk or a stick.");
}

static bool is_for_trying(const struct node_view *view, char *says)
{
    return view->is_dev && SAY("The vault key lies beside the store (--dev).");
}

static const struct rule {
    rule_fn *applies;
    bool is_a_note;
} rules[] = {
    /* Nothing can be saved, or should be. */
    {cannot_save, false},
    {is_copied, false},
    {has_no_catalogue, false},
    {is_nearly_full, false},
    /* People decide. */
    {is_held, false},
    {is_contested_long, false},
    {is_contested, true},
    /* Work does not move. */
    {is_hindered, false},
    {has_stopped, false},
    {is_shut_out, false},
    {waits_too_long, false},
    {is_resting, false},
    {is_recovering, false},
    {is_cut_from_restored, false},
    /* For an administrator. */
    {has_stray, false},
    {has_wrong_clock, false},
    {has_no_link, false},
    {has_failed, false},
    {has_lost, false},
    {is_rotten, false},
    {differs, false},
    {cannot_erase, false},
    {keeps_erased, false},
    {has_old_backup, false},
    {has_unverified_backup, false},
    {has_no_backup, true},
    {has_remade, true},
    {is_for_trying, true},
};

bool node_health_next(const struct node_view *view, size_t *position,
                      struct node_ail *out_ail)
{
    while (*position < sizeof rules / sizeof *rules) {
        const struct rule *rule = &rules[(*position)++];

        if (rule->applies(view, out_ail->says)) {
            out_ail->is_a_note = rule->is_a_note;
            return true;
        }
    }
    return false;
}
