/* Rules of tip_hours: a day of a line, by the hour. */
#include "tip_hours.h"
#include "tip_test.h"

#define HOUR UINT64_C(3600000)
#define NOON (UINT64_C(498828) * HOUR)

static void assert_strip(const struct tip_hours *hours, const char *expected)
{
    char text[TIP_HOURS_STRIP_SIZE];

    tip_hours_strip(hours, text);
    assert_string_equal(text, expected);
}

static void test_a_day_is_the_sum_of_its_hours(void **state)
{
    struct tip_hours hours = {.newest = 0};

    (void)state;
    assert_true(tip_hours_pass(&hours, NOON));
    tip_hours_carry(&hours, 100, 10);
    assert_false(tip_hours_pass(&hours, NOON + HOUR - 1));
    tip_hours_carry(&hours, 100, 10);
    assert_true(tip_hours_pass(&hours, NOON + HOUR));
    tip_hours_carry(&hours, 1, 2);
    assert_int_equal(tip_hours_sum(&hours).up_bytes, 201);
    assert_int_equal(tip_hours_sum(&hours).down_bytes, 22);
}

static void test_what_is_older_than_a_day_is_forgotten(void **state)
{
    struct tip_hours hours = {.newest = 0};

    (void)state;
    (void)tip_hours_pass(&hours, NOON);
    tip_hours_carry(&hours, 100, 10);
    tip_hours_hear(&hours, NOON);
    (void)tip_hours_pass(&hours, NOON + 23 * HOUR);
    assert_int_equal(tip_hours_sum(&hours).up_bytes, 100);
    assert_int_equal(tip_hours_heard(&hours), 1);
    (void)tip_hours_pass(&hours, NOON + 24 * HOUR);
    assert_int_equal(tip_hours_sum(&hours).up_bytes, 0);
    assert_int_equal(tip_hours_heard(&hours), 0);
    tip_hours_hear(&hours, NOON);
    assert_int_equal(tip_hours_heard(&hours), 0);
}

static void test_the_strip_shows_the_newest_last(void **state)
{
    struct tip_hours hours = {.newest = 0};

    (void)state;
    (void)tip_hours_pass(&hours, NOON);
    assert_strip(&hours, "▁▁▁▁▁▁▁▁");
    tip_hours_hear(&hours, NOON);
    assert_strip(&hours, "▁▁▁▁▁▁▁▄");
    tip_hours_hear(&hours, NOON - 1 * HOUR);
    tip_hours_hear(&hours, NOON - 2 * HOUR);
    tip_hours_hear(&hours, NOON - 23 * HOUR);
    assert_strip(&hours, "▄▁▁▁▁▁▁█");
    (void)tip_hours_pass(&hours, NOON + 3 * HOUR);
    assert_strip(&hours, "▁▁▁▁▁▁█▁");
}

static void test_a_clock_set_back_keeps_the_day_it_had(void **state)
{
    struct tip_hours hours = {.newest = 0};

    (void)state;
    (void)tip_hours_pass(&hours, NOON);
    tip_hours_carry(&hours, 100, 10);
    assert_false(tip_hours_pass(&hours, NOON - 5 * HOUR));
    tip_hours_carry(&hours, 1, 1);
    assert_int_equal(tip_hours_sum(&hours).up_bytes, 101);
    assert_true(tip_hours_pass(&hours, NOON - 24 * HOUR));
    assert_int_equal(tip_hours_sum(&hours).up_bytes, 0);
}

/* A dead battery: the clock begins with 1970. */
static void test_the_strip_is_right_on_the_first_day_of_all(void **state)
{
    struct tip_hours hours = {.newest = 0};

    (void)state;
    (void)tip_hours_pass(&hours, 2 * HOUR);
    tip_hours_hear(&hours, 0);
    tip_hours_hear(&hours, 1 * HOUR);
    tip_hours_hear(&hours, 2 * HOUR);
    assert_strip(&hours, "▁▁▁▁▁▁▁█");
    (void)tip_hours_pass(&hours, 5 * HOUR);
    assert_strip(&hours, "▁▁▁▁▁▁█▁");
}

static void test_the_strip_ends_where_its_room_does(void **state)
{
    struct tip_hours hours = {.newest = 0};
    char text[TIP_HOURS_STRIP_SIZE + 1];

    (void)state;
    memset(text, 'x', sizeof text);
    tip_hours_strip(&hours, text);
    assert_int_equal(text[TIP_HOURS_STRIP_SIZE - 1], '\0');
    assert_int_equal(text[TIP_HOURS_STRIP_SIZE], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_is_the_sum_of_its_hours),
        cmocka_unit_test(test_what_is_older_than_a_day_is_forgotten),
        cmocka_unit_test(test_the_strip_shows_the_newest_last),
        cmocka_unit_test(test_the_strip_is_right_on_the_first_day_of_all),
        cmocka_unit_test(test_the_strip_ends_where_its_room_does),
        cmocka_unit_test(test_a_clock_set_back_keeps_the_day_it_had),
    };

    return cmocka_run_group_tests_name("hours", tests, NULL, NULL);
}
