/* Rules of cutting: frames come out near the size that was asked for. */
#include "tip_test.h"
#include "tip_wire_cut.h"
#include "tip_wire_set.h"
#include "tip_wire_up.h"
#include "wire_sample.h"

enum { ARENA_BYTES_MAX = 1 << 26, BODY_BYTES_MAX = 1 << 20, WANTED = 8000 };

static uint8_t memory[BODY_BYTES_MAX];

/* How many sets from @first on have rows of @rows bytes together, one at least;
 * @out_bytes is what they really have. */
static size_t take(const struct tip_up_body *all, size_t first, size_t rows,
                   size_t *out_bytes)
{
    size_t count = 0;
    size_t sum = 0;

    while (first + count < all->set_count) {
        struct tip_buf buf;

        tip_buf_init(&buf, memory, sizeof memory);
        assert_int_equal(tip_wire_set_encode(&all->sets[first + count], &buf),
                         TIP_OK);
        if (count > 0 && sum + buf.size > rows) {
            break;
        }
        sum += buf.size;
        count++;
    }
    *out_bytes = sum;
    return count;
}

/* Cut @all into frames; after the first, learnt ones are near WANTED. */
static void check_cuts(struct tip_codec *codec, const struct tip_up_body *all)
{
    struct tip_wire_cut cut;
    size_t at = 0;

    tip_wire_cut_init(&cut);
    for (size_t i = 0; at < all->set_count; i++) {
        size_t rows;
        size_t count = take(all, at, tip_wire_cut_guess(&cut, WANTED), &rows);
        struct tip_up_body body = {.sets = &all->sets[at], .set_count = count};
        struct tip_buf buf;
        uint32_t dictionary;

        tip_buf_init(&buf, memory, sizeof memory);
        assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                         TIP_OK);
        assert_in_range(buf.size, 1, WANTED);
        at += count;
        if (i > 1 && at < all->set_count) {
            assert_in_range(buf.size, WANTED * 3 / 4, WANTED);
        }
        tip_wire_cut_learn(&cut, rows, buf.size);
    }
}

static void test_frames_come_near_the_size_asked_for(void **state)
{
    struct tip_arena arena;
    struct wire_sample sample;
    struct tip_codec *codec;
    struct tip_up_body all;

    (void)state;
    assert_int_equal(tip_codec_new(TIP_CODEC_LEVEL, &codec), TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    sample = wire_sample(77, &arena);
    all = wire_sample_records(&sample, 3000);
    check_cuts(codec, &all);
    all = wire_sample_edits(&sample, 8000);
    check_cuts(codec, &all);
    tip_arena_deinit(&arena);
    tip_codec_free(codec);
}

static void test_a_row_always_goes_in(void **state)
{
    struct tip_wire_cut cut;

    (void)state;
    tip_wire_cut_init(&cut);
    assert_true(tip_wire_cut_guess(&cut, 0) >= 1);
    tip_wire_cut_learn(&cut, 1, SIZE_MAX / 1000);
    assert_true(tip_wire_cut_guess(&cut, 1) >= 1);
    tip_wire_cut_learn(&cut, 0, 100);
    assert_true(tip_wire_cut_guess(&cut, 1000) >= 1000);
}

static void test_a_little_less_is_taken_than_seems_to_fit(void **state)
{
    struct tip_wire_cut cut;

    (void)state;
    tip_wire_cut_learn(&cut, 1000, 500);
    assert_int_equal(tip_wire_cut_guess(&cut, 1000), 2 * 920);
}

/* One frame of what packs away does not make the next one a hundred times as
 * large; nor does one that grew make it a hundred times as small. */
static void test_what_is_learnt_from_one_frame_has_bounds(void **state)
{
    struct tip_wire_cut cut;

    (void)state;
    tip_wire_cut_init(&cut);
    tip_wire_cut_learn(&cut, 1000000, 1);
    assert_int_equal(tip_wire_cut_expect(&cut, 1000), 50);
    tip_wire_cut_learn(&cut, 1, 1000000);
    assert_int_equal(tip_wire_cut_expect(&cut, 1000), 2000);
}

static void test_what_is_expected_follows_what_was_learnt(void **state)
{
    struct tip_wire_cut cut;

    (void)state;
    tip_wire_cut_init(&cut);
    tip_wire_cut_learn(&cut, 1000, 500);
    assert_int_equal(tip_wire_cut_expect(&cut, 999), 499);
    assert_int_equal(tip_wire_cut_expect(&cut, 2500), 1250);
    tip_wire_cut_learn(&cut, 1000, 1000);
    assert_int_equal(tip_wire_cut_expect(&cut, 1000), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_come_near_the_size_asked_for),
        cmocka_unit_test(test_a_row_always_goes_in),
        cmocka_unit_test(test_a_little_less_is_taken_than_seems_to_fit),
        cmocka_unit_test(test_what_is_learnt_from_one_frame_has_bounds),
        cmocka_unit_test(test_what_is_expected_follows_what_was_learnt),
    };

    return cmocka_run_group_tests_name("wire_cut", tests, NULL, NULL);
}
