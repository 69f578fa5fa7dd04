/* Rules of session messages as bytes. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_session.h"
#include "wire_equal.h"
#include "wire_random.h"

static const uint8_t tag[TIP_WIRE_TAG_SIZE] = {9, 8, 7};

static struct tip_bytes encode(const struct tip_message *message,
                               uint8_t *memory, size_t capacity)
{
    struct tip_buf buf;

    tip_buf_init(&buf, memory, capacity);
    assert_int_equal(tip_wire_message_encode(message, &buf), TIP_OK);
    if (message->kind != TIP_MESSAGE_FRAME) {
        assert_int_equal(tip_wire_message_close(&buf, 77, TIP_BYTES_OF(tag)),
                         TIP_OK);
    }
    return tip_bytes(buf.data, buf.size);
}

/* Take @bytes apart and read them, whatever they are. */
static enum tip_err receive(struct tip_bytes bytes, struct tip_arena *arena,
                            struct tip_message *out_message)
{
    struct tip_wire_message parts;
    enum tip_err err = tip_wire_message_split(bytes, &parts);

    return err == TIP_OK
               ? tip_wire_message_decode(parts.said, arena, out_message)
               : err;
}

static const char *message_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_message message, back;
    uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_bytes bytes;
    bool is_equal;

    tip_arena_init(&arena, 1 << 20);
    random = wire_random(property, &arena);
    message = wire_random_message(&random);
    bytes = encode(&message, memory, sizeof memory);
    is_equal = receive(bytes, &arena, &back) == TIP_OK &&
               wire_equal_message(&message, &back);
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t kept = memory[i];

        memory[i] = (uint8_t)tip_property_next(property);
        tip_arena_clear(&arena);
        if (receive(bytes, &arena, &back) == TIP_OK &&
            back.kind == TIP_MESSAGE_HELLO &&
            back.hello.channel_count > TIP_CHANNELS_MAX) {
            return "a damaged message was believed";
        }
        memory[i] = kept;
    }
    for (size_t size = 0; size < bytes.size; size++) {
        tip_arena_clear(&arena);
        if (receive(tip_bytes(memory, size), &arena, &back) == TIP_OK &&
            size < 1 + TIP_WIRE_TRAILER_SIZE && memory[0] != 3) {
            return "a message without a trailer was believed";
        }
    }
    tip_arena_deinit(&arena);
    return is_equal ? NULL : "a message came back different";
}

static void test_a_message_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("message", 500, message_returns));
}

static void test_the_trailer_is_the_callers(void **state)
{
    struct tip_message message = {.kind = TIP_MESSAGE_BYE, .bye = TIP_EFORK};
    struct tip_wire_message parts;
    uint8_t memory[64];
    struct tip_bytes bytes = encode(&message, memory, sizeof memory);

    (void)state;
    assert_int_equal(tip_wire_message_split(bytes, &parts), TIP_OK);
    assert_int_equal(parts.kind, TIP_MESSAGE_BYE);
    assert_int_equal(parts.counter, 77);
    assert_true(tip_bytes_equal(parts.tag, TIP_BYTES_OF(tag)));
    assert_ptr_equal(parts.said.data, bytes.data);
    assert_int_equal(parts.said.size, bytes.size - TIP_WIRE_TRAILER_SIZE);
}

static void test_a_frame_has_no_trailer_and_is_not_copied(void **state)
{
    static const uint8_t bytes[] = {TIP_MESSAGE_FRAME, 1, 2, 3};
    struct tip_wire_message parts;
    struct tip_message message;

    (void)state;
    assert_int_equal(tip_wire_message_split(TIP_BYTES_OF(bytes), &parts),
                     TIP_OK);
    assert_int_equal(parts.tag.size, 0);
    assert_int_equal(tip_wire_message_decode(parts.said, NULL, &message),
                     TIP_OK);
    assert_ptr_equal(message.frame.data, bytes + 1);
    assert_int_equal(message.frame.size, 3);
}

