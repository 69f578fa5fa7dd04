/* Rules of tip_codec: what comes out is what went in, or it is refused. */
#include "tip_codec_internal.h"

#include "heap_use.h"
#include "tip_frame.h"
#include "tip_test.h"

enum { PLAIN_SIZE = 4000 };

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

/* Numbers that count on: shorter when packed. */
static struct tip_bytes plain_bytes(void)
{
    static uint8_t plain[PLAIN_SIZE];

    for (size_t i = 0; i < sizeof plain; i++) {
        plain[i] = (uint8_t)(i % 97 * (i / 500));
    }
    return TIP_BYTES_OF(plain);
}

static enum tip_err unpack(struct tip_bytes packed, uint32_t dictionary,
                           struct tip_bytes *out_plain)
{
    tip_arena_clear(tip_codec_scratch(codec));
    return tip_codec_unpack(codec, dictionary, packed, out_plain);
}

static void test_what_is_damaged_inside_is_refused_or_as_long(void **state)
{
    struct tip_bytes plain = plain_bytes();
    uint8_t memory[PLAIN_SIZE];
    enum tip_dictionary used;
    size_t refused = 0;
    struct tip_bytes out;
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(
        tip_codec_pack(codec, TIP_DICTIONARY_UP, plain, &buf, &used), TIP_OK);
    assert_int_equal(used, TIP_DICTIONARY_UP);
    assert_in_range(buf.size, 1, PLAIN_SIZE / 2);
    for (size_t bit = 0; bit < buf.size * 8; bit++) {
        enum tip_err err;

        memory[bit / 8] ^= (uint8_t)(1U << bit % 8);
        out = TIP_BYTES_NONE;
        err = unpack(tip_bytes(memory, buf.size), TIP_DICTIONARY_UP, &out);
        assert_true(err != TIP_OK || out.data != NULL);
        refused += err != TIP_OK;
        memory[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_not_equal(refused, 0);
    assert_int_equal(
        unpack(tip_bytes(memory, buf.size), TIP_DICTIONARY_UP, &out), TIP_OK);
    assert_true(tip_bytes_equal(out, plain));
}

static void test_a_body_has_its_size_at_most(void **state)
{
    static uint8_t large[TIP_FRAME_BODY_BYTES_MAX + 1];
    static uint8_t memory[TIP_FRAME_BODY_BYTES_MAX + 1];
    struct tip_bytes most = tip_bytes(large, TIP_FRAME_BODY_BYTES_MAX);
    struct tip_bytes out;
    enum tip_dictionary used;
    struct tip_buf buf;

    (void)state;
    assert_int_equal(unpack(most, TIP_DICTIONARY_PLAIN, &out), TIP_OK);
    assert_ptr_equal(out.data, large);
    assert_int_equal(unpack(TIP_BYTES_OF(large), TIP_DICTIONARY_PLAIN, &out),
                     TIP_ETOOBIG);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_codec_pack(codec, TIP_DICTIONARY_UP,
                                    TIP_BYTES_OF(large), &buf, &used),
                     TIP_ETOOBIG);
    assert_int_equal(
        tip_codec_pack(codec, TIP_DICTIONARY_UP, most, &buf, &used), TIP_OK);
    assert_int_equal(
        unpack(tip_bytes(memory, buf.size), TIP_DICTIONARY_UP, &out), TIP_OK);
    assert_true(tip_bytes_equal(out, most));
}

static void test_a_level_that_there_is_not_is_refused(void **state)
{
    struct tip_codec *other;

    (void)state;
    assert_int_equal(tip_codec_new(-1, &other), TIP_EINVAL);
    assert_int_equal(tip_codec_new(TIP_CODEC_LEVEL_MAX + 1, &other),
                     TIP_EINVAL);
    assert_int_equal(tip_codec_new(TIP_CODEC_LEVEL_MAX, &other), TIP_OK);
    tip_codec_free(other);
}

/* Who cuts a frame packs, and takes less where that is too much. */
static void test_what_did_not_fit_keeps_nothing_from_being_packed(void **state)
{
    struct tip_bytes plain = plain_bytes();
    uint8_t memory[PLAIN_SIZE], noise[PLAIN_SIZE];
    uint32_t number = 1;
    enum tip_dictionary used;
    struct tip_buf buf;

    (void)state;
    for (size_t i = 0; i < sizeof noise; i++) {
        number = number * 1664525 + 1013904223;
        noise[i] = (uint8_t)(number >> 24);
    }
    tip_buf_init(&buf, memory, PLAIN_SIZE / 2);
    assert_int_equal(tip_codec_pack(codec, TIP_DICTIONARY_UP,
                                    TIP_BYTES_OF(noise), &buf, &used),
                     TIP_ETOOBIG);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(
        tip_codec_pack(codec, TIP_DICTIONARY_UP, plain, &buf, &used), TIP_OK);
    assert_int_equal(used, TIP_DICTIONARY_UP);
}

/* However little room there is, and whatever stands before. */
static void test_nothing_is_written_past_the_room_there_is(void **state)
{
    enum { BEFORE = 7, PAST = 64, WHOLE = 200 };
    struct tip_bytes plain =
        tip_bytes(plain_bytes().data + PLAIN_SIZE - WHOLE, WHOLE);

    (void)state;
    for (size_t room = 0; room <= WHOLE; room++) {
        uint8_t memory[BEFORE + WHOLE + PAST];
        enum tip_dictionary used;
        struct tip_buf buf;

        for (size_t i = 0; i < sizeof memory; i++) {
            memory[i] = (uint8_t)i; /* No two that are near are the same. */
        }
        tip_buf_init(&buf, memory, BEFORE + room);
        buf.size = BEFORE;
        if (tip_codec_pack(codec, TIP_DICTIONARY_UP, plain, &buf, &used) ==
            TIP_OK) {
            assert_in_range(buf.size, BEFORE + 1, BEFORE + room);
        }
        for (size_t i = BEFORE + room; i < sizeof memory; i++) {
            assert_int_equal(memory[i], (uint8_t)i);
        }
    }
}

static void test_a_codec_that_ends_gives_its_memory_back(void **state)
{
    size_t use[2];

    (void)state;
    for (size_t i = 0; i < HEAP_ROUNDS; i++) {
        struct tip_codec *other;

        assert_int_equal(tip_codec_new(TIP_CODEC_LEVEL, &other), TIP_OK);
        tip_codec_free(other);
        tip_codec_free(NULL);
        use[i % 2] = heap_use();
    }
    assert_int_equal(use[1], use[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_damaged_inside_is_refused_or_as_long),
        cmocka_unit_test(test_a_body_has_its_size_at_most),
        cmocka_unit_test(test_what_did_not_fit_keeps_nothing_from_being_packed),
        cmocka_unit_test(test_nothing_is_written_past_the_room_there_is),
        cmocka_unit_test(test_a_codec_that_ends_gives_its_memory_back),
        cmocka_unit_test(test_a_level_that_there_is_not_is_refused),
    };

    return cmocka_run_group_tests_name("codec", tests, setup, teardown);
}
