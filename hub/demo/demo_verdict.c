/* What came of it: conflicts, figures, and whether all of it is at the hub. */
#include <stdio.h>

#include "demo_country.h"

static const char resolve_reason[] =
    "Checked with the office by telephone: its visit is the newer news";

static void copy_text(struct tip_json *row, const char *name,
                      char out[DEMO_TEXT_SIZE])
{
    struct tip_bytes text = demo_json_text(row, name);

    (void)snprintf(out, DEMO_TEXT_SIZE, "%.*s", (int)text.size,
                   (const char *)text.data);
}

/* The name of the office in @row. */
static void copy_office(const struct demo_country *country,
                        struct tip_json *row, char out[DEMO_TEXT_SIZE])
{
    int64_t index = demo_json_integer(row, "office", -1) - DEMO_OFFICE_NUMBER;
    struct tip_bytes name;

    if (index < 0 || index >= (int64_t)country->node_count) {
        copy_text(row, "office_name", out);
        return;
    }
    name = country->nodes[index].view.name;
    (void)snprintf(out, DEMO_TEXT_SIZE, "%.*s", (int)name.size,
                   (const char *)name.data);
}

struct side {
    char letter[2];
    char version[DEMO_TEXT_SIZE]; /* In which it has this letter. */
};

/* What the office wrote, among the sides of the conflict. */
static enum tip_err find_side(struct demo_country *country, const char *id,
                              struct side *out_side)
{
    struct demo_answer answer = {.root = NULL};
    struct tip_json *list;
    enum tip_err err = demo_ask(&country->stage, &country->hub,
                                DEMO_WORDS("conflicts", "show", id), &answer);

    if (err != TIP_OK) {
        return err;
    }
    list = demo_json_list(answer.root);
    err = demo_fail(country,
                    "The conflict of %s does not show what the office "
                    "wrote: please report this.",
                    id);
    for (size_t i = 0; list != NULL && i < tip_json_count(list); i++) {
        struct tip_json *row = tip_json_item(list, i);
        struct tip_bytes side = demo_json_text(row, "side");

        if (side.size == 1 && tip_bytes_equal(demo_json_text(row, "value"),
                                              tip_bytes_text("imminent"))) {
            out_side->letter[0] = (char)side.data[0];
            copy_text(answer.root, "version", out_side->version);
            err = TIP_OK;
        }
    }
    demo_answer_deinit(&answer);
    return err;
}

/* Rows of the list of @words' answer, and whether one is about @id. */
static enum tip_err count_rows(struct demo_country *country,
                               const struct demo_site *site,
                               const char *const *words, const char *id,
                               uint64_t *out_count, bool *out_is_there)
{
    struct demo_answer answer = {.root = NULL};
    struct tip_json *list;
    enum tip_err err = demo_ask(&country->stage, site, words, &answer);

    if (err != TIP_OK) {
        return err;
    }
    list = demo_json_list(answer.root);
    *out_count = list == NULL ? 0 : tip_json_count(list);
    *out_is_there = false;
    for (size_t i = 0; i < *out_count; i++) {
        *out_is_there =
            *out_is_there ||
            tip_bytes_equal(demo_json_text(tip_json_item(list, i), "id"),
                            tip_bytes_text(id));
    }
    demo_answer_deinit(&answer);
    return TIP_OK;
}

/* Until neither hub nor office lists the conflict of @id any more. */
static enum tip_err await_closed(struct demo_country *country, const char *id,
                                 uint64_t *out_open, bool *out_is_closed)
{
    uint64_t end_ms = demo_stage_now_ms(&country->stage) + DEMO_PATIENCE_MS;
    bool at_hub = true, at_node = true;
    uint64_t ignored;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && (at_hub || at_node) &&
           demo_stage_now_ms(&country->stage) < end_ms) {
        err =
            count_rows(country, &country->hub, DEMO_WORDS("conflicts", "list"),
                       id, out_open, &at_hub);
        if (err == TIP_OK) {
            err = count_rows(country, &country->nodes[0].site,
                             DEMO_WORDS("conflicts", "list"), id, &ignored,
                             &at_node);
        }
        if (err == TIP_OK) {
            err = demo_stage_turn(&country->stage);
        }
    }
    *out_is_closed = !at_hub && !at_node;
    return err;
}

