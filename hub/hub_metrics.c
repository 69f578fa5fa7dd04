/*
 * The figures are two tables: of the hub, of an office. To add one: a field of
 * struct hub_report or struct hub_view, a line below. Units are Prometheus's:
 * seconds and bytes.
 */
#include "hub_metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub_program.h"

enum { LINE_BYTES_MAX = 256, SLICE_BYTES = 16 * 1024 };

/* What a figure is made of. */
enum unit {
    UNIT_COUNT,   /* uint64_t. */
    UNIT_SECONDS, /* uint64_t, milliseconds. */
    UNIT_OFFSET,  /* int64_t, milliseconds. */
    UNIT_FLAG     /* bool. */
};

/* When it is known at all. */
enum known { ALWAYS, ENROLLED, SAID, IF_NOT_0 };

struct metric {
    const char *name, *help;
    enum unit unit;
    enum known known; /* Of the hub's: ALWAYS or IF_NOT_0. */
    size_t at;
};

#define OF_HUB(member_)    offsetof(struct hub_report, member_)
#define OF_OFFICE(member_) offsetof(struct hub_view, member_)

static const struct metric of_hub[] = {
    {"tip_hub_up_seconds", "How long the daemon runs.", UNIT_SECONDS, ALWAYS,
     OF_HUB(up_ms)},
    {"tip_hub_recovering", "It was restored and takes back what it lost.",
     UNIT_FLAG, ALWAYS, OF_HUB(recovery.is_open)},
    {"tip_hub_conflicts_open", "Records that wait for a person.", UNIT_COUNT,
     ALWAYS, OF_HUB(views.conflicts.count)},
    {"tip_hub_conflict_oldest_seconds", "How long the oldest of them waits.",
     UNIT_SECONDS, ALWAYS, OF_HUB(views.conflicts.oldest_ms)},
    {"tip_store_size_bytes", "Used of the store.", UNIT_COUNT, ALWAYS,
     OF_HUB(disk.used_bytes)},
    {"tip_store_map_limit_bytes", "Size of the store.", UNIT_COUNT, ALWAYS,
     OF_HUB(disk.limit_bytes)},
    {"tip_backup_last_success_timestamp_seconds", "Newest backup.",
     UNIT_SECONDS, IF_NOT_0, OF_HUB(backups.made.made_ms)},
    {"tip_backup_last_verified_timestamp_seconds",
     "Newest backup that was read back.", UNIT_SECONDS, IF_NOT_0,
     OF_HUB(backups.made.verified_ms)},
    {"tip_scrub_last_timestamp_seconds", "When all of the store was last read.",
     UNIT_SECONDS, IF_NOT_0, OF_HUB(scrub.done_ms)},
};

