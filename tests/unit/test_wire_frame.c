/* Rules of frame headers and of frames as bytes. */
#include "tip_test.h"
#include "tip_wire_header.h"
#include "wire_equal.h"
#include "wire_random.h"

static struct tip_frame_header usual_header(void)
{
    return (struct tip_frame_header){.origin = 200,
                                     .first = 20000,
                                     .count = 500,
                                     .key_epoch = 3,
                                     .salt = {1, 2, 3, 4, 5, 6, 7, 8},
                                     .dictionary = 1,
                                     .catalogue = 12};
}

static struct tip_bytes encode(const struct tip_frame_header *header,
                               uint8_t *memory, size_t capacity)
{
    struct tip_buf buf;

    tip_buf_init(&buf, memory, capacity);
    assert_int_equal(tip_wire_header_encode(header, &buf), TIP_OK);
    return tip_bytes(buf.data, buf.size);
}

static const char *header_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_frame_header header, back;
    uint8_t memory[256];
    struct tip_bytes bytes;

    tip_arena_init(&arena, 1 << 20);
    random = wire_random(property, &arena);
    header = wire_random_header(&random);
    tip_arena_deinit(&arena);
    bytes = encode(&header, memory, sizeof memory);
    if (bytes.size > TIP_WIRE_HEADER_BYTES_MAX) {
        return "a header is too long";
    }
    if (tip_wire_header_decode(bytes, &back) != TIP_OK ||
        !wire_equal_header(&header, &back)) {
        return "a header came back different";
    }
    for (size_t i = 0; i < bytes.size * 8; i++) {
        memory[i / 8] ^= (uint8_t)(1U << i % 8);
        if (tip_wire_header_decode(bytes, &back) == TIP_OK &&
            (back.origin == 0 || back.first == 0 || back.count == 0)) {
            return "a damaged header was believed";
        }
        memory[i / 8] ^= (uint8_t)(1U << i % 8);
    }
    return NULL;
}

static void test_a_header_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("header", 500, header_returns));
}

static void test_a_header_needs_28_bytes_at_most(void **state)
{
    struct tip_frame_header header = usual_header();
    uint8_t memory[128];

    (void)state;
    assert_in_range(encode(&header, memory, sizeof memory).size, 20, 28);
    header.is_down = true;
    header.count = 1;
    header.channel = 12;
    header.generation = 2;
    assert_in_range(encode(&header, memory, sizeof memory).size, 20, 28);
}

static void test_a_later_format_is_not_called_damaged(void **state)
{
    /* Format 1, origin 1, first 1, a salt. */
    static const uint8_t later[] = {0x08, 1, 0x18, 1, 0x20, 1, 0x39, 1,
                                    2,    3, 4,    5, 6,    7, 8};
    struct tip_frame_header header;

    (void)state;
    assert_int_equal(tip_wire_header_decode(TIP_BYTES_OF(later), &header),
                     TIP_EUNSUPPORTED);
}

static void test_a_field_of_a_later_version_is_passed_over(void **state)
{
    struct tip_frame_header header = usual_header();
    struct tip_frame_header back;
    uint8_t memory[128];
    struct tip_bytes bytes = encode(&header, memory, sizeof memory);

    (void)state;
    memory[bytes.size] = 0xa0; /* Field 20, a varint. */
    memory[bytes.size + 1] = 0x01;
    memory[bytes.size + 2] = 0x05;
    bytes.size += 3;
    assert_int_equal(tip_wire_header_decode(bytes, &back), TIP_OK);
    assert_true(wire_equal_header(&header, &back));
}

static void test_a_header_has_so_many_bytes_and_no_more(void **state)
{
    struct tip_frame_header header = usual_header();
    struct tip_frame_header back;
    uint8_t memory[TIP_WIRE_HEADER_BYTES_MAX + 1] = {0};
    struct tip_bytes bytes = encode(&header, memory, sizeof memory);
    size_t rest = TIP_WIRE_HEADER_BYTES_MAX - bytes.size - 3;

    (void)state;
    memory[bytes.size] = 0xa2; /* Field 20, sized. */
    memory[bytes.size + 1] = 0x01;
    memory[bytes.size + 2] = (uint8_t)rest;
    bytes.size = TIP_WIRE_HEADER_BYTES_MAX;
    assert_int_equal(tip_wire_header_decode(bytes, &back), TIP_OK);
    memory[bytes.size - rest - 1]++;
    bytes.size++;
    assert_int_equal(tip_wire_header_decode(bytes, &back), TIP_EMALFORMED);
}

