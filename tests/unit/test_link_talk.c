/* Rules of the talk with a link child: what it says is checked, then doubted.
 */
#include <string.h>

#include "tip_link_roster.h"
#include "tip_link_talk.h"
#include "tip_test.h"

enum { NEMA = 7, KIFFA = 8 };

static const uint8_t key_of_nema[TIP_LINK_KEY_SIZE] = {1};
static const uint8_t key_of_kiffa[TIP_LINK_KEY_SIZE] = {2};

struct fixture {
    struct tip_buf buf;
    uint8_t data[TIP_LINK_TALK_BYTES_MAX];
    struct tip_link_roster roster;
    struct tip_link_event event;
};

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    tip_buf_init(&f.buf, f.data, sizeof f.data);
    *state = &f;
    return tip_link_roster_allow(&f.roster, NEMA, key_of_nema) == TIP_OK ? 0
                                                                         : -1;
}

/* Read back @talk after it was written. */
static enum tip_err pass(struct fixture *f, const struct tip_link_talk *talk,
                         struct tip_link_talk *out)
{
    tip_buf_clear(&f->buf);
    assert_int_equal(tip_link_talk_put(talk, &f->buf), TIP_OK);
    return tip_link_talk_get(tip_bytes(f->data, f->buf.size), out);
}

static void test_every_packet_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct tip_link_talk in = {.kind = TIP_LINK_TALK_FAULT,
                               .cause = TIP_LINK_CAUSE_NOT_ADMITTED,
                               .key = {9},
                               .address = "::ffff:10.0.0.7"};
    struct tip_link_talk out;

    assert_int_equal(pass(f, &in, &out), TIP_OK);
    assert_int_equal(out.cause, in.cause);
    assert_memory_equal(out.key, in.key, sizeof in.key);
    assert_string_equal(out.address, in.address);

    in = (struct tip_link_talk){.kind = TIP_LINK_TALK_SEND,
                                .peer = NEMA,
                                .connection = 3,
                                .payload = tip_bytes_text("frame")};
    assert_int_equal(pass(f, &in, &out), TIP_OK);
    assert_int_equal(out.peer, NEMA);
    assert_int_equal(out.connection, 3);
    assert_true(tip_bytes_equal(out.payload, in.payload));

    in = (struct tip_link_talk){.kind = TIP_LINK_TALK_CALL, .count = 240000};
    assert_int_equal(pass(f, &in, &out), TIP_OK);
    assert_int_equal(out.kind, TIP_LINK_TALK_CALL);
    assert_int_equal(out.count, in.count);

    in = (struct tip_link_talk){.kind = TIP_LINK_TALK_EXPECT,
                                .peer = NEMA,
                                .connection = 3,
                                .count = 600000};
    assert_int_equal(pass(f, &in, &out), TIP_OK);
    assert_int_equal(out.peer, NEMA);
    assert_int_equal(out.connection, 3);
    assert_int_equal(out.count, in.count);

    in = (struct tip_link_talk){.kind = TIP_LINK_TALK_REST};
    assert_int_equal(pass(f, &in, &out), TIP_OK);
    assert_int_equal(out.kind, TIP_LINK_TALK_REST);
}

static void test_a_setup_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct tip_link_setup in = {.role = TIP_LINK_NODE,
                                .secret_key = {5},
                                .heartbeat_ms = 60000,
                                .endpoint_count = 2,
                                .endpoints = {"tcp://a:1", "tcp://b:2"}};
    struct tip_link_setup out;
    struct tip_link_talk talk;

    assert_int_equal(tip_link_talk_put_setup(&in, &f->buf), TIP_OK);
    assert_int_equal(tip_link_talk_get(tip_bytes(f->data, f->buf.size), &talk),
                     TIP_OK);
    assert_int_equal(tip_link_talk_get_setup(talk.payload, &out), TIP_OK);
    assert_memory_equal(&in, &out, sizeof in);
}

static void test_refuses_every_shortened_packet(void **state)
{
    struct fixture *f = *state;
    struct tip_link_talk in = {.kind = TIP_LINK_TALK_FAULT,
                               .cause = TIP_LINK_CAUSE_LOST,
                               .address = "10.0.0.7"};
    struct tip_link_talk out;
    size_t size;

    assert_int_equal(pass(f, &in, &out), TIP_OK);
    size = f->buf.size;
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(tip_link_talk_get(tip_bytes(f->data, i), &out),
                         TIP_EMALFORMED);
    }
    assert_int_equal(tip_link_talk_get(tip_bytes(f->data, size + 1), &out),
                     TIP_EMALFORMED);
}

static void test_refuses_kinds_and_causes_it_does_not_know(void **state)
{
    const uint8_t kind[] = {99};
    const uint8_t cause[] = {TIP_LINK_TALK_DOWN,  0, 0, 0, NEMA, 0, 0, 0, 1,
                             TIP_LINK_CAUSE_COUNT};
    struct tip_link_talk out;

    (void)state;
    assert_int_equal(tip_link_talk_get(TIP_BYTES_OF(kind), &out),
                     TIP_EMALFORMED);
    assert_int_equal(tip_link_talk_get(TIP_BYTES_OF(cause), &out),
                     TIP_EMALFORMED);
    assert_int_equal(tip_link_talk_get(TIP_BYTES_NONE, &out), TIP_EMALFORMED);
}

static void test_refuses_an_address_that_would_speak_to_a_terminal(void **state)
{
    struct fixture *f = *state;
    struct tip_link_talk in = {.kind = TIP_LINK_TALK_FAULT,
                               .cause = TIP_LINK_CAUSE_LOST,
                               .address = "\x1b[2J"};
    struct tip_link_talk out;

    assert_int_equal(pass(f, &in, &out), TIP_EMALFORMED);
}

