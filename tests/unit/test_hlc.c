/* Rules of tip_hlc: later is always later, whatever the wall clock does. */
#include "fake_clock.h"
#include "tip_hlc.h"
#include "tip_test.h"

#define NOON (TIP_STAMP_EPOCH_MS + 1000000)
enum { SKEW_MAX = 500 };

struct fixture {
    struct fake_clock clock;
    struct tip_hlc hlc;
};

static int setup(void **state)
{
    static struct fixture f;

    f.clock = FAKE_CLOCK_AT(NOON);
    tip_hlc_init(&f.hlc, &f.clock.base, SKEW_MAX);
    *state = &f;
    return 0;
}

/* Assert that the next local stamp is @wall_ms and @tick. */
#define ASSERT_ISSUES(f, wall_ms_, tick_)                             \
    do {                                                              \
        struct tip_stamp stamp_ = tip_hlc_issue(&(f)->hlc);           \
        struct tip_stamp want_ = tip_stamp_make((wall_ms_), (tick_)); \
        assert_int_equal(stamp_.packed, want_.packed);                \
    } while (0)

static void test_ticks_while_the_wall_clock_stands_still(void **state)
{
    struct fixture *f = *state;

    ASSERT_ISSUES(f, NOON, 0);
    ASSERT_ISSUES(f, NOON, 1);
    f->clock.now_ms = NOON + 1;
    ASSERT_ISSUES(f, NOON + 1, 0);
}

static void test_never_goes_back_with_the_wall_clock(void **state)
{
    struct fixture *f = *state;

    ASSERT_ISSUES(f, NOON, 0);
    f->clock.now_ms = 0;
    ASSERT_ISSUES(f, NOON, 1);
}

static void test_borrows_a_millisecond_when_ticks_run_out(void **state)
{
    struct fixture *f = *state;

    tip_hlc_restore(&f->hlc, tip_stamp_make(NOON, TIP_STAMP_TICK_MAX));
    ASSERT_ISSUES(f, NOON + 1, 0);
}

static void test_issues_after_an_observed_stamp(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp remote = tip_stamp_make(NOON + SKEW_MAX, 3);

    assert_int_equal(tip_hlc_observe(&f->hlc, remote), TIP_OK);
    ASSERT_ISSUES(f, NOON + SKEW_MAX, 4);
}

static void test_does_not_follow_a_stamp_from_the_far_future(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp remote = tip_stamp_make(NOON + SKEW_MAX + 1, 0);

    assert_int_equal(tip_hlc_observe(&f->hlc, remote), TIP_ESKEW);
    ASSERT_ISSUES(f, NOON, 0);
}

static void test_accepts_a_stamp_from_the_past(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp remote = tip_stamp_make(NOON - 1, 5);

    assert_int_equal(tip_hlc_observe(&f->hlc, remote), TIP_OK);
    ASSERT_ISSUES(f, NOON, 0);
}

static void test_orders_by_time_then_tick(void **state)
{
    struct tip_stamp early = tip_stamp_make(NOON, 9);
    struct tip_stamp late = tip_stamp_make(NOON + 1, 0);

    (void)state;
    assert_true(tip_stamp_compare(early, late) < 0);
    assert_true(tip_stamp_compare(late, early) > 0);
    assert_int_equal(tip_stamp_compare(early, early), 0);
    assert_true(tip_stamp_compare(early, tip_stamp_make(NOON, 10)) < 0);
}

static void test_never_repeats_a_stamp_after_the_battery_died(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp before, after;

    before = tip_hlc_issue(&f->hlc);
    f->clock.now_ms = 0;
    tip_hlc_init(&f->hlc, &f->clock.base, SKEW_MAX);
    tip_hlc_restore(&f->hlc, (struct tip_stamp){before.packed});
    after = tip_hlc_issue(&f->hlc);
    assert_true(tip_stamp_compare(before, after) < 0);
}

static void test_repeats_no_stamp_whose_ceiling_was_lost(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp before = tip_hlc_issue(&f->hlc);

    tip_hlc_restore(&f->hlc, tip_stamp_make(NOON - 1, 0));
    assert_true(tip_stamp_compare(before, tip_hlc_issue(&f->hlc)) < 0);
    assert_true(tip_stamp_compare(f->hlc.last, f->hlc.ceiling) <= 0);
}

static void test_raises_the_ceiling_once_a_minute(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp first;

    (void)tip_hlc_issue(&f->hlc);
    first = f->hlc.ceiling;
    f->clock.now_ms = NOON + TIP_HLC_CEILING_MS;
    (void)tip_hlc_issue(&f->hlc);
    assert_int_equal(f->hlc.ceiling.packed, first.packed);
    f->clock.now_ms++;
    (void)tip_hlc_issue(&f->hlc);
    assert_true(tip_stamp_compare(first, f->hlc.ceiling) < 0);
}

static void test_shows_1970_as_the_epoch(void **state)
{
    (void)state;
    assert_int_equal(tip_stamp_unix_ms(tip_stamp_make(0, 0)),
                     TIP_STAMP_EPOCH_MS);
}

static void test_a_restored_ceiling_stands_until_it_is_reached(void **state)
{
    struct fixture *f = *state;
    struct tip_stamp ceiling = tip_stamp_make(NOON + 10, 4);

    tip_hlc_restore(&f->hlc, ceiling);
    assert_int_equal(f->hlc.ceiling.packed, ceiling.packed);
    ASSERT_ISSUES(f, NOON + 10, 5);
    assert_int_equal(f->hlc.ceiling.packed,
                     tip_stamp_make(NOON + 10 + TIP_HLC_CEILING_MS, 0).packed);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ticks_while_the_wall_clock_stands_still),
        TEST(test_never_goes_back_with_the_wall_clock),
        TEST(test_borrows_a_millisecond_when_ticks_run_out),
        TEST(test_issues_after_an_observed_stamp),
        TEST(test_does_not_follow_a_stamp_from_the_far_future),
        TEST(test_accepts_a_stamp_from_the_past),
        TEST(test_orders_by_time_then_tick),
        TEST(test_never_repeats_a_stamp_after_the_battery_died),
        TEST(test_repeats_no_stamp_whose_ceiling_was_lost),
        TEST(test_raises_the_ceiling_once_a_minute),
        TEST(test_shows_1970_as_the_epoch),
        TEST(test_a_restored_ceiling_stands_until_it_is_reached),
    };

    return cmocka_run_group_tests_name("hlc", tests, NULL, NULL);
}
