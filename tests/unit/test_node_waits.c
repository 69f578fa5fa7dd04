/* Rules of how long a node waits for its hub. */
#include "live_node.h"

/* Frames of the hub come: the line is alive, and so is the hub. */
static void test_what_comes_is_progress(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_channel_position position = position_at(OWN, 5);
    uint64_t came_ms = start_ms + TIP_SESSION_STALL_MS;

    (void)state;
    node_sends(&node, 10, start_ms);
    tip_node_session_took(&node, &position, FRAME_BYTES, came_ms);
    assert_int_equal(node_step(&node, came_ms), TIP_NODE_SEND_GOT);
    assert_int_equal(node_step(&node, came_ms + TIP_SESSION_STALL_MS),
                     TIP_NODE_WAIT);
    assert_int_equal(node_step(&node, came_ms + TIP_SESSION_STALL_MS + 1),
                     TIP_NODE_RECONNECT);
}

static void test_what_the_hub_says_again_is_no_progress(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack ack = ack_at(2);

    (void)state;
    node_sends(&node, 10, start_ms);
    assert_int_equal(tip_node_session_ack(&node, &ack, true, start_ms + 1000),
                     TIP_OK);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS),
                     TIP_NODE_WAIT);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS + 1),
                     TIP_NODE_RECONNECT);
}

/* One change-set is left, and no credit for it. */
static void test_who_gives_no_more_credit_is_left(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(9);

    (void)state;
    welcome.credit_bytes = 0;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS),
                     TIP_NODE_WAIT);
    assert_int_equal(node_step(&node, start_ms + TIP_SESSION_STALL_MS + 1),
                     TIP_NODE_RECONNECT);
}

#define TEST(function) cmocka_unit_test(function)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_comes_is_progress),
        TEST(test_what_the_hub_says_again_is_no_progress),
        TEST(test_who_gives_no_more_credit_is_left),
    };

    return cmocka_run_group_tests_name("node waits", tests, NULL, NULL);
}
