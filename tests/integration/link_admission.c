/*
 * Goal: nobody sends a message to the hub who is not on its allow-list, under
 * whatever name, with whatever key, and whatever libzmq forgets to do.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curve_client.h"
#include "real_link.h"
#include "tip_test.h"

enum { HUB = 0, NEMA = 1, KIFFA = 2 };

static struct real_link net;

static int setup(void **state)
{
    (void)state;
    return real_link_open(&net, NULL) == TIP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    real_link_close(&net);
    return 0;
}

/* Wait until somebody was turned away at @number for @cause at least @count
 * times; nobody may come up in the meantime. */
static void await_faults(uint32_t number, enum tip_link_cause cause,
                         uint32_t count)
{
    uint64_t end_ms = real_link_ms(&net) + REAL_LINK_WAIT_MS;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    do {
        for (uint32_t i = 0; i <= REAL_LINK_NODES_MAX; i++) {
            if (net.links[i] != NULL) {
                tip_link_receive(real_link_port(&net, i), 5, &event);
                assert_int_equal(event.kind, TIP_LINK_NOTHING);
            }
        }
        tip_link_zmq_status(net.links[number], &status);
    } while ((status.fault_count < count || status.fault != cause) &&
             real_link_ms(&net) < end_ms);
    assert_int_equal(status.fault, cause);
    assert_true(status.fault_count >= count);
    assert_int_equal(status.child_starts, 1);
}

/* Let @number in and see a message of it arrive. */
static void join(uint32_t number)
{
    struct tip_link_event event;

    assert_int_equal(real_link_allow(&net, number), TIP_OK);
    if (net.links[number] == NULL) {
        assert_int_equal(real_link_start(&net, number), TIP_OK);
    }
    assert_true(real_link_await(&net, number, TIP_LINK_UP, &event));
    assert_int_equal(tip_link_send(real_link_port(&net, number), HUB,
                                   tip_bytes_text("hello")),
                     TIP_OK);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_int_equal(event.peer, number);
}

/* The hub hears from @number what it says, and from nobody else. */
static void expect_undisturbed(uint32_t number)
{
    struct tip_link_event event;

    assert_int_equal(tip_link_send(real_link_port(&net, HUB), number,
                                   tip_bytes_text("still there?")),
                     TIP_OK);
    assert_true(real_link_await(&net, number, TIP_LINK_MESSAGE, &event));
    assert_true(tip_bytes_equal(event.message, tip_bytes_text("still there?")));
}

static void test_an_unknown_key_is_refused_and_named(void **state)
{
    struct tip_link_zmq_status status;

    (void)state;
    assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    await_faults(HUB, TIP_LINK_CAUSE_NOT_ADMITTED, 2);
    tip_link_zmq_status(net.links[HUB], &status);
    assert_memory_equal(status.fault_key, net.keys[NEMA].public_key,
                        TIP_LINK_KEY_SIZE);
    assert_non_null(strstr(status.fault_address, "127.0.0.1"));
    await_faults(NEMA, TIP_LINK_CAUSE_NOT_ADMITTED, 2);
    join(NEMA); /* Enrolled at last. */
}

static void test_a_wrong_hub_key_is_told_from_no_admission(void **state)
{
    struct real_link_keys other;

    (void)state;
    assert_int_equal(real_link_allow(&net, NEMA), TIP_OK);
    real_link_make_keys(&other);
    memcpy(net.keys[HUB].public_key, other.public_key, TIP_LINK_KEY_SIZE);
    assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    await_faults(NEMA, TIP_LINK_CAUSE_HANDSHAKE, 2);
}

static void test_nobody_there_is_no_route(void **state)
{
    (void)state;
    net.node_port = 1; /* tcpmux: nobody has listened there for decades. */
    assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    await_faults(NEMA, TIP_LINK_CAUSE_NO_ROUTE, 2);
}

static void test_a_client_without_keys_is_refused(void **state)
{
    struct tip_link_zmq_status status;
    const char *mechanisms[] = {"NULL", "PLAIN", "GSSAPI"};

    (void)state;
    join(NEMA);
    tip_link_zmq_status(net.links[HUB], &status);
    for (uint32_t i = 0; i < 3; i++) {
        uint8_t byte;
        int fd = curve_client_connect(status.port);

        assert_true(fd >= 0);
        /* The hub may hang up before its greeting is out: no matter. */
        (void)curve_client_greet(fd, mechanisms[i]);
        assert_true(recv(fd, &byte, 1, 0) <= 0);
        (void)close(fd);
        await_faults(HUB, TIP_LINK_CAUSE_PROTOCOL, i + 1);
    }
    expect_undisturbed(NEMA);
}

