/*
 * The rules of tip_link.h, held by the link in memory and by the one over
 * ZeroMQ alike.
 */
#include "link_rig.h"

#include <string.h>

#include "tip_test.h"

/* The next event at @link, whatever it is. */
static struct tip_link_event next(struct tip_link *link)
{
    uint64_t end_ms = link_rig_ms() + WAIT_MS;
    struct tip_link_event event;

    do {
        tip_link_receive(link, 50, &event);
    } while (event.kind == TIP_LINK_NOTHING && link_rig_ms() < end_ms);
    return event;
}

static void expect(struct tip_link *link, enum tip_link_event_kind kind,
                   uint32_t peer)
{
    struct tip_link_event event = next(link);

    assert_int_equal(event.kind, kind);
    assert_int_equal(event.peer, peer);
}

static void expect_message(struct tip_link *link, uint32_t peer,
                           const char *text)
{
    struct tip_link_event event = next(link);

    assert_int_equal(event.kind, TIP_LINK_MESSAGE);
    assert_int_equal(event.peer, peer);
    assert_true(tip_bytes_equal(event.message, tip_bytes_text(text)));
}

static void send_text(struct tip_link *link, uint32_t peer, const char *text)
{
    assert_int_equal(tip_link_send(link, peer, tip_bytes_text(text)), TIP_OK);
}

/* Let @number in and have it speak, so that both sides know each other. */
static void join(const struct link_rig *rig, uint32_t number)
{
    rig->allow(number);
    expect(rig->port(number), TIP_LINK_UP, HUB);
    send_text(rig->port(number), HUB, "hello");
    expect(rig->port(HUB), TIP_LINK_UP, number);
    expect_message(rig->port(HUB), number, "hello");
}

static void test_delivers_both_ways_in_order(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    send_text(rig->port(HUB), NEMA, "welcome");
    send_text(rig->port(HUB), NEMA, "to the hub");
    expect_message(rig->port(NEMA), HUB, "welcome");
    expect_message(rig->port(NEMA), HUB, "to the hub");
    send_text(rig->port(NEMA), HUB, "thank you");
    expect_message(rig->port(HUB), NEMA, "thank you");
}

static void test_tells_two_nodes_apart(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    join(rig, KIFFA);
    send_text(rig->port(HUB), KIFFA, "for kiffa");
    send_text(rig->port(HUB), NEMA, "for nema");
    expect_message(rig->port(NEMA), HUB, "for nema");
    expect_message(rig->port(KIFFA), HUB, "for kiffa");
}

static void test_refuses_to_send_to_who_is_not_there(void **state)
{
    const struct link_rig *rig = *state;
    struct tip_bytes text = tip_bytes_text("anybody?");

    assert_int_equal(tip_link_send(rig->port(HUB), NEMA, text), TIP_ENOTFOUND);
    assert_int_equal(tip_link_send(rig->port(HUB), 99, text), TIP_ENOTFOUND);
    assert_int_equal(tip_link_send(rig->port(NEMA), HUB, text), TIP_ENOTFOUND);
}

static void test_refuses_a_message_above_the_limit(void **state)
{
    static const uint8_t large[TIP_LINK_MESSAGE_BYTES_MAX + 1];
    const struct link_rig *rig = *state;
    struct tip_link_event event;

    join(rig, NEMA);
    assert_int_equal(tip_link_send(rig->port(NEMA), HUB, TIP_BYTES_OF(large)),
                     TIP_ETOOBIG);
    assert_int_equal(
        tip_link_send(rig->port(NEMA), HUB, tip_bytes(large, sizeof large - 1)),
        TIP_OK);
    event = next(rig->port(HUB));
    assert_int_equal(event.kind, TIP_LINK_MESSAGE);
    assert_int_equal(event.message.size, sizeof large - 1);
}

static void test_a_dropped_peer_is_down_and_may_come_back(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    tip_link_drop(rig->port(HUB), NEMA);
    assert_int_equal(
        tip_link_send(rig->port(HUB), NEMA, tip_bytes_text("late")),
        TIP_ENOTFOUND);
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    expect(rig->port(NEMA), TIP_LINK_DOWN, HUB);
    expect(rig->port(NEMA), TIP_LINK_UP, HUB);
    send_text(rig->port(NEMA), HUB, "again");
    expect(rig->port(HUB), TIP_LINK_UP, NEMA);
    expect_message(rig->port(HUB), NEMA, "again");
}

static void test_a_node_may_drop_its_hub(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    tip_link_drop(rig->port(NEMA), HUB);
    expect(rig->port(NEMA), TIP_LINK_DOWN, HUB);
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    expect(rig->port(NEMA), TIP_LINK_UP, HUB);
}

