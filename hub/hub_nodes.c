/*
 * How every office is, on one screen; all of one office on another.
 *
 * The columns are one table. To add one: a field of struct hub_view, a line
 * below; people see it if it is not a detail, scripts always do.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub_past.h"
#include "hub_program.h"
#include "hub_view.h"

const struct tip_cli_option hub_nodes_options[1] = {TIP_CLI_WATCH_OPTION};

const struct tip_cli_argument hub_nodes_arguments[1] = {
    {.name = "OFFICE",
     .count = TIP_CLI_OPTIONAL,
     .spec = {.type = TIP_SPEC_INTEGER,
              .min = HUB_OFFICE + 1,
              .max = UINT32_MAX},
     .help = "The number of one office."}};

const struct tip_cli_example hub_nodes_examples[2] = {
    {"nodes --watch 5s", "Watch the offices."},
    {"nodes 8", "All that is known of office 8."}};

/* What a column is made of. */
enum cell {
    CELL_NUMBER, /* uint64_t, as those below. */
    CELL_TIME,   /* 0: none. */
    CELL_SPAN,
    CELL_BYTES,
    CELL_OFFSET, /* int64_t, milliseconds. */
    CELL_FLAG,   /* bool. */
    CELL_NAME,   /* char array. */
    CELL_WORD    /* const char *; NULL: none. */
};

/* When it is known at all; otherwise it is none. */
enum known { ALWAYS, ENROLLED, SAID, IF_NOT_0 };

struct column {
    const char *key;
    enum tip_reply_rank rank;
    enum cell cell;
    enum known known;
    size_t at; /* In struct hub_view. */
};

#define AT(member_) offsetof(struct hub_view, member_)

static const struct column columns[] = {
    {"office", TIP_REPLY_ALWAYS, CELL_NUMBER, ALWAYS, AT(office)},
    {"name", TIP_REPLY_ALWAYS, CELL_NAME, ALWAYS, AT(name)},
    {"state", TIP_REPLY_ALWAYS, CELL_WORD, ALWAYS, AT(state)},
    {"last_contact_ms", TIP_REPLY_ALWAYS, CELL_SPAN, IF_NOT_0, AT(contact_ms)},
    {"waiting", TIP_REPLY_ALWAYS, CELL_NUMBER, SAID, AT(device.waiting_count)},
    {"oldest_waiting_ms", TIP_REPLY_WIDE, CELL_SPAN, IF_NOT_0,
     AT(device.waiting_ms)},
    {"lag", TIP_REPLY_WIDE, CELL_NUMBER, SAID, AT(lag)},
    {"held", TIP_REPLY_WIDE, CELL_NUMBER, ENROLLED, AT(held)},
    {"digest", TIP_REPLY_WIDE, CELL_WORD, ENROLLED, AT(digest)},
    {"differs_since", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(device.differs_since_ms)},
    {"repair_rounds", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED,
     AT(repair_rounds)},
    {"sent_again", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0, AT(sent_again)},
    {"to_send_again", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0,
     AT(to_send_again)},
    {"last_useful_ms", TIP_REPLY_DETAIL, CELL_SPAN, IF_NOT_0, AT(useful_ms)},
    {"eta_ms", TIP_REPLY_DETAIL, CELL_SPAN, IF_NOT_0, AT(eta_ms)},
    {"origin", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(origin)},
    {"feed", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(feed)},
    {"restored_behind", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0,
     AT(device.continued_up_to)},
    {"devices", TIP_REPLY_DETAIL, CELL_NUMBER, ALWAYS, AT(devices)},
    {"last_heard", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(device.last_heard_ms)},
    {"last_useful", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(device.useful_ms)},
    {"received", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(received)},
    {"newest_there", TIP_REPLY_DETAIL, CELL_NUMBER, SAID, AT(head_there)},
    {"waiting_bytes", TIP_REPLY_DETAIL, CELL_BYTES, SAID,
     AT(device.health.waiting_bytes)},
    {"checkpoint", TIP_REPLY_DETAIL, CELL_NUMBER, SAID, AT(checkpoint)},
    {"clock_offset_ms", TIP_REPLY_DETAIL, CELL_OFFSET, SAID,
     AT(device.clock_offset_ms)},
    {"clock_uncertainty_ms", TIP_REPLY_DETAIL, CELL_SPAN, IF_NOT_0,
     AT(uncertainty_ms)},
    {"round_trip_ms", TIP_REPLY_DETAIL, CELL_SPAN, IF_NOT_0,
     AT(device.round_trip_ms)},
    {"goodput_up_bps", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0,
     AT(device.health.goodput_bps)},
    {"goodput_down_bps", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0,
     AT(device.goodput_bps)},
    {"resent_bytes", TIP_REPLY_DETAIL, CELL_BYTES, ENROLLED,
     AT(device.resent_bytes)},
    {"version", TIP_REPLY_DETAIL, CELL_NAME, SAID, AT(device.version)},
    {"catalogue", TIP_REPLY_DETAIL, CELL_NUMBER, SAID, AT(catalogue)},
    {"key_epoch", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(device_epoch)},
    {"disk_used_bytes", TIP_REPLY_DETAIL, CELL_BYTES, SAID,
     AT(device.disk_used_bytes)},
    {"disk_limit_bytes", TIP_REPLY_DETAIL, CELL_BYTES, SAID,
     AT(device.disk_limit_bytes)},
    {"starts_day", TIP_REPLY_DETAIL, CELL_NUMBER, SAID, AT(starts_day)},
    {"power_cuts_day", TIP_REPLY_DETAIL, CELL_NUMBER, SAID, AT(cuts_day)},
    {"last_backup", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(device.health.backup_ms)},
    {"last_scrub", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(device.health.scrub_ms)},
    {"connections", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(connections)},
    {"link_bytes", TIP_REPLY_DETAIL, CELL_BYTES, ENROLLED, AT(link_bytes)},
    {"bytes_per_edit", TIP_REPLY_DETAIL, CELL_NUMBER, IF_NOT_0,
     AT(bytes_per_edit)},
    {"bad_messages", TIP_REPLY_DETAIL, CELL_NUMBER, ENROLLED, AT(bad_messages)},
    {"invited_until", TIP_REPLY_DETAIL, CELL_TIME, IF_NOT_0,
     AT(invited_until_ms)},
    {"link", TIP_REPLY_DETAIL, CELL_WORD, ALWAYS, AT(cause)},
    {"trouble", TIP_REPLY_DETAIL, CELL_WORD, ALWAYS, AT(trouble)},
    {"is_degraded", TIP_REPLY_DETAIL, CELL_FLAG, ALWAYS,
     AT(verdict.is_degraded)},
};

