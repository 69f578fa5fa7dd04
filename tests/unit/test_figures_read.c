/* Rules of reading figures: what is added up, and how. */
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

static void test_amounts_add_up_for_each_currency(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_PAID};

    (void)state;
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 1, 1), rig_amount(150, 1)));
    rig_add(&rig, 2, RIG_CHANGES(rig_day(2025, 1, 1), rig_amount(-50, 1)));
    rig_add(&rig, 1, RIG_CHANGES(rig_amount(7, 2)));
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 1, 1)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 3);
    for (size_t i = 0; i < rows.count; i++) {
        const struct tip_figures_row *row = &rows.rows[i];

        assert_int_equal(row->value, row->currency == 1   ? 100
                                     : row->currency == 2 ? 7
                                                          : 0);
        assert_int_equal(row->missing, row->currency == 0);
        assert_int_equal(row->count, row->currency == 1 ? 2 : 1);
    }
}

static void test_a_sum_leaves_out_what_is_missing_and_says_so(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_AGES};
    uint32_t record;

    (void)state;
    rig_add(&rig, 1, RIG_CHANGES(rig_integer(CASE_AGE, 9)));
    record = rig_add(&rig, 1, RIG_CHANGES(rig_integer(CASE_AGE, 12)));
    rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.rows[0].value, 21);
    assert_int_equal(rows.rows[0].count, 2); /* Unknown is not ">= 0". */
    rig_edit(&rig, record, 1, RIG_CHANGES(rig_integer(CASE_AGE, -1)));
    assert_int_equal(rig_total(&rig, FIGURE_AGES), 9);
}

static void test_a_sum_beyond_64_bits_says_so_and_comes_back(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_AGES};
    uint32_t record = rig_add(&rig, 1, RIG_CHANGES(rig_integer(CASE_AGE, 1)));

    (void)state;
    rig_add(&rig, 1, RIG_CHANGES(rig_integer(CASE_AGE, INT64_MAX)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_true(rows.rows[0].overflows);
    assert_true(rows.rows[0].value == INT64_MAX);
    rig_commit(&rig);
    rig_reopen(&rig);
    rig_edit(&rig, record, 1, RIG_CHANGES(rig_integer(CASE_AGE, 0)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_false(rows.rows[0].overflows);
    assert_true(rows.rows[0].value == INT64_MAX);
    assert_int_equal(rig_verify(&rig), 0);
}

static void test_a_person_counts_once_in_any_group_of_cells(void **state)
{
    const struct tip_figures_query by_kind = {
        .indicator = FIGURE_PEOPLE, .by = {CASE_KIND}, .by_count = 1};
    uint32_t record;

    (void)state;
    rig_add(&rig, 1,
            RIG_CHANGES(rig_day(2026, 1, 1), rig_code(CASE_KIND, SLAVERY),
                        rig_person(1)));
    rig_add(&rig, 2,
            RIG_CHANGES(rig_day(2026, 5, 1), rig_code(CASE_KIND, SLAVERY),
                        rig_person(1)));
    record = rig_add(&rig, 2,
                     RIG_CHANGES(rig_day(2026, 5, 1),
                                 rig_code(CASE_KIND, LABOUR), rig_person(1)));
    rig_add(&rig, 2,
            RIG_CHANGES(rig_day(2026, 5, 1), rig_code(CASE_KIND, LABOUR),
                        rig_person(2)));
    rig_add(&rig, 2, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    assert_int_equal(rig_total(&rig, FIGURE_PEOPLE), 2);
    assert_int_equal(rig_read(&rig, &by_kind, &rows), TIP_OK);
    assert_int_equal(RIG_VALUE(&rows, SLAVERY), 1);
    assert_int_equal(RIG_VALUE(&rows, LABOUR), 2);
    rig_edit(&rig, record, 2, RIG_CHANGES(rig_blank(CASE_VICTIM)));
    assert_int_equal(rig_read(&rig, &by_kind, &rows), TIP_OK);
    assert_int_equal(RIG_VALUE(&rows, LABOUR), 1);
    assert_int_equal(rig_total(&rig, FIGURE_KINDS), 2);
}

static void test_removing_one_of_two_records_keeps_their_person(void **state)
{
    uint32_t first = rig_add(&rig, 1, RIG_CHANGES(rig_person(1)));
    uint32_t second = rig_add(&rig, 1, RIG_CHANGES(rig_person(1)));
    const struct tip_change deletion =
        rig_answer(TIP_FIELD_DELETED, TIP_ANSWER_YES);

    (void)state;
    rig_edit(&rig, first, 1, &deletion, 1);
    assert_int_equal(rig_total(&rig, FIGURE_PEOPLE), 1);
    rig_edit(&rig, second, 1, &deletion, 1);
    assert_int_equal(rig_total(&rig, FIGURE_PEOPLE), 0);
}

static void test_the_nation_is_the_sum_of_the_offices(void **state)
{
    const uint32_t one = 1;
    const uint32_t nowhere = 77;
    struct tip_figures_query query = {.indicator = FIGURE_CASES,
                                      .by_office = true};
    uint32_t record =
        rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));

    (void)state;
    rig_add(&rig, 2, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    rig_add(&rig, 2, RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    /* Who edits it does not matter. */
    rig_edit(&rig, record, 2, RIG_CHANGES(rig_code(CASE_KIND, BEGGING)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.rows[0].value + rows.rows[1].value,
                     rig_total(&rig, FIGURE_CASES));
    query.offices = &one;
    query.office_count = 1;
    assert_int_equal(rig_figure(&rig, &query), 1);
    query.offices = &nowhere;
    assert_int_equal(rig_figure(&rig, &query), 0);
}

static void test_a_query_restricts_periods_and_dimensions(void **state)
{
    static const uint32_t slavery[] = {SLAVERY};
    const struct tip_figures_only only[] = {
        {.field = CASE_KIND, .value = {.codes = slavery, .code_count = 1}},
        {.field = CASE_MINOR, .value = {.code_count = 0}}};
    struct tip_figures_query query = {.indicator = FIGURE_CASES,
                                      .in_range = true};
    const struct tip_change first = rig_day(2026, 1, 1);

    (void)state;
    query.period_first = tip_period_of(TIP_PERIOD_QUARTER, &first.value);
    query.period_last = query.period_first + 1;
    rig_add(&rig, 1,
            RIG_CHANGES(rig_day(2026, 4, 3), rig_code(CASE_KIND, SLAVERY)));
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 0, 0)));
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 3, 1)));
    rig_add(&rig, 1,
            RIG_CHANGES(rig_day(2026, 3, 1), rig_code(CASE_KIND, SLAVERY),
                        rig_answer(CASE_MINOR, TIP_ANSWER_NO)));
    rig_add(&rig, 1, RIG_CHANGES(rig_day(2026, 9, 1)));
    assert_int_equal(rig_figure(&rig, &query), 3);
    query.only = only;
    query.only_count = 1;
    assert_int_equal(rig_figure(&rig, &query), 2);
    query.only_count = 2;
    assert_int_equal(rig_figure(&rig, &query), 1);
    query.period_first = tip_period_of(TIP_PERIOD_YEAR, &first.value);
    query.only_count = 0;
    assert_int_equal(rig_figure(&rig, &query), 4);
}

