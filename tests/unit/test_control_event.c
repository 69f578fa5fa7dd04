/* Rules of the messages of a reply: each comes out whole, or not at all. */
#include "tip_control.h"
#include "tip_reply.h"
#include "tip_test.h"

struct fixture {
    struct tip_control_decoder decoder;
    struct tip_buf out;
    uint8_t bytes[4096];
};

static int setup(void **state)
{
    static struct fixture f;

    f.decoder = (struct tip_control_decoder){.size = 0};
    tip_buf_init(&f.out, f.bytes, sizeof f.bytes);
    *state = &f;
    return 0;
}

static const struct tip_reply_event events[] = {
    {.kind = TIP_REPLY_FIELD, .type = TIP_REPLY_TEXT},
    {.kind = TIP_REPLY_FIELD, .type = TIP_REPLY_NONE},
    {.kind = TIP_REPLY_FIELD, .type = TIP_REPLY_INTEGER, .number = INT64_MIN},
    {.kind = TIP_REPLY_FIELD,
     .type = TIP_REPLY_DECIMAL,
     .number = -5,
     .digits = 2},
    {.kind = TIP_REPLY_FIELD, .type = TIP_REPLY_TIME, .number = INT64_MAX},
    {.kind = TIP_REPLY_LIST_BEGIN},
    {.kind = TIP_REPLY_ROW_BEGIN},
    {.kind = TIP_REPLY_ROW_END},
    {.kind = TIP_REPLY_LIST_END},
    {.kind = TIP_REPLY_NOTE, .number = TIP_REPLY_WARNING},
    {.kind = TIP_REPLY_PROGRESS, .number = 1, .total = 2},
    {.kind = TIP_REPLY_DATA},
    {.kind = TIP_REPLY_ERROR, .number = 700},
    {.kind = TIP_REPLY_END, .number = 3},
};

static void test_every_event_comes_out_as_it_went_in(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct tip_control_message message;
        struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};
        struct tip_bytes bytes;

        tip_buf_clear(&f->out);
        assert_int_equal(tip_control_put_event(&f->out, &events[i]), TIP_OK);
        assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
        assert_int_equal(tip_control_decoder_feed(&f->decoder, bytes),
                         bytes.size);
        assert_int_equal(tip_control_decoder_take(&f->decoder, &message),
                         TIP_OK);
        assert_int_equal(tip_control_get_event(&message, &event), TIP_OK);
        assert_int_equal(event.kind, events[i].kind);
        assert_int_equal(event.type, events[i].type);
        assert_true(event.number == events[i].number);
        assert_int_equal(event.total, events[i].total);
        assert_int_equal(event.digits, events[i].digits);
    }
}

/* No event, cut short or with a byte too many, is taken for one. */
static void test_an_event_of_another_length_is_malformed(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct tip_control_message message;
        struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

        tip_buf_clear(&f->out);
        assert_int_equal(tip_control_put_event(&f->out, &events[i]), TIP_OK);
        message.kind = f->bytes[4];
        for (size_t size = 0; size < f->out.size - 5; size++) {
            message.body = tip_bytes(f->bytes + 5, size);
            assert_int_equal(tip_control_get_event(&message, &event),
                             TIP_EMALFORMED);
        }
        message.body = tip_bytes(f->bytes + 5, f->out.size - 4);
        assert_int_equal(tip_control_get_event(&message, &event),
                         TIP_EMALFORMED);
    }
}

static void test_a_reply_out_of_order_is_malformed(void **state)
{
    enum tip_reply_place place = TIP_REPLY_AT_TOP;

    (void)state;
#define NEXT(kind) tip_reply_advance(&place, TIP_REPLY_##kind)
    assert_int_equal(NEXT(ROW_BEGIN), TIP_EMALFORMED);
    assert_int_equal(NEXT(LIST_END), TIP_EMALFORMED);
    assert_int_equal(NEXT(LIST_BEGIN), TIP_OK);
    assert_int_equal(NEXT(LIST_BEGIN), TIP_EMALFORMED);
    assert_int_equal(NEXT(FIELD), TIP_EMALFORMED);
    assert_int_equal(NEXT(END), TIP_EMALFORMED);
    assert_int_equal(NEXT(ROW_BEGIN), TIP_OK);
    assert_int_equal(NEXT(FIELD), TIP_OK);
    assert_int_equal(NEXT(ERROR), TIP_OK);
    assert_int_equal(NEXT(ERROR), TIP_EMALFORMED);
    assert_int_equal(NEXT(FIELD), TIP_EMALFORMED);
    assert_int_equal(NEXT(END), TIP_OK);
    assert_int_equal(NEXT(END), TIP_EMALFORMED);
    assert_int_equal(NEXT(NOTE), TIP_EMALFORMED);
#undef NEXT
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_event_comes_out_as_it_went_in),
        TEST(test_an_event_of_another_length_is_malformed),
        TEST(test_a_reply_out_of_order_is_malformed),
    };

    return cmocka_run_group_tests_name("control_event", tests, NULL, NULL);
}
