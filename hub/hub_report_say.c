/*
 * `tiphub status`: whoever is woken at night reads the first line, then the
 * first warning.
 *
 * What is wrong with the hub is one table, the worst first: first what keeps it
 * from taking work in, then what it may give out that is wrong. Offices follow,
 * then what can wait until the morning.
 */
#include <inttypes.h>
#include <stdio.h>

#include "hub_report.h"
#include "tip_backup_command.h"
#include "tip_frame.h"
#include "tip_inspect.h"
#include "tip_program.h"
#include "tip_span.h"
#include "tip_words.h"

enum { SAYS_SIZE = 480, SAME_CLOCK_MS = 10 * 60 * 1000 };

#define SAY(...) ((void)snprintf(says, SAYS_SIZE, __VA_ARGS__), true)

static bool has_trouble(const struct hub_report *report, char *says)
{
    return report->trouble != TIP_OK && report->trouble != report->losing &&
           SAY("%s", tip_err_text(report->trouble));
}

/* It was copied since and goes on; else that it does not is said. */
static bool has_failed(const struct hub_report *report, char *says)
{
    return report->disk_failed && report->trouble != TIP_ESTORE_FAILED &&
           report->losing != TIP_ESTORE_FAILED &&
           SAY("The disk of the hub did not keep what was written. The store "
               "was copied and goes on, but change the disk soon; before that, "
               "run tiphub backup create, onto another disk.");
}

static bool is_rotten(const struct hub_report *report, char *says)
{
    return report->scrub.found > 0 &&
           SAY("Records of the hub cannot be read, and what it sent does not "
               "give them again: stop it, and restore the newest backup that "
               "verifies (tiphub backup restore). The offices hand back what "
               "came after it.");
}

static bool has_rot(const struct hub_report *report, char *says)
{
    const struct tip_survey_report *rest = &report->scrub.rest;
    char text[TIP_INSPECT_SENTENCE_SIZE];

    tip_inspect_say(rest->first[0].kind, rest->first[0].a, rest->first[0].b,
                    text);
    return rest->count > 0 &&
           SAY("The disk has altered what is stored here. %s Run tiphub backup "
               "create --with-damaged, onto another disk; then stop the hub, "
               "and restore the newest backup that is whole onto a sound disk "
               "(tiphub backup restore): the offices hand back what came after "
               "it.",
               text);
}

static bool has_no_link(const struct hub_report *report, char *says)
{
    return !report->link.is_running &&
           SAY("The link process is not running, so no office is heard: %s",
               tip_err_text(report->link.start_err));
}

static bool is_nearly_full(const struct hub_report *report, char *says)
{
    return tip_program_is_nearly_full(&report->disk) &&
           SAY("The store is nearly full: free disk space, or raise [store] "
               "size; once it is full, the hub takes nothing in.");
}

static bool is_put_back(const struct hub_report *report, char *says)
{
    return report->ahead > 0 && !report->recovery.is_open &&
           SAY("An office has more than this hub ever gave: if this folder was "
               "put back from a copy, run tiphub recovery begin.");
}

/* One office is wrong by itself; all by the same are not. */
static bool has_wrong_clock(const struct hub_report *report, char *says)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    size_t known = 0, off = 0;
    char span[TIP_SPAN_SIZE];

    for (size_t i = 0; i < report->views.count; i++) {
        const struct hub_view *view = &report->views.items[i];
        int64_t offset = view->device.clock_offset_ms;

        if (!view->has_said || !view->device.is_live) {
            continue;
        }
        known++;
        off += hub_verdict_has(&view->verdict, HUB_CLOCK);
        least = offset < least ? offset : least;
        most = offset > most ? offset : most;
    }
    if (off < 2 || off < known || most - least > SAME_CLOCK_MS) {
        return false;
    }
    tip_span_words(most < 0 ? -most : most, span);
    return SAY("The clocks of all offices are %s %s this one, so the hub's own "
               "is wrong: set its date and time, and none of theirs. Nothing "
               "is lost meanwhile.",
               span, most < 0 ? "behind" : "ahead of");
}

static bool is_recovering(const struct hub_report *report, char *says)
{
    const struct hub_recovery *recovery = &report->recovery;
    uint64_t left_ms = recovery->ends_ms > report->now_ms
                           ? recovery->ends_ms - report->now_ms
                           : 0;
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)left_ms, span);
    return recovery->is_open &&
           SAY("The hub was restored and takes back what it lost; offices "
               "not back: %zu. What comes is kept; it is merged when all are "
               "back, at the latest in %s, or after tiphub recovery finish.",
               recovery->missing, span);
}

