/* The stories of the demo follow the national catalogue, and are the same
 * again for the same seed. */
#include "tip_test.h"

#include <stdio.h>
#include <string.h>

#include "demo_teller.h"
#include "fake_values.h"
#include "tip_catalogue_folder.h"
#include "tip_check.h"
#include "tip_date.h"

#define NATIONAL TIP_SOURCE_DIR "/common/catalogue/national"

enum { TODAY = 20780, SEEDS = 10000 }; /* 2026-11-23 */

static struct tip_catalogue *national;

static struct tip_catalogue *load_folder(const char *path)
{
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;

    assert_int_equal(tip_catalogue_folder_read(path, &folder), TIP_OK);
    assert_int_equal(tip_catalogue_load(folder.files, folder.file_count,
                                        &problems, &catalogue),
                     TIP_OK);
    tip_catalogue_folder_deinit(&folder);
    return catalogue;
}

static int load_national(void **state)
{
    (void)state;
    national = load_folder(NATIONAL);
    return 0;
}

static int free_national(void **state)
{
    (void)state;
    tip_catalogue_free(national);
    return 0;
}

static void teller_start(struct demo_teller *teller, uint64_t seed,
                         uint32_t office)
{
    assert_int_equal(
        demo_teller_init(
            teller, &(struct demo_teller_opts){.catalogue = national,
                                               .seed = seed,
                                               .office = office,
                                               .office_count = DEMO_WILAYAS,
                                               .today = TODAY}),
        TIP_OK);
}

static void check_record(const struct demo_record *record, uint64_t seed)
{
    static struct fake_values values;
    const struct tip_type *type =
        tip_catalogue_type_named(national, tip_bytes_text(record->type));
    struct tip_breach breach;

    assert_non_null(type);
    fake_values_init(&values, national, type, "");
    for (size_t i = 0; i < record->value_count; i++) {
        const struct demo_value *value = &record->values[i];
        struct tip_bytes text =
            value->refers_to == DEMO_NOBODY && value->office == DEMO_NOBODY
                ? value->text
                : tip_bytes_text("0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506");
        size_t place = values.count;

        fake_values_set(&values, national, type, tip_bytes_text(value->field),
                        text);
        if (values.fields[place].field->kind != TIP_KIND_SET) {
            assert_int_equal(tip_check_entered(values.fields[place].field,
                                               &values.fields[place].value),
                             TIP_RULE_KEPT);
        }
    }
    if (tip_check_record(type, &values.base, TODAY, &breach, 1) > 0) {
        fail_msg("seed %llu: %s.%.*s: %s", (unsigned long long)seed,
                 record->type, (int)breach.field->name.size,
                 (const char *)breach.field->name.data,
                 tip_rule_text(breach.rule));
    }
}

static void test_every_story_follows_the_catalogue(void **state)
{
    static struct demo_story story;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct demo_teller teller;

        teller_start(&teller, seed, (uint32_t)(seed % DEMO_WILAYAS));
        demo_teller_tell(&teller, &story);
        assert_string_equal(story.records[0].type, "case");
        for (size_t i = 0; i < story.record_count; i++) {
            check_record(&story.records[i], seed);
        }
    }
}

static void test_a_record_refers_only_to_earlier_ones(void **state)
{
    static struct demo_story story;
    struct demo_teller teller;

    (void)state;
    teller_start(&teller, 3, 14);
    for (int round = 0; round < 500; round++) {
        demo_teller_tell(&teller, &story);
        for (size_t i = 0; i < story.record_count; i++) {
            for (size_t v = 0; v < story.records[i].value_count; v++) {
                assert_true(story.records[i].values[v].refers_to < (int)i);
            }
        }
    }
}

static void assert_same(const struct demo_story *a, const struct demo_story *b)
{
    assert_int_equal(a->record_count, b->record_count);
    assert_int_equal(a->text_size, b->text_size);
    assert_memory_equal(a->text, b->text, a->text_size);
    for (size_t i = 0; i < a->record_count; i++) {
        assert_string_equal(a->records[i].type, b->records[i].type);
        assert_int_equal(a->records[i].helper, b->records[i].helper);
        assert_int_equal(a->records[i].value_count, b->records[i].value_count);
    }
}

static void test_the_same_seed_tells_the_same_stories(void **state)
{
    static struct demo_story first, again;
    struct demo_teller a, b;

    (void)state;
    teller_start(&a, 7, 4);
    teller_start(&b, 7, 4);
    for (int round = 0; round < 50; round++) {
        demo_teller_tell(&a, &first);
        demo_teller_tell(&b, &again);
        assert_same(&first, &again);
    }
}

static void test_another_seed_or_office_tells_other_stories(void **state)
{
    static struct demo_story story, other;
    struct demo_teller teller;

    (void)state;
    teller_start(&teller, 7, 4);
    demo_teller_tell(&teller, &story);
    teller_start(&teller, 8, 4);
    demo_teller_tell(&teller, &other);
    assert_true(story.text_size != other.text_size ||
                memcmp(story.text, other.text, story.text_size) != 0);
    teller_start(&teller, 7, 5);
    demo_teller_tell(&teller, &other);
    assert_true(story.text_size != other.text_size ||
                memcmp(story.text, other.text, story.text_size) != 0);
}

