/* Offices at work: apart, at the same time, and on the same fields. */
#include <stdio.h>
#include <string.h>

#include "demo_country.h"

enum {
    ROUNDS = 5,
    ROUND_MS = 1200,  /* Between two rounds, to watch. */
    DISPUTE_EVERY = 5 /* One office of so many argues with Nouakchott. */
};

static bool has_catalogue(const struct demo_node *node)
{
    return node->view.state == DEMO_OFFICE_ONLINE && node->catalogue > 0;
}

static void path_of(const struct demo_country *country, size_t index,
                    char out_path[DEMO_PATH_SIZE])
{
    (void)snprintf(out_path, DEMO_PATH_SIZE, "%.440s/MR%02zu.ndjson",
                   country->root, index + 1);
}

/* Write the next @count records of an office into its file; the first time its
 * own record before them. */
static enum tip_err write_batch(struct demo_country *country, size_t index,
                                size_t count, const char *path)
{
    struct demo_feed *feed = country->nodes[index].feed;
    FILE *file = fopen(path, "we");
    enum tip_err err = file == NULL ? TIP_EIO : TIP_OK;

    if (err == TIP_OK && country->round == 0) {
        err = demo_feed_write_office(feed, file);
        count--;
    }
    if (err == TIP_OK) {
        err = demo_feed_write(feed, count, file);
    }
    if (file != NULL && fclose(file) != 0) {
        err = TIP_EIO;
    }
    return err == TIP_OK ? TIP_OK
                         : demo_fail(country,
                                     "%s cannot be written: free disk "
                                     "space, then try again.",
                                     path);
}

/* The share of this round; all rounds together are all records. */
static size_t share_of(const struct demo_country *country)
{
    size_t records = country->opts->records;

    return records * (country->round + 1) / (ROUNDS + 1) -
           records * country->round / (ROUNDS + 1);
}

static enum tip_err import_words(struct demo_country *country, size_t index,
                                 struct demo_words *out_words)
{
    size_t count = share_of(country);
    enum tip_err err;

    if (count == 0) {
        return TIP_OK;
    }
    path_of(country, index, out_words->text[0]);
    err = write_batch(country, index, count, out_words->text[0]);
    out_words->words[0] = "import";
    out_words->words[1] = out_words->text[0];
    out_words->words[2] = "--format";
    out_words->words[3] = "ndjson";
    return err;
}

static enum tip_err import_heard(struct demo_country *country, size_t index,
                                 struct tip_json *answer)
{
    struct demo_node *node = &country->nodes[index];

    node->records += (uint64_t)demo_json_integer(answer, "saved", 0);
    node->refused += (uint64_t)demo_json_integer(answer, "refused", 0);
    return TIP_OK;
}

/* Set the risk of the office's first case. */
static void edit_words(const struct demo_country *country, size_t index,
                       const char *risk, const char *reason,
                       struct demo_words *out_words)
{
    char id[TIP_ID_TEXT_SIZE];

    tip_id_format(&country->nodes[index].feed->one_case, id);
    (void)snprintf(out_words->text[0], DEMO_PATH_SIZE, "%s", id);
    (void)snprintf(out_words->text[1], DEMO_PATH_SIZE, "risk=%s", risk);
    out_words->words[0] = "record";
    out_words->words[1] = "edit";
    out_words->words[2] = out_words->text[0];
    out_words->words[3] = out_words->text[1];
    out_words->words[4] = "--reason";
    out_words->words[5] = reason;
}

static enum tip_err same_words(struct demo_country *country, size_t index,
                               struct demo_words *out_words)
{
    edit_words(country, index, "medium", "First assessment", out_words);
    return TIP_OK;
}

static bool is_disputed(size_t index)
{
    return index % DISPUTE_EVERY == 0;
}

static enum tip_err node_words(struct demo_country *country, size_t index,
                               struct demo_words *out_words)
{
    edit_words(country, index, is_disputed(index) ? "imminent" : "high",
               "Visit to the family", out_words);
    return TIP_OK;
}

static enum tip_err sync_words(struct demo_country *country, size_t index,
                               struct demo_words *out_words)
{
    (void)country;
    (void)index;
    out_words->words[0] = "sync";
    return TIP_OK;
}

/* Nouakchott writes what the office, out of reach, writes too. */
static enum tip_err dispute(struct demo_country *country)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        struct demo_words asked = {.words = {NULL}};

        if (is_disputed(i)) {
            edit_words(country, i, "low", "Report of the police of 20 November",
                       &asked);
            err = demo_ask(&country->stage, &country->hub, asked.words, NULL);
        }
    }
    return err;
}

static void hold_disputed(struct demo_country *country, bool is_down)
{
    for (size_t i = 0; i < country->node_count; i++) {
        if (is_disputed(i)) {
            demo_stage_hold(&country->stage, i, is_down);
        }
    }
}

/* While nothing disturbs: everybody's first records, known everywhere. */
static enum tip_err begin_together(struct demo_country *country)
{
    enum tip_err err;

    demo_watch_begin(country, "Connecting");
    err = demo_watch_until(country, "Connecting and taking the catalogue",
                           has_catalogue);
    country->title = "Working, all links up";
    if (err == TIP_OK) {
        err = demo_each(country, import_words, import_heard);
    }
    if (err == TIP_OK) {
        err = demo_each(country, same_words, NULL);
    }
    return err == TIP_OK ? demo_watch_until(country, "Bringing work to the hub",
                                            demo_node_is_done)
                         : err;
}

static enum tip_err work_apart(struct demo_country *country)
{
    enum tip_err err = TIP_OK;

    for (country->round = 1; country->round <= ROUNDS && err == TIP_OK;
         country->round++) {
        err = demo_each(country, import_words, import_heard);
        if (err == TIP_OK && country->round == 1) {
            err = demo_each(country, node_words, NULL);
        }
        if (err == TIP_OK && country->round == 2) {
            err = dispute(country);
        }
        if (err == TIP_OK) {
            err = demo_stage_pause(&country->stage, ROUND_MS);
        }
    }
    while (err == TIP_OK &&
           !demo_weather_has_passed(&country->stage.weather,
                                    demo_stage_now_ms(&country->stage))) {
        err = demo_stage_turn(&country->stage);
    }
    return err;
}

static const char *title_of(enum demo_sky sky)
{
    switch (sky) {
    case DEMO_SKY_CALM:
        return "Working, calm";
    case DEMO_SKY_STORMY:
        return "Working in a storm: links come and go";
    case DEMO_SKY_BLACKOUT:
        return "Working through a blackout";
    }
    return "Working";
}

enum tip_err demo_work(struct demo_country *country)
{
    const struct demo_opts *opts = country->opts;
    enum tip_err err = begin_together(country);

    if (err != TIP_OK) {
        return err;
    }
    country->title = title_of(opts->sky);
    demo_stage_weather(&country->stage, opts->sky, opts->seed);
    hold_disputed(country, true);
    err = work_apart(country);
    if (err != TIP_OK) {
        return err;
    }
    country->title = "All links are back: delivering what waited";
    hold_disputed(country, false);
    demo_stage_clear_up(&country->stage);
    err = demo_each(country, sync_words, NULL);
    return err == TIP_OK ? demo_watch_until(country, "Bringing work to the hub",
                                            demo_node_is_done)
                         : err;
}