static enum tip_err read_history(struct demo_country *country, const char *id,
                                 struct demo_summary *summary)
{
    struct demo_answer answer = {.root = NULL};
    struct tip_json *list;
    enum tip_err err = demo_ask(&country->stage, &country->nodes[0].site,
                                DEMO_WORDS("record", "history", id), &answer);

    if (err != TIP_OK) {
        return err;
    }
    list = demo_json_list(answer.root);
    for (size_t i = 0; list != NULL && i < tip_json_count(list) &&
                       summary->event_count < DEMO_EVENTS_MAX;
         i++) {
        struct tip_json *row = tip_json_item(list, i);
        struct demo_event *event = &summary->events[summary->event_count];

        if (!tip_bytes_equal(demo_json_text(row, "field"),
                             tip_bytes_text("risk"))) {
            continue;
        }
        copy_text(row, "author", event->who);
        copy_office(country, row, event->where);
        copy_text(row, "written", event->when);
        copy_text(row, "value", event->what);
        copy_text(row, "reason", event->why);
        summary->event_count++;
    }
    demo_answer_deinit(&answer);
    return TIP_OK;
}

static enum tip_err judge_conflicts(struct demo_country *country,
                                    struct demo_summary *summary)
{
    struct side side = {.letter = ""};
    char id[TIP_ID_TEXT_SIZE];
    bool is_there = false;
    enum tip_err err;

    tip_id_format(&country->nodes[0].feed->one_case, id);
    err = count_rows(country, &country->hub, DEMO_WORDS("conflicts", "list"),
                     id, &summary->conflicts, &is_there);
    if (err == TIP_OK && !is_there) {
        return demo_fail(country,
                         "The case %s was written at the hub and in "
                         "its office at the same time, and is not "
                         "among the conflicts: please report this.",
                         id);
    }
    if (err == TIP_OK) {
        err = find_side(country, id, &side);
    }
    if (err == TIP_OK) {
        demo_say(
            country,
            "Conflicts that wait for a person: %llu; resolving the one of %s",
            (unsigned long long)summary->conflicts, id);
        err = demo_ask(&country->stage, &country->hub,
                       DEMO_WORDS("conflicts", "resolve", id, "--field", "risk",
                                  "--seen", side.version, "--take", side.letter,
                                  "--reason", resolve_reason),
                       NULL);
    }
    if (err == TIP_OK) {
        err = await_closed(country, id, &summary->conflicts_open,
                           &summary->is_resolved);
    }
    return err == TIP_OK ? read_history(country, id, summary) : err;
}

static void name_wilaya(const struct demo_country *country,
                        struct tip_bytes wilaya, struct demo_figure *figure)
{
    figure->name[0] = '\0';
    for (uint32_t i = 0; i < DEMO_WILAYAS; i++) {
        char code[8];
        struct tip_bytes name = demo_wilaya_name(country->catalogue, i, "fr");

        (void)snprintf(code, sizeof code, "MR%02u", (unsigned)(i + 1));
        if (tip_bytes_equal(tip_bytes_text(code), wilaya)) {
            (void)snprintf(figure->name, DEMO_TEXT_SIZE, "%.*s", (int)name.size,
                           (const char *)name.data);
        }
    }
}