static void test_a_ratio_has_both_its_numbers(void **state)
{
    const struct tip_figures_query query = {
        .indicator = FIGURE_PER_CASE, .by = {CASE_KIND}, .by_count = 1};
    const struct tip_figures_row *row;

    (void)state;
    rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR), rig_person(1)));
    rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, LABOUR), rig_person(1)));
    rig_add(&rig, 1, RIG_CHANGES(rig_code(CASE_KIND, SLAVERY)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 2);
    row = rig_row(&rows, (const uint32_t[]){LABOUR}, 1);
    assert_int_equal(row->value, 1);
    assert_int_equal(row->denominator, 2);
    row = rig_row(&rows, (const uint32_t[]){SLAVERY}, 1);
    assert_int_equal(row->value, 0);
    assert_int_equal(row->denominator, 1);
}

static void test_a_ratio_shows_what_has_no_numerator(void **state)
{
    const struct tip_figures_query query = {.indicator = FIGURE_PRICE,
                                            .by_office = true};

    (void)state;
    rig_add(
        &rig, 1,
        RIG_CHANGES(rig_answer(CASE_MINOR, TIP_ANSWER_YES), rig_amount(5, 1)));
    rig_add(&rig, 1, RIG_CHANGES(rig_amount(5, 2)));
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.rows[0].denominator, 2);
    assert_int_equal(rows.rows[1].denominator, 2);
    assert_int_equal(rows.rows[0].value, 5);
    rig_replace(&rig, "number,name,type,condition,measure,numerator,"
                      "denominator,period,period_field,dimensions\n"
                      "1,a,case,${minor} = 'yes',count,,,none,,kind\n"
                      "2,b,case,,count,,,none,,kind\n"
                      "3,c,case,,ratio,a,b,,,\n");
    rig_add(&rig, 2, RIG_CHANGES(rig_code(CASE_KIND, LABOUR)));
    rig_verify(&rig);
    assert_int_equal(
        rig_read(&rig,
                 &(struct tip_figures_query){.indicator = 3, .by_office = true},
                 &rows),
        TIP_OK);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.rows[1].office, 2);
    assert_int_equal(rows.rows[1].value, 0);
    assert_int_equal(rows.rows[1].denominator, 1);
}

static void test_a_wrong_question_is_refused(void **state)
{
    struct tip_figures_query query = {.indicator = 99};

    (void)state;
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_ENOTFOUND);
    query = (struct tip_figures_query){
        .indicator = FIGURE_CASES, .by = {CASE_ACTS}, .by_count = 1};
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_EINVAL);
    query = (struct tip_figures_query){
        .indicator = FIGURE_CASES, .by = {CASE_KIND, CASE_KIND}, .by_count = 2};
    assert_int_equal(rig_read(&rig, &query, &rows), TIP_EINVAL);
}

static void test_what_nothing_counts_costs_nothing(void **state)
{
    (void)state;
    rig_commit(&rig);
    rig_write(&rig, 0, OTHER_TYPE, 1, rig.commit, RIG_CHANGES(rig_blank(16)));
    rig_write(&rig, 0, 99, 1, rig.commit, RIG_CHANGES(rig_blank(16)));
    assert_int_equal(rig_total(&rig, FIGURE_CASES), 0);
    assert_int_equal(rig_verify(&rig), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_amounts_add_up_for_each_currency),
        TEST(test_a_sum_leaves_out_what_is_missing_and_says_so),
        TEST(test_a_sum_beyond_64_bits_says_so_and_comes_back),
        TEST(test_a_person_counts_once_in_any_group_of_cells),
        TEST(test_removing_one_of_two_records_keeps_their_person),
        TEST(test_the_nation_is_the_sum_of_the_offices),
        TEST(test_a_query_restricts_periods_and_dimensions),
        TEST(test_a_ratio_has_both_its_numbers),
        TEST(test_a_ratio_shows_what_has_no_numerator),
        TEST(test_a_wrong_question_is_refused),
        TEST(test_what_nothing_counts_costs_nothing),
    };

    return cmocka_run_group_tests_name("figures read", tests, NULL, NULL);
}
