/* Whatever may be written is shown as it was written, here and at the hub. */
#include <stdio.h>
#include <string.h>

#include "desk_rig.h"
#include "tip_field_text.h"
#include "tip_property.h"
#include "tip_test.h"

#define CTDC TIP_SOURCE_DIR "/tests/data/catalogue/ctdc"

enum { HUB = RIG_HUB, NEMA = 0, ROUNDS = 200, INPUTS_MAX = 128, EDITS = 4 };

/* A record as the test believes it to be, by field. */
struct belief {
    char texts[INPUTS_MAX][128];
};

static struct desk_rig rig;
static struct tip_catalogue *catalogue; /* The rig's. */
static const char *folder;
static unsigned saves; /* That were accepted, in all rounds. */

static void random_word(struct tip_property *property, char *text)
{
    static const char *const words[] = {"Sidi", "مريم", "Ɓooyo", "a;b",
                                        "=1+1", "x\ny", "\"q\"", "—"};

    (void)snprintf(text, 128, "%s %s", words[tip_property_below(property, 8)],
                   words[tip_property_below(property, 8)]);
}

/* Some elements of a set, in the order in which they will be shown. */
static void random_set(struct tip_property *property,
                       const struct tip_field *field, char *text)
{
    uint32_t codes[4];
    size_t count = 0;
    struct tip_buf buf;

    for (size_t i = 0; i < field->list->code_count && count < 4; i++) {
        if (!field->list->codes[i].retired &&
            tip_property_once_in(property, 3)) {
            codes[count++] = field->list->codes[i].number;
        }
    }
    tip_buf_init(&buf, text, 127);
    tip_field_format_set(field, codes, count, &buf);
    text[buf.size] = '\0';
}

static void random_code(struct tip_property *property,
                        const struct tip_field *field, char *text)
{
    const struct tip_code *code =
        &field->list
             ->codes[tip_property_below(property, field->list->code_count)];

    (void)snprintf(text, 128, "%.*s", code->retired ? 0 : (int)code->name.size,
                   (const char *)code->name.data);
}

/* A value of @field as it is typed; may break a rule of the record. */
static void random_text(struct tip_property *property,
                        const struct tip_field *field, char *text)
{
    static const char *const answers[] = {"yes", "no", "unknown", "refused"};

    switch (field->kind) {
    case TIP_KIND_TEXT:
        random_word(property, text);
        return;
    case TIP_KIND_INTEGER:
        (void)snprintf(text, 128, "%u",
                       (unsigned)tip_property_below(property, 30));
        return;
    case TIP_KIND_DATE:
        (void)snprintf(text, 128, "20%02u-%02u-%02u",
                       (unsigned)tip_property_below(property, 24),
                       (unsigned)tip_property_below(property, 12) + 1,
                       (unsigned)tip_property_below(property, 28) + 1);
        return;
    case TIP_KIND_ANSWER:
        (void)snprintf(text, 128, "%s",
                       answers[tip_property_below(property, 4)]);
        return;
    case TIP_KIND_AMOUNT:
        (void)snprintf(text, 128, "%u.%02u MRU",
                       (unsigned)tip_property_below(property, 10000),
                       (unsigned)tip_property_below(property, 100));
        return;
    case TIP_KIND_CODE:
        random_code(property, field, text);
        return;
    case TIP_KIND_SET:
        random_set(property, field, text);
        return;
    case TIP_KIND_REFERENCE:
        break;
    }
    (void)snprintf(text, 128, "018c0000-0000-7000-8000-%012u",
                   (unsigned)tip_property_below(property, 1000) + 1);
}

/* Fill in fields that are needed, and one in @often of the others. */
static size_t random_inputs(struct tip_property *property,
                            const struct tip_type *type, uint64_t often,
                            char texts[INPUTS_MAX][128],
                            struct tip_desk_input *inputs)
{
    size_t count = 0;

    for (size_t i = 0; i < type->field_count && count < INPUTS_MAX; i++) {
        const struct tip_field *field = type->in_order[i];

        if (field->retired || field->calculation != NULL ||
            field->class == TIP_CLASS_SEALED ||
            (!field->required && !tip_property_once_in(property, often))) {
            continue;
        }
        random_text(property, field, texts[count]);
        inputs[count] = (struct tip_desk_input){
            .field = field->name, .value = tip_bytes_text(texts[count])};
        count++;
    }
    return count;
}

/* Leave out what the record's rules did not like; false if nothing was. */
static bool drop_refused(struct tip_desk_input *inputs, size_t *count)
{
    const struct tip_problems *problems = &rig.answer.problems;
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++) {
        bool refused = false;

        for (size_t p = 0; p < problems->count && p < TIP_PROBLEMS_KEPT; p++) {
            refused = refused ||
                      tip_bytes_equal(inputs[i].field,
                                      tip_bytes_text(problems->kept[p].column));
        }
        if (!refused) {
            inputs[kept++] = inputs[i];
        }
    }
    if (kept == *count) {
        return false;
    }
    *count = kept;
    return true;
}

