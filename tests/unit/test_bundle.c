/* Bundles: whole or nothing, for one reader, from one maker. */
#include <stdlib.h>
#include <string.h>

#include "tip_bundle.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_test.h"

enum { FILE_BYTES_MAX = 512 * 1024, FRAMES = 40 };

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *node;
    struct tip_device_keys *hub;
    struct tip_device_keys *other;
    struct tip_bundle_head head;
    uint8_t frames[FRAMES][TIP_FRAME_BYTES_MAX];
    size_t sizes[FRAMES];
    uint8_t file[FILE_BYTES_MAX];
    struct tip_buf buf;
    struct tip_bundle_reader reader;
};

static struct fixture f;

static const struct tip_box_public *box_of(const struct tip_device_keys *keys)
{
    return &tip_device_keys_public(keys)->box;
}

static int setup(void **state)
{
    (void)state;
    f.prng = TIP_PRNG_SEEDED(11);
    if (tip_seal_init() != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.node) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.hub) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.other) != TIP_OK) {
        return -1;
    }
    f.head = (struct tip_bundle_head){
        .side = TIP_SESSION_NODE,
        .origin = 7,
        .made_ms = 1800000000000,
        .generation = 3,
        .feed = {.number = 90, .hash = {1, 2, 3}},
        .channels = {{.channel = 8,
                      .head = {.number = 4},
                      .checkpoint = 9,
                      .agreement = TIP_AGREEMENT_DIFFERS},
                     {.channel = 0, .agreement = TIP_AGREEMENT_EQUAL}},
        .channel_count = 2,
        .parts = {{.channel = 8, .number = 3, .sums = {7, 8, 9}}}};
    tip_buf_init(&f.buf, f.file, sizeof f.file);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_device_keys_free(f.node);
    tip_device_keys_free(f.hub);
    tip_device_keys_free(f.other);
    return 0;
}

/* A bundle of @count frames of the node to the hub. */
static void write_bundle(size_t count)
{
    static struct tip_bundle_writer writer;

    tip_buf_clear(&f.buf);
    assert_int_equal(tip_bundle_begin(&writer, f.node, &f.head, box_of(f.hub),
                                      &f.prng.base, &f.buf),
                     TIP_OK);
    for (size_t i = 0; i < count; i++) {
        f.sizes[i] =
            1 + (size_t)tip_random_below(
                    &f.prng.base, i % 8 == 0 ? TIP_FRAME_BYTES_MAX : 2000);
        f.prng.base.fill(&f.prng.base, f.frames[i], f.sizes[i]);
        assert_int_equal(
            tip_bundle_add(&writer, tip_bytes(f.frames[i], f.sizes[i]), &f.buf),
            TIP_OK);
    }
    assert_int_equal(tip_bundle_end(&writer, &f.buf), TIP_OK);
}

/* The part at @*at of @size bytes of the file. */
static enum tip_err part_at(size_t size, size_t *at, struct tip_bytes *out)
{
    size_t length = 0;

    if (size - *at < TIP_BUNDLE_LENGTH_SIZE) {
        return TIP_EBUNDLE;
    }
    for (size_t i = 0; i < TIP_BUNDLE_LENGTH_SIZE; i++) {
        length = length << 8 | f.file[*at + i];
    }
    *at += TIP_BUNDLE_LENGTH_SIZE;
    if (length > size - *at) {
        return TIP_EBUNDLE;
    }
    *out = tip_bytes(f.file + *at, length);
    *at += length;
    return TIP_OK;
}

/* Read @size bytes of the file as @keys would; @out_frames if it is whole. */
static enum tip_err read_bundle(const struct tip_device_keys *keys, size_t size,
                                const struct tip_device_keys *maker,
                                size_t *out_frames)
{
    size_t at = TIP_BUNDLE_START_SIZE, frames = 0;
    enum tip_bundle_kind kind = TIP_BUNDLE_HEAD;
    struct tip_bundle_head head;
    struct tip_bytes part, content, frame;
    enum tip_err err;

    err = tip_bundle_open(&f.reader, keys,
                          tip_bytes(f.file, size < TIP_BUNDLE_START_SIZE
                                                ? size
                                                : TIP_BUNDLE_START_SIZE));
    while (err == TIP_OK && kind != TIP_BUNDLE_END) {
        err = part_at(size, &at, &part);
        if (err == TIP_OK) {
            err = tip_bundle_part(&f.reader, part, &kind, &content);
        }
        if (err == TIP_OK && kind == TIP_BUNDLE_HEAD) {
            err = tip_bundle_head_read(content, &head);
        }
        while (err == TIP_OK && kind == TIP_BUNDLE_FRAMES &&
               tip_bundle_next(&content, &frame) == TIP_OK) {
            frames++;
        }
    }
    if (err == TIP_OK) {
        err = tip_bundle_check(&f.reader, TIP_SESSION_NODE, box_of(maker));
    }
    if (err == TIP_OK) {
        *out_frames = frames;
    }
    return err;
}