/* @header and @size bytes of contents, as another program may write it. */
static enum tip_err decode_contents(const struct tip_frame_header *header,
                                    uint8_t size)
{
    struct tip_frame_header back;
    uint8_t memory[128] = {0};
    struct tip_bytes bytes = encode(header, memory, sizeof memory);

    memory[bytes.size] = 0x62; /* Field 12, sized. */
    memory[bytes.size + 1] = size;
    bytes.size += (size_t)size + 2;
    return tip_wire_header_decode(bytes, &back);
}

static void test_the_hub_alone_says_contents_and_of_one_size(void **state)
{
    struct tip_frame_header up = usual_header();
    struct tip_frame_header down = up;
    uint8_t memory[128];
    struct tip_buf buf;

    (void)state;
    up.is_down = false;
    up.channel = up.generation = 0;
    down.is_down = true;
    down.count = 1;
    assert_int_equal(decode_contents(&down, TIP_CONTENTS_SIZE), TIP_OK);
    assert_int_equal(decode_contents(&down, TIP_CONTENTS_SIZE - 1),
                     TIP_EMALFORMED);
    assert_int_equal(decode_contents(&down, 0), TIP_EMALFORMED);
    assert_int_equal(decode_contents(&up, TIP_CONTENTS_SIZE), TIP_EMALFORMED);
    up.has_contents = true;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_header_encode(&up, &buf), TIP_EINVAL);
}

static void test_a_field_that_stands_twice_is_refused(void **state)
{
    struct tip_frame_header header = usual_header();
    struct tip_frame_header back;
    uint8_t memory[128];
    struct tip_bytes bytes = encode(&header, memory, sizeof memory);

    (void)state;
    memory[bytes.size] = 0x18; /* Origin. */
    memory[bytes.size + 1] = 0x05;
    bytes.size += 2;
    assert_int_equal(tip_wire_header_decode(bytes, &back), TIP_EMALFORMED);
}

static void test_a_header_that_makes_no_sense_is_not_written(void **state)
{
    struct tip_frame_header header = usual_header();
    uint8_t memory[128];
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    header.count = 0;
    assert_int_equal(tip_wire_header_encode(&header, &buf), TIP_EINVAL);
    header = usual_header();
    header.first = UINT64_MAX;
    assert_int_equal(tip_wire_header_encode(&header, &buf), TIP_EINVAL);
    header = usual_header();
    header.channel = 4;
    assert_int_equal(tip_wire_header_encode(&header, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

static uint8_t frame_memory[TIP_FRAME_BYTES_MAX + 1];

static struct tip_bytes join(size_t body_size)
{
    static uint8_t body[TIP_FRAME_BYTES_MAX];
    static const uint8_t signature[TIP_WIRE_SIGNATURE_SIZE] = {7};
    struct tip_wire_frame frame = {.header = tip_bytes_text("a header"),
                                   .body = tip_bytes(body, body_size),
                                   .signature = TIP_BYTES_OF(signature)};
    struct tip_buf buf;

    tip_buf_init(&buf, frame_memory, sizeof frame_memory);
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_OK);
    return tip_bytes(buf.data, buf.size);
}

static void test_a_frame_is_taken_apart_where_it_lies(void **state)
{
    struct tip_bytes bytes = join(300);
    struct tip_wire_frame frame;

    (void)state;
    assert_int_equal(tip_wire_frame_split(bytes, &frame), TIP_OK);
    assert_true(tip_bytes_equal(frame.header, tip_bytes_text("a header")));
    assert_int_equal(frame.body.size, 300);
    /* Fields 1, 2 and 3 of a message, each sized: any protobuf reads it. */
    assert_int_equal(bytes.data[0], 0x0a);
    assert_int_equal(bytes.data[10], 0x12);
    assert_int_equal(bytes.data[13 + 300], 0x1a);
    assert_ptr_equal(frame.body.data, bytes.data + 13);
    assert_int_equal(frame.signature.data[0], 7);
}

static void test_a_frame_past_the_limit_is_refused(void **state)
{
    const size_t fits = TIP_WIRE_FRAME_CUT_BYTES_MAX - 10 - 4 - 66;
    struct tip_wire_frame frame;
    struct tip_bytes bytes = join(fits);
    static uint8_t other[TIP_FRAME_BYTES_MAX + 1];
    struct tip_buf buf;

    (void)state;
    assert_int_equal(bytes.size, TIP_WIRE_FRAME_CUT_BYTES_MAX);
    assert_int_equal(tip_wire_frame_split(bytes, &frame), TIP_OK);
    tip_buf_init(&buf, other, sizeof other);
    tip_buf_put_u8(&buf, 0); /* Behind something. */
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_OK);
    frame.body.size++; /* One byte of the signature: long enough. */
    tip_buf_init(&buf, other, sizeof other);
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_ETOOBIG);
    assert_int_equal(buf.size, 0);
    bytes.size = TIP_FRAME_BYTES_MAX + 1;
    assert_int_equal(tip_wire_frame_split(bytes, &frame), TIP_ETOOBIG);
    bytes.size--; /* As large as one may be, though this is none. */
    assert_int_equal(tip_wire_frame_split(bytes, &frame), TIP_EMALFORMED);
}