static const struct metric of_office[] = {
    {"tip_hub_node_connected", "It has a line now.", UNIT_FLAG, ALWAYS,
     OF_OFFICE(device.is_live)},
    {"tip_hub_node_degraded", "Somebody is to look at it.", UNIT_FLAG, ALWAYS,
     OF_OFFICE(verdict.is_degraded)},
    {"tip_hub_node_last_seen_timestamp_seconds", "When it was last heard.",
     UNIT_SECONDS, IF_NOT_0, OF_OFFICE(device.last_heard_ms)},
    {"tip_hub_node_last_useful_timestamp_seconds",
     "When something moved, or nothing had to.", UNIT_SECONDS, IF_NOT_0,
     OF_OFFICE(device.useful_ms)},
    {"tip_hub_node_waiting_entries", "Changes not here, as it said last.",
     UNIT_COUNT, SAID, OF_OFFICE(device.waiting_count)},
    {"tip_hub_node_waiting_bytes", "…as they will travel.", UNIT_COUNT, SAID,
     OF_OFFICE(waiting_bytes)},
    {"tip_hub_node_waiting_oldest_seconds", "Age of the oldest of them.",
     UNIT_SECONDS, SAID, OF_OFFICE(oldest_ms)},
    {"tip_hub_node_saved_sequence", "Its newest change-set.", UNIT_COUNT, SAID,
     OF_OFFICE(head_there)},
    {"tip_hub_node_received_sequence", "Its newest change-set that is here.",
     UNIT_COUNT, ENROLLED, OF_OFFICE(received)},
    {"tip_hub_node_lag_entries", "Commits it has not confirmed.", UNIT_COUNT,
     SAID, OF_OFFICE(lag)},
    {"tip_hub_node_quarantined_entries", "Changes that wait for a person.",
     UNIT_COUNT, ENROLLED, OF_OFFICE(quarantined)},
    {"tip_hub_node_parked_entries", "Changes that go on by themselves.",
     UNIT_COUNT, ENROLLED, OF_OFFICE(parked)},
    {"tip_hub_node_conflicts_open", "Records it holds that wait for a person.",
     UNIT_COUNT, ENROLLED, OF_OFFICE(conflicts.count)},
    {"tip_hub_node_conflict_oldest_seconds",
     "How long the oldest of them "
     "waits.",
     UNIT_SECONDS, ENROLLED, OF_OFFICE(conflicts.oldest_ms)},
    {"tip_hub_node_differs_since_timestamp_seconds",
     "Since when it does not hold what the hub holds for it.", UNIT_SECONDS,
     IF_NOT_0, OF_OFFICE(device.differs_since_ms)},
    {"tip_hub_node_rtt_seconds", "Round trip of its line.", UNIT_SECONDS,
     IF_NOT_0, OF_OFFICE(device.round_trip_ms)},
    {"tip_hub_node_day_up_bytes", "From it in 24 hours.", UNIT_COUNT, ENROLLED,
     OF_OFFICE(day_up_bytes)},
    {"tip_hub_node_day_down_bytes", "To it in 24 hours.", UNIT_COUNT, ENROLLED,
     OF_OFFICE(day_down_bytes)},
    {"tip_hub_node_clock_offset_seconds", "Its clock before the hub's.",
     UNIT_OFFSET, SAID, OF_OFFICE(device.clock_offset_ms)},
    {"tip_hub_node_store_size_bytes", "Used of its store.", UNIT_COUNT, SAID,
     OF_OFFICE(device.health.disk_used_bytes)},
    {"tip_hub_node_store_limit_bytes", "What saves there may fill.", UNIT_COUNT,
     SAID, OF_OFFICE(device.health.disk_limit_bytes)},
    {"tip_hub_node_rotten", "What the reading of its store found.", UNIT_COUNT,
     SAID, OF_OFFICE(device.health.rot.count)},
    {"tip_hub_node_backup_last_success_timestamp_seconds", "Its newest backup.",
     UNIT_SECONDS, IF_NOT_0, OF_OFFICE(device.health.backup_ms)},
    {"tip_hub_node_backup_last_verified_timestamp_seconds",
     "Its newest backup that was read back.", UNIT_SECONDS, IF_NOT_0,
     OF_OFFICE(device.health.verified_ms)},
    {"tip_hub_node_scrub_last_timestamp_seconds",
     "When all of its store was last read.", UNIT_SECONDS, IF_NOT_0,
     OF_OFFICE(device.health.scrub_ms)},
    {"tip_hub_node_power_cuts_day", "Starts in a day without a stop in order.",
     UNIT_COUNT, SAID, OF_OFFICE(cuts_day)},
    {"tip_hub_node_restores", "How often its store was put back.", UNIT_COUNT,
     SAID, OF_OFFICE(restores)},
};

#define COUNT_OF(table_) (sizeof(table_) / sizeof *(table_))