static void test_an_ack_needs_40_bytes_at_most(void **state)
{
    struct tip_message message = {.kind = TIP_MESSAGE_ACK,
                                  .ack = {.generation = 2,
                                          .durable.number = 20000,
                                          .committed = 19990,
                                          .credit_bytes = 3000000}};
    uint8_t memory[128];

    (void)state;
    assert_in_range(encode(&message, memory, sizeof memory).size, 1, 40);
}

static void test_hello_and_welcome_need_250_bytes_at_most(void **state)
{
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = 12,
                  .generation = 2,
                  .confirmed.number = 20000,
                  .channel_count = 2,
                  .health = {.clock_ms = UINT64_C(1795000000000),
                             .catalogue = 12,
                             .saved = 20120,
                             .waiting_ms = 86400000,
                             .disk_used_bytes = UINT64_C(1) << 30,
                             .disk_limit_bytes = UINT64_C(1) << 34},
                  .version = tip_bytes_text("0.1.0"),
                  .credit_bytes = 131072}};
    uint8_t memory[512];

    (void)state;
    memset(message.hello.confirmed.hash, 1, TIP_HEAD_SIZE);
    memset(message.hello.nonce, 1, TIP_NONCE_SIZE);
    message.hello.newest = message.hello.confirmed;
    for (size_t i = 0; i < 2; i++) {
        struct tip_channel_position *channel = &message.hello.channels[i];

        *channel = (struct tip_channel_position){
            .channel = (uint32_t)i * 12,
            .generation = 2,
            .head.number = 4000,
            .checkpoint = tip_commit_make(2, 900000)};
        memset(channel->head.hash, 1, TIP_HEAD_SIZE);
    }
    assert_in_range(encode(&message, memory, sizeof memory).size, 100, 250);
    message.kind = TIP_MESSAGE_WELCOME;
    message.welcome = (struct tip_welcome){.generation = 2,
                                           .durable.number = 20000,
                                           .clock_ms = UINT64_C(1795000000000),
                                           .catalogue = 12,
                                           .credit_bytes = 131072};
    memset(message.welcome.durable.hash, 1, TIP_HEAD_SIZE);
    memset(message.welcome.nonce, 1, TIP_NONCE_SIZE);
    assert_in_range(encode(&message, memory, sizeof memory).size, 50, 250);
}

static void test_a_kind_of_a_later_version_is_not_called_damaged(void **state)
{
    static const uint8_t bytes[1 + TIP_WIRE_TRAILER_SIZE] = {42};
    struct tip_wire_message parts;

    (void)state;
    assert_int_equal(tip_wire_message_split(TIP_BYTES_OF(bytes), &parts),
                     TIP_EUNSUPPORTED);
}

static void test_a_reason_of_a_later_version_is_still_a_bye(void **state)
{
    static const uint8_t bytes[] = {TIP_MESSAGE_BYE, 0x08, 0xff, 0x7f};
    struct tip_message message;
    struct tip_arena arena;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    assert_int_equal(
        tip_wire_message_decode(TIP_BYTES_OF(bytes), &arena, &message), TIP_OK);
    assert_int_equal(message.bye, TIP_EUNSUPPORTED);
    tip_arena_deinit(&arena);
}

