/* Rules of tip_hub_session with several channels: each of them counts. */
#include "tip_hub_session.h"
#include "tip_test.h"

enum { FIRST = 5, SECOND = 6, THIRD = 7, CHANNELS = 3, FRAME_BYTES = 8 * 1024 };

static const uint64_t start_ms = 1000;
static const uint32_t channels[CHANNELS] = {FIRST, SECOND, THIRD};

/* A hub that has said WELCOME to a node that has nothing. */
static struct tip_hub_session greeted_hub(uint64_t credit_bytes)
{
    struct tip_hello hello = {.credit_bytes = credit_bytes};
    struct tip_hub_session hub;

    tip_hub_session_init(&hub);
    tip_hub_session_hello(&hub, &hello, channels, CHANNELS, start_ms);
    assert_int_equal(tip_hub_session_step(&hub, start_ms).step,
                     TIP_HUB_SEND_WELCOME);
    return hub;
}

/* One frame of each channel is under way. */
static struct tip_hub_session busy_hub(void)
{
    struct tip_hub_session hub = greeted_hub(UINT64_MAX);

    for (size_t i = 0; i < CHANNELS; i++) {
        tip_hub_session_offer(&hub, channels[i], 1);
        tip_hub_session_sent(&hub, channels[i], FRAME_BYTES, start_ms);
    }
    return hub;
}

static void node_got(struct tip_hub_session *hub, uint32_t channel,
                     uint64_t now_ms)
{
    struct tip_got got = {
        .position = {.channel = channel, .head = {.number = 1}}};

    assert_int_equal(tip_hub_session_got(hub, &got, now_ms), TIP_OK);
}

static void test_one_channel_that_is_not_taken_is_unmoved(void **state)
{
    (void)state;
    for (size_t last = 0; last < CHANNELS; last++) {
        struct tip_hub_session hub = busy_hub();

        for (size_t i = 0; i < CHANNELS; i++) {
            if (i != last) {
                node_got(&hub, channels[i], start_ms + 10 + i);
                assert_int_equal(hub.unmoved_ms, start_ms + 10 + i);
            }
        }
        node_got(&hub, channels[last], start_ms + 20);
        assert_int_equal(hub.unmoved_ms, 0);
    }
}

static void test_what_is_under_way_on_any_channel_takes_room(void **state)
{
    struct tip_hub_session hub = busy_hub();
    uint64_t under_way = UINT64_C(3) * FRAME_BYTES;

    (void)state;
    hub.goodput.busy_bytes = 1 << 20; /* On a good line. */
    hub.goodput.busy_ms = 1000;
    for (size_t i = CHANNELS; i-- > 0;) {
        assert_int_equal(tip_hub_session_room(&hub),
                         tip_goodput_room(&hub.goodput, under_way));
        node_got(&hub, channels[i], start_ms + 10);
        under_way -= FRAME_BYTES;
    }
    assert_int_equal(tip_hub_session_room(&hub), SIZE_MAX);
}

static void test_a_frame_on_any_channel_is_waited_for(void **state)
{
    (void)state;
    for (size_t last = 0; last < CHANNELS; last++) {
        struct tip_hub_session hub = busy_hub();

        for (size_t i = 0; i < CHANNELS; i++) {
            if (i != last) {
                node_got(&hub, channels[i], start_ms);
            }
        }
        assert_int_equal(
            tip_hub_session_step(&hub, start_ms + TIP_SESSION_STALL_MS + 1)
                .step,
            TIP_HUB_DROP);
    }
}

/* It has what it was given; credit comes when it has room again. */
static void test_who_greets_without_credit_has_time_to_give_some(void **state)
{
    struct tip_hub_session hub = greeted_hub(0);
    struct tip_hello hello = {.credit_bytes = 0};
    uint64_t late_ms = start_ms + 10 * (uint64_t)TIP_SESSION_STALL_MS;

    (void)state;
    tip_hub_session_down(&hub);
    tip_hub_session_hello(&hub, &hello, channels, CHANNELS, late_ms);
    tip_hub_session_offer(&hub, SECOND, 1);
    assert_int_equal(tip_hub_session_step(&hub, late_ms).step,
                     TIP_HUB_SEND_WELCOME);
    assert_int_equal(
        tip_hub_session_step(&hub, late_ms + TIP_SESSION_STALL_MS).step,
        TIP_HUB_WAIT);
    assert_int_equal(
        tip_hub_session_step(&hub, late_ms + TIP_SESSION_STALL_MS + 1).step,
        TIP_HUB_DROP);
}

static void test_who_gives_no_more_credit_is_dropped(void **state)
{
    struct tip_hub_session hub = greeted_hub(FRAME_BYTES);

    (void)state;
    tip_hub_session_offer(&hub, FIRST, 2);
    tip_hub_session_sent(&hub, FIRST, FRAME_BYTES, start_ms);
    node_got(&hub, FIRST, start_ms);
    assert_int_equal(
        tip_hub_session_step(&hub, start_ms + TIP_SESSION_STALL_MS).step,
        TIP_HUB_WAIT);
    assert_int_equal(
        tip_hub_session_step(&hub, start_ms + TIP_SESSION_STALL_MS + 1).step,
        TIP_HUB_DROP);
}

/* The node says it again, when it asks for what did not come: that is no new
 * frame, and the time it may take runs on. */
static void test_what_the_node_says_again_is_no_progress(void **state)
{
    struct tip_hub_session hub = busy_hub();

    (void)state;
    node_got(&hub, FIRST, start_ms + 10);
    node_got(&hub, FIRST, start_ms + 20);
    assert_int_equal(hub.unmoved_ms, start_ms + 10);
}

static void test_what_a_greeting_says_of_more_is_progress(void **state)
{
    struct tip_hub_session hub = busy_hub();
    struct tip_hello hello = {.credit_bytes = UINT64_MAX};

    (void)state;
    tip_hub_session_hello(&hub, &hello, channels, CHANNELS, start_ms + 10);
    assert_int_equal(hub.unmoved_ms, start_ms);
    hello.channels[0].channel = SECOND;
    hello.channels[0].head.number = 1;
    hello.channel_count = 1;
    tip_hub_session_hello(&hub, &hello, channels, CHANNELS, start_ms + 20);
    assert_int_equal(hub.unmoved_ms, start_ms + 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_channel_that_is_not_taken_is_unmoved),
        cmocka_unit_test(test_what_is_under_way_on_any_channel_takes_room),
        cmocka_unit_test(test_a_frame_on_any_channel_is_waited_for),
        cmocka_unit_test(test_who_greets_without_credit_has_time_to_give_some),
        cmocka_unit_test(test_what_a_greeting_says_of_more_is_progress),
        cmocka_unit_test(test_who_gives_no_more_credit_is_dropped),
        cmocka_unit_test(test_what_the_node_says_again_is_no_progress),
    };

    return cmocka_run_group_tests_name("hub channels", tests, NULL, NULL);
}