static void put_line(struct tip_buf *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put_line(struct tip_buf *out, const char *format, ...)
{
    char line[LINE_BYTES_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    tip_buf_put(out, tip_bytes_text(line));
}

static void put_head(struct tip_buf *out, const char *name, const char *help)
{
    put_line(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static uint64_t number_at(const void *at, enum unit unit)
{
    uint64_t number;
    bool flag;

    if (unit == UNIT_FLAG) {
        memcpy(&flag, at, sizeof flag);
        return flag ? 1 : 0;
    }
    memcpy(&number, at, sizeof number);
    return number;
}

/* A figure, told apart by @label. */
static void put_value(struct tip_buf *out, const struct metric *metric,
                      const char *label, uint64_t number)
{
    bool is_below = metric->unit == UNIT_OFFSET && (int64_t)number < 0;
    uint64_t size = is_below ? 0 - number : number;

    if (metric->unit == UNIT_COUNT || metric->unit == UNIT_FLAG) {
        put_line(out, "%s%s %" PRIu64 "\n", metric->name, label, number);
    } else {
        put_line(out, "%s%s %s%" PRIu64 ".%03" PRIu64 "\n", metric->name, label,
                 is_below ? "-" : "", size / 1000, size % 1000);
    }
}

static bool is_known(const struct metric *metric, const struct hub_view *view,
                     uint64_t number)
{
    switch (metric->known) {
    case ALWAYS:
        return true;
    case ENROLLED:
        return view->has_device;
    case SAID:
        return view->has_said;
    case IF_NOT_0:
        break;
    }
    return number != 0;
}

static void put_of_hub(struct tip_buf *out, const struct hub_report *report)
{
    for (size_t i = 0; i < COUNT_OF(of_hub); i++) {
        const struct metric *metric = &of_hub[i];
        uint64_t number =
            number_at((const char *)report + metric->at, metric->unit);

        if (metric->known == ALWAYS || number != 0) {
            put_head(out, metric->name, metric->help);
            put_value(out, metric, "", number);
        }
    }
}

static void put_of_offices(struct tip_buf *out, const struct metric *metric,
                           const struct hub_views *views)
{
    char label[32];

    put_head(out, metric->name, metric->help);
    for (size_t i = 0; i < views->count; i++) {
        const struct hub_view *view = &views->items[i];
        uint64_t number =
            number_at((const char *)view + metric->at, metric->unit);

        if (is_known(metric, view, number)) {
            (void)snprintf(label, sizeof label, "{office=\"%" PRIu64 "\"}",
                           view->office);
            put_value(out, metric, label, number);
        }
    }
}

static void put_fresh(struct tip_buf *out, const struct hub_views *views)
{
    static const char name[] = "tip_hub_node_up_to_date";

    put_head(out, name, "It was heard of late, and nothing waits.");
    for (size_t i = 0; i < views->count; i++) {
        put_line(out, "%s{office=\"%" PRIu64 "\"} %d\n", name,
                 views->items[i].office,
                 hub_view_is_fresh(&views->items[i], views->fresh_ms) ? 1 : 0);
    }
}

/* A commit is a pair, and a monitor reads no 64 bits. */
static void put_commit(struct tip_buf *out, uint64_t commit)
{
    put_head(out, "tip_hub_generation", "Rises with each restore of the hub.");
    put_line(out, "tip_hub_generation %" PRIu32 "\n",
             tip_commit_generation(commit));
    put_head(out, "tip_hub_commits", "Number of the newest commit.");
    put_line(out, "tip_hub_commits %" PRIu64 "\n", tip_commit_number(commit));
}

/* What is wrong with each, in the words of `nodes`. */
static void put_ails(struct tip_buf *out, const struct hub_views *views)
{
    static const char name[] = "tip_hub_node_ail";
    enum hub_ail ail;

    put_head(out, name, "What is wrong with it.");
    for (size_t place = 0; (ail = hub_health_at(place)) != HUB_FINE; place++) {
        for (size_t i = 0; i < views->count; i++) {
            if (hub_verdict_has(&views->items[i].verdict, ail)) {
                put_line(out, "%s{office=\"%" PRIu64 "\",ail=\"%s\"} 1\n", name,
                         views->items[i].office, hub_health_word(ail));
            }
        }
    }
}

void hub_metrics_put(struct tip_buf *out, const struct hub_report *report)
{
    put_head(out, "tip_build_info", "Which program and catalogue it is.");
    put_line(out,
             "tip_build_info{version=\"%s\",catalogue=\"%" PRIu32 "\"} 1\n",
             report->version, report->catalogue);
    put_commit(out, report->commit);
    put_of_hub(out, report);
    for (size_t i = 0; i < COUNT_OF(of_office); i++) {
        put_of_offices(out, &of_office[i], &report->views);
    }
    put_fresh(out, &report->views);
    put_ails(out, &report->views);
}

/* The text on its way out. */
struct job {
    struct hub_report report;
    struct tip_bytes left;
    uint8_t memory[HUB_METRICS_BYTES_MAX];
};

static enum tip_err make(struct hub_program *hub, struct job *job)
{
    struct tip_buf out;
    enum tip_err err = hub_report_collect(hub, &job->report);

    tip_buf_init(&out, job->memory, sizeof job->memory);
    if (err == TIP_OK) {
        hub_metrics_put(&out, &job->report);
        err = tip_buf_finish(&out, &job->left);
    }
    return err;
}

enum tip_err hub_run_metrics(void *program, struct tip_request *request,
                             struct tip_reply *reply)
{
    bool is_first = request->job == NULL;
    struct job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err = job == NULL ? TIP_ENOMEM : TIP_OK;

    if (err == TIP_OK && is_first) {
        err = make(program, job);
    }
    while (err == TIP_OK && job->left.size > 0) {
        size_t size =
            job->left.size < SLICE_BYTES ? job->left.size : SLICE_BYTES;

        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        tip_reply_data(reply, tip_bytes(job->left.data, size));
        job->left = tip_bytes(job->left.data + size, job->left.size - size);
    }
    return err;
}
