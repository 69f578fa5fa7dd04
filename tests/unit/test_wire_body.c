/* Rules of bodies: what goes into columns comes out of them. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"
#include "wire_equal.h"
#include "wire_random.h"
#include "wire_sample.h"

enum { BODY_BYTES_MAX = 1 << 20, ARENA_BYTES_MAX = 1 << 24 };

static uint8_t body_memory[BODY_BYTES_MAX];
static struct tip_codec *codec;

static int setup(void **state)
{
    (void)state;
    return tip_codec_new(TIP_CODEC_LEVEL, &codec) == TIP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_codec_free(codec);
    return 0;
}

static struct tip_frame_header header_of(const struct tip_up_body *body)
{
    return (struct tip_frame_header){.origin = body->sets[0].origin,
                                     .first = body->sets[0].seq,
                                     .count = (uint32_t)body->set_count};
}

static enum tip_err decode_up(const struct tip_frame_header *header,
                              uint32_t office, struct tip_bytes bytes,
                              struct tip_arena *arena, struct tip_up_body *out)
{
    struct tip_wire_sender sender = {.header = header, .office = office};

    return tip_wire_up_decode(codec, &sender, bytes, arena, out);
}

/* Decode @bytes, which are damaged: an error, or sets that hold together. */
typedef void survive_fn(const struct tip_frame_header *header,
                        struct tip_bytes bytes);

static void survive_up(const struct tip_frame_header *header,
                       struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_up_body body;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (decode_up(header, 1, bytes, &arena, &body) == TIP_OK) {
        for (size_t i = 0; i < body.set_count; i++) {
            assert_int_equal(tip_change_set_check(&body.sets[i]), TIP_OK);
        }
    }
    tip_arena_deinit(&arena);
}

static void mutilate(struct tip_property *property, survive_fn *survive,
                     const struct tip_frame_header *header,
                     struct tip_bytes bytes)
{
    for (size_t i = 0; i < 30; i++) {
        size_t at = (size_t)tip_property_below(property, bytes.size);
        uint8_t kept = body_memory[at];

        body_memory[at] = (uint8_t)tip_property_next(property);
        survive(header, bytes);
        survive(header, tip_bytes(bytes.data, at));
        body_memory[at] = kept;
    }
}

/* Now and then nothing is written to a record that is named, as when it was
 * erased: in one change-set, in some, in all. */
static void erase_some(struct tip_property *property, struct tip_arena *arena,
                       struct tip_up_body *body)
{
    struct tip_change_set *sets =
        tip_arena_alloc_array(arena, body->set_count, sizeof *sets);
    uint64_t often = 1 + tip_property_below(property, 8);

    assert_non_null(sets);
    memcpy(sets, body->sets, body->set_count * sizeof *sets);
    for (size_t i = 0; i < body->set_count; i++) {
        if (tip_property_once_in(property, often)) {
            sets[i].change_count = 0;
        }
    }
    body->sets = sets;
}

static const char *up_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_up_body body, back;
    struct tip_frame_header header;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    random.change_max = 1 + (size_t)tip_property_below(property, 20);
    body =
        wire_random_up(&random, 1 + (size_t)tip_property_below(property, 20));
    if (tip_property_once_in(property, 2)) {
        erase_some(property, &arena, &body);
    }
    header = header_of(&body);
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    if (tip_wire_up_encode(codec, &body, &buf, &header.dictionary) != TIP_OK) {
        broken = "a sound body was not written";
    } else if (decode_up(&header, body.sets[0].office,
                         tip_bytes(body_memory, buf.size), &arena,
                         &back) != TIP_OK ||
               !wire_equal_up(&body, &back)) {
        broken = "a body came back different";
    } else {
        mutilate(property, survive_up, &header,
                 tip_bytes(body_memory, buf.size));
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_a_body_of_a_node_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("up", 300, up_returns));
}

static void survive_down(const struct tip_frame_header *header,
                         struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_down_body body;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (tip_wire_down_decode(codec, header, bytes, &arena, &body) == TIP_OK) {
        for (size_t i = 0; i < body.item_count; i++) {
            const struct tip_item *item = &body.items[i];

            assert_true(item->kind != TIP_ITEM_SET ||
                        tip_change_part_check(&item->set) == TIP_OK);
            assert_true(item->kind != TIP_ITEM_STATE ||
                        item->state.bytes.size <=
                            item->state.total - item->state.offset);
        }
    }
    tip_arena_deinit(&arena);
}

static const char *down_returns(struct tip_property *property)
{
    struct tip_frame_header header = {
        .origin = 1, .is_down = true, .first = 1, .count = 1};
    struct tip_arena arena;
    struct wire_random random;
    struct tip_down_body body, back;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    random.change_max = 1 + (size_t)tip_property_below(property, 20);
    body = wire_random_down(&random, (size_t)tip_property_below(property, 20));
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    if (tip_wire_down_encode(codec, &body, &buf, &header.dictionary) !=
        TIP_OK) {
        broken = "a sound body was not written";
    } else if (tip_wire_down_decode(codec, &header,
                                    tip_bytes(body_memory, buf.size), &arena,
                                    &back) != TIP_OK ||
               !wire_equal_down(&body, &back)) {
        broken = "a body came back different";
    } else {
        mutilate(property, survive_down, &header,
                 tip_bytes(body_memory, buf.size));
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_a_body_of_the_hub_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("down", 300, down_returns));
}

