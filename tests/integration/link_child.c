/*
 * Goal: whatever becomes of the link child, the main process has another within
 * moments, and believes nothing a child of ours would not say.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "real_link.h"
#include "tip_test.h"

enum { HUB = 0, NEMA = 1, SILENCE_MS = 120 * 1000 };

static struct real_link net;

static int setup(void **state)
{
    (void)state;
    return real_link_open(&net, NULL) == TIP_OK &&
                   real_link_allow(&net, NEMA) == TIP_OK &&
                   real_link_start(&net, NEMA) == TIP_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    real_link_close(&net);
    return 0;
}

static void await_child(uint32_t number, uint32_t starts)
{
    uint64_t end_ms = real_link_ms(&net) + REAL_LINK_WAIT_MS;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    do {
        tip_link_receive(real_link_port(&net, number), 20, &event);
        tip_link_zmq_status(net.links[number], &status);
    } while ((!status.is_running || status.child_starts < starts) &&
             real_link_ms(&net) < end_ms);
    assert_true(status.is_running);
    assert_int_equal(status.child_starts, starts);
}

static void exchange(void)
{
    struct tip_link_event event;

    assert_int_equal(tip_link_send(real_link_port(&net, NEMA), HUB,
                                   tip_bytes_text("a change")),
                     TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
}

static void test_a_killed_child_is_back_on_the_same_port(void **state)
{
    struct tip_link_zmq_status before;
    struct tip_link_zmq_status after;
    struct tip_link_event event;

    (void)state;
    tip_link_zmq_status(net.links[HUB], &before);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
    exchange();
    assert_int_equal(kill(real_link_pid(&net, HUB), SIGKILL), 0);
    await_child(HUB, 2);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
    exchange();
    tip_link_zmq_status(net.links[HUB], &after);
    assert_int_equal(before.port, after.port);
    assert_int_not_equal(before.child_pid, after.child_pid);
}

static void test_a_child_killed_again_and_again_comes_back(void **state)
{
    struct tip_link_event event;

    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
        exchange();
        assert_int_equal(kill(real_link_pid(&net, NEMA), SIGKILL), 0);
        assert_true(real_link_await(&net, NEMA, TIP_LINK_DOWN, &event));
        assert_int_equal(event.cause, TIP_LINK_CAUSE_RESTARTED);
    }
}

static void test_waits_longer_while_children_do_not_last(void **state)
{
    uint64_t began_ms;

    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(kill(real_link_pid(&net, HUB), SIGKILL), 0);
        await_child(HUB, i + 2);
    }
    assert_int_equal(kill(real_link_pid(&net, HUB), SIGKILL), 0);
    began_ms = real_link_ms(&net);
    await_child(HUB, 5);
    assert_true(real_link_ms(&net) - began_ms >= 700); /* 100 ms, doubled. */
}

static void test_a_child_that_hangs_is_replaced(void **state)
{
    struct tip_link_event event;

    (void)state;
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
    exchange();
    assert_int_equal(kill(real_link_pid(&net, HUB), SIGSTOP), 0);
    for (int i = 0; i < 2; i++) { /* Asked, and not answered. */
        net.clock.ahead_ms += SILENCE_MS;
        tip_link_receive(real_link_port(&net, HUB), 0, &event);
    }
    await_child(HUB, 2);
}

static void test_a_child_that_works_is_not_replaced_for_silence(void **state)
{
    struct tip_link_event event;

    (void)state;
    for (int i = 0; i < 5; i++) {
        net.clock.ahead_ms += SILENCE_MS / 3;
        tip_link_receive(real_link_port(&net, HUB), 0, &event);
        await_child(HUB, 1);
    }
}

static void test_a_child_that_lies_is_not_believed(void **state)
{
    (void)state;
    real_link_close(&net);
    assert_int_equal(real_link_open(&net, "liar"), TIP_ELINK_CHILD);
}

static void test_says_when_it_cannot_listen(void **state)
{
    struct tip_link_zmq *second = NULL;
    struct tip_link_zmq_status status;

    (void)state;
    tip_link_zmq_status(net.links[HUB], &status);
    assert_int_equal(real_link_listen(&net, status.port, &second),
                     TIP_ELINK_ADDRESS);
}

static void test_leaves_no_process_behind(void **state)
{
    pid_t pids[2];

    (void)state;
    pids[HUB] = real_link_pid(&net, HUB);
    pids[NEMA] = real_link_pid(&net, NEMA);
    real_link_close(&net);
    assert_int_equal(kill(pids[HUB], 0), -1);
    assert_int_equal(kill(pids[NEMA], 0), -1);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_killed_child_is_back_on_the_same_port),
        TEST(test_a_child_killed_again_and_again_comes_back),
        TEST(test_waits_longer_while_children_do_not_last),
        TEST(test_a_child_that_hangs_is_replaced),
        TEST(test_a_child_that_works_is_not_replaced_for_silence),
        TEST(test_a_child_that_lies_is_not_believed),
        TEST(test_says_when_it_cannot_listen),
        TEST(test_leaves_no_process_behind),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("link_child", tests, NULL, NULL);
}
