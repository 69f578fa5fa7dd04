/* Rules of tip_hub_session, one by one. */
#include "tip_hub_session.h"
#include "tip_node_session.h"
#include "tip_test.h"

enum {
    OWN = 25, /* A channel. */
    REF = TIP_CHANNEL_REF,
    FRAME_BYTES = 8 * 1024
};

static const uint64_t start_ms = 1000;

static struct tip_channel_position position_at(uint32_t channel, uint64_t index)
{
    return (struct tip_channel_position){.channel = channel,
                                         .head = {.number = index}};
}

/* A hub whose node has 4 of OWN and nothing of REF; 9 and 2 are there. */
static struct tip_hub_session greeted_hub(uint64_t credit_bytes)
{
    static const uint32_t channels[] = {REF, OWN};
    struct tip_hello hello = {.credit_bytes = credit_bytes,
                              .channels = {position_at(OWN, 4)},
                              .channel_count = 1};
    struct tip_hub_session hub;

    tip_hub_session_init(&hub);
    hub.goodput.fixed_bytes = FRAME_BYTES; /* The line is not asked here. */
    tip_hub_session_hello(&hub, &hello, channels, 2, start_ms);
    tip_hub_session_offer(&hub, OWN, 9);
    tip_hub_session_offer(&hub, REF, 2);
    return hub;
}

/* The same after WELCOME. */
static struct tip_hub_session live_hub(void)
{
    struct tip_hub_session hub = greeted_hub(TIP_NODE_WINDOW_BYTES);
    struct tip_hub_todo todo = tip_hub_session_step(&hub, start_ms);

    assert_int_equal(todo.step, TIP_HUB_SEND_WELCOME);
    assert_int_equal(todo.credit_bytes, TIP_HUB_WINDOW_BYTES);
    return hub;
}

/* Expect frame @index of @channel and send it. */
static void hub_sends(struct tip_hub_session *hub, uint32_t channel,
                      uint64_t index)
{
    struct tip_hub_todo todo = tip_hub_session_step(hub, start_ms);

    assert_int_equal(todo.step, TIP_HUB_SEND_FRAME);
    assert_int_equal(todo.channel, channel);
    assert_int_equal(todo.index, index);
    tip_hub_session_sent(hub, channel, FRAME_BYTES, start_ms);
}

/* Send all of REF and OWN up to @last. */
static void hub_sends_up_to(struct tip_hub_session *hub, uint64_t last)
{
    hub_sends(hub, REF, 1);
    hub_sends(hub, REF, 2);
    for (uint64_t index = 5; index <= last; index++) {
        hub_sends(hub, OWN, index);
    }
}

static struct tip_got got_at(uint32_t channel, uint64_t index)
{
    return (struct tip_got){.position = position_at(channel, index),
                            .credit_bytes = TIP_NODE_WINDOW_BYTES};
}

static void test_is_silent_before_hello_and_after_the_link_broke(void **state)
{
    struct tip_hub_session hub;

    (void)state;
    tip_hub_session_init(&hub);
    tip_hub_session_took(&hub, FRAME_BYTES);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    hub = greeted_hub(TIP_NODE_WINDOW_BYTES);
    tip_hub_session_down(&hub);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
}

static void test_what_is_asked_again_is_asked_once(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_hub_todo todo;

    (void)state;
    hub_sends_up_to(&hub, 9);
    tip_hub_session_missed(&hub);
    assert_true(tip_hub_session_step(&hub, start_ms).resend);
    tip_hub_session_took(&hub, FRAME_BYTES);
    todo = tip_hub_session_step(&hub, start_ms);
    assert_int_equal(todo.step, TIP_HUB_SEND_ACK);
    assert_false(todo.resend);
}

