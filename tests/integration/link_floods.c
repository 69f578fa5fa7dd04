/*
 * Goal: whatever arrives at the hub's port, the hub stays small, and the other
 * offices keep working or are back within seconds.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curve_client.h"
#include "real_link.h"
#include "tip_test.h"

enum {
    HUB = 0,
    NEMA = 1,
    KIFFA = 2,
    RSS_KIB_MAX = 24 * 1024, /* A hub child at rest takes about 1 MiB. */
    HALF_OPEN_COUNT = 600,   /* More than the hub lets wait. */
    POUR_BYTES_MAX = 64 * 1024 * 1024
};

static struct real_link net;
static uint16_t port;

static void join(uint32_t number)
{
    struct tip_link_event event;

    assert_int_equal(real_link_allow(&net, number), TIP_OK);
    assert_int_equal(real_link_start(&net, number), TIP_OK);
    assert_true(real_link_await(&net, number, TIP_LINK_UP, &event));
    assert_int_equal(tip_link_send(real_link_port(&net, number), HUB,
                                   tip_bytes_text("hello")),
                     TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_int_equal(event.peer, number);
}

static int setup(void **state)
{
    struct tip_link_zmq_status status;

    (void)state;
    if (real_link_open(&net, NULL) != TIP_OK) {
        return -1;
    }
    tip_link_zmq_status(net.links[HUB], &status);
    port = status.port;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    real_link_close(&net);
    return 0;
}

static long hub_rss_kib(void)
{
    return real_link_rss_kib(real_link_pid(&net, HUB));
}

/* The hub and NEMA, who has joined, still talk over the same connection. */
static void expect_undisturbed(void)
{
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    assert_int_equal(tip_link_send(real_link_port(&net, NEMA), HUB,
                                   tip_bytes_text("still here")),
                     TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_int_equal(event.peer, NEMA);
    tip_link_zmq_status(net.links[HUB], &status);
    assert_int_equal(status.child_starts, 1);
}

/* Send zeros until the hub hangs up; how many it took. */
static size_t pour(int fd)
{
    static const uint8_t zeros[64 * 1024];
    size_t poured = 0;

    while (poured < POUR_BYTES_MAX) {
        ssize_t put = send(fd, zeros, sizeof zeros, MSG_NOSIGNAL);

        if (put <= 0) {
            break;
        }
        poured += (size_t)put;
        assert_true(hub_rss_kib() < RSS_KIB_MAX);
    }
    return poured;
}

static void test_a_gigabyte_announced_by_a_stranger_costs_nothing(void **state)
{
    const uint8_t command[] = {6, 0, 0, 0, 0, 0x40, 0, 0, 0};
    const uint8_t message[] = {2, 0, 0, 0, 0, 0x40, 0, 0, 0};
    const uint8_t *frames[] = {command, message};

    (void)state;
    join(NEMA);
    for (size_t i = 0; i < 2; i++) {
        int fd = curve_client_connect(port);

        assert_true(fd >= 0);
        assert_true(curve_client_greet(fd, "CURVE"));
        assert_true(send(fd, frames[i], sizeof command, MSG_NOSIGNAL) > 0);
        assert_true(pour(fd) < POUR_BYTES_MAX);
        (void)close(fd);
    }
    expect_undisturbed();
}

static void test_garbage_on_the_port_is_cut_off(void **state)
{
    static uint8_t garbage[4096];
    uint32_t seed = 1;

    (void)state;
    join(NEMA);
    for (int round = 0; round < 50; round++) {
        uint8_t answer[128];
        int fd = curve_client_connect(port);

        assert_true(fd >= 0);
        for (size_t i = 0; i < sizeof garbage; i++) {
            seed = seed * 1664525 + 1013904223;
            garbage[i] = (uint8_t)(seed >> 24);
        }
        if (round % 2 == 1) { /* Half of them after a good greeting. */
            (void)curve_client_greet(fd, "CURVE");
        }
        (void)send(fd, garbage, sizeof garbage, MSG_NOSIGNAL);
        (void)shutdown(fd, SHUT_WR);
        while (recv(fd, answer, sizeof answer, 0) > 0) {
        }
        (void)close(fd);
    }
    assert_true(hub_rss_kib() < RSS_KIB_MAX);
    expect_undisturbed();
}

static void test_half_open_handshakes_keep_nobody_out(void **state)
{
    static int fds[HALF_OPEN_COUNT];

    (void)state;
    for (size_t i = 0; i < HALF_OPEN_COUNT; i++) {
        fds[i] = curve_client_connect(port);
        assert_true(fds[i] >= 0);
        assert_true(send(fds[i], "\xff", 1, MSG_NOSIGNAL) == 1);
    }
    join(NEMA);
    assert_true(hub_rss_kib() < RSS_KIB_MAX);
    for (size_t i = 0; i < HALF_OPEN_COUNT; i++) {
        (void)close(fds[i]);
    }
    expect_undisturbed();
}

/* Come in as KIFFA, by hand. */
static void infiltrate(struct curve_client *client)
{
    assert_int_equal(real_link_allow(&net, KIFFA), TIP_OK);
    assert_true(curve_client_open(client, port, net.keys[HUB].public_key,
                                  net.keys[KIFFA].public_key,
                                  net.keys[KIFFA].secret_key, TIP_BYTES_NONE));
}

/* Send parts of a message that never ends until somebody stops it. */
static size_t send_endlessly(struct curve_client *client)
{
    static const uint8_t part[32 * 1024];
    size_t sent = 0;

    while (sent < 1024 * (size_t)1024 * 1024 &&
           curve_client_send(client, TIP_BYTES_OF(part), true)) {
        sent += sizeof part;
    }
    return sent;
}

static void test_a_message_without_end_cuts_off_its_sender_alone(void **state)
{
    struct curve_client client;
    size_t sent;

    (void)state;
    join(NEMA);
    infiltrate(&client);
    sent = send_endlessly(&client);
    (void)printf("cut off after %zu KiB, hub child at %ld KiB\n", sent / 1024,
                 hub_rss_kib());
    assert_true(sent < 1024 * (size_t)1024 * 1024);
    curve_client_close(&client);
    expect_undisturbed();
}

static void test_a_message_in_two_parts_is_not_ours(void **state)
{
    struct curve_client client;
    struct tip_link_event event;

    (void)state;
    infiltrate(&client);
    assert_true(curve_client_send(&client, tip_bytes_text("whole"), false));
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_true(curve_client_send(&client, tip_bytes_text("head"), true));
    assert_true(curve_client_send(&client, tip_bytes_text("tail"), false));
    assert_true(real_link_await(&net, HUB, TIP_LINK_DOWN, &event));
    assert_int_equal(event.peer, KIFFA);
    assert_int_equal(event.cause, TIP_LINK_CAUSE_MISBEHAVED);
    curve_client_close(&client);
}

/* A sanitizer replaces malloc, and with it the limit and the count. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { HAS_MEMORY_LIMIT = 0 };
#else
enum { HAS_MEMORY_LIMIT = 1 };
#endif

static void test_the_memory_limit_ends_a_child_that_swells(void **state)
{
    struct curve_client client;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    (void)state;
    if (!HAS_MEMORY_LIMIT) {
        skip();
    }
    real_link_close(&net);
    assert_int_equal(real_link_open(&net, "blind"), TIP_OK);
    tip_link_zmq_status(net.links[HUB], &status);
    port = status.port;
    join(NEMA);
    infiltrate(&client);
    (void)printf("stopped after %zu KiB\n", send_endlessly(&client) / 1024);
    curve_client_close(&client);
    assert_true(real_link_await(&net, HUB, TIP_LINK_DOWN, &event));
    assert_int_equal(event.cause, TIP_LINK_CAUSE_RESTARTED);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_DOWN, &event));
    do {
        tip_link_receive(real_link_port(&net, HUB), 20, &event);
        tip_link_zmq_status(net.links[HUB], &status);
    } while (!status.is_running);
    assert_int_equal(status.child_starts, 2);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_gigabyte_announced_by_a_stranger_costs_nothing),
        TEST(test_garbage_on_the_port_is_cut_off),
        TEST(test_half_open_handshakes_keep_nobody_out),
        TEST(test_a_message_without_end_cuts_off_its_sender_alone),
        TEST(test_a_message_in_two_parts_is_not_ours),
        TEST(test_the_memory_limit_ends_a_child_that_swells),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("link_floods", tests, NULL, NULL);
}
