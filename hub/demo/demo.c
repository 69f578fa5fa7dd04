#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_country.h"

bool demo_summary_is_good(const struct demo_summary *summary)
{
    return summary->saves > 0 && summary->saves == summary->at_hub &&
           summary->refused == 0 && summary->is_resolved &&
           summary->is_verified && summary->crashes == 0;
}

static void say_how_to_use(struct demo_country *country)
{
    const struct demo_site *node = &country->nodes[0].site;

    demo_say(country,
             "Ready. In another terminal:\n"
             "  %s --dir %s nodes\n"
             "  %s --dir %s status\n"
             "  %s --dir %s import FILE\n"
             "Ctrl-C stops everything%s.",
             country->hub.program, country->hub.dir, node->program, node->dir,
             node->program, node->dir,
             country->opts->keep == NULL ? " and removes it"
                                         : "; the folder stays");
}

/* Go on until Ctrl-C. */
static enum tip_err wait_for_end(struct demo_country *country,
                                 const char *title)
{
    enum tip_err err = TIP_OK;

    demo_watch_begin(country, title);
    while (err == TIP_OK) {
        err = demo_stage_turn(&country->stage);
    }
    return err;
}

static bool is_connected(const struct demo_node *node)
{
    return node->view.state == DEMO_OFFICE_ONLINE && node->catalogue > 0;
}

static enum tip_err play_empty(struct demo_country *country)
{
    enum tip_err err;

    demo_watch_begin(country, "Connecting");
    err = demo_watch_until(country, "Connecting", is_connected);
    demo_watch_end(country);
    if (err == TIP_OK) {
        say_how_to_use(country);
    }
    return err == TIP_OK && !country->opts->exits
               ? wait_for_end(country, "Waiting for your work")
               : err;
}

static enum tip_err play(struct demo_country *country,
                         struct demo_summary *summary)
{
    enum tip_err err = demo_work(country);

    demo_watch_end(country);
    if (err == TIP_OK) {
        err = demo_judge(country, summary);
    }
    if (err == TIP_OK && !country->opts->exits) {
        say_how_to_use(country);
        err = wait_for_end(country, "All is at the hub");
        /* Ctrl-C is how such a demo ends. */
        err = err == TIP_ECANCELED ? TIP_OK : err;
    }
    return err;
}

enum tip_err demo_run(const struct demo_opts *opts,
                      struct demo_summary *out_summary,
                      char out_trouble[DEMO_TROUBLE_SIZE])
{
    struct demo_country *country = calloc(1, sizeof *country);
    struct demo_summary summary = {.records = 0};
    enum tip_err err;

    if (country == NULL) {
        return TIP_ENOMEM;
    }
    err = demo_country_open(country, opts);
    if (err == TIP_OK) {
        err = demo_enrol_all(country);
    }
    if (err == TIP_OK) {
        err = opts->is_empty ? play_empty(country) : play(country, &summary);
    }
    (void)snprintf(out_trouble, DEMO_TROUBLE_SIZE, "%s",
                   country->stage.trouble);
    demo_country_close(country);
    free(country);
    if (err == TIP_OK) {
        *out_summary = summary;
    }
    return err;
}
