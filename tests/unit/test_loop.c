/* Rules of tip_loop: timers in order, nobody starves. */
#include <poll.h>
#include <unistd.h>

#include "fake_clock.h"
#include "tip_loop.h"
#include "tip_test.h"

struct seen {
    struct tip_loop *loop;
    struct tip_loop_timer timer;
    int timers;
    int reads;
};

static void on_timer(void *context)
{
    struct seen *seen = context;

    seen->timers++;
}

static void on_timer_again(void *context)
{
    struct seen *seen = context;

    seen->timers++;
    tip_loop_timer_set(seen->loop, &seen->timer, 0, on_timer_again, seen);
}

static void on_ready(void *context, int fd, short events)
{
    struct seen *seen = context;

    assert_true((events & POLLIN) != 0);
    seen->reads++;
    tip_loop_unwatch(seen->loop, fd);
    tip_loop_stop(seen->loop);
}

static void test_calls_timers_in_order_and_once(void **state)
{
    struct fake_clock clock = FAKE_CLOCK_AT(0);
    struct tip_loop *loop = tip_loop_new(&clock.base);
    struct seen early = {.loop = loop};
    struct seen late = {.loop = loop};

    (void)state;
    assert_non_null(loop);
    tip_loop_timer_set(loop, &late.timer, 20, on_timer, &late);
    tip_loop_timer_set(loop, &early.timer, 10, on_timer, &early);
    tip_loop_turn(loop, 0);
    assert_int_equal(early.timers + late.timers, 0);
    clock.elapsed_ms = 10;
    tip_loop_turn(loop, 0);
    assert_int_equal(early.timers, 1);
    assert_int_equal(late.timers, 0);
    tip_loop_timer_clear(loop, &late.timer);
    clock.elapsed_ms = 100;
    tip_loop_turn(loop, 0);
    assert_int_equal(early.timers, 1);
    assert_int_equal(late.timers, 0);
    tip_loop_free(loop);
}

static void test_a_busy_timer_does_not_starve_descriptors(void **state)
{
    struct fake_clock clock = FAKE_CLOCK_AT(0);
    struct tip_loop *loop = tip_loop_new(&clock.base);
    struct seen seen = {.loop = loop};
    int ends[2];

    (void)state;
    assert_non_null(loop);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(tip_loop_watch(loop, ends[0], POLLIN, on_ready, &seen),
                     TIP_OK);
    tip_loop_timer_set(loop, &seen.timer, 0, on_timer_again, &seen);
    tip_loop_turn(loop, -1);
    assert_int_equal(seen.timers, 1);
    assert_int_equal(write(ends[1], "x", 1), 1);
    tip_loop_run(loop);
    assert_int_equal(seen.reads, 1);
    tip_loop_turn(loop, 0);
    assert_int_equal(seen.reads, 1);
    tip_loop_free(loop);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void test_refuses_more_descriptors_than_it_can_watch(void **state)
{
    struct fake_clock clock = FAKE_CLOCK_AT(0);
    struct tip_loop *loop = tip_loop_new(&clock.base);
    struct seen seen = {.loop = loop};
    int fd;

    (void)state;
    assert_non_null(loop);
    for (fd = 0; fd < TIP_LOOP_WATCHES_MAX; fd++) {
        assert_int_equal(tip_loop_watch(loop, fd, POLLIN, on_ready, &seen),
                         TIP_OK);
    }
    assert_int_equal(tip_loop_watch(loop, fd, POLLIN, on_ready, &seen),
                     TIP_ETOOBIG);
    assert_int_equal(tip_loop_watch(loop, 0, POLLOUT, on_ready, &seen), TIP_OK);
    tip_loop_free(loop);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_timers_in_order_and_once),
        cmocka_unit_test(test_a_busy_timer_does_not_starve_descriptors),
        cmocka_unit_test(test_refuses_more_descriptors_than_it_can_watch),
    };

    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
