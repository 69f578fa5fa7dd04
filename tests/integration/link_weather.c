/*
 * Goal: over a line that is slow, far, stalls or breaks, a node and its hub
 * notice what is gone and find each other again by themselves.
 */
#include <signal.h>
#include <stdio.h>

#include "real_link.h"
#include "tip_test.h"
#include "weather.h"

enum { HUB = 0, NEMA = 1 };

static struct real_link net;
static struct weather weather;

static int setup(void **state)
{
    struct tip_link_zmq_status status;

    (void)state;
    if (real_link_open(&net, NULL) != TIP_OK ||
        real_link_allow(&net, NEMA) != TIP_OK) {
        return -1;
    }
    tip_link_zmq_status(net.links[HUB], &status);
    if (!weather_open(&weather, status.port)) {
        return -1;
    }
    net.node_port = weather.port;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    real_link_close(&net);
    weather_close(&weather);
    return 0;
}

/* Wait until the node is up and the hub has heard it. */
static void meet(void)
{
    struct tip_link_event event;

    if (net.links[NEMA] == NULL) {
        assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    }
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
    assert_int_equal(
        tip_link_send(real_link_port(&net, NEMA), HUB, tip_bytes_text("hello")),
        TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
}

static void await_down(uint32_t number)
{
    struct tip_link_event event;

    assert_true(real_link_await(&net, number, TIP_LINK_DOWN, &event));
    assert_int_equal(event.cause, TIP_LINK_CAUSE_LOST);
}

static void test_meets_over_64_kbit_and_800_ms(void **state)
{
    static const uint8_t frame[8 * 1024];
    struct weather_stats stats = {.up = 0};
    struct tip_link_event event;
    uint64_t began_ms = real_link_ms(&net);

    (void)state;
    net.heartbeat_ms = 30000; /* One that 2G can afford. */
    assert_true(weather_say(&weather, "rate 64000 64000"));
    assert_true(weather_say(&weather, "rtt 800"));
    meet();
    assert_true(weather_stats(&weather, &stats));
    (void)printf("first message after %llu ms, %llu bytes up, %llu down\n",
                 (unsigned long long)(real_link_ms(&net) - began_ms), stats.up,
                 stats.down);
    assert_true(real_link_ms(&net) - began_ms >= 2000); /* It was far. */
    assert_true(stats.up + stats.down <= 1000); /* CURVE's 875 and us. */
    assert_int_equal(
        tip_link_send(real_link_port(&net, NEMA), HUB, TIP_BYTES_OF(frame)),
        TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_int_equal(event.message.size, sizeof frame);
}

static void test_meets_again_after_the_line_broke(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        meet();
        assert_true(weather_say(&weather, "cut"));
        await_down(NEMA);
        await_down(HUB);
    }
    meet();
}

static void test_meets_again_after_the_line_was_away(void **state)
{
    uint64_t end_ms = real_link_ms(&net) + REAL_LINK_WAIT_MS;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    (void)state;
    meet();
    assert_true(weather_say(&weather, "down"));
    await_down(NEMA);
    await_down(HUB);
    do {
        tip_link_receive(real_link_port(&net, NEMA), 20, &event);
        assert_int_equal(event.kind, TIP_LINK_NOTHING);
        tip_link_zmq_status(net.links[NEMA], &status);
    } while (status.fault_count < 3 && real_link_ms(&net) < end_ms);
    assert_true(status.fault_count >= 3);
    assert_true(weather_say(&weather, "up"));
    meet();
}

/* Ask for the status of the node's link until @is_so. */
static struct tip_link_zmq_status
await_status(bool (*is_so)(const struct tip_link_zmq_status *))
{
    uint64_t end_ms = real_link_ms(&net) + REAL_LINK_WAIT_MS;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    do {
        tip_link_receive(real_link_port(&net, NEMA), 5, &event);
        tip_link_zmq_status(net.links[NEMA], &status);
    } while (!is_so(&status) && real_link_ms(&net) < end_ms);
    assert_true(is_so(&status));
    return status;
}

static bool waits_after_failures(const struct tip_link_zmq_status *status)
{
    return status->fault_count >= 4 && status->call_ms > real_link_ms(&net);
}

static void test_says_why_and_when_it_calls_next(void **state)
{
    struct tip_link_zmq_status status;

    (void)state;
    meet();
    assert_true(weather_say(&weather, "down"));
    await_down(NEMA);
    status = await_status(waits_after_failures);
    /* The proxy hangs up on who calls: at once, or after a moment. */
    assert_true(status.fault == TIP_LINK_CAUSE_NO_ROUTE ||
                status.fault == TIP_LINK_CAUSE_HANDSHAKE);
    /* 50 ms, doubled up to 400 ms, spread by half. */
    assert_true(status.call_ms - real_link_ms(&net) <= 600);
    assert_true(weather_say(&weather, "up"));
    meet();
    tip_link_zmq_status(net.links[NEMA], &status);
    assert_int_equal(status.fault, TIP_LINK_CAUSE_NONE);
}

/* The node does not get through for a while. */
static void expect_rest(void)
{
    struct tip_link_event event;

    for (int i = 0; i < 20; i++) {
        tip_link_receive(real_link_port(&net, NEMA), 50, &event);
        assert_int_not_equal(event.kind, TIP_LINK_UP);
    }
}

static void test_a_node_that_rests_does_not_call(void **state)
{
    struct tip_link_event event;

    (void)state;
    meet();
    tip_link_zmq_rest(net.links[NEMA], true);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_DOWN, &event));
    assert_int_equal(event.cause, TIP_LINK_CAUSE_DROPPED);
    tip_link_zmq_retry(net.links[NEMA]);
    expect_rest();
    /* Nor does another child of it. */
    assert_int_equal(kill(real_link_pid(&net, NEMA), SIGKILL), 0);
    expect_rest();
    tip_link_zmq_rest(net.links[NEMA], false);
    meet();
}

