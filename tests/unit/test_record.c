/* Rules of a record as a whole: its limits and its size. */
#include "fake_schema.h"
#include "tip_arena.h"
#include "tip_record.h"
#include "tip_test.h"

enum { NEMA = 5, MAKER_OFFICE = 25 };

struct fixture {
    struct tip_arena arena;
    struct tip_record record;
    struct tip_record dead; /* Of the last write. */
};

static int setup(void **state)
{
    static struct fixture f;
    static const struct tip_id id = {{1}};

    tip_arena_init(&f.arena, 1 << 20);
    tip_record_init(&f.record, &id, FAKE_TYPE, MAKER_OFFICE);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_arena_deinit(&f->arena);
    return 0;
}

static void test_a_record_holds_its_most_writes_and_no_more(void **state)
{
    static struct tip_write writes[TIP_RECORD_WRITES_MAX];
    struct fixture *f = *state;
    struct tip_arena arena;
    struct tip_write write = {.origin = NEMA, .seq = 1};
    struct tip_change change = {.field = FAKE_LATEST};

    tip_arena_init(&arena, 16 << 20);
    f->record.writes = writes;
    f->record.write_count = TIP_RECORD_WRITES_MAX;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &arena, &f->dead),
        TIP_ETOOBIG);
    f->record.write_count = TIP_RECORD_WRITES_MAX - 1;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &arena, &f->dead),
        TIP_OK);
    tip_arena_deinit(&arena);
}

static void test_the_size_of_a_record_counts_all_that_is_said(void **state)
{
    struct fixture *f = *state;
    struct tip_write write = {.origin = NEMA,
                              .seq = 1,
                              .author = tip_bytes_text("clerk"),
                              .reason = tip_bytes_text("found the paper")};
    struct tip_change change = {
        .field = FAKE_LATEST,
        .value = {.kind = TIP_VALUE_TEXT, .bytes = tip_bytes_text("seven b")}};
    size_t one = sizeof write + 5 + 15 + tip_value_bytes(&change.value);

    for (uint32_t i = 0; i < 3; i++) {
        write.origin = NEMA + i;
        assert_int_equal(tip_record_bytes(&f->record),
                         sizeof f->record + i * one);
        assert_int_equal(tip_record_apply(&f->record, &write, &change, 1,
                                          &f->arena, &f->dead),
                         TIP_OK);
    }
}

static void test_a_record_holds_its_most_values_and_no_more(void **state)
{
    static struct tip_sibling siblings[TIP_RECORD_SIBLINGS_MAX];
    static struct tip_write other;
    struct fixture *f = *state;
    struct tip_arena arena;
    struct tip_write write = {.origin = NEMA, .seq = 1};
    struct tip_change change = {.field = FAKE_LATEST};

    tip_arena_init(&arena, 16 << 20);
    f->record.writes = &other;
    f->record.write_count = 1;
    f->record.siblings = siblings;
    f->record.sibling_count = TIP_RECORD_SIBLINGS_MAX;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &arena, &f->dead),
        TIP_ETOOBIG);
    assert_int_equal(f->record.sibling_count, TIP_RECORD_SIBLINGS_MAX);
    f->record.sibling_count = TIP_RECORD_SIBLINGS_MAX - 1;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &arena, &f->dead),
        TIP_OK);
    assert_int_equal(f->record.sibling_count, TIP_RECORD_SIBLINGS_MAX);
    tip_arena_deinit(&arena);
}

/* Since when is asked of what stands: of the dead it is their write's. */
static void test_an_office_that_came_late_has_no_since_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct tip_write write = {.origin = NEMA, .seq = 2, .commit = 9};
    struct tip_change change = {.field = TIP_FIELD_OFFICES,
                                .element = MAKER_OFFICE,
                                .value = {.kind = TIP_VALUE_MEMBER}};

    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
    write.seq = 1;
    write.commit = 7;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
    assert_int_equal(f->dead.sibling_count, 1);
    assert_int_equal(tip_record_since(&f->dead, &f->dead.siblings[0]), 7);
}

/* Whatever is written to it is destroyed, by whomever. */
static void test_nothing_is_written_to_what_was_erased(void **state)
{
    struct fixture *f = *state;
    struct tip_write write = {.origin = NEMA, .seq = 1};
    struct tip_change change = {.field = FAKE_LATEST};

    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
    tip_record_erase(&f->record, 30, 1);
    write.seq = 2;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
    assert_int_equal(f->record.erased, 30);
    assert_int_equal(f->record.sibling_count + f->record.write_count, 0);
    assert_int_equal(f->dead.sibling_count + f->dead.write_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_record_holds_its_most_writes_and_no_more),
        TEST(test_the_size_of_a_record_counts_all_that_is_said),
        TEST(test_an_office_that_came_late_has_no_since_of_its_own),
        TEST(test_nothing_is_written_to_what_was_erased),
        TEST(test_a_record_holds_its_most_values_and_no_more),
    };

    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
