/* Rules of node_beat: how often a line is asked follows what it is like. */
#include "node_beat.h"
#include "tip_budget.h"
#include "tip_test.h"

enum { MINUTE = 60 * 1000, USUAL = 5 * MINUTE };

static void test_an_ordinary_line_is_asked_as_configured(void **state)
{
    (void)state;
    assert_int_equal(node_beat_every_ms(USUAL, 0, 0), USUAL);
    assert_int_equal(node_beat_every_ms(USUAL, 300, 0), USUAL);
}

static void test_on_a_good_line_a_dead_hub_is_missed_sooner(void **state)
{
    (void)state;
    assert_int_equal(node_beat_every_ms(USUAL, 150, 0), USUAL / 2);
    assert_int_equal(node_beat_every_ms(USUAL, 60, 0), MINUTE);
    assert_int_equal(node_beat_every_ms(USUAL, 1, 0), MINUTE);
}

static void test_over_2g_and_satellites_it_is_rarer(void **state)
{
    (void)state;
    assert_int_equal(node_beat_every_ms(USUAL, 450, 0), 450 * 1000);
    assert_int_equal(node_beat_every_ms(USUAL, 600, 0), 2 * USUAL);
    assert_int_equal(node_beat_every_ms(USUAL, UINT64_MAX, 0), 2 * USUAL);
    assert_int_equal(node_beat_every_ms(40 * MINUTE, 900, 0),
                     TIP_BUDGET_EVERY_MS_MAX);
}

static void test_who_wants_it_more_often_than_a_minute_has_it(void **state)
{
    (void)state;
    assert_int_equal(node_beat_every_ms(20000, 1, 0), 20000);
    assert_int_equal(node_beat_every_ms(20000, 800, 0), 40000);
}

/* What all signs of a day cost, on any line. */
static void test_it_stays_within_a_tenth_of_the_bytes_of_a_day(void **state)
{
    const uint64_t day_ms = UINT64_C(24) * 60 * MINUTE;
    const uint64_t day_bytes = 200000;

    (void)state;
    for (uint64_t trip = 0; trip < 2000; trip += 7) {
        uint32_t every_ms = node_beat_every_ms(USUAL, trip, day_bytes);

        assert_true(day_ms / every_ms * TIP_BUDGET_HEARTBEAT_BYTES <=
                    day_bytes / TIP_BUDGET_IDLE_PARTS);
        assert_int_equal(every_ms % 1000, 0);
    }
}

static void test_a_better_line_is_never_asked_less(void **state)
{
    uint32_t before = 0;

    (void)state;
    for (uint64_t trip = 1; trip < 2000; trip++) {
        uint32_t every_ms = node_beat_every_ms(USUAL, trip, 0);

        assert_true(every_ms >= before);
        before = every_ms;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_ordinary_line_is_asked_as_configured),
        cmocka_unit_test(test_on_a_good_line_a_dead_hub_is_missed_sooner),
        cmocka_unit_test(test_over_2g_and_satellites_it_is_rarer),
        cmocka_unit_test(test_who_wants_it_more_often_than_a_minute_has_it),
        cmocka_unit_test(test_it_stays_within_a_tenth_of_the_bytes_of_a_day),
        cmocka_unit_test(test_a_better_line_is_never_asked_less),
    };

    return cmocka_run_group_tests_name("beat", tests, NULL, NULL);
}