static void notices_a_stall(const char *command)
{
    meet();
    assert_true(weather_say(&weather, command));
    await_down(NEMA); /* No answer to its sign of life. */
    assert_true(weather_say(&weather, "resume"));
    await_down(HUB);
    meet();
}

static void test_notices_a_line_that_stalls(void **state)
{
    (void)state;
    notices_a_stall("stall");
}

static void test_notices_a_line_that_stalls_downwards_alone(void **state)
{
    (void)state;
    notices_a_stall("stall down");
}

static void test_the_hub_notices_a_line_that_stalls_upwards(void **state)
{
    (void)state;
    meet();
    assert_true(weather_say(&weather, "stall up"));
    await_down(HUB); /* The node had said how long to wait for it. */
    await_down(NEMA);
    assert_true(weather_say(&weather, "resume"));
    meet();
}

/* Say nothing for @ms; whether the hub still takes the node for connected. */
static bool is_up_after(uint64_t ms)
{
    uint64_t end_ms = real_link_ms(&net) + ms;
    struct tip_link_event event = {.kind = TIP_LINK_NOTHING};

    while (real_link_ms(&net) < end_ms && event.kind != TIP_LINK_DOWN) {
        tip_link_receive(real_link_port(&net, HUB), 20, &event);
    }
    return event.kind != TIP_LINK_DOWN;
}

static void test_the_hub_waits_for_who_is_seldom_heard(void **state)
{
    (void)state;
    net.heartbeat_ms = 5000; /* The hub's own is a second. */
    meet();
    assert_false(is_up_after(4500));
    meet();
    tip_link_zmq_expect(net.links[HUB], NEMA, net.heartbeat_ms);
    assert_true(is_up_after(4500));
    assert_true(weather_say(&weather, "stall up"));
    await_down(HUB); /* It is late, and more. */
    assert_true(weather_say(&weather, "resume"));
    await_down(NEMA);
    meet(); /* What was said held for that connection. */
    assert_false(is_up_after(4500));
}

/* One of 27 s and more did: libzmq's own limit for the other side ran over. */
static void test_a_sign_of_life_ends_no_connection(void **state)
{
    (void)state;
    net.heartbeat_ms = 27000;
    meet();
    tip_link_zmq_expect(net.links[HUB], NEMA, net.heartbeat_ms);
    assert_true(is_up_after(32000));
}

static void
test_the_next_connection_gives_signs_as_often_as_was_said(void **state)
{
    (void)state;
    net.heartbeat_ms = 60000;
    meet();
    tip_link_zmq_expect(net.links[NEMA], HUB, 1000);
    assert_false(is_up_after(4500)); /* The hub's own is a second. */
    await_down(NEMA);
    meet();
    assert_true(is_up_after(4500));
}

static void test_a_frame_cut_in_the_middle_is_not_delivered(void **state)
{
    static const uint8_t frame[16 * 1024];
    struct tip_link_event event;

    (void)state;
    meet();
    assert_true(weather_say(&weather, "cut-after 5000"));
    assert_int_equal(
        tip_link_send(real_link_port(&net, NEMA), HUB, TIP_BYTES_OF(frame)),
        TIP_OK);
    await_down(NEMA);
    do { /* The hub hears of nothing but the end. */
        tip_link_receive(real_link_port(&net, HUB), 50, &event);
        assert_int_not_equal(event.kind, TIP_LINK_MESSAGE);
    } while (event.kind != TIP_LINK_DOWN);
    meet();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_meets_over_64_kbit_and_800_ms),
        TEST(test_meets_again_after_the_line_broke),
        TEST(test_meets_again_after_the_line_was_away),
        TEST(test_says_why_and_when_it_calls_next),
        TEST(test_a_node_that_rests_does_not_call),
        TEST(test_notices_a_line_that_stalls),
        TEST(test_notices_a_line_that_stalls_downwards_alone),
        TEST(test_the_hub_notices_a_line_that_stalls_upwards),
        TEST(test_the_hub_waits_for_who_is_seldom_heard),
        TEST(test_a_sign_of_life_ends_no_connection),
        TEST(test_the_next_connection_gives_signs_as_often_as_was_said),
        TEST(test_a_frame_cut_in_the_middle_is_not_delivered),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("link_weather", tests, NULL, NULL);
}