/* HELLO whose channels are @count empty messages. */
static enum tip_err receive_channels(size_t count)
{
    static uint8_t bytes[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_arena arena;
    struct tip_message message;
    enum tip_err err;

    bytes[0] = TIP_MESSAGE_HELLO;
    for (size_t i = 0; i < count; i++) {
        bytes[1 + 2 * i] = 0x42;
        bytes[2 + 2 * i] = 0;
    }
    tip_arena_init(&arena, 1 << 16);
    err = tip_wire_message_decode(tip_bytes(bytes, 1 + 2 * count), &arena,
                                  &message);
    /* Nothing of it was unpacked. */
    assert_true(err != TIP_EMALFORMED || arena.used_bytes < 4096);
    tip_arena_deinit(&arena);
    return err;
}

static void test_hundreds_of_empty_messages_are_refused(void **state)
{
    (void)state;
    assert_int_equal(receive_channels(500), TIP_EMALFORMED);
    assert_int_equal(receive_channels(5), TIP_EMALFORMED);
}

/* BYE with @count fields, all but one of them of a later version. */
static enum tip_err receive_fields(size_t count)
{
    uint8_t bytes[TIP_WIRE_MESSAGE_BYTES_MAX] = {TIP_MESSAGE_BYE, 0x08, 1};
    struct tip_message message;
    struct tip_arena arena;
    enum tip_err err;

    for (size_t i = 1; i < count; i++) {
        bytes[1 + 2 * i] = 14 << 3; /* A varint: 0. */
    }
    tip_arena_init(&arena, 1 << 16);
    err = tip_wire_message_decode(tip_bytes(bytes, 1 + 2 * count), &arena,
                                  &message);
    tip_arena_deinit(&arena);
    return err;
}

static void test_a_hash_may_be_nothing_but_one_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < TIP_HEAD_SIZE; i++) {
        struct tip_message message = {
            .kind = TIP_MESSAGE_HELLO,
            .hello = {.format = TIP_FORMAT, .origin = 1}};
        struct tip_message back = {.kind = TIP_MESSAGE_BYE};
        uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
        struct tip_arena arena;

        message.hello.confirmed.hash[i] = 1;
        tip_arena_init(&arena, 1 << 16);
        assert_int_equal(
            receive(encode(&message, memory, sizeof memory), &arena, &back),
            TIP_OK);
        assert_int_equal(back.hello.confirmed.hash[i], 1);
        tip_arena_deinit(&arena);
    }
}

static void test_a_message_has_64_fields_at_most(void **state)
{
    (void)state;
    assert_int_equal(receive_fields(64), TIP_OK);
    assert_int_equal(receive_fields(65), TIP_EMALFORMED);
}

