/* Rules of tip_node_session, one by one. */
#include "live_node.h"

static void test_says_nothing_while_the_link_is_down(void **state)
{
    struct tip_node_session node = greeting_node();

    (void)state;
    tip_node_session_down(&node);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

static void test_greets_first_and_sends_frames_before_welcome(void **state)
{
    struct tip_node_session node = greeting_node();

    (void)state;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(node.next, 3);
    node_sends(&node, 5, start_ms);
    assert_int_equal(node.next, 6);
}

static void
test_sends_no_more_than_the_first_credit_before_welcome(void **state)
{
    struct tip_node_session node = greeting_node();

    (void)state;
    tip_node_session_saved(&node, 1000);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    for (uint64_t last = 3; last <= 2 + TIP_FIRST_CREDIT_BYTES / FRAME_BYTES;
         last++) {
        node_sends(&node, last, start_ms);
    }
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

static void test_goes_on_from_what_welcome_says_the_hub_has(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(7);

    (void)state;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node.confirmed.number, 7);
    assert_int_equal(node.next, 8);
}

/* What it was going to send next came there on a stick. */
static void test_does_not_send_what_the_hub_has_from_elsewhere(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(3);
    struct tip_ack ack = ack_at(4);

    (void)state;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(node.next, 3);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node.next, 4);
    assert_int_equal(tip_node_session_ack(&node, &ack, true, start_ms), TIP_OK);
    assert_int_equal(node.next, 5);
}

static void test_does_not_send_again_what_left_before_welcome(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    node_sends(&node, 6, start_ms);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node.next, 7);
}

static void test_welcome_counts_once_and_only_after_hello(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_EPROTOCOL);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_EPROTOCOL);
}

/* A node that got @welcome is stopped: it sends nothing, up or not. */
static void assert_fork(struct tip_welcome welcome, bool on_chain)
{
    struct tip_node_session node = greeting_node();

    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(
        tip_node_session_welcome(&node, &welcome, on_chain, start_ms),
        TIP_EFORK);
    assert_int_equal(node.state, TIP_NODE_STOPPED);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
    tip_node_session_down(&node);
    tip_node_session_up(&node, start_ms);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

static void test_stops_when_the_hubs_head_is_not_on_its_chain(void **state)
{
    (void)state;
    assert_fork(welcome_at(5), false);
}

static void test_stops_when_the_hub_has_more_than_it_ever_saved(void **state)
{
    (void)state;
    assert_fork(welcome_at(11), true);
}

/* Nothing is sent until the hub says that it was restored; then it goes on. */
static void assert_behind(struct tip_welcome welcome)
{
    struct tip_node_session node = greeting_node();

    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_EHUB_BEHIND);
    assert_int_equal(node.state, TIP_NODE_DOWN);
    tip_node_session_up(&node, start_ms);
    assert_int_equal(node.state, TIP_NODE_GREETING);
}

static void test_waits_when_the_hub_went_back_in_its_generation(void **state)
{
    (void)state;
    assert_behind(welcome_at(1));
}

static void test_waits_at_a_hub_of_an_older_generation(void **state)
{
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    welcome.generation = GENERATION - 1;
    assert_behind(welcome);
}

static void test_waits_when_the_hub_has_lost_frames_it_gave(void **state)
{
    struct tip_welcome welcome = welcome_at(2);
    struct tip_node_session node = greeting_node();

    (void)state;
    assert_true(node.channel_count > 0);
    welcome.channel_count = 1;
    welcome.channels[0] = node.channels[0].position;
    welcome.channels[0].head.number = 0;
    node.channels[0].position.head.number = 1;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_EHUB_BEHIND);
}

static void test_hands_back_to_a_restored_hub_of_a_new_generation(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(1);

    (void)state;
    welcome.generation = GENERATION + 1;
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    node_sends(&node, 6, start_ms);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    assert_int_equal(node.generation, GENERATION + 1);
    assert_int_equal(node.confirmed.number, 1);
    assert_int_equal(node.next, 2);
}

static void
test_an_ack_confirms_and_an_overtaken_one_changes_nothing(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack newer = ack_at(6), older = ack_at(4);

    (void)state;
    node_sends(&node, 4, start_ms);
    node_sends(&node, 6, start_ms);
    node_sends(&node, 8, start_ms);
    older.resend = true; /* Of a gap that is filled by now. */
    assert_int_equal(tip_node_session_ack(&node, &newer, true, start_ms),
                     TIP_OK);
    assert_int_equal(tip_node_session_ack(&node, &older, true, start_ms),
                     TIP_OK);
    assert_int_equal(node.confirmed.number, 6);
    assert_int_equal(node.next, 9);
}

