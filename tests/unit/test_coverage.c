/* Rules of tip_coverage: a figure never speaks for an office not heard. */
#include "tip_test.h"

#include "tip_coverage.h"

static const struct tip_coverage_office offices[] = {
    {.office = 2, .until_ms = 500},
    {.office = 3, .until_ms = 900},
    {.office = 4, .until_ms = 700}};

static void test_an_office_is_covered_from_its_last_uncounted_change(void **s)
{
    struct tip_coverage coverage = tip_coverage_at(offices, 3, 700);

    (void)s;
    assert_int_equal(coverage.covered, 2);
    assert_int_equal(coverage.expected, 3);
    assert_int_equal(coverage.as_of_ms, 700);
    assert_int_equal(coverage.all_as_of_ms, 500);
}

static void test_an_office_never_heard_is_not_covered_at_all(void **s)
{
    const struct tip_coverage_office silent[] = {{.office = 2, .until_ms = 500},
                                                 {.office = 3}};
    struct tip_coverage coverage = tip_coverage_at(silent, 2, 0);

    (void)s;
    assert_int_equal(coverage.covered, 1);
    assert_int_equal(coverage.all_as_of_ms, 0);
    assert_int_equal(tip_coverage_at(silent, 0, 1).expected, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_an_office_is_covered_from_its_last_uncounted_change),
        cmocka_unit_test(test_an_office_never_heard_is_not_covered_at_all),
    };

    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