static void test_nobody_connects_while_the_handler_is_dead(void **state)
{
    (void)state;
    real_link_close(&net);
    assert_int_equal(real_link_open(&net, "deaf"), TIP_OK);
    assert_int_equal(real_link_allow(&net, NEMA), TIP_OK);
    assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    await_faults(HUB, TIP_LINK_CAUSE_HANDSHAKE, 1);
}

static void test_a_hub_without_a_protection_does_not_listen(void **state)
{
    const char *options[] = {
        "lax=93", /* ZAP_ENFORCE_DOMAIN */
        "lax=55", /* ZAP_DOMAIN */
        "lax=47", /* CURVE_SERVER */
        "lax=22", /* MAXMSGSIZE */
        "lax=24", /* RCVHWM */
        "lax=33", /* ROUTER_MANDATORY */
    };

    (void)state;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        real_link_close(&net);
        assert_int_equal(real_link_open(&net, options[i]), TIP_ELINK_OPTION);
    }
}

static void test_a_message_without_a_user_is_dropped(void **state)
{
    struct tip_link_event event;

    (void)state;
    real_link_close(&net);
    assert_int_equal(real_link_open(&net, "nameless"), TIP_OK);
    assert_int_equal(real_link_allow(&net, NEMA), TIP_OK);
    assert_int_equal(real_link_start(&net, NEMA), TIP_OK);
    assert_true(real_link_await(&net, NEMA, TIP_LINK_UP, &event));
    assert_int_equal(tip_link_send(real_link_port(&net, NEMA), HUB,
                                   tip_bytes_text("who am I?")),
                     TIP_OK);
    /* It is cut off, and the hub has heard nobody. */
    assert_true(real_link_await(&net, NEMA, TIP_LINK_DOWN, &event));
    await_faults(HUB, TIP_LINK_CAUSE_MISBEHAVED, 1);
}

/* Connect as KIFFA, who is enrolled, under the routing id @name. */
static void claim(struct curve_client *client, struct tip_bytes name)
{
    struct tip_link_zmq_status status;

    assert_int_equal(real_link_allow(&net, KIFFA), TIP_OK);
    tip_link_zmq_status(net.links[HUB], &status);
    assert_true(curve_client_open(client, status.port, net.keys[HUB].public_key,
                                  net.keys[KIFFA].public_key,
                                  net.keys[KIFFA].secret_key, name));
}

static void test_nobody_takes_over_by_a_routing_id(void **state)
{
    const uint8_t number_of_nema[] = {'1'};
    struct curve_client client;
    struct tip_link_zmq_status status;

    (void)state;
    join(NEMA);
    claim(&client, TIP_BYTES_OF(number_of_nema));
    assert_true(curve_client_send(&client, tip_bytes_text("I am Néma"), false));
    await_faults(HUB, TIP_LINK_CAUSE_MISBEHAVED, 1);
    tip_link_zmq_status(net.links[HUB], &status);
    expect_undisturbed(NEMA);
    curve_client_close(&client);
}

static void test_whoever_speaks_is_who_holds_the_key(void **state)
{
    struct curve_client client;
    struct tip_link_event event;

    (void)state;
    join(NEMA);
    claim(&client, TIP_BYTES_NONE);
    assert_true(curve_client_send(&client, tip_bytes_text("I am Néma"), false));
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_int_equal(event.peer, KIFFA);
    expect_undisturbed(NEMA);
    curve_client_close(&client);
}

static void test_the_newest_connection_of_a_device_counts(void **state)
{
    struct curve_client first;
    struct curve_client second;
    struct tip_link_event event;

    (void)state;
    claim(&first, TIP_BYTES_NONE);
    assert_true(curve_client_send(&first, tip_bytes_text("first"), false));
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    claim(&second, TIP_BYTES_NONE);
    assert_true(curve_client_send(&second, tip_bytes_text("second"), false));
    assert_true(real_link_await(&net, HUB, TIP_LINK_DOWN, &event));
    assert_int_equal(event.cause, TIP_LINK_CAUSE_REPLACED);
    assert_true(real_link_await(&net, HUB, TIP_LINK_MESSAGE, &event));
    assert_true(tip_bytes_equal(event.message, tip_bytes_text("second")));
    curve_client_close(&first);
    curve_client_close(&second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_unknown_key_is_refused_and_named),
        TEST(test_a_wrong_hub_key_is_told_from_no_admission),
        TEST(test_nobody_there_is_no_route),
        TEST(test_a_client_without_keys_is_refused),
        TEST(test_nobody_connects_while_the_handler_is_dead),
        TEST(test_a_hub_without_a_protection_does_not_listen),
        TEST(test_a_message_without_a_user_is_dropped),
        TEST(test_nobody_takes_over_by_a_routing_id),
        TEST(test_whoever_speaks_is_who_holds_the_key),
        TEST(test_the_newest_connection_of_a_device_counts),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("link_admission", tests, NULL, NULL);
}
