/* Rules of the figures: what counts where. */
#include "tip_test.h"

#include "figures_catalogue.h"
#include "figures_rig.h"
#include "tip_period.h"

static struct rig rig;
static struct rig_rows rows;

static int setup(void **state)
{
    (void)state;
    rig_init(&rig, NULL, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rig_deinit(&rig);
    return 0;
}

static void test_a_new_record_counts_and_an_edit_moves_it(void **state)
{
    uint32_t record =
        rig_add(&rig, 1,
                RIG_CHANGES(rig_day(2026, 2, 3), rig_code(CASE_KIND, SLAVERY)));

    (void)state;
    assert_int_equal(rig_total(&rig, FIGURE_CASES), 1);
    rig_read_by(&rig, FIGURE_CASES, CASE_KIND, &rows);
    assert_int_equal(RIG_VALUE(&rows, SLAVERY), 1);
    rig_edit(&rig, record, 2, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    rig_read_by(&rig, FIGURE_CASES, CASE_KIND, &rows);
    assert_int_equal(rows.count, 1);
    assert_int_equal(RIG_VALUE(&rows, LABOUR), 1);
    assert_int_equal(rig_verify(&rig), 0);
}

static void test_missing_is_a_value_of_its_own(void **state)
{
    (void)state;
    rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    rig_add(&rig, 1, RIG_CHANGES(rig_answer(CASE_MINOR, TIP_ANSWER_UNKNOWN)));
    rig_add(&rig, 1, RIG_CHANGES(rig_blank(CASE_KIND)));
    rig_read_by(&rig, FIGURE_CASES, CASE_KIND, &rows);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rig_value(&rows, NULL, 0), 2);
    rig_read_by(&rig, FIGURE_CASES, CASE_MINOR, &rows);
    assert_int_equal(rig_value(&rows, NULL, 0), 2);
    assert_int_equal(RIG_VALUE(&rows, TIP_ANSWER_UNKNOWN), 1);
    rig_read_by(&rig, FIGURE_ACTS, CASE_ACTS, &rows);
    assert_int_equal(rig_value(&rows, NULL, 0), 3);
}

static void test_a_set_counts_once_for_each_element_or_as_one(void **state)
{
    (void)state;
    rig_add(&rig, 1,
            RIG_CHANGES(rig_member(CASE_ACTS, RECRUIT, true),
                        rig_member(CASE_ACTS, SELL, true)));
    rig_add(&rig, 1,
            RIG_CHANGES(rig_member(CASE_ACTS, MOVE, false),
                        rig_member(CASE_ACTS, SELL, true)));
    rig_read_by(&rig, FIGURE_ACTS, CASE_ACTS, &rows);
    assert_int_equal(rows.count, 2);
    assert_int_equal(RIG_VALUE(&rows, RECRUIT), 1);
    assert_int_equal(RIG_VALUE(&rows, SELL), 2);
    rig_read_by(&rig, FIGURE_ACT_SETS, CASE_ACTS, &rows);
    assert_int_equal(rows.count, 2);
    assert_int_equal(RIG_VALUE(&rows, RECRUIT, SELL), 1);
    assert_int_equal(RIG_VALUE(&rows, SELL), 1);
    assert_int_equal(rig_total(&rig, FIGURE_ACT_SETS), 2);
}

static void test_several_sets_count_in_every_pair_of_elements(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_MONTHS,
                                            .by = {CASE_TOWNS, CASE_ACTS},
                                            .by_count = 2};
    uint32_t record = rig_add(&rig, 1,
                              RIG_CHANGES(rig_member(CASE_ACTS, RECRUIT, true),
                                          rig_member(CASE_ACTS, SELL, true),
                                          rig_member(CASE_TOWNS, 7, true),
                                          rig_member(CASE_TOWNS, 9, true)));

    (void)state;
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 4);
    rig_edit(&rig, record, 1, RIG_CHANGES(rig_member(CASE_TOWNS, 7, false)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.rows[0].values[0].codes[0], 9);
}