static void believe(struct belief *belief, const struct tip_type *type,
                    const struct tip_desk_input *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct tip_field *field =
            tip_type_field_named(type, inputs[i].field);

        (void)snprintf(belief->texts[field - type->fields], 128, "%.*s",
                       (int)inputs[i].value.size,
                       (const char *)inputs[i].value.data);
    }
}

/* What @i shows is what is believed; identities are sealed at the hub. */
static bool is_shown(int i, const struct tip_id *id,
                     const struct tip_type *type, const struct belief *belief)
{
    struct tip_desk_sheet sheet;
    struct tip_arena arena;
    bool good = true;

    desk_rig_sheet(&rig, i, id, &arena, &sheet);
    for (size_t f = 0; f < type->field_count && good; f++) {
        const struct tip_field *field = &type->fields[f];
        const struct tip_desk_line *line =
            tip_desk_sheet_line(&sheet, field->name);
        struct tip_bytes text = line == NULL ? TIP_BYTES_NONE : line->text;
        const char *expected = belief->texts[f];

        if (field->calculation != NULL) {
            continue;
        }
        if (i == HUB && field->class != TIP_CLASS_FACT && expected[0] != 0) {
            expected = "(sealed)";
        }
        good = tip_bytes_equal(text, tip_bytes_text(expected));
        if (!good) {
            print_message("%.*s: %.*s, not %s\n", (int)field->name.size,
                          (const char *)field->name.data, (int)text.size,
                          (const char *)text.data, expected);
        }
    }
    tip_arena_deinit(&arena);
    return good;
}

/* Save @inputs as an addition or an edit of @id, dropping what is refused.
 * False: nothing acceptable is left. */
static bool save(const struct tip_type *type, struct tip_id *id, bool is_new,
                 struct tip_desk_input *inputs, size_t *count)
{
    struct tip_desk *desk = desk_rig_desk(&rig, NEMA);
    enum tip_err err;

    do {
        struct tip_desk_new fresh = {
            .type = type->name, .inputs = inputs, .input_count = *count};
        struct tip_desk_change change = {
            .id = *id, .inputs = inputs, .input_count = *count};

        desk_rig_forget_answer(&rig);
        err = is_new ? tip_desk_add(desk, &desk_rig_who, &fresh, &rig.answer)
                     : tip_desk_edit(desk, &desk_rig_who, &change, &rig.answer);
    } while (err == TIP_EVALUE && drop_refused(inputs, count));
    if (err == TIP_OK && is_new) {
        *id = rig.answer.ids[0];
    }
    assert_true(err == TIP_OK || err == TIP_EVALUE);
    saves += err == TIP_OK && !rig.answer.is_unchanged;
    return err == TIP_OK && tip_desk_flush(desk) == TIP_OK;
}

static const char *check(struct tip_property *property)
{
    const struct tip_type *type =
        &catalogue->types[tip_property_below(property, catalogue->type_count)];
    char texts[INPUTS_MAX][128];
    struct tip_desk_input inputs[INPUTS_MAX];
    struct belief belief = {{{0}}};
    struct tip_id id = {{0}};
    size_t count = random_inputs(property, type, 3, texts, inputs);

    if (!save(type, &id, true, inputs, &count)) {
        return NULL; /* A needed field was refused: another seed has luck. */
    }
    believe(&belief, type, inputs, count);
    for (int i = 0; i < EDITS; i++) {
        if (!is_shown(NEMA, &id, type, &belief)) {
            return "what was typed is not what is shown";
        }
        count = random_inputs(property, type, 10, texts, inputs);
        if (save(type, &id, false, inputs, &count)) {
            believe(&belief, type, inputs, count);
        }
        if (tip_property_once_in(property, 2)) {
            star_run(&rig.star);
        }
    }
    star_run(&rig.star);
    return is_shown(NEMA, &id, type, &belief) &&
                   is_shown(HUB, &id, type, &belief)
               ? NULL
               : "hub and node show something else once all has arrived";
}

static void run(const char *name)
{
    catalogue = desk_rig_catalogue(folder);
    desk_rig_init(&rig, catalogue, 1);
    saves = 0;
    assert_true(tip_property_holds(name, ROUNDS, check));
    print_message("%s: %u saves\n", name, saves);
    assert_true(getenv("TIP_SEED") != NULL || saves > ROUNDS);
    desk_rig_deinit(&rig);
}

static void test_records_of_the_national_catalogue_come_back(void **state)
{
    (void)state;
    folder = RIG_NATIONAL;
    run("national round trip");
}

static void test_records_of_the_ctdc_catalogue_come_back(void **state)
{
    (void)state;
    folder = CTDC;
    run("ctdc round trip");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_of_the_national_catalogue_come_back),
        cmocka_unit_test(test_records_of_the_ctdc_catalogue_come_back),
    };

    return cmocka_run_group_tests_name("desk_round", tests, NULL, NULL);
}
