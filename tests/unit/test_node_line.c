/* Rules of tip_node_session when its line breaks, or its feed begins anew. */
#include "live_node.h"

/* What was sent again on a connection that broke may be lost with it. */
static void test_a_new_connection_may_be_asked_again_at_once(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_welcome welcome = welcome_at(2);
    struct tip_ack gap = ack_at(2);

    (void)state;
    gap.resend = true;
    node_sends(&node, 3, start_ms);
    assert_int_equal(tip_node_session_ack(&node, &gap, true, start_ms), TIP_OK);
    assert_int_equal(node.next, 3);
    tip_node_session_up(&node, start_ms + 1);
    assert_int_equal(node_step(&node, start_ms + 1), TIP_NODE_SEND_HELLO);
    assert_int_equal(
        tip_node_session_welcome(&node, &welcome, true, start_ms + 1), TIP_OK);
    node_sends(&node, 3, start_ms + 1);
    assert_int_equal(tip_node_session_ack(&node, &gap, true, start_ms + 2),
                     TIP_OK);
    assert_int_equal(node.next, 3);
}

/* The hub counts from its start what it may send. */
static void test_credit_is_counted_anew_on_a_new_connection(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_welcome welcome = welcome_at(2);
    struct tip_channel_position own = position_at(OWN, 5);
    struct tip_got got;

    (void)state;
    tip_node_session_took(&node, &own, FRAME_BYTES, start_ms);
    tip_node_session_up(&node, start_ms);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_FRAME);
    own = position_at(OWN, 6);
    tip_node_session_took(&node, &own, 100, start_ms);
    assert_int_equal(tip_node_session_step(&node, start_ms, &got),
                     TIP_NODE_SEND_GOT);
    assert_int_equal(got.credit_bytes, 100 + TIP_NODE_WINDOW_BYTES);
}

/* What it missed there it says in its greeting. */
static void
test_nothing_is_asked_again_for_a_connection_that_broke(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_welcome welcome = welcome_at(2);
    struct tip_channel_position own = position_at(OWN, 5);
    struct tip_got got;

    (void)state;
    tip_node_session_missed(&node, OWN);
    tip_node_session_up(&node, start_ms);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    tip_node_session_took(&node, &own, FRAME_BYTES, start_ms);
    assert_int_equal(tip_node_session_step(&node, start_ms, &got),
                     TIP_NODE_SEND_GOT);
    assert_false(got.resend);
}

/* The hub says how much it takes: nothing past that is sent before it says
 * more. */
static void test_sends_what_welcome_gives_credit_for(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    welcome.credit_bytes = UINT64_C(2) * FRAME_BYTES;
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    node_sends(&node, 3, start_ms);
    node_sends(&node, 4, start_ms);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

/* What a hub has of a channel counts if it names that channel, wherever in its
 * list, and only then. */
static void test_compares_each_channel_the_hub_names_and_no_other(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    welcome.channels[0] = position_at(OWN, 3); /* Less than the node's 4. */
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    node = greeting_node();
    welcome.channels[0] = position_at(OWN + 1, 0);
    welcome.channels[1] = position_at(OWN, 3);
    welcome.channel_count = 2;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_EHUB_BEHIND);
    node = greeting_node();
    welcome.channels[1] = position_at(OWN, 4);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
}

/* A feed that begins anew goes over the same line. */
static void test_a_restart_keeps_what_was_learned_of_the_line(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_head confirmed = head_at(1);

    (void)state;
    node_sends(&node, 5, start_ms);
    node.resent_bytes = 77;
    tip_node_session_restart(&node, GENERATION + 1, &confirmed, 9);
    assert_int_equal(node.state, TIP_NODE_DOWN);
    assert_int_equal(node.generation, GENERATION + 1);
    assert_int_equal(node.confirmed.number, 1);
    assert_int_equal(node.next, 2);
    assert_int_equal(node.saved, 9);
    assert_int_equal(node.goodput.fixed_bytes, FRAME_BYTES);
    assert_int_equal(node.resent_bytes, 77);
    assert_int_equal(node.reached, 5);
    /* What was sent of a feed that is gone was never sent of this one. */
    tip_node_session_restart(&node, GENERATION + 1, &confirmed, 3);
    assert_int_equal(node.reached, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_connection_may_be_asked_again_at_once),
        cmocka_unit_test(test_credit_is_counted_anew_on_a_new_connection),
        cmocka_unit_test(
            test_nothing_is_asked_again_for_a_connection_that_broke),
        cmocka_unit_test(test_sends_what_welcome_gives_credit_for),
        cmocka_unit_test(test_compares_each_channel_the_hub_names_and_no_other),
        cmocka_unit_test(test_a_restart_keeps_what_was_learned_of_the_line),
    };

    return cmocka_run_group_tests_name("node line", tests, NULL, NULL);
}