static void test_a_revoked_peer_is_cut_off_and_stays_out(void **state)
{
    const struct link_rig *rig = *state;
    struct tip_link_event event;

    join(rig, NEMA);
    rig->deny(NEMA);
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    expect(rig->port(NEMA), TIP_LINK_DOWN, HUB);
    for (int i = 0; i < 10; i++) {
        tip_link_receive(rig->port(NEMA), 50, &event);
        assert_int_equal(event.kind, TIP_LINK_NOTHING);
    }
    join(rig, NEMA); /* Admitted again. */
}

static void test_nobody_hears_a_peer_after_it_was_revoked(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    for (int i = 0; i < 3; i++) {
        send_text(rig->port(NEMA), HUB, "too late");
    }
    rig->deny(NEMA);
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    join(rig, KIFFA); /* The next thing the hub hears. */
}

/* Send from the hub until the link has had enough; how many it took. */
static uint32_t fill(const struct link_rig *rig, uint32_t peer)
{
    static uint8_t block[TIP_LINK_MESSAGE_BYTES_MAX];
    uint64_t end_ms = link_rig_ms() + WAIT_MS;
    uint64_t full_ms = 0;
    struct tip_link *link = rig->port(HUB);
    uint32_t count = 0;

    while (link_rig_ms() < end_ms) {
        struct tip_link_event event;
        enum tip_err err;

        memcpy(block, &count, sizeof count);
        err = tip_link_send(link, peer, TIP_BYTES_OF(block));
        if (err == TIP_OK) {
            count++;
            full_ms = 0;
            continue;
        }
        assert_int_equal(err, TIP_EAGAIN);
        /* Full for half a second, with the credit read: really full. */
        tip_link_receive(link, 20, &event);
        assert_int_equal(event.kind, TIP_LINK_NOTHING);
        if (full_ms == 0) {
            full_ms = link_rig_ms() + 1;
        }
        if (rig == &link_rig_fake || link_rig_ms() > full_ms + 500) {
            return count;
        }
    }
    return 0;
}

static void test_a_peer_that_does_not_read_stops_the_sender(void **state)
{
    const struct link_rig *rig = *state;
    uint32_t count;

    join(rig, NEMA);
    count = fill(rig, NEMA);
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        struct tip_link_event event = next(rig->port(NEMA));
        uint32_t number;

        assert_int_equal(event.kind, TIP_LINK_MESSAGE);
        assert_int_equal(event.message.size, TIP_LINK_MESSAGE_BYTES_MAX);
        memcpy(&number, event.message.data, sizeof number);
        assert_int_equal(number, i);
    }
    /* And there is room again. */
    for (int i = 0; i < 1000; i++) {
        struct tip_link_event event;
        enum tip_err err =
            tip_link_send(rig->port(HUB), NEMA, tip_bytes_text("more"));

        if (err == TIP_OK) {
            break;
        }
        assert_int_equal(err, TIP_EAGAIN);
        tip_link_receive(rig->port(HUB), 20, &event);
    }
    expect_message(rig->port(NEMA), HUB, "more");
}

static void test_everybody_is_down_and_back_after_the_hub_restarts(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    join(rig, KIFFA);
    rig->restart(HUB);
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    expect(rig->port(HUB), TIP_LINK_DOWN, KIFFA);
    rig->settle(HUB);
    expect(rig->port(NEMA), TIP_LINK_DOWN, HUB);
    expect(rig->port(KIFFA), TIP_LINK_DOWN, HUB);
    join(rig, NEMA);
    join(rig, KIFFA);
}

static void test_a_node_comes_back_after_its_own_restart(void **state)
{
    const struct link_rig *rig = *state;

    join(rig, NEMA);
    rig->restart(NEMA);
    expect(rig->port(NEMA), TIP_LINK_DOWN, HUB);
    expect(rig->port(NEMA), TIP_LINK_UP, HUB);
    send_text(rig->port(NEMA), HUB, "back");
    expect(rig->port(HUB), TIP_LINK_DOWN, NEMA);
    expect(rig->port(HUB), TIP_LINK_UP, NEMA);
    expect_message(rig->port(HUB), NEMA, "back");
}

#define BOTH(test)                                                             \
    {"fake: " #test, test, link_rig_setup_fake, link_rig_teardown_fake, NULL}, \
    {                                                                          \
        "zmq: " #test, test, link_rig_setup_real, link_rig_teardown_real, NULL \
    }

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_delivers_both_ways_in_order),
        BOTH(test_tells_two_nodes_apart),
        BOTH(test_refuses_to_send_to_who_is_not_there),
        BOTH(test_refuses_a_message_above_the_limit),
        BOTH(test_a_dropped_peer_is_down_and_may_come_back),
        BOTH(test_a_node_may_drop_its_hub),
        BOTH(test_a_revoked_peer_is_cut_off_and_stays_out),
        BOTH(test_nobody_hears_a_peer_after_it_was_revoked),
        BOTH(test_a_peer_that_does_not_read_stops_the_sender),
        BOTH(test_everybody_is_down_and_back_after_the_hub_restarts),
        BOTH(test_a_node_comes_back_after_its_own_restart),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]); /* As in "zmq: *". */
    }
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