static void test_an_ack_off_the_chain_stops_the_node(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack ack = ack_at(4);

    (void)state;
    assert_int_equal(tip_node_session_ack(&node, &ack, false, start_ms),
                     TIP_EFORK);
    assert_int_equal(node.confirmed.number, 2);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

static void test_refuses_an_ack_out_of_place(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_ack ack = ack_at(4), more = ack_at(11), other = ack_at(4);

    (void)state;
    assert_int_equal(tip_node_session_ack(&node, &ack, true, start_ms),
                     TIP_EPROTOCOL);
    node = live_node();
    other.generation = GENERATION + 1;
    assert_int_equal(tip_node_session_ack(&node, &more, true, start_ms),
                     TIP_EPROTOCOL);
    assert_int_equal(tip_node_session_ack(&node, &other, true, start_ms),
                     TIP_EPROTOCOL);
    assert_int_equal(node.confirmed.number, 2);
}

static void
test_one_gap_is_filled_once_however_often_it_is_reported(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_ack gap = ack_at(2);

    (void)state;
    gap.resend = true;
    for (uint64_t last = 3; last <= 8; last++) {
        node_sends(&node, last, start_ms);
    }
    assert_int_equal(tip_node_session_ack(&node, &gap, true, start_ms), TIP_OK);
    assert_int_equal(node.next, 3);
    node_sends(&node, 3, start_ms);
    assert_int_equal(tip_node_session_ack(&node, &gap, true, start_ms + 1),
                     TIP_OK);
    assert_int_equal(node.next, 4);
    assert_int_equal(tip_node_session_ack(&node, &gap, true,
                                          start_ms + TIP_SESSION_RESEND_MS),
                     TIP_OK);
    assert_int_equal(node.next, 3); /* It was lost a second time. */
}

static void test_says_what_it_got_and_grants_credit_for_more(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_channel_position own = position_at(OWN, 5);
    struct tip_got got;

    (void)state;
    tip_node_session_took(&node, &own, FRAME_BYTES, start_ms);
    assert_int_equal(tip_node_session_step(&node, start_ms, &got),
                     TIP_NODE_SEND_GOT);
    assert_int_equal(got.position.head.number, 5);
    assert_false(got.resend);
    assert_int_equal(got.credit_bytes, FRAME_BYTES + TIP_NODE_WINDOW_BYTES);
    assert_int_not_equal(tip_node_session_step(&node, start_ms, &got),
                         TIP_NODE_SEND_GOT);
}

static void test_asks_once_for_what_it_missed(void **state)
{
    struct tip_node_session node = live_node();
    struct tip_channel_position own;
    struct tip_got got;

    (void)state;
    tip_node_session_missed(&node, OWN);
    tip_node_session_missed(&node, OWN);
    tip_node_session_missed(&node, 99); /* Not followed. */
    assert_int_equal(tip_node_session_step(&node, start_ms, &got),
                     TIP_NODE_SEND_GOT);
    assert_int_equal(got.position.head.number, 4);
    assert_true(got.resend);
    assert_int_not_equal(tip_node_session_step(&node, start_ms, &got),
                         TIP_NODE_SEND_GOT);
    own = position_at(OWN, 5);
    tip_node_session_took(&node, &own, 1, start_ms);
    assert_int_equal(tip_node_session_step(&node, start_ms, &got),
                     TIP_NODE_SEND_GOT);
    assert_false(got.resend); /* It came. */
}

static void test_measures_the_round_trip_by_its_greeting(void **state)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    (void)state;
    assert_int_equal(node_step(&node, start_ms + 5), TIP_NODE_SEND_HELLO);
    assert_int_equal(
        tip_node_session_welcome(&node, &welcome, true, start_ms + 805),
        TIP_OK);
    assert_int_equal(node.round_trip_ms, 800);
}

/* What the hub has lost of its own frames goes back to it on the same credit.
 */
static void test_what_it_gives_back_uses_credit(void **state)
{
    struct tip_node_session node = live_node();

    (void)state;
    tip_node_session_gave_back(&node, TIP_HUB_WINDOW_BYTES - 1);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_FRAME);
    tip_node_session_gave_back(&node, 1);
    assert_int_equal(node_step(&node, start_ms), TIP_NODE_WAIT);
}

/* What was under way when it greeted is answered yet; but a hub that was put
 * back has lost it. */
static void
test_only_a_hub_that_went_back_has_lost_what_is_under_way(void **state)
{
    for (uint64_t durable = 1; durable <= 2; durable++) {
        struct tip_node_session node = greeting_node();
        struct tip_welcome welcome = welcome_at(durable);

        welcome.generation = durable < 2 ? GENERATION + 1 : GENERATION;
        assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
        node_sends(&node, 5, start_ms);
        assert_int_equal(
            tip_node_session_welcome(&node, &welcome, true, start_ms), TIP_OK);
        assert_int_equal(node.flights.bytes, durable < 2 ? 0 : FRAME_BYTES);
    }
    (void)state;
}

#define TEST(function) cmocka_unit_test(function)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_says_nothing_while_the_link_is_down),
        TEST(test_only_a_hub_that_went_back_has_lost_what_is_under_way),
        TEST(test_what_it_gives_back_uses_credit),
        TEST(test_greets_first_and_sends_frames_before_welcome),
        TEST(test_sends_no_more_than_the_first_credit_before_welcome),
        TEST(test_goes_on_from_what_welcome_says_the_hub_has),
        TEST(test_does_not_send_what_the_hub_has_from_elsewhere),
        TEST(test_does_not_send_again_what_left_before_welcome),
        TEST(test_welcome_counts_once_and_only_after_hello),
        TEST(test_stops_when_the_hubs_head_is_not_on_its_chain),
        TEST(test_stops_when_the_hub_has_more_than_it_ever_saved),
        TEST(test_waits_when_the_hub_went_back_in_its_generation),
        TEST(test_waits_when_the_hub_has_lost_frames_it_gave),
        TEST(test_waits_at_a_hub_of_an_older_generation),
        TEST(test_hands_back_to_a_restored_hub_of_a_new_generation),
        TEST(test_an_ack_confirms_and_an_overtaken_one_changes_nothing),
        TEST(test_an_ack_off_the_chain_stops_the_node),
        TEST(test_refuses_an_ack_out_of_place),
        TEST(test_one_gap_is_filled_once_however_often_it_is_reported),
        TEST(test_says_what_it_got_and_grants_credit_for_more),
        TEST(test_asks_once_for_what_it_missed),
        TEST(test_measures_the_round_trip_by_its_greeting),
    };

    return cmocka_run_group_tests_name("node session", tests, NULL, NULL);
}