/* The row of @wilaya in the national table, made if there is none. */
static struct demo_figure *figure_of(const struct demo_country *country,
                                     struct demo_summary *summary,
                                     struct tip_bytes wilaya)
{
    for (size_t i = 0; i < summary->figure_count; i++) {
        if (tip_bytes_equal(tip_bytes_text(summary->figures[i].wilaya),
                            wilaya)) {
            return &summary->figures[i];
        }
    }
    if (summary->figure_count == DEMO_WILAYA_CELLS_MAX) {
        return NULL;
    }
    (void)snprintf(summary->figures[summary->figure_count].wilaya,
                   DEMO_TEXT_SIZE, "%.*s", (int)wilaya.size,
                   (const char *)wilaya.data);
    name_wilaya(country, wilaya, &summary->figures[summary->figure_count]);
    return &summary->figures[summary->figure_count++];
}

static enum tip_err read_figure(struct demo_country *country,
                                const char *indicator, bool is_victims,
                                struct demo_summary *summary)
{
    struct demo_answer answer = {.root = NULL};
    struct tip_json *list;
    enum tip_err err = demo_ask(
        &country->stage, &country->hub,
        DEMO_WORDS("indicators", "show", indicator, "--by", "wilaya"), &answer);

    if (err != TIP_OK) {
        return err;
    }
    list = demo_json_list(answer.root);
    for (size_t i = 0; list != NULL && i < tip_json_count(list); i++) {
        struct tip_json *row = tip_json_item(list, i);
        struct demo_figure *figure =
            figure_of(country, summary, demo_json_text(row, "wilaya"));
        int64_t value = demo_json_integer(row, "value", 0);

        if (figure != NULL && is_victims) {
            figure->victims += value;
        } else if (figure != NULL) {
            figure->cases += value;
        }
    }
    summary->covered =
        (uint64_t)demo_json_integer(answer.root, "offices_covered", 0);
    copy_text(answer.root, "as_of", summary->as_of);
    demo_answer_deinit(&answer);
    return TIP_OK;
}

static enum tip_err judge_figures(struct demo_country *country,
                                  struct demo_summary *summary)
{
    enum tip_err err = read_figure(country, "cases", false, summary);

    if (err == TIP_OK) {
        err = read_figure(country, "victims_total", true, summary);
    }
    if (err == TIP_OK) {
        err = demo_ask(&country->stage, &country->hub,
                       DEMO_WORDS("indicators", "verify"), NULL);
        summary->is_verified = err == TIP_OK;
    }
    return err;
}

/* What the hub says it has of each office, not what the offices believe. */
static enum tip_err read_hub(struct demo_country *country,
                             struct demo_summary *summary)
{
    struct demo_answer answer = {.root = NULL};
    struct tip_json *list;
    enum tip_err err =
        demo_ask(&country->stage, &country->hub, DEMO_WORDS("nodes"), &answer);

    if (err != TIP_OK) {
        return err;
    }
    list = demo_json_list(answer.root);
    for (size_t i = 0; list != NULL && i < tip_json_count(list); i++) {
        struct tip_json *row = tip_json_item(list, i);

        summary->at_hub += (uint64_t)(demo_json_integer(row, "received", 0) -
                                      demo_json_integer(row, "held", 0));
    }
    demo_answer_deinit(&answer);
    return TIP_OK;
}

static void add_up(const struct demo_country *country,
                   struct demo_summary *summary)
{
    for (size_t i = 0; i < country->node_count; i++) {
        struct demo_traffic traffic =
            demo_relay_traffic(country->stage.relay, i);

        summary->records += country->nodes[i].records;
        summary->refused += country->nodes[i].refused;
        summary->saves += country->nodes[i].saved_saves;
        summary->up_bytes += traffic.up_bytes;
        summary->down_bytes += traffic.down_bytes;
        summary->breaks += traffic.breaks;
    }
    summary->crashes = country->crashes;
    summary->elapsed_ms =
        demo_stage_now_ms(&country->stage) - country->start_ms;
}

enum tip_err demo_judge(struct demo_country *country,
                        struct demo_summary *summary)
{
    enum tip_err err = judge_conflicts(country, summary);

    if (err == TIP_OK) {
        err = judge_figures(country, summary);
    }
    if (err == TIP_OK) {
        err = read_hub(country, summary);
    }
    add_up(country, summary);
    return err;
}
