/* Rules of deleted records: each word of each office about it counts. */
#include "tip_arena.h"
#include "tip_merge.h"
#include "tip_test.h"

enum { NEMA = 5, ATAR = 6, KIFFA = 7, SOME_FIELD = 20 };

static struct tip_arena arena;
static struct tip_record record;

static int setup(void **state)
{
    static const struct tip_id some_id = {{1}};

    (void)state;
    tip_arena_init(&arena, 1 << 20);
    tip_record_init(&record, &some_id, 20, 25);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_arena_deinit(&arena);
    return 0;
}

/* Write @answer to @field at @commit, by who had seen all up to @base. */
static void write_answer(uint32_t origin, uint64_t commit, uint64_t base,
                         uint32_t field, enum tip_answer answer)
{
    const struct tip_write write = {
        .origin = origin, .seq = commit, .commit = commit, .base = base};
    const struct tip_change change = {
        .field = field, .value = {.kind = TIP_VALUE_ANSWER, .answer = answer}};
    struct tip_record dead;

    assert_int_equal(
        tip_record_apply(&record, &write, &change, 1, &arena, &dead), TIP_OK);
}

static void test_who_keeps_a_record_does_not_undo_who_deletes_it(void **state)
{
    (void)state;
    write_answer(NEMA, 10, 0, TIP_FIELD_DELETED, TIP_ANSWER_NO);
    assert_int_equal(tip_merge_presence(&record), TIP_PRESENT);
    write_answer(ATAR, 11, 0, TIP_FIELD_DELETED, TIP_ANSWER_YES);
    assert_int_equal(tip_merge_presence(&record), TIP_DELETED_EDITED);
    write_answer(ATAR, 12, 11, TIP_FIELD_DELETED, TIP_ANSWER_YES);
    assert_int_equal(tip_merge_presence(&record), TIP_DELETED);
}

/* Whoever of them did. */
static void test_one_who_deletes_it_knowing_all_is_enough(void **state)
{
    (void)state;
    for (uint32_t who = NEMA; who <= KIFFA; who++) {
        assert_int_equal(teardown(NULL), 0);
        assert_int_equal(setup(NULL), 0);
        write_answer(KIFFA + 1, 10, 0, SOME_FIELD, TIP_ANSWER_YES);
        for (uint32_t origin = NEMA; origin <= KIFFA; origin++) {
            write_answer(origin, origin + 10, origin == who ? 10 : 0,
                         TIP_FIELD_DELETED, TIP_ANSWER_YES);
        }
        assert_int_equal(tip_merge_presence(&record), TIP_DELETED);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_who_keeps_a_record_does_not_undo_who_deletes_it),
        TEST(test_one_who_deletes_it_knowing_all_is_enough),
    };

    return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
