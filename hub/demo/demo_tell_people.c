/* Suspects and victims. */
#include <assert.h>
#include <string.h>

#include "demo_teller_internal.h"
#include "tip_date.h"

/* The bands of the catalogue with their ages; the last is open. */
static const struct {
    const char *code;
    int32_t low, high;
} ages[DEMO_AGE_GROUPS] = {
    {"0--8", 4, 8},     {"9--17", 9, 17},   {"18--20", 18, 20},
    {"21--23", 21, 23}, {"24--26", 24, 26}, {"27--29", 27, 29},
    {"30--38", 30, 38}, {"39--47", 39, 47}, {"48+", 48, 71},
};

enum { AGE_GROUPS_MINOR = 2 };

static enum demo_custom custom_of(const struct demo_telling *telling)
{
    return telling->is_border ? DEMO_CUSTOM_ABROAD : telling->pattern->custom;
}

static void put_full_name(const struct demo_telling *telling,
                          const struct demo_person *person)
{
    demo_story_format(telling->story, "name_latin", "%s %s%s",
                      person->given.latin, person->link_latin,
                      person->family.latin);
    demo_story_format(telling->story, "name_ar", "%s %s%s", person->given.ar,
                      person->link_ar, person->family.ar);
}

static void tell_suspect_status(const struct demo_telling *telling,
                                int32_t identified)
{
    struct tip_bytes status = demo_draw_word(
        telling->draw, "identified arrested wanted released charged convicted "
                       "acquitted fugitive");
    bool was_arrested =
        !tip_bytes_equal(status, tip_bytes_text("identified")) &&
        !tip_bytes_equal(status, tip_bytes_text("wanted")) &&
        !tip_bytes_equal(status, tip_bytes_text("fugitive"));

    demo_story_put(telling->story, "status", status);
    if (was_arrested) {
        demo_story_date(telling->story, "arrested_on",
                        demo_telling_later(telling, identified, 60));
    }
}

void demo_tell_suspect(struct demo_telling *telling, int of_case)
{
    const struct demo_pattern *pattern = telling->pattern;
    struct demo_story *story = telling->story;
    int32_t identified = demo_telling_later(telling, telling->opened, 40);
    bool is_male = demo_draw_chance(telling->draw, 78);
    struct demo_person person;

    telling->suspect = demo_story_add(story, "suspect", DEMO_NOBODY);
    demo_story_refer(story, "case", of_case);
    demo_story_date(story, "identified_on", identified);
    demo_telling_where(telling);
    demo_story_put_text(story, "sex", is_male ? "M" : "F");
    demo_story_put_text(
        story, "age_group",
        ages[demo_draw_between(telling->draw, 5, DEMO_AGE_GROUPS - 1)].code);
    demo_telling_word(telling, "citizenship", "MR MR MR SN ML");
    demo_telling_word(telling, "role", pattern->role);
    demo_telling_word(telling, "relation", pattern->relation);
    demo_telling_word(telling, "official_capacity", pattern->capacity);
    demo_telling_answer(telling, "complicity", 5);
    demo_telling_answer(telling, "organised_group", 12);
    tell_suspect_status(telling, identified);
    demo_telling_word(telling, "law", pattern->law);
    demo_person_draw(telling->draw, DEMO_CUSTOM_MOOR, is_male, &person);
    put_full_name(telling, &person);
}

static void tell_victim_status(const struct demo_telling *telling,
                               int32_t identified)
{
    static const char *const states[] = {"ActualVictimOfTrafficking",
                                         "PossibleVictimOfTrafficking",
                                         "NotAVictimOfTrafficking"};
    size_t state = demo_draw_digit(telling->draw, "731");

    demo_story_put_text(telling->story, "trafficking_status", states[state]);
    if (state != 1) {
        demo_telling_word(telling, "decided_by",
                          "Police NGO NonPoliceGovernmentalOrganization "
                          "CourtOrProsecution");
        demo_story_date(telling->story, "decided_on",
                        demo_telling_later(telling, identified, 30));
    }
}

/* What only grown people are asked. */
static void tell_adult(const struct demo_telling *telling)
{
    demo_telling_word(telling, "marital",
                      "Single Married Divorced Widowed Separated");
    demo_story_format(telling->story, "children", "%d",
                      demo_draw_between(telling->draw, 0, 5));
    if (demo_draw_chance(telling->draw, 35)) {
        demo_story_format(telling->story, "phone", "+222 00 00 %02d %02d",
                          demo_draw_between(telling->draw, 0, 99),
                          demo_draw_between(telling->draw, 0, 99));
    }
}

static const char *languages_of(const struct demo_telling *telling)
{
    switch (custom_of(telling)) {
    case DEMO_CUSTOM_MOOR:
        return "hassaniya ar fr";
    case DEMO_CUSTOM_VALLEY:
        return "ff wo snk hassaniya fr";
    case DEMO_CUSTOM_ABROAD:
        return "fr other ff wo";
    }
    return "other";
}

