/* Rules of tip_index: what was added is found until it is removed. */
#include "tip_index.h"

#include "heap_use.h"
#include "tip_prng.h"
#include "tip_test.h"

enum { TAGS = 700, STEPS = 60000 };

static size_t count_of(const struct tip_index *index, uint32_t tag,
                       uint32_t number)
{
    struct tip_index_walk walk = tip_index_find(index, tag);
    size_t count = 0;
    uint32_t found;

    while (tip_index_next(index, &walk, &found)) {
        count += found == number ? 1 : 0;
    }
    return count;
}

static void test_an_empty_index_finds_nothing(void **state)
{
    struct tip_index index;

    (void)state;
    tip_index_init(&index, 1);
    assert_int_equal(count_of(&index, 5, 5), 0);
    tip_index_remove(&index, 5, 5);
    tip_index_deinit(&index);
}

/* Few tags that crowd into one neighbourhood, so that runs wrap and merge. */
static uint32_t crowded_tag(struct tip_prng *prng)
{
    return UINT32_MAX - tip_prng_below(prng, TAGS) % 97;
}

static void test_agrees_with_a_plain_table_through_random_steps(void **state)
{
    static uint8_t present[TAGS][64];
    struct tip_prng prng = TIP_PRNG_SEEDED(42);
    struct tip_index index;

    (void)state;
    tip_index_init(&index, 7);
    for (size_t step = 0; step < STEPS; step++) {
        uint32_t tag = crowded_tag(&prng);
        uint32_t row = UINT32_MAX - tag;
        uint32_t number = tip_prng_below(&prng, 64);

        if (present[row][number] != 0 && tip_prng_chance(&prng, 60)) {
            tip_index_remove(&index, tag, number);
            present[row][number]--;
        } else if (present[row][number] < 3) {
            assert_int_equal(tip_index_add(&index, tag, number), TIP_OK);
            present[row][number]++;
        }
        assert_int_equal(count_of(&index, tag, number), present[row][number]);
    }
    for (uint32_t row = 0; row < 97; row++) {
        for (uint32_t number = 0; number < 64; number++) {
            assert_int_equal(count_of(&index, UINT32_MAX - row, number),
                             present[row][number]);
        }
    }
    tip_index_deinit(&index);
}

static void test_what_was_removed_takes_no_room(void **state)
{
    struct tip_index index;
    size_t slots;

    (void)state;
    tip_index_init(&index, 1);
    assert_int_equal(tip_index_add(&index, 5, 5), TIP_OK);
    slots = index.slot_count;
    for (uint32_t i = 0; i < 1000; i++) {
        tip_index_remove(&index, 5, 5);
        assert_int_equal(tip_index_add(&index, 5, 5), TIP_OK);
    }
    assert_int_equal(index.slot_count, slots);
    tip_index_deinit(&index);
}

static void test_tags_depend_on_the_secret_and_on_every_byte(void **state)
{
    uint8_t key[16] = {0};
    struct tip_index a;
    uint32_t tag;

    (void)state;
    tip_index_init(&a, 1);
    tag = tip_index_tag(&a, TIP_BYTES_OF(key));
    for (unsigned bit = 1; bit < 64; bit++) {
        struct tip_index b;

        tip_index_init(&b, 1 | UINT64_C(1) << bit);
        assert_int_not_equal(tag, tip_index_tag(&b, TIP_BYTES_OF(key)));
        tip_index_deinit(&b);
    }
    assert_int_not_equal(tag, tip_index_tag(&a, tip_bytes(key, 15)));
    for (size_t i = 0; i < sizeof key; i++) {
        uint32_t shorter = tip_index_tag(&a, tip_bytes(key, i + 1));

        key[i] = 1;
        assert_int_not_equal(tag, tip_index_tag(&a, TIP_BYTES_OF(key)));
        assert_int_not_equal(shorter, tip_index_tag(&a, tip_bytes(key, i + 1)));
        key[i] = 0;
    }
    tip_index_deinit(&a);
}

/* Two that are near each other, at the end of the table and over it too. */
static void test_to_remove_one_loses_no_other(void **state)
{
    enum { NEAR = 66 };

    (void)state;
    for (uint32_t gone = 0; gone < NEAR; gone++) {
        for (uint32_t left = 0; left < NEAR; left++) {
            struct tip_index index;

            tip_index_init(&index, 1);
            assert_int_equal(tip_index_add(&index, gone, 1), TIP_OK);
            assert_int_equal(tip_index_add(&index, left, 2), TIP_OK);
            tip_index_remove(&index, gone, 1);
            assert_int_equal(count_of(&index, left, 2), 1);
            tip_index_deinit(&index);
        }
    }
}

static void test_three_quarters_of_its_table_are_used(void **state)
{
    struct tip_index index;

    (void)state;
    tip_index_init(&index, 1);
    for (uint32_t i = 0; i < 48; i++) {
        assert_int_equal(tip_index_add(&index, i, i), TIP_OK);
        assert_int_equal(index.slot_count, 64);
    }
    assert_int_equal(tip_index_add(&index, 48, 48), TIP_OK);
    assert_int_equal(index.slot_count, 128);
    tip_index_deinit(&index);
}

/* It would be found as another. */
static void test_a_number_that_cannot_be_kept_is_refused(void **state)
{
    struct tip_index index;

    (void)state;
    tip_index_init(&index, 1);
    assert_int_equal(tip_index_add(&index, 5, UINT32_MAX), TIP_ETOOBIG);
    assert_int_equal(tip_index_add(&index, 5, UINT32_MAX - 1), TIP_OK);
    assert_int_equal(count_of(&index, 5, UINT32_MAX - 1), 1);
    assert_int_equal(index.used_count, 1);
    tip_index_deinit(&index);
}

static void test_an_index_that_ends_gives_its_memory_back(void **state)
{
    size_t use[2];

    (void)state;
    for (size_t i = 0; i < HEAP_ROUNDS; i++) {
        struct tip_index index;

        tip_index_init(&index, 1);
        for (uint32_t tag = 0; tag < 1000; tag++) {
            assert_int_equal(tip_index_add(&index, tag, tag), TIP_OK);
        }
        tip_index_deinit(&index);
        use[i % 2] = heap_use();
        assert_int_equal(index.used_count + index.slot_count, 0);
    }
    assert_int_equal(use[1], use[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_index_finds_nothing),
        cmocka_unit_test(test_agrees_with_a_plain_table_through_random_steps),
        cmocka_unit_test(test_to_remove_one_loses_no_other),
        cmocka_unit_test(test_three_quarters_of_its_table_are_used),
        cmocka_unit_test(test_a_number_that_cannot_be_kept_is_refused),
        cmocka_unit_test(test_an_index_that_ends_gives_its_memory_back),
        cmocka_unit_test(test_what_was_removed_takes_no_room),
        cmocka_unit_test(test_tags_depend_on_the_secret_and_on_every_byte),
    };

    return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