static bool has_no_catalogue(const struct hub_report *report, char *says)
{
    return report->catalogue == 0 &&
           SAY("No catalogue is published yet: nobody can save a record. Next: "
               "tiphub catalogue check DIR --pack FILE, then tiphub catalogue "
               "publish FILE");
}

static bool has_wrong_figures(const struct hub_report *report, char *says)
{
    return report->figures != NULL && SAY("%s", report->figures);
}

static bool has_old_backup(const struct hub_report *report, char *says)
{
    uint64_t made_ms = report->backups.made.made_ms;
    uint64_t age_ms = report->now_ms > made_ms ? report->now_ms - made_ms : 0;
    char span[TIP_SPAN_SIZE];

    tip_span_words((int64_t)age_ms, span);
    return report->are_backups_known && made_ms != 0 &&
           age_ms > report->backup_limit_ms &&
           SAY("The newest backup of the hub is %s old: run tiphub backup "
               "create, onto another disk.",
               span);
}

/* One sentence for one thing: not of one that is only old. */
static bool has_unverified_backup(const struct hub_report *report, char *says)
{
    uint64_t verified_ms = report->backups.made.verified_ms;

    return report->are_backups_known &&
           verified_ms < report->backups.made.made_ms &&
           report->now_ms > verified_ms &&
           report->now_ms - verified_ms > report->verified_limit_ms &&
           SAY("Backups of the hub were made that nobody read back, as those "
               "that go to standard output: run tiphub backup create FILE, "
               "onto another disk.");
}

static bool keeps_erased(const struct hub_report *report, char *says)
{
    return report->before[0] != '\0' &&
           SAY(TIP_BACKUP_KEEPS_ERASED, report->before);
}

static bool has_no_backup(const struct hub_report *report, char *says)
{
    return report->are_backups_known && report->backups.made.made_ms == 0 &&
           SAY("There is no backup of the hub: run tiphub backup create, onto "
               "another disk.");
}

static bool has_mended(const struct hub_report *report, char *says)
{
    return report->scrub.made > 0 &&
           SAY("Records that could not be read were made again, with nothing "
               "lost. Next: look at the disk; run tiphub verify when the hub "
               "may be stopped.");
}

static bool has_recounted(const struct hub_report *report, char *says)
{
    return report->scrub.recounted > 0 &&
           SAY("What was kept of what %" PRIu64 " office%s hold%s could not be "
               "read, and was counted again from the records, with nothing "
               "lost. Next: look at the disk; run tiphub verify when the hub "
               "may be stopped.",
               report->scrub.recounted, report->scrub.recounted == 1 ? "" : "s",
               report->scrub.recounted == 1 ? "s" : "");
}

static bool calls_again(const struct hub_report *report, char *says)
{
    return report->scrub.recalled > 0 &&
           SAY("How far records were sent again to %" PRIu64 " office%s could "
               "not be read, so all is sent there again, with nothing lost. "
               "Next: look at the disk; run tiphub verify when the hub may be "
               "stopped.",
               report->scrub.recalled, report->scrub.recalled == 1 ? "" : "s");
}

static bool is_for_trying(const struct hub_report *report, char *says)
{
    return report->is_dev &&
           SAY("The vault key lies beside the store (--dev).");
}

static const struct rule {
    bool (*applies)(const struct hub_report *report, char says[SAYS_SIZE]);
    bool is_a_note;
} of_tonight[] = {{has_trouble, false},      {has_failed, false},
                  {is_rotten, false},        {has_rot, false},
                  {has_no_link, false},      {is_nearly_full, false},
                  {is_put_back, false},      {is_recovering, false},
                  {has_wrong_clock, false},  {has_no_catalogue, false},
                  {has_wrong_figures, false}},
  of_tomorrow[] = {{has_old_backup, false}, {has_unverified_backup, false},
                   {keeps_erased, false},   {has_no_backup, true},
                   {has_mended, true},      {has_recounted, true},
                   {calls_again, true},     {is_for_trying, true}};

#define COUNT_OF(rules_) (sizeof(rules_) / sizeof *(rules_))

static void warn_of(struct tip_reply *reply, const struct hub_report *report,
                    const struct rule *rules, size_t count)
{
    char says[SAYS_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (!rules[i].applies(report, says)) {
            continue;
        }
        if (rules[i].is_a_note) {
            tip_reply_note(reply, TIP_REPLY_INFO, "%s", says);
        } else {
            tip_program_warn(reply, "%s", says);
        }
    }
}

