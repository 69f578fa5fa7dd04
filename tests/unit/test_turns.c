/* An office that sends little does not wait behind one that sends much. */
#include "fake_schema.h"
#include "hub_turns.h"
#include "star.h"
#include "tip_test.h"

#include <string.h>

enum { NEMA, ATAR, NONE = -1, FLOODER = 10, QUIET = 11, LARGE = 32 * 1024 };

static int make(void **state)
{
    static struct hub_turns turns;

    turns = (struct hub_turns){.count = 0};
    *state = &turns;
    return 0;
}

static int end(void **state)
{
    hub_turns_deinit(*state);
    return 0;
}

/* A message of @size bytes, each of which is @mark. */
static void add(struct hub_turns *turns, uint32_t peer, size_t size,
                uint8_t mark)
{
    static uint8_t bytes[LARGE];
    const struct tip_link_event event = {.kind = TIP_LINK_MESSAGE,
                                         .peer = peer,
                                         .message = tip_bytes(bytes, size)};

    memset(bytes, mark, size);
    assert_int_equal(hub_turns_add(turns, &event), TIP_OK);
}

static struct tip_link_event next(struct hub_turns *turns)
{
    struct tip_link_event event;

    assert_true(hub_turns_next(turns, 0, &event));
    return event;
}

static void test_who_sends_little_is_next(void **state)
{
    struct hub_turns *turns = *state;

    for (uint8_t i = 0; i < 10; i++) {
        add(turns, FLOODER, LARGE, i);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(next(turns).peer, FLOODER);
        add(turns, QUIET, 150, 1);
        assert_int_equal(next(turns).peer, QUIET);
    }
}

/* Also if one was quiet before: nobody saves up turns. */
static void test_who_sends_much_gets_the_same(void **state)
{
    struct hub_turns *turns = *state;
    int of_first = 0;

    for (uint8_t i = 0; i < 10; i++) {
        add(turns, FLOODER, LARGE, i);
    }
    for (int i = 0; i < 4; i++) {
        (void)next(turns);
    }
    for (uint8_t i = 0; i < 10; i++) {
        add(turns, QUIET, LARGE, i);
    }
    for (int i = 0; i < 6; i++) {
        of_first += next(turns).peer == FLOODER ? 1 : 0;
    }
    assert_int_equal(of_first, 3);
}

static void test_what_one_peer_sends_stays_in_order(void **state)
{
    static const enum tip_link_event_kind kinds[] = {
        TIP_LINK_UP, TIP_LINK_MESSAGE, TIP_LINK_MESSAGE, TIP_LINK_DOWN,
        TIP_LINK_UP};
    struct hub_turns *turns = *state;

    for (uint8_t i = 0; i < 5; i++) {
        if (kinds[i] == TIP_LINK_MESSAGE) {
            add(turns, QUIET, i == 1 ? LARGE : 1, i);
        } else {
            const struct tip_link_event event = {
                .kind = kinds[i], .peer = QUIET, .cause = i};

            assert_int_equal(hub_turns_add(turns, &event), TIP_OK);
        }
    }
    assert_int_equal(turns->waiting, 5);
    for (uint8_t i = 0; i < 5; i++) {
        struct tip_link_event event = next(turns);

        assert_int_equal(event.kind, kinds[i]);
        assert_int_equal(kinds[i] == TIP_LINK_MESSAGE ? event.message.data[0]
                                                      : (uint8_t)event.cause,
                         i);
    }
    assert_false(hub_turns_next(turns, 0, &(struct tip_link_event){.peer = 0}));
}

static void test_more_than_a_window_of_one_peer_is_dropped(void **state)
{
    const struct tip_link_event down = {.kind = TIP_LINK_DOWN, .peer = FLOODER};
    struct hub_turns *turns = *state;

    for (int i = 0; i < 100; i++) {
        add(turns, FLOODER, LARGE, 0);
    }
    assert_true(turns->waiting * LARGE >= TIP_HUB_WINDOW_BYTES);
    assert_true(turns->waiting * LARGE <= HUB_TURNS_BYTES_MAX);
    add(turns, QUIET, 1, 0); /* Others have theirs. */
    assert_int_equal(hub_turns_add(turns, &down), TIP_OK);
    assert_int_equal(next(turns).peer, FLOODER);
    assert_int_equal(next(turns).peer, QUIET);
    while (turns->waiting > 1) {
        assert_int_equal(next(turns).kind, TIP_LINK_MESSAGE);
    }
    assert_int_equal(next(turns).kind, TIP_LINK_DOWN);
}

