/* How every office is, on one screen; all of one office on another. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub_past.h"
#include "hub_program.h"
#include "hub_view.h"

const struct tip_cli_option hub_nodes_options[2] = {
    TIP_CLI_WATCH_OPTION,
    {.name = "verbose",
     .letter = 'v',
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Say what the columns mean, and show work, lines and machines in "
             "tables of their own."}};

const struct tip_cli_argument hub_nodes_arguments[1] = {
    {.name = "OFFICE",
     .count = TIP_CLI_OPTIONAL,
     .help = "One office, a number or a name."}};

const struct tip_cli_example hub_nodes_examples[3] = {
    {"nodes --watch 5s", "Watch the offices."},
    {"nodes -v", "All of them in detail, with a legend."},
    {"nodes 8", "All that is known of office 8."}};

struct nodes_job {
    struct hub_views views;
    enum hub_group group; /* The table that is said… */
    bool is_begun;        /* …and whether it was begun. */
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

static bool is_called(const struct hub_view *view, const char *word)
{
    char number[24];

    (void)snprintf(number, sizeof number, "%" PRIu64, view->office);
    return strcmp(word, number) == 0 || strcmp(word, view->name) == 0;
}

/* The one whose number or name is @word, or NULL. */
static const struct hub_view *find(const struct hub_views *views,
                                   const char *word)
{
    for (size_t i = 0; i < views->count; i++) {
        if (is_called(&views->items[i], word)) {
            return &views->items[i];
        }
    }
    return NULL;
}

static enum tip_err say_one(struct hub_program *hub,
                            struct tip_request *request,
                            struct tip_reply *reply)
{
    struct nodes_job *job = request->job;
    const char *name = request->call->arguments[0];
    const struct hub_view *view = find(&job->views, name);

    if (view == NULL) {
        tip_reply_explain(reply, "%s", name);
        return TIP_EOFFICE;
    }
    hub_view_say_page(reply, view);
    tip_command_say_disputes(reply, hub->host.desk, &job->views.disputes,
                             (uint32_t)view->office);
    hub_view_warn(reply, view);
    return say_past(hub, reply, view->office);
}

/* A table of all offices; false: there is no room for more of it now. */
static bool say_group(struct tip_reply *reply, struct nodes_job *job)
{
    if (!job->is_begun) {
        job->is_begun = true;
        tip_reply_list_begin(reply, hub_view_group(job->group));
    }
    for (; job->next < job->views.count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return false;
        }
        tip_reply_row_begin(reply);
        hub_view_say_group(reply, &job->views.items[job->next], job->group);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    job->is_begun = false;
    job->next = 0;
    return true;
}

enum tip_err hub_run_nodes(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program *hub = program;
    bool is_first = request->job == NULL;
    bool is_verbose = tip_cli_option(request->call, "verbose")->is_given;
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
        hub_views_say(reply, &job->views);
        hub_warn_losing(reply, hub_engine_losing(hub->engine));
        hub_views_warn(reply, &job->views);
        if (is_verbose) {
            hub_view_say_legend(reply);
        }
    }
    for (; job->group <= (is_verbose ? HUB_GROUP_MACHINE : HUB_GROUP_ROW);
         job->group++) {
        if (!say_group(reply, job)) {
            return TIP_EAGAIN;
        }
    }
    return TIP_OK;
}
