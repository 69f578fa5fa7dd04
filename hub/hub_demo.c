/* The demo as a command: options in, what came of it out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"
#include "hub_program.h"

static bool is_given(const struct tip_request *request, const char *name)
{
    return tip_cli_option(request->call, name)->is_given;
}

static bool has_color(const struct tip_request *request, bool is_screen)
{
    const char *no_color = secure_getenv("NO_COLOR");

    return is_screen && (no_color == NULL || *no_color == '\0') &&
           !request->call->common[TIP_CLI_NO_COLOR].is_given;
}

/* The table goes to standard error, as progress does: standard output is for
 * what came of it. */
static struct demo_opts read_opts(const struct tip_request *request,
                                  struct tip_out *out)
{
    const struct tip_cli_call *call = request->call;
    const char *term = secure_getenv("TERM");
    bool is_screen =
        isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;

    return (struct demo_opts){
        .node_count = (uint32_t)tip_cli_option(call, "nodes")->number,
        .seed = (uint64_t)tip_cli_option(call, "seed")->number,
        .sky = (enum demo_sky)tip_cli_option(call, "weather")->number,
        .records = (uint32_t)tip_cli_option(call, "records")->number,
        .catalogue = tip_cli_option(call, "catalogue")->text,
        .keep = tip_cli_option(call, "keep")->text,
        .is_empty = is_given(request, "empty"),
        .exits = is_given(request, "exit-after-sync"),
        .is_screen = is_screen,
        .has_color = has_color(request, is_screen),
        .out = out};
}

static void say_counts(struct tip_reply *reply, const struct demo_opts *opts,
                       const struct demo_summary *summary)
{
    char coverage[DEMO_TEXT_SIZE * 2];

    tip_reply_integer(reply, "offices", opts->node_count);
    tip_reply_integer(reply, "seed", (int64_t)opts->seed);
    tip_reply_integer(reply, "records_saved", (int64_t)summary->records);
    tip_reply_integer(reply, "records_refused", (int64_t)summary->refused);
    tip_reply_integer(reply, "saves", (int64_t)summary->saves);
    tip_reply_integer(reply, "saves_at_hub", (int64_t)summary->at_hub);
    tip_reply_integer(reply, "conflicts", (int64_t)summary->conflicts);
    tip_reply_integer(reply, "conflicts_open",
                      (int64_t)summary->conflicts_open);
    tip_reply_boolean(reply, "conflict_resolved", summary->is_resolved);
    tip_reply_boolean(reply, "figures_verified", summary->is_verified);
    tip_reply_integer(reply, "crashes", summary->crashes);
    tip_reply_integer(reply, "lines_broken", (int64_t)summary->breaks);
    tip_reply_size(reply, "up_bytes", (int64_t)summary->up_bytes);
    tip_reply_size(reply, "down_bytes", (int64_t)summary->down_bytes);
    tip_reply_duration(reply, "elapsed_ms", (int64_t)summary->elapsed_ms);
    tip_reply_integer(reply, "offices_covered", (int64_t)summary->covered);
    tip_reply_text(reply, "as_of", summary->as_of);
    (void)snprintf(coverage, sizeof coverage,
                   "%" PRIu64 " of %" PRIu32 " office%s, as of %s",
                   summary->covered, opts->node_count,
                   opts->node_count == 1 ? "" : "s", summary->as_of);
    tip_reply_text(reply, "coverage", coverage);
    tip_reply_boolean(reply, "good", demo_summary_is_good(summary));
}

static void say_history(struct tip_reply *reply,
                        const struct demo_summary *summary)
{
    tip_reply_list_begin(reply, "history");
    for (size_t i = 0; i < summary->event_count; i++) {
        const struct demo_event *event = &summary->events[i];

        tip_reply_row_begin(reply);
        tip_reply_text(reply, "risk", event->what);
        tip_reply_text(reply, "who", event->who);
        tip_reply_text(reply, "where", event->where);
        tip_reply_text(reply, "when", event->when);
        tip_reply_text(reply, "why", event->why);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

static void say_figures(struct tip_reply *reply,
                        const struct demo_summary *summary)
{
    tip_reply_list_begin(reply, "nation");
    for (size_t i = 0; i < summary->figure_count; i++) {
        const struct demo_figure *figure = &summary->figures[i];

        tip_reply_row_begin(reply);
        tip_reply_text(reply, "wilaya", figure->wilaya);
        tip_reply_text(reply, "name", figure->name);
        tip_reply_integer(reply, "cases", figure->cases);
        tip_reply_integer(reply, "victims", figure->victims);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

enum tip_err hub_run_demo(void *program, struct tip_request *request,
                          struct tip_reply *reply)
{
    struct tip_out out = {.file = stderr};
    const struct demo_opts opts = read_opts(request, &out);
    struct demo_summary *summary = calloc(1, sizeof *summary);
    char trouble[DEMO_TROUBLE_SIZE] = "";
    enum tip_err err =
        summary == NULL ? TIP_ENOMEM : demo_run(&opts, summary, trouble);

    (void)program;
    if (err == TIP_OK && !opts.is_empty) {
        say_counts(reply, &opts, summary);
        say_history(reply, summary);
        say_figures(reply, summary);
        if (!demo_summary_is_good(summary)) {
            tip_reply_exit(reply, TIP_EXIT_FAILURE);
        }
    } else if (err == TIP_ECANCELED) {
        tip_reply_exit(reply, TIP_EXIT_STOPPED);
        err = TIP_OK;
    } else if (err != TIP_OK && trouble[0] != '\0') {
        tip_reply_explain(reply, "%.500s", trouble);
        err = TIP_EDEMO;
    }
    free(summary);
    return err;
}