static void tell_person(const struct demo_telling *telling, bool is_male,
                        size_t age, bool is_child)
{
    const struct demo_pattern *pattern = telling->pattern;
    struct demo_story *story = telling->story;
    bool is_descent = strcmp(pattern->vector, "descent_slavery") == 0;

    demo_story_put_text(story, "sex", is_male ? "M" : "F");
    demo_story_put_text(story, "age_group", ages[age].code);
    demo_story_put_text(story, "citizenship",
                        telling->is_border ? telling->origin : "MR");
    demo_telling_word(telling, "population",
                      telling->is_border ? "transit_migrant other not_stated"
                                         : pattern->population);
    if (!is_child) {
        tell_adult(telling);
    }
    demo_telling_answer(telling, "born_into_slavery", is_descent ? 85 : 2);
    demo_telling_answer(telling, "birth_registered", is_descent ? 20 : 55);
    demo_telling_word(telling, "id_document",
                      telling->is_border
                          ? "foreign none"
                          : "none birth_certificate national_id");
    demo_telling_words(telling, "languages", languages_of(telling), 35);
    demo_telling_answer(telling, "disability", 6);
}

static void tell_exploitation(const struct demo_telling *telling)
{
    const struct demo_pattern *pattern = telling->pattern;
    bool is_penalised =
        demo_draw_chance(telling->draw, telling->is_border ? 12 : 4);

    demo_telling_where(telling);
    demo_telling_words(telling, "exploitation", pattern->exploitation, 25);
    demo_telling_words(telling, "control", pattern->control, 45);
    demo_telling_word(telling, "relation", pattern->relation);
    demo_telling_word(telling, "duration", pattern->duration);
    if (is_penalised) {
        demo_story_put_text(telling->story, "penalised", "yes");
        demo_telling_word(telling, "penalised_for",
                          telling->is_border ? "immigration adultery"
                                             : "adultery other");
    } else {
        demo_telling_answer(telling, "penalised", 0);
    }
}

static void tell_consent(const struct demo_telling *telling, int32_t identified)
{
    static const char *const asked[] = {"consent_case", "consent_referral",
                                        "consent_reporting",
                                        "consent_prosecution"};

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        demo_telling_word(telling, asked[i],
                          i == 3 ? "given refused" : "given given refused");
    }
    demo_story_date(telling->story, "consent_on",
                    demo_telling_later(telling, identified, 10));
}

static void tell_names(const struct demo_telling *telling, bool is_male,
                       bool is_child)
{
    struct demo_story *story = telling->story;
    struct demo_person person;

    demo_person_draw(telling->draw, custom_of(telling), is_male, &person);
    demo_story_put_text(story, "given_name_ar", person.given.ar);
    demo_story_put_text(story, "given_name_latin", person.given.latin);
    demo_story_put_text(story, "father_name", person.father.latin);
    demo_story_put_text(story, "grandfather_name", person.grandfather.ar);
    demo_story_format(story, "family_name_ar", "%s%s", person.link_ar,
                      person.family.ar);
    demo_story_format(story, "family_name_latin", "%s%s", person.link_latin,
                      person.family.latin);
    if (is_child) {
        demo_person_draw(telling->draw, custom_of(telling), true, &person);
        demo_story_format(story, "guardian", "%s %s%s", person.given.latin,
                          person.link_latin, person.family.latin);
    }
}

static void tell_identity(const struct demo_telling *telling, size_t age)
{
    struct demo_story *story = telling->story;
    struct tip_bytes town = telling->moughataa->name;
    const struct tip_catalogue *catalogue = telling->teller->opts.catalogue;

    demo_story_format(
        story, "age", "%d",
        demo_draw_between(telling->draw, ages[age].low, ages[age].high));
    if (!telling->is_border) {
        demo_story_put(
            story, "birth_place",
            tip_label_text(
                catalogue, &telling->moughataa->label,
                tip_catalogue_language(catalogue, tip_bytes_text("fr")), town));
    }
    if (!telling->is_border && demo_draw_chance(telling->draw, 25)) {
        demo_story_format(story, "nni", "00000%05d",
                          demo_draw_between(telling->draw, 0, 99999));
    }
    if (telling->suspect != DEMO_NOBODY &&
        demo_draw_chance(telling->draw, 70)) {
        demo_story_refer(story, "exploiter", telling->suspect);
    }
}

/* Letters and digits that nobody mistakes on paper. */
static void put_survivor_code(const struct demo_telling *telling)
{
    static const char signs[] = "23456789CDFGHJKMNPQRTVWXY";
    char code[7] = "";

    for (size_t i = 0; i + 1 < sizeof code; i++) {
        code[i] = signs[demo_draw_below(telling->draw, sizeof signs - 1)];
    }
    demo_story_format(telling->story, "survivor_code", "%.*s-%s",
                      (int)telling->teller->wilaya->name.size,
                      (const char *)telling->teller->wilaya->name.data, code);
}

void demo_tell_victim(struct demo_telling *telling, int of_case,
                      struct demo_victim *out_victim)
{
    const struct demo_pattern *pattern = telling->pattern;
    size_t age = demo_draw_digit(telling->draw, pattern->ages);
    bool is_male = demo_draw_chance(telling->draw, pattern->male_percent);
    bool is_child = age < AGE_GROUPS_MINOR;

    *out_victim = (struct demo_victim){
        .place = demo_story_add(telling->story, "victim", telling->helper),
        .identified = demo_telling_later(telling, telling->opened, 30),
        .is_child = is_child};
    put_survivor_code(telling);
    demo_story_refer(telling->story, "case", of_case);
    demo_story_date(telling->story, "identified_on", out_victim->identified);
    tell_victim_status(telling, out_victim->identified);
    tell_person(telling, is_male, age, is_child);
    tell_exploitation(telling);
    tell_consent(telling, out_victim->identified);
    tell_names(telling, is_male, is_child);
    tell_identity(telling, age);
}