static void test_refuses_an_empty_message(void **state)
{
    struct fixture *f = *state;
    struct tip_link_talk in = {.kind = TIP_LINK_TALK_RECEIVED, .peer = NEMA};
    struct tip_link_talk out;

    assert_int_equal(pass(f, &in, &out), TIP_EMALFORMED);
}

static enum tip_err hear(struct fixture *f, enum tip_link_talk_kind kind,
                         uint32_t peer, uint32_t connection)
{
    struct tip_link_talk talk = {.kind = kind,
                                 .peer = peer,
                                 .connection = connection,
                                 .count = 1,
                                 .cause = TIP_LINK_CAUSE_LOST,
                                 .payload = tip_bytes_text("x")};

    return tip_link_roster_hear(&f->roster, &talk, &f->event);
}

static void test_does_not_believe_a_child_out_of_order(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(hear(f, TIP_LINK_TALK_RECEIVED, NEMA, 0), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_DOWN, NEMA, 1), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 0), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 1), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_UP);
    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 2), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_DOWN, NEMA, 2), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_CREDIT, NEMA, 1), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_RECEIVED, NEMA, 0), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_MESSAGE);
    assert_int_equal(hear(f, TIP_LINK_TALK_DOWN, NEMA, 1), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_DOWN);
}

static void test_does_not_believe_in_devices_it_never_admitted(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(hear(f, TIP_LINK_TALK_UP, KIFFA, 1), TIP_EMALFORMED);
    assert_int_equal(hear(f, TIP_LINK_TALK_RECEIVED, KIFFA, 0), TIP_EMALFORMED);
}

static void test_hears_nothing_of_a_revoked_device(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 1), TIP_OK);
    tip_link_roster_deny(&f->roster, NEMA);
    assert_true(tip_link_roster_take_down(&f->roster, &f->event));
    assert_int_equal(f->event.cause, TIP_LINK_CAUSE_DROPPED);
    assert_int_equal(hear(f, TIP_LINK_TALK_RECEIVED, NEMA, 0), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_NOTHING);
    assert_int_equal(hear(f, TIP_LINK_TALK_DOWN, NEMA, 1), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_NOTHING);
    /* Said by the child before it knew. */
    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 2), TIP_OK);
    assert_int_equal(f->event.kind, TIP_LINK_NOTHING);
}

static void test_gives_out_a_key_once(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(tip_link_roster_allow(&f->roster, KIFFA, key_of_nema),
                     TIP_EEXISTS);
    assert_int_equal(tip_link_roster_allow(&f->roster, KIFFA, key_of_kiffa),
                     TIP_OK);
    tip_link_roster_deny(&f->roster, NEMA);
    assert_int_equal(tip_link_roster_allow(&f->roster, KIFFA, key_of_nema),
                     TIP_OK);
}

static void test_another_key_ends_the_connection_of_the_old(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 1), TIP_OK);
    assert_int_equal(tip_link_roster_allow(&f->roster, NEMA, key_of_nema),
                     TIP_OK);
    assert_false(tip_link_roster_take_down(&f->roster, &f->event));
    assert_int_equal(tip_link_roster_allow(&f->roster, NEMA, key_of_kiffa),
                     TIP_OK);
    assert_true(tip_link_roster_take_down(&f->roster, &f->event));
}

static void test_reuses_the_places_of_revoked_devices(void **state)
{
    struct fixture *f = *state;
    uint8_t key[TIP_LINK_KEY_SIZE] = {0};

    for (uint32_t i = 1; i < TIP_LINK_PEERS_MAX; i++) {
        memcpy(key, &i, sizeof i);
        key[31] = 1;
        assert_int_equal(tip_link_roster_allow(&f->roster, 1000 + i, key),
                         TIP_OK);
    }
    assert_int_equal(tip_link_roster_allow(&f->roster, KIFFA, key_of_kiffa),
                     TIP_ETOOBIG);
    tip_link_roster_deny(&f->roster, 1001);
    assert_int_equal(tip_link_roster_allow(&f->roster, KIFFA, key_of_kiffa),
                     TIP_OK);
}

static void test_stops_sending_when_the_window_is_full(void **state)
{
    struct fixture *f = *state;
    struct tip_link_seat *seat = tip_link_roster_find(&f->roster, NEMA);

    assert_non_null(seat);
    assert_int_equal(tip_link_roster_may_send(seat), TIP_ENOTFOUND);
    assert_int_equal(hear(f, TIP_LINK_TALK_UP, NEMA, 1), TIP_OK);
    seat->in_flight = TIP_LINK_WINDOW;
    assert_int_equal(tip_link_roster_may_send(seat), TIP_EAGAIN);
    assert_int_equal(hear(f, TIP_LINK_TALK_CREDIT, NEMA, 0), TIP_OK);
    assert_int_equal(tip_link_roster_may_send(seat), TIP_OK);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_packet_comes_back_as_it_was),
        TEST(test_a_setup_comes_back_as_it_was),
        TEST(test_refuses_every_shortened_packet),
        TEST(test_refuses_kinds_and_causes_it_does_not_know),
        TEST(test_refuses_an_address_that_would_speak_to_a_terminal),
        TEST(test_refuses_an_empty_message),
        TEST(test_does_not_believe_a_child_out_of_order),
        TEST(test_does_not_believe_in_devices_it_never_admitted),
        TEST(test_hears_nothing_of_a_revoked_device),
        TEST(test_gives_out_a_key_once),
        TEST(test_another_key_ends_the_connection_of_the_old),
        TEST(test_reuses_the_places_of_revoked_devices),
        TEST(test_stops_sending_when_the_window_is_full),
    };

    return cmocka_run_group_tests_name("link_talk", tests, NULL, NULL);
}