static bool is_known(const struct hub_view *view, const struct column *column)
{
    uint64_t number = 0;

    switch (column->known) {
    case ALWAYS:
        return true;
    case ENROLLED:
        return view->has_device;
    case SAID:
        return view->has_said;
    case IF_NOT_0:
        break;
    }
    memcpy(&number, (const char *)view + column->at, sizeof number);
    return number != 0;
}

static void say_word(struct tip_reply *reply, const char *key, const char *word)
{
    if (word == NULL) {
        tip_reply_none(reply, key);
    } else {
        tip_reply_text(reply, key, word);
    }
}

static void say_cell(struct tip_reply *reply, const struct hub_view *view,
                     const struct column *column)
{
    const char *at = (const char *)view + column->at;
    int64_t number = 0;
    const char *word;
    bool flag;

    switch (column->cell) {
    case CELL_NAME:
        tip_reply_text(reply, column->key, at);
        return;
    case CELL_WORD:
        memcpy(&word, at, sizeof word);
        say_word(reply, column->key, word);
        return;
    case CELL_FLAG:
        memcpy(&flag, at, sizeof flag);
        tip_reply_boolean(reply, column->key, flag);
        return;
    case CELL_NUMBER:
    case CELL_TIME:
    case CELL_SPAN:
    case CELL_BYTES:
    case CELL_OFFSET:
        break;
    }
    memcpy(&number, at, sizeof number);
    if (column->cell == CELL_NUMBER) {
        tip_reply_integer(reply, column->key, number);
    } else if (column->cell == CELL_TIME) {
        tip_reply_time(reply, column->key, number);
    } else if (column->cell == CELL_BYTES) {
        tip_reply_size(reply, column->key, number);
    } else {
        tip_reply_duration(reply, column->key, number);
    }
}

/* "silent, disk": the worst first, two of them, and how many more. */
static void say_note(struct tip_reply *reply, const struct hub_view *view)
{
    char text[64] = "";
    const char *worst = hub_health_word(view->verdict.worst);

    if (view->verdict.count > 1) {
        (void)snprintf(text, sizeof text, "%s +%" PRIu32, worst,
                       view->verdict.count - 1);
        worst = text;
    }
    tip_reply_text(reply, "note", worst);
}

/* @all: whatever people see of a row only if there is room. */
static void say_view(struct tip_reply *reply, const struct hub_view *view,
                     bool all)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        tip_reply_rank(reply, all ? TIP_REPLY_ALWAYS : columns[i].rank);
        if (is_known(view, &columns[i])) {
            say_cell(reply, view, &columns[i]);
        } else {
            tip_reply_none(reply, columns[i].key);
        }
    }
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    say_note(reply, view);
}

struct nodes_job {
    struct hub_views views;
    size_t next;
};

static enum tip_err job_begin(struct hub_program *hub,
                              struct tip_request *request)
{
    struct nodes_job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    request->job = job;
    request->job_free = free;
    return hub_views_collect(hub, &job->views);
}

/* What was, the newest first. */
static enum tip_err say_past(struct hub_program *hub, struct tip_reply *reply,
                             uint64_t office)
{
    struct hub_past past;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK) {
        err = hub_past_load(txn, office, &past);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_reply_list_begin(reply, "history");
    for (size_t i = past.count; i-- > 0;) {
        enum hub_ail worst = past.changes[i].worst;

        tip_reply_row_begin(reply);
        tip_reply_time(reply, "since", (int64_t)past.changes[i].since_ms);
        tip_reply_text(reply, "was",
                       worst == HUB_FINE ? "well" : hub_health_word(worst));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

static enum tip_err say_one(struct hub_program *hub,
                            struct tip_request *request,
                            struct tip_reply *reply)
{
    struct nodes_job *job = request->job;
    uint64_t office = strtoul(request->call->arguments[0], NULL, 10);
    const struct hub_view *view = hub_views_find(&job->views, office);

    if (view == NULL) {
        tip_reply_explain(reply, "office %" PRIu64, office);
        return TIP_ENOTFOUND;
    }
    say_view(reply, view, true);
    hub_warn_of(reply, view);
    return say_past(hub, reply, office);
}

enum tip_err hub_run_nodes(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program *hub = program;
    bool is_first = request->job == NULL;
    struct nodes_job *job;
    enum tip_err err = is_first ? job_begin(hub, request) : TIP_OK;

    if (err != TIP_OK) {
        return err;
    }
    if (request->call->argument_count > 0) {
        return say_one(hub, request, reply);
    }
    job = request->job;
    if (is_first) {
        hub_say_offices(hub, reply, &job->views);
        tip_reply_list_begin(reply, "nodes");
    }
    for (; job->next < job->views.count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        tip_reply_row_begin(reply);
        say_view(reply, &job->views.items[job->next], false);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}
