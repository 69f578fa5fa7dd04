/* How long the node's session waits for the hub, and what it does then. */
#include "tip_hub_session.h"
#include "tip_node_session.h"
#include "tip_test.h"

enum { FRAME_BYTES = 8 * 1024 };

static const uint64_t start_ms = 1000;

static enum tip_node_step node_step(struct tip_node_session *node,
                                    uint64_t now_ms)
{
    struct tip_got got;

    return tip_node_session_step(node, now_ms, &got);
}

static void greet(struct tip_node_session *node, uint64_t now_ms)
{
    struct tip_welcome welcome = {.durable = {.number = 2},
                                  .credit_bytes = TIP_HUB_WINDOW_BYTES};

    tip_node_session_up(node, now_ms);
    assert_int_equal(node_step(node, now_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(node, &welcome, true, now_ms),
                     TIP_OK);
}

/* A node that has confirmed 2 of its 10 change-sets, live since start_ms. */
static struct tip_node_session live_node(void)
{
    struct tip_head confirmed = {.number = 2};
    struct tip_node_session node;

    tip_node_session_init(&node, 0, &confirmed, 10);
    greet(&node, start_ms);
    return node;
}

/* Send one frame that ends at @last. */
static void node_sends(struct tip_node_session *node, uint64_t last,
                       uint64_t now_ms)
{
    assert_int_equal(node_step(node, now_ms), TIP_NODE_SEND_FRAME);
    tip_node_session_sent(node, last, FRAME_BYTES, now_ms);
}

static void test_reconnects_when_no_answer_comes_in_time(void **state)
{
    struct tip_node_session node = live_node();
    uint64_t late_ms = start_ms + 5000 + TIP_SESSION_STALL_MS;

    (void)state;
    node_sends(&node, 10, start_ms + 5000);
    assert_int_equal(node_step(&node, late_ms), TIP_NODE_WAIT);
    assert_int_equal(node_step(&node, late_ms + 1), TIP_NODE_RECONNECT);
    assert_int_equal(node.state, TIP_NODE_DOWN);
}

static void test_reconnects_when_hello_stays_without_welcome(void **state)
{
    struct tip_head confirmed = {.number = 2};
    struct tip_node_session node;

    (void)state;
    tip_node_session_init(&node, 0, &confirmed, 2);
    tip_node_session_up(&node, start_ms);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS + 1),
                     TIP_NODE_RECONNECT);
}

static void test_an_idle_session_never_stalls(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack ack = {.durable = {.number = 10}};

    (void)state;
    node_sends(&node, 10, start_ms);
    assert_int_equal(tip_node_session_ack(&node, &ack, true, start_ms), TIP_OK);
    assert_int_equal(node.confirmed.number, node.saved);
    assert_int_equal(node_step(&node, start_ms + 86400000), TIP_NODE_WAIT);
}

/* What was lost on the way has used up the credit, and nothing is out. */
static void test_reconnects_when_losses_have_used_up_the_credit(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack gap = {.durable = {.number = 2}};

    (void)state;
    node_sends(&node, 3, start_ms);
    node.sent_bytes = node.credit_bytes;
    gap.resend = true;
    assert_int_equal(tip_node_session_ack(&node, &gap, true, start_ms), TIP_OK);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS + 1),
                     TIP_NODE_RECONNECT);
}

static void test_each_stall_in_a_row_waits_twice_as_long(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack ack = {.durable = {.number = 10}};
    uint64_t now_ms = start_ms;

    (void)state;
    for (int stall = 0; stall < 8; stall++) {
        uint64_t wait_ms =
            (uint64_t)TIP_SESSION_STALL_MS
            << (stall < TIP_SESSION_STALLS_MAX ? stall
                                               : TIP_SESSION_STALLS_MAX);

        node_sends(&node, 10, now_ms);
        assert_int_equal(node_step(&node, now_ms + wait_ms), TIP_NODE_WAIT);
        now_ms += wait_ms + 1;
        assert_int_equal(node_step(&node, now_ms), TIP_NODE_RECONNECT);
        greet(&node, now_ms);
    }
    assert_int_equal(tip_node_session_ack(&node, &ack, true, now_ms), TIP_OK);
    assert_int_equal(node.patience.stalls, 0);
}

/* All behind a gap report it, for as long as it takes to fill it. */
static void test_a_gap_is_filled_again_after_a_while(void **state)
{
    static const uint64_t late_ms = UINT64_C(3600) * 1000;
    struct tip_resend resend = {.happened = false};

    (void)state;
    assert_true(tip_resend_is_due(&resend, 0, late_ms));
    assert_false(
        tip_resend_is_due(&resend, 0, late_ms + TIP_SESSION_RESEND_MS - 1));
    assert_true(tip_resend_is_due(&resend, 1, late_ms + 1));
    assert_true(
        tip_resend_is_due(&resend, 1, late_ms + 1 + TIP_SESSION_RESEND_MS));
}

#define TEST(function) cmocka_unit_test(function)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reconnects_when_no_answer_comes_in_time),
        TEST(test_reconnects_when_hello_stays_without_welcome),
        TEST(test_an_idle_session_never_stalls),
        TEST(test_reconnects_when_losses_have_used_up_the_credit),
        TEST(test_a_gap_is_filled_again_after_a_while),
        TEST(test_each_stall_in_a_row_waits_twice_as_long),
    };

    return cmocka_run_group_tests_name("session stall", tests, NULL, NULL);
}