static void test_who_rests_is_passed_over_for_so_long(void **state)
{
    struct hub_turns *turns = *state;
    struct tip_link_event event;

    assert_true(hub_turns_wait_ms(turns, 0) == UINT64_MAX);
    add(turns, FLOODER, LARGE, 0);
    add(turns, FLOODER, LARGE, 1);
    assert_int_equal(hub_turns_wait_ms(turns, 100), 0);
    assert_int_equal(next(turns).peer, FLOODER);
    hub_turns_rest(turns, FLOODER, 350);
    assert_int_equal(hub_turns_wait_ms(turns, 100), 250);
    assert_false(hub_turns_next(turns, 349, &event));
    add(turns, QUIET, 1, 0);
    assert_int_equal(hub_turns_wait_ms(turns, 100), 0);
    assert_int_equal(next(turns).peer, QUIET);
    assert_true(hub_turns_next(turns, 350, &event));
    assert_int_equal(event.peer, FLOODER);
}

/* To whom the hub sent, in order. */
static struct {
    enum tip_err (*send)(struct tip_link *self, uint32_t peer,
                         struct tip_bytes message);
    uint32_t peers[16];
    size_t count;
} sent;

static enum tip_err send_noted(struct tip_link *self, uint32_t peer,
                               struct tip_bytes message)
{
    if (sent.count < sizeof sent.peers / sizeof *sent.peers) {
        sent.peers[sent.count++] = peer;
    }
    return sent.send(self, peer, message);
}

static int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

static void hub_hears(struct star *star)
{
    for (size_t i = 0; i < star->inbox.count; i++) {
        size_t at = (star->inbox.first + i) % STAR_QUEUE_MAX;

        hub_engine_receive(star->hub, star->inbox.messages[at].peer,
                           tip_bytes(star->inbox.messages[at].bytes,
                                     star->inbox.messages[at].size));
    }
}

/* A node takes in what the hub sent, and says so. */
static void takes_in(struct star_node *node)
{
    for (size_t i = 0; i < node->inbox.count; i++) {
        size_t at = (node->inbox.first + i) % STAR_QUEUE_MAX;

        node_engine_receive(node->engine,
                            tip_bytes(node->inbox.messages[at].bytes,
                                      node->inbox.messages[at].size));
    }
    assert_int_equal(node_engine_flush(node->engine), TIP_OK);
    assert_int_equal(node_engine_pump(node->engine), TIP_OK);
}

/* Nema, the first of all devices, is owed a frame; Atar an answer. */
static void test_answers_go_before_frames(void **state)
{
    struct star *star = *state;
    struct tip_id of_hub = star_id(star), of_atar = star_id(star);

    assert_int_equal(star_add(star, NONE, &of_hub, NEMA, FAKE_LATEST, 1),
                     TIP_OK);
    assert_int_equal(star_add(star, ATAR, &of_atar, NONE, FAKE_LATEST, 1),
                     TIP_OK);
    assert_int_equal(node_engine_pump(star->nodes[ATAR].engine), TIP_OK);
    hub_hears(star);
    sent.send = star->link.base.send;
    sent.count = 0;
    star->link.base.send = send_noted;
    assert_int_equal(hub_engine_pump(star->hub), TIP_OK);
    star->link.base.send = sent.send;
    assert_true(sent.count >= 2);
    assert_int_equal(sent.peers[0], STAR_ORIGIN_FIRST + ATAR);
    assert_int_equal(sent.peers[1], STAR_ORIGIN_FIRST + NEMA);
}

/* So a device that floods need not rest for it. */
static void test_what_a_node_got_costs_no_sync(void **state)
{
    struct star *star = *state;
    struct tip_id of_hub = star_id(star), of_atar = star_id(star);

    assert_int_equal(star_add(star, NONE, &of_hub, NEMA, FAKE_LATEST, 1),
                     TIP_OK);
    assert_int_equal(hub_engine_pump(star->hub), TIP_OK);
    assert_true(star->nodes[NEMA].inbox.count > 0);
    takes_in(&star->nodes[NEMA]);
    assert_true(star->inbox.count > 0);
    hub_hears(star);
    assert_false(hub_engine_is_writing(star->hub));
    assert_int_equal(star_add(star, ATAR, &of_atar, NONE, FAKE_LATEST, 1),
                     TIP_OK);
    assert_int_equal(node_engine_pump(star->nodes[ATAR].engine), TIP_OK);
    hub_hears(star);
    assert_true(hub_engine_is_writing(star->hub));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_who_sends_little_is_next),
        TEST(test_who_sends_much_gets_the_same),
        TEST(test_what_one_peer_sends_stays_in_order),
        TEST(test_more_than_a_window_of_one_peer_is_dropped),
        TEST(test_who_rests_is_passed_over_for_so_long),
        cmocka_unit_test_setup_teardown(test_answers_go_before_frames, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_a_node_got_costs_no_sync,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