static void test_nobody_waits_for_a_node_that_owes_nothing(void **state)
{
    static const uint64_t late_ms = UINT64_C(3600) * 1000;
    struct tip_hub_session hub = greeted_hub(UINT64_C(7) * FRAME_BYTES);
    struct tip_got got = {.position = position_at(REF, 2)};

    (void)state;
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_WELCOME);
    hub_sends_up_to(&hub, 9); /* All credit is used, all is sent. */
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_OK);
    got.position = position_at(OWN, 9);
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_step(&hub, late_ms).step, TIP_HUB_WAIT);
    /* A first frame after a long quiet starts the wait. */
    got.credit_bytes = TIP_NODE_WINDOW_BYTES;
    assert_int_equal(tip_hub_session_got(&hub, &got, late_ms), TIP_OK);
    tip_hub_session_offer(&hub, OWN, 10);
    assert_int_equal(tip_hub_session_step(&hub, late_ms).step,
                     TIP_HUB_SEND_FRAME);
    tip_hub_session_sent(&hub, OWN, FRAME_BYTES, late_ms);
    assert_int_equal(tip_hub_session_step(&hub, late_ms + 1).step,
                     TIP_HUB_WAIT);
}

static void test_sends_each_channel_from_behind_what_the_node_has(void **state)
{
    struct tip_hub_session hub = live_hub();

    (void)state;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
}

static void test_acknowledges_once_for_all_that_came(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_hub_todo todo;

    (void)state;
    tip_hub_session_took(&hub, FRAME_BYTES);
    tip_hub_session_missed(&hub);
    tip_hub_session_took(&hub, FRAME_BYTES);
    todo = tip_hub_session_step(&hub, start_ms);
    assert_int_equal(todo.step, TIP_HUB_SEND_ACK);
    assert_true(todo.resend);
    assert_int_equal(todo.credit_bytes, 16 * 1024 + TIP_HUB_WINDOW_BYTES);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_FRAME);
}

static void test_stops_when_the_nodes_credit_is_used_up(void **state)
{
    struct tip_hub_session hub = greeted_hub(UINT64_C(3) * FRAME_BYTES);
    struct tip_got got = got_at(REF, 2);

    (void)state;
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_WELCOME);
    hub_sends_up_to(&hub, 5);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    got.credit_bytes = UINT64_C(4) * FRAME_BYTES;
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_OK);
    hub_sends(&hub, OWN, 6);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
}

static void test_never_more_than_a_window_is_under_way(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got got = got_at(OWN, 9);
    size_t under_way = 0;

    (void)state;
    hub_sends_up_to(&hub, 9);
    got.credit_bytes = UINT32_MAX;
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_OK);
    tip_hub_session_offer(&hub, OWN, 1000);
    while (tip_hub_session_step(&hub, start_ms).step == TIP_HUB_SEND_FRAME) {
        tip_hub_session_sent(&hub, OWN, FRAME_BYTES, start_ms);
        under_way++;
    }
    assert_int_equal(under_way, TIP_HUB_WINDOW_FRAMES);
}

static void test_sends_again_from_where_the_node_asks(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got gap = got_at(OWN, 5);

    (void)state;
    gap.resend = true;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    hub_sends(&hub, OWN, 6);
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    hub_sends(&hub, OWN, 7); /* The same gap, reported again. */
}

static void test_fewer_frames_are_under_way_after_each_gap(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got gap = got_at(OWN, 4), some = got_at(OWN, 14);
    uint64_t half = TIP_HUB_WINDOW_FRAMES / 2 + 1;

    (void)state;
    hub.credit_bytes = UINT64_MAX;
    tip_hub_session_offer(&hub, OWN, 1000);
    hub_sends_up_to(&hub, 4 + TIP_HUB_WINDOW_FRAMES);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    gap.resend = true;
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    for (uint64_t index = 5; index <= 4 + half; index++) {
        hub_sends(&hub, OWN, index);
    }
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    assert_int_equal(tip_hub_session_got(&hub, &some, start_ms), TIP_OK);
    for (uint64_t index = 5 + half; index <= 14 + half + 10; index++) {
        hub_sends(&hub, OWN, index);
    }
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
}

/* What was thought lost had only been overtaken. */
static void test_believes_a_got_beyond_what_it_is_sending_again(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got gap = got_at(OWN, 5), all = got_at(OWN, 9);

    (void)state;
    gap.resend = true;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_got(&hub, &all, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step, TIP_HUB_WAIT);
    tip_hub_session_offer(&hub, OWN, 10);
    hub_sends(&hub, OWN, 10);
}

/* Also where it is the very one that comes next. */
static void test_does_not_send_what_has_just_arrived(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got gap = got_at(OWN, 5), next = got_at(OWN, 6);

    (void)state;
    gap.resend = true;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_got(&hub, &gap, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_got(&hub, &next, start_ms), TIP_OK);
    hub_sends(&hub, OWN, 7);
}

