/* Rules of tip_period: which period a date lies in. */
#include "tip_test.h"

#include "tip_date.h"
#include "tip_period.h"

static struct tip_value date(int32_t year, int32_t month, int32_t day)
{
    struct tip_value value = {.kind = TIP_VALUE_DATE};
    struct tip_date at = {.year = year,
                          .month = month == 0 ? 1 : month,
                          .day = day == 0 ? 1 : day};

    value.date.day = tip_date_days(at);
    value.date.precision = month == 0 ? TIP_DATE_YEAR
                           : day == 0 ? TIP_DATE_MONTH
                                      : TIP_DATE_DAY;
    return value;
}

#define ASSERT_PERIOD(unit_, year_, month_, day_, text_)    \
    do {                                                    \
        char written_[TIP_PERIOD_TEXT_SIZE];                \
        struct tip_value date_ = date(year_, month_, day_); \
        uint32_t period_ = tip_period_of(unit_, &date_);    \
                                                            \
        tip_period_format(unit_, period_, written_);        \
        assert_string_equal(written_, text_);               \
    } while (0)

static void test_a_day_lies_in_its_month_quarter_and_year(void **state)
{
    (void)state;
    ASSERT_PERIOD(TIP_PERIOD_MONTH, 2026, 11, 23, "2026-11");
    ASSERT_PERIOD(TIP_PERIOD_QUARTER, 2026, 3, 31, "2026-Q1");
    ASSERT_PERIOD(TIP_PERIOD_QUARTER, 2026, 4, 1, "2026-Q2");
    ASSERT_PERIOD(TIP_PERIOD_QUARTER, 2026, 12, 31, "2026-Q4");
    ASSERT_PERIOD(TIP_PERIOD_YEAR, 2026, 12, 31, "2026");
}

static void test_a_tip_year_runs_from_april_to_march(void **state)
{
    (void)state;
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 2026, 3, 31, "2025/26");
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 2026, 4, 1, "2026/27");
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 1999, 12, 31, "1999/00");
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 1800, 1, 1, "1799/00");
}

static void test_a_month_lies_in_the_quarter_that_holds_all_of_it(void **state)
{
    (void)state;
    ASSERT_PERIOD(TIP_PERIOD_MONTH, 2026, 2, 0, "2026-02");
    ASSERT_PERIOD(TIP_PERIOD_QUARTER, 2026, 2, 0, "2026-Q1");
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 2026, 3, 0, "2025/26");
}

static void test_a_date_too_vague_counts_in_the_year_as_a_whole(void **state)
{
    (void)state;
    ASSERT_PERIOD(TIP_PERIOD_MONTH, 2026, 0, 0, "2026");
    ASSERT_PERIOD(TIP_PERIOD_QUARTER, 2024, 0, 0, "2024");
    ASSERT_PERIOD(TIP_PERIOD_YEAR, 2024, 0, 0, "2024");
    ASSERT_PERIOD(TIP_PERIOD_TIP_YEAR, 2026, 0, 0, "2026");
}

static void test_periods_sort_as_time_does_and_missing_before_all(void **state)
{
    struct tip_value last = date(2025, 12, 31);
    struct tip_value year = date(2026, 0, 0);
    struct tip_value first = date(2026, 1, 1);

    (void)state;
    assert_int_equal(tip_period_of(TIP_PERIOD_QUARTER, NULL),
                     TIP_PERIOD_MISSING);
    assert_true(TIP_PERIOD_MISSING < tip_period_of(TIP_PERIOD_MONTH, &last));
    assert_true(tip_period_of(TIP_PERIOD_MONTH, &last) <
                tip_period_of(TIP_PERIOD_MONTH, &year));
    assert_true(tip_period_of(TIP_PERIOD_MONTH, &year) <
                tip_period_of(TIP_PERIOD_MONTH, &first));
    assert_int_equal(tip_period_of(TIP_PERIOD_QUARTER, &year),
                     tip_period_of(TIP_PERIOD_YEAR, &first));
}

static void test_a_day_that_does_not_exist_is_missing(void **state)
{
    struct tip_value bad = {.kind = TIP_VALUE_DATE, .date = {.day = INT32_MAX}};

    (void)state;
    assert_int_equal(tip_period_of(TIP_PERIOD_YEAR, &bad), TIP_PERIOD_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_lies_in_its_month_quarter_and_year),
        cmocka_unit_test(test_a_tip_year_runs_from_april_to_march),
        cmocka_unit_test(test_a_month_lies_in_the_quarter_that_holds_all_of_it),
        cmocka_unit_test(test_a_date_too_vague_counts_in_the_year_as_a_whole),
        cmocka_unit_test(test_periods_sort_as_time_does_and_missing_before_all),
        cmocka_unit_test(test_a_day_that_does_not_exist_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