static void test_what_is_said_of_the_past_of_a_frame_has_its_sizes(void **state)
{
    static const uint8_t bytes[TIP_WIRE_HEADER_BYTES_MAX + 1] = {1};
    struct tip_wire_frame back,
        frame = {
            .header = tip_bytes_text("a header"),
            .body = tip_bytes(bytes, 5),
            .signature = tip_bytes(frame_memory, TIP_WIRE_SIGNATURE_SIZE),
            .past = {
                .header = tip_bytes(bytes, TIP_WIRE_HEADER_BYTES_MAX),
                .body_hash = tip_bytes(frame_memory, TIP_WIRE_BODY_HASH_SIZE),
                .signature = tip_bytes(frame_memory, TIP_WIRE_SIGNATURE_SIZE)}};
    uint8_t memory[1024];
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_OK);
    assert_int_equal(tip_wire_frame_split(tip_bytes(memory, buf.size), &back),
                     TIP_OK);
    assert_int_equal(back.past.header.size, TIP_WIRE_HEADER_BYTES_MAX);
    tip_buf_clear(&buf);
    frame.past.header.size++;
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_EINVAL);
    frame.past.header.size--;
    frame.header = tip_bytes(bytes, TIP_WIRE_HEADER_BYTES_MAX + 1);
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_EINVAL);
    frame.header.size--;
    frame.past.body_hash.size--;
    assert_int_equal(tip_wire_frame_join(&frame, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

/* What it was without a header nobody can check. */
static void test_the_past_of_a_frame_has_a_header(void **state)
{
    enum { REST = TIP_WIRE_BODY_HASH_SIZE + TIP_WIRE_SIGNATURE_SIZE };
    struct tip_bytes bytes = join(300);
    struct tip_wire_frame frame;
    uint8_t *past = &frame_memory[bytes.size];

    (void)state;
    past[0] = 0x22; /* Field 4, sized. */
    for (uint8_t header = 0; header < 2; header++) {
        past[1] = (uint8_t)(1 + header + REST);
        past[2] = header;
        assert_int_equal(
            tip_wire_frame_split(
                tip_bytes(frame_memory, bytes.size + 2 + past[1]), &frame),
            header == 0 ? TIP_EMALFORMED : TIP_OK);
    }
}

static void test_a_frame_cut_anywhere_is_refused(void **state)
{
    struct tip_bytes bytes = join(300);
    struct tip_wire_frame frame;

    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        assert_int_equal(
            tip_wire_frame_split(tip_bytes(bytes.data, size), &frame),
            TIP_EMALFORMED);
    }
    bytes.size++;
    assert_int_equal(tip_wire_frame_split(bytes, &frame), TIP_EMALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_header_comes_back_as_it_was),
        cmocka_unit_test(test_a_header_needs_28_bytes_at_most),
        cmocka_unit_test(test_a_later_format_is_not_called_damaged),
        cmocka_unit_test(test_a_header_has_so_many_bytes_and_no_more),
        cmocka_unit_test(test_a_field_of_a_later_version_is_passed_over),
        cmocka_unit_test(test_the_hub_alone_says_contents_and_of_one_size),
        cmocka_unit_test(test_a_field_that_stands_twice_is_refused),
        cmocka_unit_test(test_a_header_that_makes_no_sense_is_not_written),
        cmocka_unit_test(test_a_frame_is_taken_apart_where_it_lies),
        cmocka_unit_test(test_a_frame_past_the_limit_is_refused),
        cmocka_unit_test(
            test_what_is_said_of_the_past_of_a_frame_has_its_sizes),
        cmocka_unit_test(test_the_past_of_a_frame_has_a_header),
        cmocka_unit_test(test_a_frame_cut_anywhere_is_refused),
    };

    return cmocka_run_group_tests_name("wire_frame", tests, NULL, NULL);
}