static void test_a_message_that_may_not_be_said_is_not_written(void **state)
{
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = 1, .version = tip_bytes_text("0.1\r\n")}};
    uint8_t memory[128];
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_message_encode(&message, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

static enum tip_err said(const struct tip_message *message)
{
    uint8_t memory[TIP_WIRE_MESSAGE_BYTES_MAX];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_wire_message_encode(message, &buf);
    assert_true((err == TIP_OK) == (buf.size != 0));
    return err;
}

/* Say a HELLO with @member_ set to @value_, which must give @err_. */
#define ASSERT_HELLO(member_, value_, err_)                \
    do {                                                   \
        struct tip_message message_ = {                    \
            .kind = TIP_MESSAGE_HELLO,                     \
            .hello = {.format = TIP_FORMAT, .origin = 1}}; \
        message_.hello.member_ = (value_);                 \
        assert_int_equal(said(&message_), (err_));         \
    } while (0)

static void test_a_greeting_says_no_more_than_it_may(void **state)
{
    static char letters[TIP_WIRE_VERSION_BYTES_MAX + 1];
    struct tip_message message = {.kind = TIP_MESSAGE_WELCOME};

    (void)state;
    memset(letters, 'a', sizeof letters);
    ASSERT_HELLO(origin, 0, TIP_EINVAL);
    ASSERT_HELLO(format, TIP_FORMAT + 1, TIP_EINVAL);
    ASSERT_HELLO(channel_count, TIP_CHANNELS_MAX, TIP_OK);
    ASSERT_HELLO(channel_count, TIP_CHANNELS_MAX + 1, TIP_EINVAL);
    ASSERT_HELLO(version, tip_bytes(letters, TIP_WIRE_VERSION_BYTES_MAX),
                 TIP_OK);
    ASSERT_HELLO(version, tip_bytes(letters, TIP_WIRE_VERSION_BYTES_MAX + 1),
                 TIP_EINVAL);
    ASSERT_HELLO(version, tip_bytes_text("0.1\n"), TIP_EINVAL);
    message.welcome.channel_count = TIP_CHANNELS_MAX;
    assert_int_equal(said(&message), TIP_OK);
    message.welcome.channel_count++;
    assert_int_equal(said(&message), TIP_EINVAL);
    message = (struct tip_message){.kind = TIP_MESSAGE_CONTINUED};
    assert_int_equal(said(&message), TIP_EINVAL);
    message.continued.origin = 1;
    assert_int_equal(said(&message), TIP_OK);
}

static void test_a_message_is_of_its_size_at_most(void **state)
{
    static uint8_t bytes[TIP_FRAME_BYTES_MAX + 2] = {TIP_MESSAGE_FRAME};
    static uint8_t written[TIP_FRAME_BYTES_MAX + 1];
    struct tip_wire_message parts;
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    struct tip_buf buf;

    (void)state;
    assert_int_equal(tip_wire_message_split(
                         tip_bytes(bytes, TIP_FRAME_BYTES_MAX + 1), &parts),
                     TIP_OK);
    assert_int_equal(tip_wire_message_split(TIP_BYTES_OF(bytes), &parts),
                     TIP_ETOOBIG);
    bytes[0] = TIP_MESSAGE_ACK;
    assert_int_equal(tip_wire_message_split(
                         tip_bytes(bytes, TIP_WIRE_MESSAGE_BYTES_MAX), &parts),
                     TIP_OK);
    assert_int_equal(
        tip_wire_message_split(tip_bytes(bytes, TIP_WIRE_MESSAGE_BYTES_MAX + 1),
                               &parts),
        TIP_ETOOBIG);
    assert_int_equal(tip_wire_message_split(
                         tip_bytes(bytes, 1 + TIP_WIRE_TRAILER_SIZE), &parts),
                     TIP_OK);
    assert_int_equal(
        tip_wire_message_split(tip_bytes(bytes, TIP_WIRE_TRAILER_SIZE), &parts),
        TIP_EMALFORMED);
    assert_int_equal(said(&message), TIP_EINVAL); /* No frame at all. */
    message.frame = tip_bytes(bytes, TIP_FRAME_BYTES_MAX + 1);
    assert_int_equal(said(&message), TIP_EINVAL);
    message.frame.size--;
    tip_buf_init(&buf, written, sizeof written);
    assert_int_equal(tip_wire_message_encode(&message, &buf), TIP_OK);
    tip_buf_init(&buf, bytes, sizeof bytes);
    assert_int_equal(tip_wire_message_close(&buf, 1, tip_bytes(tag, 15)),
                     TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_message_comes_back_as_it_was),
        cmocka_unit_test(test_the_trailer_is_the_callers),
        cmocka_unit_test(test_a_frame_has_no_trailer_and_is_not_copied),
        cmocka_unit_test(test_an_ack_needs_40_bytes_at_most),
        cmocka_unit_test(test_hello_and_welcome_need_250_bytes_at_most),
        cmocka_unit_test(test_a_kind_of_a_later_version_is_not_called_damaged),
        cmocka_unit_test(test_a_reason_of_a_later_version_is_still_a_bye),
        cmocka_unit_test(test_hundreds_of_empty_messages_are_refused),
        cmocka_unit_test(test_a_hash_may_be_nothing_but_one_bit),
        cmocka_unit_test(test_a_message_has_64_fields_at_most),
        cmocka_unit_test(test_a_message_that_may_not_be_said_is_not_written),
        cmocka_unit_test(test_a_greeting_says_no_more_than_it_may),
        cmocka_unit_test(test_a_message_is_of_its_size_at_most),
    };

    return cmocka_run_group_tests_name("wire_session", tests, NULL, NULL);
}