/* A column of numbers that are all 0 is left out: what is gone is none. */
static void test_what_is_gone_may_be_zeros(void **state)
{
    static const uint8_t zeros[20];
    struct tip_down_body body = {.gone = {zeros, sizeof zeros}};
    struct tip_frame_header header = {
        .origin = 1, .is_down = true, .first = 1, .count = 1};
    struct tip_down_body back;
    struct tip_arena arena;
    struct tip_buf buf;

    (void)state;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    assert_int_equal(
        tip_wire_down_encode(codec, &body, &buf, &header.dictionary), TIP_OK);
    assert_int_equal(tip_wire_down_decode(codec, &header,
                                          tip_bytes(body_memory, buf.size),
                                          &arena, &back),
                     TIP_OK);
    assert_true(wire_equal_down(&body, &back));
    body.gone.size = 1; /* However little is left to say of it. */
    tip_buf_clear(&buf);
    assert_int_equal(
        tip_wire_down_encode(codec, &body, &buf, &header.dictionary), TIP_OK);
    assert_int_equal(tip_wire_down_decode(codec, &header,
                                          tip_bytes(body_memory, buf.size),
                                          &arena, &back),
                     TIP_OK);
    assert_int_equal(back.gone.size, 1);
    tip_arena_deinit(&arena);
}

/* A change-set with texts of so many bytes. */
static enum tip_err texts_said(size_t first, size_t second)
{
    static uint8_t letters[TIP_FRAME_BODY_BYTES_MAX];
    const struct tip_record_ref ref = {.birth_commit = 1};
    const struct tip_change changes[] = {
        {.field = 20,
         .value = {.kind = TIP_VALUE_TEXT, .bytes = {letters, first}}},
        {.field = 21,
         .value = {.kind = TIP_VALUE_TEXT, .bytes = {letters, second}}}};
    const struct tip_change_set set = {.origin = 1,
                                       .seq = 1,
                                       .author = tip_bytes_text("salma"),
                                       .records = &ref,
                                       .record_count = 1,
                                       .changes = changes,
                                       .change_count = 2};
    const struct tip_up_body body = {.sets = &set, .set_count = 1};
    uint32_t dictionary;
    struct tip_buf buf;
    enum tip_err err;

    memset(letters, 'a', sizeof letters);
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    err = tip_wire_up_encode(codec, &body, &buf, &dictionary);
    assert_int_equal(err == TIP_OK, buf.size != 0);
    return err;
}

static void test_a_body_too_large_is_not_said(void **state)
{
    (void)state;
    assert_int_equal(texts_said(TIP_FRAME_BODY_BYTES_MAX - 100, 2), TIP_OK);
    assert_int_equal(texts_said(TIP_FRAME_BODY_BYTES_MAX, 2), TIP_ETOOBIG);
    /* With what stands beside them. */
    assert_int_equal(texts_said(TIP_FRAME_BODY_BYTES_MAX - 5, 5), TIP_ETOOBIG);
}

/* The same, not compressed: every damaged byte reaches the columns. */
static void test_columns_that_are_damaged_are_survived(void **state)
{
    struct tip_codec *compressing = codec;

    (void)state;
    assert_int_equal(tip_codec_new(0, &codec), TIP_OK);
    assert_true(tip_property_holds("plain up", 300, up_returns));
    assert_true(tip_property_holds("plain down", 300, down_returns));
    tip_codec_free(codec);
    codec = compressing;
}

static size_t size_at_level(int level, const struct tip_up_body *body,
                            uint32_t *out_dictionary)
{
    struct tip_codec *other;
    struct tip_buf buf;

    assert_int_equal(tip_codec_new(level, &other), TIP_OK);
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    assert_int_equal(tip_wire_up_encode(other, body, &buf, out_dictionary),
                     TIP_OK);
    tip_codec_free(other);
    return buf.size;
}

static void test_a_body_is_packed_where_that_is_shorter(void **state)
{
    struct tip_arena arena;
    struct wire_sample sample;
    struct tip_up_body body;
    uint32_t plain, packed;
    size_t plain_size, packed_size;

    (void)state;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    sample = wire_sample(1, &arena);
    body = wire_sample_records(&sample, 50);
    plain_size = size_at_level(0, &body, &plain);
    packed_size = size_at_level(TIP_CODEC_LEVEL, &body, &packed);
    assert_int_equal(plain, 0);
    assert_int_not_equal(packed, 0);
    assert_true(packed_size < plain_size * 3 / 4);
    tip_arena_deinit(&arena);
}

static void test_a_body_is_a_run_of_one_origin(void **state)
{
    static const struct tip_record_ref ref = {.birth_commit = 1};
    struct tip_change_set sets[2] = {{.origin = 1,
                                      .seq = 1,
                                      .author = tip_bytes_text("a"),
                                      .records = &ref,
                                      .record_count = 1}};
    const struct tip_up_body body = {.sets = sets, .set_count = 2};
    uint32_t dictionary;
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    for (uint32_t i = 0; i < 2; i++) { /* The same seq, another origin. */
        sets[1] = sets[0];
        sets[1].seq += i;
        sets[1].origin += i;
        assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                         TIP_EINVAL);
    }
    sets[1].origin = sets[0].origin;
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_of_a_node_comes_back_as_it_was),
        cmocka_unit_test(test_a_body_of_the_hub_comes_back_as_it_was),
        cmocka_unit_test(test_what_is_gone_may_be_zeros),
        cmocka_unit_test(test_a_body_too_large_is_not_said),
        cmocka_unit_test(test_columns_that_are_damaged_are_survived),
        cmocka_unit_test(test_a_body_is_a_run_of_one_origin),
        cmocka_unit_test(test_a_body_is_packed_where_that_is_shorter),
    };

    return cmocka_run_group_tests_name("wire_body", tests, setup, teardown);
}
