/* What both sessions have under way on a slow line, and what a cut costs. */
#include "tip_hub_session.h"
#include "tip_node_session.h"
#include "tip_prng.h"
#include "tip_test.h"

enum {
    OWN = 25, /* A channel. */
    REF = TIP_CHANNEL_REF,
    SLOW_BPS = 2000,
    RTT_MS = 800,
    CREDIT_BYTES = 1 << 30
};

static const uint64_t start_ms = 1000;

/* A node, and the pipe to a hub that answers each frame. */
struct rig {
    struct tip_node_session node;
    struct tip_head durable;
    uint64_t now_ms, arrives_ms; /* When the newest frame is through. */
    uint64_t arriving;           /* …and its number; 0: none under way. */
};

static void greet(struct rig *rig)
{
    struct tip_welcome welcome = {.durable = rig->durable,
                                  .credit_bytes = CREDIT_BYTES};
    struct tip_got got;

    tip_node_session_up(&rig->node, rig->now_ms);
    assert_int_equal(tip_node_session_step(&rig->node, rig->now_ms, &got),
                     TIP_NODE_SEND_HELLO);
    rig->now_ms += RTT_MS;
    assert_int_equal(
        tip_node_session_welcome(&rig->node, &welcome, true, rig->now_ms),
        TIP_OK);
    rig->arriving = 0;
}

static struct rig rig_of(uint64_t saved)
{
    struct tip_head none = {.number = 0};
    struct rig rig = {.now_ms = start_ms};

    tip_node_session_init(&rig.node, 0, &none, saved);
    greet(&rig);
    return rig;
}

/* Send what it wants to send now; the bytes. */
static uint64_t send_all(struct rig *rig)
{
    struct tip_got got;
    uint64_t bytes = 0;

    while (tip_node_session_step(&rig->node, rig->now_ms, &got) ==
           TIP_NODE_SEND_FRAME) {
        size_t size = tip_goodput_frame_bytes(&rig->node.goodput);
        size_t room = tip_node_session_room(&rig->node);

        size = size < room ? size : room;
        rig->arriving = rig->node.next;
        rig->arrives_ms =
            (rig->arrives_ms > rig->now_ms ? rig->arrives_ms : rig->now_ms) +
            size * 1000 / SLOW_BPS;
        tip_node_session_sent(&rig->node, rig->node.next, size, rig->now_ms);
        bytes += size;
    }
    return bytes;
}

/* All that is under way arrives and is answered. */
static void arrive(struct rig *rig)
{
    struct tip_ack ack = {.durable = {.number = rig->arriving},
                          .credit_bytes = CREDIT_BYTES};

    rig->durable = ack.durable;
    rig->now_ms = rig->arrives_ms + RTT_MS;
    assert_int_equal(tip_node_session_ack(&rig->node, &ack, true, rig->now_ms),
                     TIP_OK);
}

static void test_a_slow_line_has_two_seconds_under_way(void **state)
{
    struct rig rig = rig_of(1000);

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_true(send_all(&rig) <= 2 * SLOW_BPS * 11 / 10 + 96);
        arrive(&rig);
    }
}

static void test_a_cut_costs_one_frame_at_most(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct rig rig = rig_of(100000);
        uint64_t most = 2 * SLOW_BPS * 11 / 10 + 96;
        struct tip_prng prng = {.state = seed};

        for (int cut = 0; cut < 20; cut++) {
            uint64_t before = rig.node.resent_bytes;

            for (uint32_t i = tip_prng_below(&prng, 5); i > 0; i--) {
                (void)send_all(&rig);
                arrive(&rig);
            }
            (void)send_all(&rig);
            tip_node_session_down(&rig.node);
            greet(&rig);
            (void)send_all(&rig);
            assert_true(rig.node.resent_bytes - before <= most);
            arrive(&rig);
        }
        assert_true(rig.node.resent_bytes > 0);
    }
}

static void test_small_work_follows_without_waiting_for_the_answer(void **state)
{
    struct rig rig = rig_of(10);
    struct tip_got got;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tip_node_session_step(&rig.node, rig.now_ms, &got),
                         TIP_NODE_SEND_FRAME);
        tip_node_session_sent(&rig.node, rig.node.next, 150, rig.now_ms);
    }
    assert_true(rig.node.flights.bytes < TIP_GOODPUT_START_BPS);
}

/* A hub whose node has nothing of two channels, of which OWN is urgent. */
static struct tip_hub_session live_hub(void)
{
    static const uint32_t channels[] = {OWN, REF};
    struct tip_hello hello = {.credit_bytes = CREDIT_BYTES};
    struct tip_hub_session hub;

    tip_hub_session_init(&hub);
    tip_hub_session_hello(&hub, &hello, channels, 2, start_ms);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_WELCOME);
    tip_hub_session_offer(&hub, REF, 50);
    return hub;
}

static void hub_sends(struct tip_hub_session *hub, uint32_t channel,
                      uint64_t now_ms)
{
    struct tip_hub_todo todo = tip_hub_session_step(hub, now_ms);

    assert_int_equal(todo.step, TIP_HUB_SEND_FRAME);
    assert_int_equal(todo.channel, channel);
    tip_hub_session_sent(hub, channel,
                         tip_hub_session_frame_bytes(hub, channel), now_ms);
}

static void test_what_is_urgent_waits_behind_one_frame(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got got = {.position = {.channel = REF, .head = {.number = 1}},
                          .credit_bytes = CREDIT_BYTES};

    (void)state;
    hub_sends(&hub, REF, start_ms);
    tip_hub_session_offer(&hub, OWN, 1);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms + 3000), TIP_OK);
    hub_sends(&hub, OWN, start_ms + 3000);
}

static void test_what_everybody_receives_suits_the_slowest(void **state)
{
    struct tip_hub_session hub = live_hub();

    (void)state;
    hub.goodput = (struct tip_goodput){.busy_bytes = 1 << 24, .busy_ms = 1000};
    assert_int_equal(tip_hub_session_frame_bytes(&hub, OWN),
                     TIP_FRAME_BYTES_MAX);
    assert_int_equal(tip_hub_session_frame_bytes(&hub, REF),
                     TIP_HUB_REF_FRAME_BYTES);
}

static void test_the_hub_counts_what_it_sends_again(void **state)
{
    struct tip_hub_session hub = live_hub();
    static const uint32_t channels[] = {OWN, REF};
    struct tip_hello hello = {.credit_bytes = CREDIT_BYTES};

    (void)state;
    hub_sends(&hub, REF, start_ms);
    assert_int_equal(hub.resent_bytes, 0);
    tip_hub_session_hello(&hub, &hello, channels, 2, start_ms);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_WELCOME);
    tip_hub_session_offer(&hub, REF, 50);
    hub_sends(&hub, REF, start_ms);
    assert_int_equal(hub.resent_bytes, 4096);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
}

#define TEST(function) cmocka_unit_test(function)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_slow_line_has_two_seconds_under_way),
        TEST(test_a_cut_costs_one_frame_at_most),
        TEST(test_small_work_follows_without_waiting_for_the_answer),
        TEST(test_what_is_urgent_waits_behind_one_frame),
        TEST(test_what_everybody_receives_suits_the_slowest),
        TEST(test_the_hub_counts_what_it_sends_again),
    };

    return cmocka_run_group_tests_name("sessions on a slow line", tests, NULL,
                                       NULL);
}