static void test_a_set_too_large_to_tell_apart_counts_as_many(void **state)
{
    struct tip_change changes[300];
    uint32_t record;

    (void)state;
    for (uint32_t i = 0; i < 300; i++) {
        changes[i] = rig_member(CASE_ACTS, i + 1, true);
    }
    record = rig_add(&rig, 1, changes, 300);
    rig_read_by(&rig, FIGURE_ACTS, CASE_ACTS, &rows);
    assert_int_equal(rows.count, 1);
    assert_true(rows.rows[0].values[0].is_many);
    rig_read_by(&rig, FIGURE_ACT_SETS, CASE_ACTS, &rows);
    assert_true(rows.rows[0].values[0].is_many);
    for (uint32_t i = 0; i < 300; i++) {
        changes[i] = rig_member(CASE_ACTS, i + 1, i < 2);
    }
    rig_edit(&rig, record, 1, changes, 300);
    rig_read_by(&rig, FIGURE_ACTS, CASE_ACTS, &rows);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rig_verify(&rig), 0);
}

static void test_deleted_records_count_no_more_until_undone(void **state)
{
    uint32_t record =
        rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));

    (void)state;
    rig_edit(&rig, record, 1,
             RIG_CHANGES(rig_answer(TIP_FIELD_DELETED, TIP_ANSWER_YES)));
    assert_int_equal(rig_total(&rig, FIGURE_CASES), 0);
    rig_edit(&rig, record, 1, RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    rig_read_by(&rig, FIGURE_CASES, CASE_KIND, &rows);
    rig_edit(&rig, record, 1,
             RIG_CHANGES(rig_answer(TIP_FIELD_DELETED, TIP_ANSWER_NO)));
    rig_read_by(&rig, FIGURE_CASES, CASE_KIND, &rows);
    assert_int_equal(RIG_VALUE(&rows, SLAVERY), 1);
    assert_int_equal(rig_verify(&rig), 0);
}

static void test_the_shown_sibling_counts_and_the_dispute_is_said(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_CASES};
    const struct tip_figures_query acts = {.indicator = FIGURE_ACT_SETS};
    uint32_t record =
        rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    uint64_t seen = rig.commit;

    (void)state;
    rig_write(&rig, record, CASE_TYPE, 2, seen,
              RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    rig_write(&rig, record, CASE_TYPE, 3, seen,
              RIG_CHANGES(rig_code(CASE_KIND, BEGGING)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.rows[0].count, 1);
    assert_int_equal(rows.rows[0].disputed, 1);
    assert_int_equal(rig_read(&rig, &acts, &rows), TIP_OK);
    assert_int_equal(rows.rows[0].disputed, 0); /* Does not look at it. */
    rig_edit(&rig, record, 1, RIG_CHANGES(rig_code(CASE_KIND, BEGGING)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.rows[0].disputed, 0);
    assert_int_equal(rig_verify(&rig), 0);
}

static void test_deleted_and_edited_counts_as_disputed(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_CASES};
    uint32_t record =
        rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    uint64_t seen = rig.commit;

    (void)state;
    rig_write(&rig, record, CASE_TYPE, 2, seen,
              RIG_CHANGES(rig_answer(TIP_FIELD_DELETED, TIP_ANSWER_YES)));
    rig_write(&rig, record, CASE_TYPE, 3, seen,
              RIG_CHANGES(rig_answer(CASE_MINOR, TIP_ANSWER_YES)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.rows[0].count, 1);
    assert_int_equal(rows.rows[0].disputed, 1);
}

static void test_a_condition_counts_only_what_is_surely_so(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_MINORS,
                                            .by_period = true};
    char text[TIP_PERIOD_TEXT_SIZE];

    (void)state;
    rig_add(&rig, 1,
            RIG_CHANGES(rig_day(2026, 3, 31),
                        rig_answer(CASE_MINOR, TIP_ANSWER_YES)));
    rig_add(&rig, 1, RIG_CHANGES(rig_answer(CASE_MINOR, TIP_ANSWER_UNKNOWN)));
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 3, 31)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].value, 1);
    tip_period_format(TIP_PERIOD_TIP_YEAR, rows.rows[0].period, text);
    assert_string_equal(text, "2025/26");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_new_record_counts_and_an_edit_moves_it),
        TEST(test_missing_is_a_value_of_its_own),
        TEST(test_a_set_counts_once_for_each_element_or_as_one),
        TEST(test_several_sets_count_in_every_pair_of_elements),
        TEST(test_a_set_too_large_to_tell_apart_counts_as_many),
        TEST(test_deleted_records_count_no_more_until_undone),
        TEST(test_the_shown_sibling_counts_and_the_dispute_is_said),
        TEST(test_deleted_and_edited_counts_as_disputed),
        TEST(test_a_condition_counts_only_what_is_surely_so),
    };

    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