static size_t count_of(const struct hub_report *report,
                       const struct rule *rules, size_t count)
{
    char says[SAYS_SIZE];
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        found += !rules[i].is_a_note && rules[i].applies(report, says) ? 1 : 0;
    }
    return found;
}

/* Is somebody to get up, and for whom? */
static void say_verdict(struct tip_reply *reply,
                        const struct hub_report *report)
{
    size_t own = (report->losing != TIP_OK ? 1 : 0) +
                 count_of(report, of_tonight, COUNT_OF(of_tonight)) +
                 count_of(report, of_tomorrow, COUNT_OF(of_tomorrow));
    size_t offices = 0;
    char text[200];

    for (size_t i = 0; i < report->views.count; i++) {
        offices += report->views.items[i].verdict.is_degraded ? 1 : 0;
    }
    if (own == 0 && offices == 0) {
        (void)snprintf(text, sizeof text, "All is well.");
    } else if (offices == 0) {
        (void)snprintf(text, sizeof text, "The hub needs somebody: see below.");
    } else {
        (void)snprintf(text, sizeof text,
                       "The hub %s %zu of %zu offices need%s somebody; the "
                       "worst stands first below.",
                       own == 0 ? "is well;" : "needs somebody, and", offices,
                       report->views.count, offices == 1 ? "s" : "");
    }
    tip_reply_text(reply, "verdict", text);
}

static void say_program(struct tip_reply *reply,
                        const struct hub_report *report)
{
    tip_reply_boolean(reply, "recovering", report->recovery.is_open);
    tip_reply_integer(reply, "missing", (int64_t)report->recovery.missing);
    tip_program_say_disk(reply, &report->disk);
    if (report->are_backups_known) {
        tip_backup_say(reply, &report->backups);
    }
    tip_reply_time(reply, "clock", (int64_t)report->now_ms);
    tip_reply_integer(reply, "catalogue", report->catalogue);
    tip_reply_text(reply, "version", report->version);
    tip_reply_duration(reply, "up_ms", (int64_t)report->up_ms);
}

/* For whoever looks into a fault. */
static void say_inside(struct tip_reply *reply, const struct hub_report *report)
{
    const struct hub_scrub_report *scrub = &report->scrub;

    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_integer(reply, "generation",
                      tip_commit_generation(report->commit));
    tip_reply_integer(reply, "commits",
                      (int64_t)tip_commit_number(report->commit));
    tip_reply_integer(reply, "port", report->link.port);
    tip_reply_integer(reply, "link_starts", report->link.child_starts);
    tip_reply_integer(reply, "refused_calls", report->link.fault_count);
    if (scrub->done_ms == 0) {
        tip_reply_none(reply, "last_scrub");
    } else {
        tip_reply_time(reply, "last_scrub", (int64_t)scrub->done_ms);
    }
    tip_program_say_scrub(reply, scrub->next, scrub->end, &scrub->rest);
    tip_reply_integer(reply, "unreadable_records", (int64_t)scrub->found);
    tip_reply_integer(reply, "remade_records", (int64_t)scrub->made);
    tip_reply_integer(reply, "recounted_offices", (int64_t)scrub->recounted);
    tip_reply_integer(reply, "recalled_offices", (int64_t)scrub->recalled);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
}

/* What waits here, and why: the first of it. */
static void say_held(struct tip_reply *reply, const struct hub_report *report)
{
    tip_reply_list_begin(reply, "held_changes");
    for (size_t i = 0; i < report->held_count && tip_reply_has_room(reply);
         i++) {
        const struct hub_held *held = &report->held[i].held;

        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "office", report->held[i].office);
        tip_reply_text(reply, "name", report->held[i].name);
        tip_reply_integer(reply, "origin", held->origin);
        tip_reply_integer(reply, "seq", (int64_t)held->seq);
        tip_reply_text(reply, "reason", tip_hold_words(held->reason));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

void hub_report_say(struct tip_reply *reply, const struct hub_report *report)
{
    say_verdict(reply, report);
    hub_views_say(reply, &report->views);
    hub_warn_losing(reply, report->losing);
    warn_of(reply, report, of_tonight, COUNT_OF(of_tonight));
    say_program(reply, report);
    say_inside(reply, report);
    hub_views_warn(reply, &report->views);
    warn_of(reply, report, of_tomorrow, COUNT_OF(of_tomorrow));
    say_held(reply, report);
    tip_program_say_rot(reply, &report->scrub.rest);
}