/* How many of 2,000 cases of @office have @text in @field. */
static unsigned cases_with(uint32_t office, const char *field, const char *text)
{
    static struct demo_story story;
    struct demo_teller teller;
    unsigned count = 0;

    teller_start(&teller, 1, office);
    for (int i = 0; i < 2000; i++) {
        const struct demo_value *value;

        demo_teller_tell(&teller, &story);
        value = demo_record_value(&story.records[0], field);
        count +=
            value != NULL && tip_bytes_equal(value->text, tip_bytes_text(text));
    }
    return count;
}

static void test_what_is_reported_depends_on_the_wilaya(void **state)
{
    enum { HODH = 0, NOUADHIBOU = 7, INCHIRI = 11, SUD = 14 };

    (void)state;
    assert_true(cases_with(HODH, "vector", "descent_slavery") >
                2 * cases_with(SUD, "vector", "descent_slavery"));
    assert_true(cases_with(SUD, "vector", "forced_begging") >
                4 * cases_with(HODH, "vector", "forced_begging"));
    assert_int_equal(cases_with(HODH, "sector", "fishing"), 0);
    assert_true(cases_with(NOUADHIBOU, "sector", "fishing") > 300);
    assert_true(cases_with(INCHIRI, "sector", "mining_gold") > 500);
}

/* The people behind begging are boys in a mahadra, not grown women. */
static void
test_children_beg_and_are_asked_what_children_are_asked(void **state)
{
    static struct demo_story story;
    struct demo_teller teller;
    unsigned victims = 0;

    (void)state;
    teller_start(&teller, 5, 13);
    while (victims < 300) {
        demo_teller_tell(&teller, &story);
        if (!tip_bytes_equal(
                demo_record_value(&story.records[0], "vector")->text,
                tip_bytes_text("forced_begging"))) {
            continue;
        }
        for (size_t i = 1; i < story.record_count; i++) {
            const struct demo_record *record = &story.records[i];
            const struct demo_value *age =
                demo_record_value(record, "age_group");

            if (strcmp(record->type, "victim") == 0) {
                assert_true(
                    tip_bytes_equal(age->text, tip_bytes_text("0--8")) ||
                    tip_bytes_equal(age->text, tip_bytes_text("9--17")));
                assert_null(demo_record_value(record, "marital"));
                assert_non_null(demo_record_value(record, "guardian"));
                victims++;
            }
        }
    }
}

static void test_cases_fall_into_all_of_the_last_eight_quarters(void **state)
{
    static struct demo_story story;
    struct demo_teller teller;
    unsigned quarters[8] = {0};

    (void)state;
    teller_start(&teller, 2, 0);
    for (int i = 0; i < 2000; i++) {
        struct tip_value opened;

        demo_teller_tell(&teller, &story);
        assert_true(tip_date_parse(
            demo_record_value(&story.records[0], "opened_on")->text, &opened));
        assert_true(opened.date.day <= TODAY);
        assert_true(opened.date.day > TODAY - 732);
        quarters[(TODAY - opened.date.day) / 92]++;
    }
    for (size_t i = 0; i < 8; i++) {
        assert_true(quarters[i] > 5);
    }
    assert_true(quarters[0] > quarters[7]);
}

static void test_some_records_go_to_a_second_office(void **state)
{
    static struct demo_story story;
    struct demo_teller teller;
    unsigned shared = 0, all = 0;

    (void)state;
    teller_start(&teller, 9, 2);
    for (int round = 0; round < 500; round++) {
        demo_teller_tell(&teller, &story);
        for (size_t i = 0; i < story.record_count; i++) {
            int helper = story.records[i].helper;

            assert_true(helper == DEMO_NOBODY ||
                        (helper >= 0 && helper < DEMO_WILAYAS && helper != 2));
            shared += helper != DEMO_NOBODY;
            all++;
        }
    }
    assert_in_range(shared * 100 / all, 5, 40);
}

static void test_another_catalogue_is_refused(void **state)
{
    struct tip_catalogue *ctdc =
        load_folder(TIP_SOURCE_DIR "/tests/data/catalogue/ctdc");
    struct demo_teller teller;
    struct demo_teller_opts opts = {.catalogue = ctdc, .office_count = 1};

    (void)state;
    assert_int_equal(demo_teller_init(&teller, &opts), TIP_EUNSUPPORTED);
    tip_catalogue_free(ctdc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_story_follows_the_catalogue),
        cmocka_unit_test(test_a_record_refers_only_to_earlier_ones),
        cmocka_unit_test(test_the_same_seed_tells_the_same_stories),
        cmocka_unit_test(test_another_seed_or_office_tells_other_stories),
        cmocka_unit_test(test_what_is_reported_depends_on_the_wilaya),
        cmocka_unit_test(
            test_children_beg_and_are_asked_what_children_are_asked),
        cmocka_unit_test(test_cases_fall_into_all_of_the_last_eight_quarters),
        cmocka_unit_test(test_some_records_go_to_a_second_office),
        cmocka_unit_test(test_another_catalogue_is_refused),
    };

    return cmocka_run_group_tests(tests, load_national, free_national);
}