static void test_gives_back_every_frame_as_it_was(void **state)
{
    size_t at = TIP_BUNDLE_START_SIZE, next = 0;
    enum tip_bundle_kind kind = TIP_BUNDLE_HEAD;
    struct tip_bytes part, content, frame;

    (void)state;
    write_bundle(FRAMES);
    assert_int_equal(tip_bundle_open(&f.reader, f.hub,
                                     tip_bytes(f.file, TIP_BUNDLE_START_SIZE)),
                     TIP_OK);
    while (kind != TIP_BUNDLE_END) {
        assert_int_equal(part_at(f.buf.size, &at, &part), TIP_OK);
        assert_int_equal(tip_bundle_part(&f.reader, part, &kind, &content),
                         TIP_OK);
        while (kind == TIP_BUNDLE_FRAMES &&
               tip_bundle_next(&content, &frame) == TIP_OK) {
            assert_true(tip_bytes_equal(
                frame, tip_bytes(f.frames[next], f.sizes[next])));
            next++;
        }
    }
    assert_int_equal(next, FRAMES);
    assert_int_equal(at, f.buf.size);
    assert_int_equal(
        tip_bundle_check(&f.reader, TIP_SESSION_NODE, box_of(f.node)), TIP_OK);
}

static void test_says_in_its_head_what_the_maker_said(void **state)
{
    size_t at = TIP_BUNDLE_START_SIZE;
    enum tip_bundle_kind kind;
    struct tip_bundle_head head;
    struct tip_bytes part, content;

    (void)state;
    write_bundle(0);
    assert_int_equal(tip_bundle_open(&f.reader, f.hub,
                                     tip_bytes(f.file, TIP_BUNDLE_START_SIZE)),
                     TIP_OK);
    assert_int_equal(part_at(f.buf.size, &at, &part), TIP_OK);
    assert_int_equal(tip_bundle_part(&f.reader, part, &kind, &content), TIP_OK);
    assert_int_equal(kind, TIP_BUNDLE_HEAD);
    assert_int_equal(tip_bundle_head_read(content, &head), TIP_OK);
    assert_memory_equal(&head.feed, &f.head.feed, sizeof head.feed);
    assert_int_equal(head.origin, 7);
    assert_int_equal(head.generation, 3);
    assert_int_equal(head.channel_count, 2);
    assert_int_equal(head.channels[0].checkpoint, 9);
    assert_int_equal(head.channels[0].agreement, TIP_AGREEMENT_DIFFERS);
    assert_int_equal(head.parts[0].channel, 8);
    assert_int_equal(head.parts[0].number, 3);
    assert_memory_equal(head.parts[0].sums, f.head.parts[0].sums,
                        sizeof head.parts[0].sums);
    assert_int_equal(head.channels[1].agreement, TIP_AGREEMENT_EQUAL);
}

static void test_is_whole_at_its_full_length_alone(void **state)
{
    size_t frames;

    (void)state;
    write_bundle(3);
    for (size_t size = 0; size < f.buf.size; size += 1 + size / 64) {
        assert_int_equal(read_bundle(f.hub, size, f.node, &frames),
                         TIP_EBUNDLE);
    }
    assert_int_equal(read_bundle(f.hub, f.buf.size, f.node, &frames), TIP_OK);
    assert_int_equal(frames, 3);
}

static void test_refuses_a_bundle_with_any_bit_flipped(void **state)
{
    size_t frames;

    (void)state;
    write_bundle(2);
    for (size_t i = 0; i < f.buf.size; i += 1 + i / 50) {
        f.file[i] ^= 4;
        assert_int_not_equal(read_bundle(f.hub, f.buf.size, f.node, &frames),
                             TIP_OK);
        f.file[i] ^= 4;
    }
    assert_int_equal(read_bundle(f.hub, f.buf.size, f.node, &frames), TIP_OK);
}

static void test_opens_for_the_device_it_is_for_alone(void **state)
{
    size_t frames;

    (void)state;
    write_bundle(1);
    assert_int_equal(read_bundle(f.other, f.buf.size, f.node, &frames),
                     TIP_EBUNDLE_OTHER);
    assert_int_equal(read_bundle(f.node, f.buf.size, f.node, &frames),
                     TIP_EBUNDLE_OTHER);
}

static void test_is_believed_from_its_maker_alone(void **state)
{
    size_t frames;

    (void)state;
    write_bundle(1);
    assert_int_equal(read_bundle(f.hub, f.buf.size, f.other, &frames),
                     TIP_EBUNDLE);
}

static void test_notices_a_part_that_is_left_out(void **state)
{
    size_t at = TIP_BUNDLE_START_SIZE, from, frames;
    struct tip_bytes part;

    (void)state;
    write_bundle(FRAMES);
    assert_int_equal(part_at(f.buf.size, &at, &part), TIP_OK);
    from = at;
    assert_int_equal(part_at(f.buf.size, &at, &part), TIP_OK);
    memmove(f.file + from, f.file + at, f.buf.size - at);
    assert_int_equal(
        read_bundle(f.hub, f.buf.size - (at - from), f.node, &frames),
        TIP_EBUNDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_back_every_frame_as_it_was),
        cmocka_unit_test(test_says_in_its_head_what_the_maker_said),
        cmocka_unit_test(test_is_whole_at_its_full_length_alone),
        cmocka_unit_test(test_refuses_a_bundle_with_any_bit_flipped),
        cmocka_unit_test(test_opens_for_the_device_it_is_for_alone),
        cmocka_unit_test(test_is_believed_from_its_maker_alone),
        cmocka_unit_test(test_notices_a_part_that_is_left_out),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
