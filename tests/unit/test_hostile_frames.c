/* What frames and greetings of a device that was taken over can do to others.
 */
#include "hostile.h"

static void test_an_unreadable_body_stops_only_its_own_feed(void **state)
{
    struct star *star = *state;

    nema.header.count = 1;
    forge_body(&nema, tip_bytes_text("no version of ours made this"));
    for (int i = 0; i < 3; i++) {
        forge_to_hub(&nema, NEMA);
    }
    assert_int_equal(device(star, NEMA).seq, 0);
    assert_int_equal(device(star, NEMA).bad_messages, 3);
    assert_others_go_on(star);
}

static void test_other_bytes_in_the_same_place_are_a_fork(void **state)
{
    struct star *star = *state;
    struct forge clone;
    struct tip_id ids[2] = {star_id(star), star_id(star)};
    size_t count;

    forge_feed(&clone, star, NEMA);
    make_record(&ids[0], false);
    forge_to_hub(&nema, NEMA); /* The same bytes again are no fork. */
    assert_int_equal(device(star, NEMA).trouble, TIP_OK);
    {
        struct forge real = nema;

        nema = clone;
        make_record(&ids[1], false);
        clone = nema;
        nema = real;
    }
    assert_int_equal(device(star, NEMA).trouble, TIP_EFORK);
    assert_int_equal(star_code(star, HUB, &ids[0], FAKE_LATEST, &count), 1);
    assert_int_equal(star_code(star, HUB, &ids[1], FAKE_LATEST, &count), 0);
    forge_deinit(&clone);
    assert_others_go_on(star);
}

/* Néma was put back to an older copy and is connected; then a stick comes with
 * what it had written before, at numbers it is going to give out again. */
static void test_a_stick_of_a_later_self_is_no_echo_of_other_work(void **state)
{
    struct star *star = *state;
    struct tip_id before = star_id(star), after = star_id(star);
    struct tip_record_ref ref = by_id(&before);
    struct tip_change changes[] = {office(0, STAR_OFFICE_FIRST),
                                   code(0, FAKE_LATEST, 1)};
    struct tip_change_set set = set_of(&ref, 1, changes, 2);
    struct node_status status;
    size_t count;

    forge_sets(&nema, &set, 1);
    assert_true(device(star, NEMA).is_live);
    assert_int_equal(
        hub_engine_import_frame(star->hub, STAR_ORIGIN_FIRST,
                                tip_bytes(nema.message + 1, nema.size - 1)),
        TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    assert_false(device(star, NEMA).is_live);
    assert_int_equal(star_add(star, NEMA, &after, NONE, FAKE_LATEST, 7),
                     TIP_OK);
    star_run(star);
    node_engine_status(star->nodes[NEMA].engine, &status);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    assert_int_equal(status.decided, 2);
    for (int i = HUB; i <= NEMA; i++) {
        assert_int_equal(star_code(star, i, &before, FAKE_LATEST, &count), 1);
        assert_int_equal(star_code(star, i, &after, FAKE_LATEST, &count), 7);
    }
    assert_others_go_on(star);
}

static void test_frames_of_another_epoch_origin_or_way_are_refused(void **state)
{
    struct star *star = *state;
    struct tip_frame_header header = nema.header;
    struct tip_head head = nema.head;
    struct tip_id id = star_id(star);

    nema.header.key_epoch = 7;
    make_record(&id, false);
    assert_int_equal(device(star, NEMA).trouble, TIP_EUNSUPPORTED);
    nema.header = header;
    nema.head = head;
    nema.header.origin = STAR_ORIGIN_FIRST + ATAR;
    make_record(&id, false);
    assert_int_equal(device(star, NEMA).trouble, TIP_EPROTOCOL);
    forge_to_hub(&nema, ATAR); /* Signed by somebody else. */
    assert_int_equal(device(star, ATAR).trouble, TIP_ESIGNATURE);
    assert_int_equal(device(star, NEMA).seq, 0);
    assert_int_equal(device(star, ATAR).seq, 0);
    assert_others_go_on(star);
}

static void test_a_channel_frame_sent_back_up_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, HUB, &id, NEMA, FAKE_LATEST, 1), TIP_OK);
    assert_int_equal(hub_engine_pump(star->hub), TIP_OK);
    assert_true(star->nodes[NEMA].inbox.count > 0);
    for (size_t m = 0; m < star->nodes[NEMA].inbox.count; m++) {
        const struct star_queue *inbox = &star->nodes[NEMA].inbox;
        size_t at = (inbox->first + m) % STAR_QUEUE_MAX;

        hub_engine_receive(
            star->hub, STAR_ORIGIN_FIRST,
            tip_bytes(inbox->messages[at].bytes, inbox->messages[at].size));
    }
    assert_int_equal(device(star, NEMA).seq, 0);
    assert_true(device(star, NEMA).bad_messages > 0);
    assert_others_go_on(star);
}

/* A HELLO of Néma that claims to have @head of its own channel. */
static void greet(struct star *star, struct tip_talk *talk, uint64_t head)
{
    const struct tip_device_public *hub = tip_device_keys_public(star->keys);
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = STAR_ORIGIN_FIRST,
                  .channels = {{.channel = STAR_OFFICE_FIRST,
                                .generation = 1,
                                .head.number = head}},
                  .channel_count = 1,
                  .nonce = {(uint8_t)head, 1, 2},
                  .version = tip_bytes_text("test"),
                  .credit_bytes = UINT32_MAX}};

    message.hello.channels[0].head.hash[0] = 1;
    assert_int_equal(tip_talk_init(talk, star->nodes[NEMA].keys,
                                   TIP_SESSION_NODE, &hub->box),
                     TIP_OK);
    forge_say(&nema, talk, &message);
    forge_to_hub(&nema, NEMA);
}

static void test_claiming_frames_that_are_not_stops_nobody(void **state)
{
    static const uint64_t claims[] = {1, 1000, INT64_MAX, UINT64_MAX - 1,
                                      UINT64_MAX};
    struct star *star = *state;
    struct tip_talk talk;

    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        greet(star, &talk, claims[i]);
        assert_int_equal(device(star, NEMA).trouble, TIP_EHUB_BEHIND);
        assert_int_equal(hub_engine_pump(star->hub), TIP_OK);
        tip_talk_deinit(&talk);
    }
    assert_others_go_on(star);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_unreadable_body_stops_only_its_own_feed),
        TEST(test_other_bytes_in_the_same_place_are_a_fork),
        TEST(test_a_stick_of_a_later_self_is_no_echo_of_other_work),
        TEST(test_frames_of_another_epoch_origin_or_way_are_refused),
        TEST(test_a_channel_frame_sent_back_up_is_refused),
        TEST(test_claiming_frames_that_are_not_stops_nobody),
    };

    return cmocka_run_group_tests_name("hostile_frames", tests, NULL, NULL);
}