static void test_refuses_a_got_for_what_it_never_sent(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got got = got_at(OWN, 5), other = got_at(99, 0);

    (void)state;
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_EPROTOCOL);
    assert_int_equal(tip_hub_session_got(&hub, &other, start_ms),
                     TIP_EPROTOCOL);
    hub_sends_up_to(&hub, 5);
    assert_int_equal(tip_hub_session_got(&hub, &got, start_ms), TIP_OK);
}

/* The last frame was lost, or the GOT for it: nothing else would tell. */
static void test_drops_a_link_on_which_no_got_comes_back(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got ref = got_at(REF, 2), own = got_at(OWN, 8);
    uint64_t late_ms = start_ms + TIP_SESSION_STALL_MS + 1;

    (void)state;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_got(&hub, &ref, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_got(&hub, &own, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_step(&hub, late_ms - 1).step,
                     TIP_HUB_WAIT);
    assert_int_equal(tip_hub_session_step(&hub, late_ms).step, TIP_HUB_DROP);
    assert_false(hub.is_live);
    assert_int_equal(tip_hub_session_step(&hub, late_ms).step, TIP_HUB_WAIT);
}

static void test_waits_for_ever_for_a_node_that_owes_nothing(void **state)
{
    struct tip_hub_session hub = live_hub();
    struct tip_got ref = got_at(REF, 2), own = got_at(OWN, 9);

    (void)state;
    hub_sends_up_to(&hub, 9);
    assert_int_equal(tip_hub_session_got(&hub, &ref, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_got(&hub, &own, start_ms), TIP_OK);
    assert_int_equal(tip_hub_session_step(&hub, start_ms + 86400000).step,
                     TIP_HUB_WAIT);
}

static void test_is_more_patient_after_each_stall(void **state)
{
    static const uint32_t channels[] = {OWN};
    struct tip_hello hello = {.credit_bytes = FRAME_BYTES};
    struct tip_got got = got_at(OWN, 1);
    struct tip_hub_session hub;
    uint64_t now_ms = start_ms;

    (void)state;
    tip_hub_session_init(&hub);
    for (int stall = 0; stall < 3; stall++) {
        tip_hub_session_hello(&hub, &hello, channels, 1, now_ms);
        tip_hub_session_offer(&hub, OWN, 1);
        assert_int_equal(tip_hub_session_step(&hub, now_ms).step,
                         TIP_HUB_SEND_WELCOME);
        tip_hub_session_sent(&hub, OWN, FRAME_BYTES, now_ms);
        now_ms += (uint64_t)TIP_SESSION_STALL_MS << stall;
        assert_int_equal(tip_hub_session_step(&hub, now_ms).step, TIP_HUB_WAIT);
        if (stall < 2) {
            now_ms++;
            assert_int_equal(tip_hub_session_step(&hub, now_ms).step,
                             TIP_HUB_DROP);
        }
    }
    assert_int_equal(tip_hub_session_got(&hub, &got, now_ms), TIP_OK);
    assert_int_equal(hub.patience.stalls, 0);
}

#define TEST(function) cmocka_unit_test(function)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_is_silent_before_hello_and_after_the_link_broke),
        TEST(test_what_is_asked_again_is_asked_once),
        TEST(test_nobody_waits_for_a_node_that_owes_nothing),
        TEST(test_sends_each_channel_from_behind_what_the_node_has),
        TEST(test_acknowledges_once_for_all_that_came),
        TEST(test_stops_when_the_nodes_credit_is_used_up),
        TEST(test_never_more_than_a_window_is_under_way),
        TEST(test_sends_again_from_where_the_node_asks),
        TEST(test_fewer_frames_are_under_way_after_each_gap),
        TEST(test_believes_a_got_beyond_what_it_is_sending_again),
        TEST(test_does_not_send_what_has_just_arrived),
        TEST(test_refuses_a_got_for_what_it_never_sent),
        TEST(test_drops_a_link_on_which_no_got_comes_back),
        TEST(test_waits_for_ever_for_a_node_that_owes_nothing),
        TEST(test_is_more_patient_after_each_stall),
    };

    return cmocka_run_group_tests_name("hub session", tests, NULL, NULL);
}
