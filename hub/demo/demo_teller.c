#include "demo_teller.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "demo_teller_internal.h"
#include "tip_date.h"

enum {
    DAYS_TOLD = 2 * 365, /* Cases of the last eight quarters. */
    DAYS_FRESH = 45      /* Younger cases are still being looked into. */
};

static const struct tip_code *wilaya_of(const struct tip_catalogue *catalogue,
                                        uint32_t office)
{
    const struct tip_list *wilayas =
        tip_catalogue_list_named(catalogue, tip_bytes_text("wilaya"));

    return wilayas == NULL ? NULL : tip_list_code(wilayas, office + 1);
}

enum tip_err demo_teller_init(struct demo_teller *teller,
                              const struct demo_teller_opts *opts)
{
    *teller =
        (struct demo_teller){.opts = *opts,
                             .wilaya = wilaya_of(opts->catalogue, opts->office),
                             .moughataas = tip_catalogue_list_named(
                                 opts->catalogue, tip_bytes_text("moughataa"))};
    if (!tip_bytes_equal(opts->catalogue->id, tip_bytes_text("national")) ||
        teller->wilaya == NULL || teller->moughataas == NULL) {
        return TIP_EUNSUPPORTED;
    }
    demo_draw_init(&teller->draw, opts->seed, opts->office);
    return TIP_OK;
}

struct tip_bytes demo_wilaya_name(const struct tip_catalogue *catalogue,
                                  uint32_t office, const char *language)
{
    const struct tip_code *code = wilaya_of(catalogue, office);

    return code == NULL
               ? TIP_BYTES_NONE
               : tip_label_text(catalogue, &code->label,
                                tip_catalogue_language(
                                    catalogue, tip_bytes_text(language)),
                                code->name);
}

int32_t demo_telling_later(const struct demo_telling *telling, int32_t from,
                           int32_t within)
{
    int32_t left = telling->teller->opts.today - from;

    assert(left >= 0);
    return from +
           demo_draw_between(telling->draw, 0, left < within ? left : within);
}

void demo_telling_word(const struct demo_telling *telling, const char *field,
                       const char *words)
{
    demo_story_put(telling->story, field, demo_draw_word(telling->draw, words));
}

void demo_telling_words(const struct demo_telling *telling, const char *field,
                        const char *words, uint32_t percent)
{
    char memory[256];
    struct tip_bytes drawn = TIP_BYTES_NONE;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    demo_draw_words(telling->draw, words, percent, &buf);
    err = tip_buf_finish(&buf, &drawn);
    assert(err == TIP_OK);
    (void)err;
    demo_story_put(telling->story, field, drawn);
}

void demo_telling_answer(const struct demo_telling *telling, const char *field,
                         uint32_t percent)
{
    const char *answer = "no";

    if (demo_draw_chance(telling->draw, percent)) {
        answer = "yes";
    } else if (demo_draw_chance(telling->draw, 10)) {
        answer = "unknown";
    }
    demo_story_put_text(telling->story, field, answer);
}

void demo_telling_where(const struct demo_telling *telling)
{
    demo_story_put(telling->story, "wilaya", telling->teller->wilaya->name);
    demo_story_put(telling->story, "moughataa", telling->moughataa->name);
}

/* One of the moughataas of the office's wilaya. */
static const struct tip_code *moughataa_draw(struct demo_teller *teller)
{
    const struct tip_list *list = teller->moughataas;
    const struct tip_code *drawn = NULL;
    uint32_t seen = 0;

    for (size_t i = 0; i < list->code_count; i++) {
        const struct tip_code *code = &list->codes[i];

        if (code->parent == teller->wilaya && !code->retired &&
            demo_draw_below(&teller->draw, ++seen) == 0) {
            drawn = code;
        }
    }
    assert(drawn != NULL);
    return drawn;
}

/* Reports have become more frequent: recent days are likelier. */
static int32_t opened_draw(struct demo_teller *teller)
{
    uint32_t far = demo_draw_below(&teller->draw, DAYS_TOLD);
    uint32_t ago = demo_draw_below(&teller->draw, far + 1);

    return teller->opts.today - (int32_t)ago;
}

/* Nouakchott's offices help most: shelters and courts are there. */
static int helper_draw(struct demo_teller *teller)
{
    uint32_t count = teller->opts.office_count, office;

    if (count < 2 || !demo_draw_chance(&teller->draw, 25)) {
        return DEMO_NOBODY;
    }
    office = demo_draw_chance(&teller->draw, 60) && count > 3
                 ? count - 1 - demo_draw_below(&teller->draw, 3)
                 : demo_draw_below(&teller->draw, count);
    return office == teller->opts.office ? DEMO_NOBODY : (int)office;
}

