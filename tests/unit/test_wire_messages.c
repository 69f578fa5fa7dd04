/* Rules of messages of a session, one by one, as they are read. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_session.h"

static struct tip_arena arena;

static int setup(void **state)
{
    (void)state;
    tip_arena_init(&arena, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_arena_deinit(&arena);
    return 0;
}

static void test_nothing_is_no_message(void **state)
{
    struct tip_wire_message parts;
    struct tip_message message;

    (void)state;
    assert_int_equal(tip_wire_message_split(TIP_BYTES_NONE, &parts),
                     TIP_EMALFORMED);
    assert_int_equal(tip_wire_message_decode(TIP_BYTES_NONE, &arena, &message),
                     TIP_EMALFORMED);
}

/* It may be sound: who is of a later version is not called a liar. */
static void test_what_a_later_version_says_asks_for_an_upgrade(void **state)
{
    const uint8_t kind[] = {TIP_MESSAGE_LOST + 1, 0};
    const uint8_t hello[] = {TIP_MESSAGE_HELLO, 1 << 3, TIP_FORMAT + 1};
    struct tip_message message;

    (void)state;
    assert_int_equal(
        tip_wire_message_decode(TIP_BYTES_OF(kind), &arena, &message),
        TIP_EUNSUPPORTED);
    assert_int_equal(
        tip_wire_message_decode(TIP_BYTES_OF(hello), &arena, &message),
        TIP_EUNSUPPORTED);
}

static void test_a_version_as_long_as_may_be_is_read(void **state)
{
    static char letters[TIP_WIRE_VERSION_BYTES_MAX];
    uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_message back;
    const struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = 5, .version = tip_bytes(letters, sizeof letters)}};
    struct tip_buf buf;

    (void)state;
    memset(letters, 'a', sizeof letters);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_message_encode(&message, &buf), TIP_OK);
    assert_int_equal(
        tip_wire_message_decode(tip_bytes(memory, buf.size), &arena, &back),
        TIP_OK);
    assert_int_equal(back.hello.version.size, sizeof letters);
}

/* Two sessions would have one name. */
static void test_a_greeting_has_a_whole_nonce(void **state)
{
    uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_message back,
        message = {.kind = TIP_MESSAGE_HELLO, .hello = {.origin = 5}};
    uint8_t *nonce;
    struct tip_buf buf;

    (void)state;
    memset(message.hello.nonce, 'n', sizeof message.hello.nonce);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_message_encode(&message, &buf), TIP_OK);
    nonce = memmem(memory, buf.size, "\x10nnnnnnnnnnnnnnnn", 17);
    assert_non_null(nonce);
    nonce[0]--;
    memmove(nonce + 1, nonce + 2, buf.size - (size_t)(nonce + 2 - memory));
    assert_int_equal(
        tip_wire_message_decode(tip_bytes(memory, buf.size - 1), &arena, &back),
        TIP_EMALFORMED);
}

/* An empty position more, as somebody may say who speaks for himself. */
static void assert_one_more_is_refused(struct tip_message *message,
                                       size_t *out_channel_count)
{
    uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_message back;
    struct tip_buf buf;

    *out_channel_count = TIP_CHANNELS_MAX;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_message_encode(message, &buf), TIP_OK);
    assert_int_equal(
        tip_wire_message_decode(tip_bytes(memory, buf.size), &arena, &back),
        TIP_OK);
    tip_buf_put_u8(&buf, 0x42);
    tip_buf_put_u8(&buf, 0);
    assert_int_equal(
        tip_wire_message_decode(tip_bytes(memory, buf.size), &arena, &back),
        TIP_EMALFORMED);
    *out_channel_count = TIP_CHANNELS_MAX + 1;
    assert_int_equal(tip_wire_message_encode(message, &buf), TIP_EINVAL);
}

static void test_a_greeting_names_so_many_channels_and_no_more(void **state)
{
    struct tip_message hello = {.kind = TIP_MESSAGE_HELLO, .hello.origin = 5};
    struct tip_message welcome = {.kind = TIP_MESSAGE_WELCOME};

    (void)state;
    assert_one_more_is_refused(&hello, &hello.hello.channel_count);
    assert_one_more_is_refused(&welcome, &welcome.welcome.channel_count);
}

/* As a program wrote that knew of no trouble; one byte is its clock. */
static void test_an_office_of_an_older_program_says_of_no_trouble(void **state)
{
    static const uint8_t bytes[] = {TIP_MESSAGE_HEALTH, 0x08, 0x05};
    struct tip_message message;

    (void)state;
    assert_int_equal(
        tip_wire_message_decode(TIP_BYTES_OF(bytes), &arena, &message), TIP_OK);
    assert_int_equal(message.health.clock_ms, 5);
    assert_int_equal(message.health.troubles, 0);
    assert_int_equal(message.health.rot.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_no_message),
        cmocka_unit_test(test_a_greeting_has_a_whole_nonce),
        cmocka_unit_test(test_a_greeting_names_so_many_channels_and_no_more),
        cmocka_unit_test(test_what_a_later_version_says_asks_for_an_upgrade),
        cmocka_unit_test(test_a_version_as_long_as_may_be_is_read),
        cmocka_unit_test(test_an_office_of_an_older_program_says_of_no_trouble),
    };

    return cmocka_run_group_tests_name("wire_messages", tests, setup, teardown);
}