static void tell_registration(const struct demo_telling *telling)
{
    struct demo_story *story = telling->story;
    int32_t age = telling->teller->opts.today - telling->opened;
    bool is_closed = age > DAYS_FRESH && demo_draw_chance(telling->draw, 45);
    int year = tip_date_of(telling->opened).year;

    demo_story_format(story, "case_no", "%.*s-%d-%05u",
                      (int)telling->teller->wilaya->name.size,
                      (const char *)telling->teller->wilaya->name.data, year,
                      telling->teller->case_count);
    demo_story_date(story, "opened_on", telling->opened);
    demo_telling_word(telling, "source", telling->pattern->source);
    demo_story_refer_office(story, "owner", (int)telling->teller->opts.office);
    if (is_closed) {
        demo_telling_word(telling, "status", "closed closed_referred");
        demo_telling_word(telling, "closure_reason",
                          "goals_met relocated withdrew lost_contact "
                          "not_trafficking");
    } else {
        demo_telling_word(telling, "status",
                          age > DAYS_FRESH ? "follow_up open reopened"
                                           : "open screening reported");
    }
}

static void tell_facts(const struct demo_telling *telling)
{
    const struct demo_pattern *pattern = telling->pattern;
    struct demo_story *story = telling->story;
    bool is_ar = demo_draw_chance(telling->draw, 50);

    demo_story_put_text(story, "vector", pattern->vector);
    demo_telling_words(telling, "exploitation", pattern->exploitation, 35);
    demo_telling_word(telling, "sector", pattern->sector);
    demo_telling_answer(telling, "tacheron", pattern->tacheron_percent);
    demo_telling_words(telling, "acts", pattern->acts, 40);
    demo_telling_words(telling, "means", pattern->means, 40);
    demo_telling_words(telling, "purposes", pattern->purposes, 30);
    demo_telling_word(telling, "law", pattern->law);
    demo_telling_where(telling);
    demo_story_put_text(story, "place",
                        is_ar ? pattern->place_ar : pattern->place_fr);
    demo_story_format(story, "began", "%d",
                      tip_date_of(telling->opened).year -
                          demo_draw_between(telling->draw, 0, 6));
    if (telling->is_border) {
        demo_story_put_text(story, "cross_border", "yes");
        demo_story_put_text(story, "origin_country", telling->origin);
        demo_story_put_text(story, "destination_country", "MR");
    } else {
        demo_telling_answer(telling, "cross_border", 0);
    }
    demo_story_put_text(story, "narrative",
                        is_ar ? pattern->story_ar : pattern->story_fr);
}

static void tell_follow_up(const struct demo_telling *telling)
{
    bool is_descent = strcmp(telling->pattern->vector, "descent_slavery") == 0;

    demo_telling_word(telling, "risk", "medium high low imminent");
    demo_telling_answer(telling, "best_interest", 30);
    demo_telling_answer(telling, "settlement_reported", is_descent ? 20 : 6);
    demo_telling_answer(telling, "sent_to_special_court", is_descent ? 35 : 15);
}

static void origin_draw(struct demo_telling *telling)
{
    struct tip_bytes country =
        demo_draw_word(telling->draw, telling->pattern->citizenship);

    assert(country.size == 2);
    memcpy(telling->origin, country.data, 2);
    telling->origin[2] = '\0';
    telling->is_border =
        strcmp(telling->origin, "MR") != 0 &&
        demo_draw_chance(telling->draw, telling->pattern->cross_border_percent);
}

void demo_teller_tell(struct demo_teller *teller, struct demo_story *out_story)
{
    struct demo_telling telling = {.teller = teller,
                                   .draw = &teller->draw,
                                   .story = out_story,
                                   .suspect = DEMO_NOBODY};
    struct demo_victim victim;
    uint32_t victims;
    int of_case;

    demo_story_clear(out_story);
    teller->case_count++;
    telling.pattern = demo_pattern_draw(&teller->draw, teller->opts.office);
    telling.moughataa = moughataa_draw(teller);
    telling.opened = opened_draw(teller);
    telling.helper = helper_draw(teller);
    origin_draw(&telling);
    of_case = demo_story_add(out_story, "case", DEMO_NOBODY);
    tell_registration(&telling);
    tell_facts(&telling);
    tell_follow_up(&telling);
    if (demo_draw_chance(&teller->draw, 75)) {
        demo_tell_suspect(&telling, of_case);
    }
    victims =
        1 + demo_draw_below(&teller->draw,
                            1 + demo_draw_below(&teller->draw,
                                                telling.pattern->victim_max));
    for (uint32_t i = 0; i < victims; i++) {
        demo_tell_victim(&telling, of_case, &victim);
        if (demo_draw_chance(&teller->draw, 60)) {
            demo_tell_help(&telling, of_case, &victim);
        }
    }
}
