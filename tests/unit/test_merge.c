/* Rules of tip_record and tip_merge, one by one. */
#include "fake_schema.h"
#include "tip_arena.h"
#include "tip_merge.h"
#include "tip_record.h"
#include "tip_test.h"

enum { ATAR = 3, NEMA = 5, KIFFA = 7 };

struct fixture {
    struct tip_arena arena;
    struct tip_schema schema;
    struct tip_record record;
    struct tip_record dead; /* Of the last write. */
};

static int setup(void **state)
{
    static struct fixture f;
    static const struct tip_id id = {{1}};

    tip_arena_init(&f.arena, 1 << 20);
    f.schema = FAKE_SCHEMA;
    tip_record_init(&f.record, &id, FAKE_TYPE, NEMA);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_arena_deinit(&f->arena);
    return 0;
}

/* Where a write stands: seq, commit and base. */
struct at {
    uint64_t seq, commit, base;
};

static void write_value(struct fixture *f, uint32_t origin, struct at at,
                        uint32_t field, uint64_t element,
                        struct tip_value value)
{
    struct tip_write write = {.origin = origin,
                              .seq = at.seq,
                              .commit = at.commit,
                              .base = at.base,
                              .stamp = {at.seq}};
    struct tip_change change = {
        .field = field, .element = element, .value = value};

    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
}

static void write_code(struct fixture *f, uint32_t origin, struct at at,
                       uint32_t field, uint32_t code)
{
    write_value(f, origin, at, field, 0,
                (struct tip_value){.kind = TIP_VALUE_CODE, .code = code});
}

static struct tip_reading read_field(struct fixture *f, uint32_t field)
{
    return tip_merge_read(&f->record, tip_record_cell(&f->record, field, 0),
                          &f->schema);
}

#define ASSERT_SHOWS(f, field, code_, parallel_, conflict_)     \
    do {                                                        \
        struct tip_reading reading_ = read_field((f), (field)); \
        assert_non_null(reading_.shown);                        \
        assert_int_equal(reading_.shown->value.code, (code_));  \
        assert_int_equal(reading_.parallel, (parallel_));       \
        assert_int_equal(reading_.conflict, (conflict_));       \
    } while (0)

static void test_a_later_write_of_the_same_origin_replaces(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 0, 0}, FAKE_REVIEW, 1);
    write_code(f, NEMA, (struct at){2, 0, 0}, FAKE_REVIEW, 2);
    ASSERT_SHOWS(f, FAKE_REVIEW, 2, false, false);
    assert_int_equal(f->record.sibling_count, 1);
    assert_int_equal(f->record.write_count, 1);
    assert_int_equal(f->dead.sibling_count, 1);
    assert_int_equal(f->dead.siblings[0].value.code, 1);
}

static void test_a_write_that_saw_the_commit_replaces(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    write_code(f, ATAR, (struct at){1, 11, 10}, FAKE_REVIEW, 2);
    ASSERT_SHOWS(f, FAKE_REVIEW, 2, false, false);
    assert_int_equal(f->dead.sibling_count, 1);
}

static void test_a_write_that_did_not_see_the_commit_stays_beside(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    write_code(f, ATAR, (struct at){2, 11, 9}, FAKE_REVIEW, 2);
    ASSERT_SHOWS(f, FAKE_REVIEW, 2, true, true);
    assert_int_equal(f->record.sibling_count, 2);
    assert_int_equal(f->dead.sibling_count, 0);
}

static void test_nobody_has_seen_what_is_not_committed(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 0, 0}, FAKE_REVIEW, 1);
    write_code(f, ATAR, (struct at){1, 11, 10}, FAKE_REVIEW, 2);
    assert_int_equal(f->record.sibling_count, 2);
}

static void test_a_write_that_arrives_late_goes_to_history(void **state)
{
    struct fixture *f = *state;

    write_code(f, ATAR, (struct at){1, 11, 10}, FAKE_REVIEW, 2);
    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    ASSERT_SHOWS(f, FAKE_REVIEW, 2, false, false);
    assert_int_equal(f->dead.sibling_count, 1);
    assert_int_equal(f->dead.siblings[0].value.code, 1);
}

static void test_applying_a_write_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    write_code(f, ATAR, (struct at){2, 11, 9}, FAKE_REVIEW, 2);
    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    assert_int_equal(f->record.sibling_count, 2);
    assert_int_equal(f->record.write_count, 2);
    assert_int_equal(f->dead.sibling_count, 0);
}

static void
test_latest_shows_the_highest_stamp_and_keeps_the_other(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){9, 10, 0}, FAKE_LATEST, 1);
    write_code(f, ATAR, (struct at){2, 11, 0}, FAKE_LATEST, 2);
    ASSERT_SHOWS(f, FAKE_LATEST, 1, true, false);
}

static void test_equal_values_written_in_parallel_are_no_conflict(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 4);
    write_code(f, ATAR, (struct at){2, 11, 0}, FAKE_REVIEW, 4);
    ASSERT_SHOWS(f, FAKE_REVIEW, 4, false, false);
    assert_int_equal(f->record.sibling_count, 2);
}

static void test_a_resolution_that_saw_both_closes_the_conflict(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_REVIEW, 1);
    write_code(f, ATAR, (struct at){1, 11, 0}, FAKE_REVIEW, 2);
    assert_true(tip_merge_has_conflict(&f->record, &f->schema));
    write_code(f, KIFFA, (struct at){1, 12, 11}, FAKE_REVIEW, 2);
    assert_false(tip_merge_has_conflict(&f->record, &f->schema));
    assert_int_equal(f->dead.sibling_count, 2);
}

static void test_a_far_future_stamp_loses_every_tie(void **state)
{
    struct fixture *f = *state;
    struct tip_write write = {.origin = KIFFA,
                              .seq = 1,
                              .commit = 12,
                              .stamp = {UINT64_MAX},
                              .verdict = TIP_VERDICT_FUTURE};
    struct tip_change change = {
        .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 2099}};

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_LATEST, 1);
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &f->dead),
        TIP_OK);
    ASSERT_SHOWS(f, FAKE_LATEST, 1, true, false);
}

static void test_ranked_takes_the_highest_rank_whatever_the_clock(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_RANKED, 8);
    write_code(f, ATAR, (struct at){9, 11, 0}, FAKE_RANKED, 3);
    ASSERT_SHOWS(f, FAKE_RANKED, 8, true, false);
}

static void test_an_element_added_while_removed_stays_in(void **state)
{
    struct fixture *f = *state;
    struct tip_value in = {.kind = TIP_VALUE_MEMBER};
    struct tip_value out = {.kind = TIP_VALUE_NONE};

    write_value(f, NEMA, (struct at){1, 10, 0}, FAKE_SET, 77, in);
    write_value(f, NEMA, (struct at){2, 11, 0}, FAKE_SET, 77, out);
    assert_false(tip_merge_contains(&f->record, FAKE_SET, 77));
    write_value(f, ATAR, (struct at){1, 12, 10}, FAKE_SET, 77, in);
    assert_true(tip_merge_contains(&f->record, FAKE_SET, 77));
    assert_false(tip_merge_contains(&f->record, FAKE_SET, 78));
    assert_int_equal(tip_record_field(&f->record, FAKE_SET).count, 2);
}

static struct tip_reading read_element(struct fixture *f, uint32_t field,
                                       uint64_t element)
{
    return tip_merge_read(
        &f->record, tip_record_cell(&f->record, field, element), &f->schema);
}

static void test_of_a_set_the_adding_is_shown_whatever_the_clock(void **state)
{
    struct fixture *f = *state;
    struct tip_value in = {.kind = TIP_VALUE_MEMBER};
    struct tip_value out = {.kind = TIP_VALUE_NONE};

    write_value(f, ATAR, (struct at){1, 10, 0}, FAKE_SET, 77, in);
    write_value(f, NEMA, (struct at){9, 11, 0}, FAKE_SET, 77, out);
    assert_int_equal(read_element(f, FAKE_SET, 77).shown->value.kind,
                     TIP_VALUE_MEMBER);
    write_value(f, ATAR, (struct at){9, 12, 0}, FAKE_SET, 78, out);
    write_value(f, NEMA, (struct at){1, 13, 0}, FAKE_SET, 78, in);
    assert_int_equal(read_element(f, FAKE_SET, 78).shown->value.kind,
                     TIP_VALUE_MEMBER);
}

static void test_of_latest_a_value_cleared_later_is_cleared(void **state)
{
    struct fixture *f = *state;
    struct tip_value none = {.kind = TIP_VALUE_NONE};

    write_code(f, ATAR, (struct at){1, 10, 0}, FAKE_LATEST, 4);
    write_value(f, NEMA, (struct at){9, 11, 0}, FAKE_LATEST, 0, none);
    ASSERT_SHOWS(f, FAKE_LATEST, 0, true, false);
}

static void test_every_sibling_of_a_cell_is_looked_at(void **state)
{
    struct fixture *f = *state;
    struct tip_value in = {.kind = TIP_VALUE_MEMBER};
    struct tip_value out = {.kind = TIP_VALUE_NONE};

    write_code(f, ATAR, (struct at){1, 10, 0}, FAKE_REVIEW, 4);
    write_code(f, NEMA, (struct at){1, 11, 0}, FAKE_REVIEW, 4);
    write_code(f, KIFFA, (struct at){2, 12, 0}, FAKE_REVIEW, 6);
    ASSERT_SHOWS(f, FAKE_REVIEW, 6, true, true);
    write_value(f, ATAR, (struct at){3, 13, 0}, FAKE_SET, 77, out);
    write_value(f, NEMA, (struct at){3, 14, 0}, FAKE_SET, 77, out);
    write_value(f, KIFFA, (struct at){3, 15, 0}, FAKE_SET, 77, in);
    assert_true(tip_merge_contains(&f->record, FAKE_SET, 77));
}

static const struct tip_value yes = {.kind = TIP_VALUE_ANSWER,
                                     .answer = TIP_ANSWER_YES};

static void test_a_deletion_that_saw_everything_hides(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_LATEST, 1);
    assert_int_equal(tip_merge_presence(&f->record), TIP_PRESENT);
    write_value(f, ATAR, (struct at){1, 11, 10}, TIP_FIELD_DELETED, 0, yes);
    assert_int_equal(tip_merge_presence(&f->record), TIP_DELETED);
    assert_false(tip_merge_has_conflict(&f->record, &f->schema));
}

static void test_a_record_deleted_while_edited_stays_for_review(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_LATEST, 1);
    write_value(f, ATAR, (struct at){1, 11, 9}, TIP_FIELD_DELETED, 0, yes);
    assert_int_equal(tip_merge_presence(&f->record), TIP_DELETED_EDITED);
    assert_true(tip_merge_has_conflict(&f->record, &f->schema));
}

static void
test_a_record_written_after_its_deletion_stays_for_review(void **state)
{
    struct fixture *f = *state;

    write_value(f, ATAR, (struct at){1, 11, 9}, TIP_FIELD_DELETED, 0, yes);
    write_code(f, NEMA, (struct at){1, 12, 11}, FAKE_LATEST, 1);
    assert_int_equal(tip_merge_presence(&f->record), TIP_DELETED_EDITED);
}

static void test_two_deletions_agree(void **state)
{
    struct fixture *f = *state;

    write_code(f, NEMA, (struct at){1, 10, 0}, FAKE_LATEST, 1);
    write_value(f, ATAR, (struct at){1, 11, 10}, TIP_FIELD_DELETED, 0, yes);
    write_value(f, KIFFA, (struct at){1, 12, 9}, TIP_FIELD_DELETED, 0, yes);
    assert_int_equal(tip_merge_presence(&f->record), TIP_DELETED);
}

static void test_taking_a_deletion_back_shows_the_record(void **state)
{
    struct fixture *f = *state;
    struct tip_value no = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_NO};

    write_value(f, ATAR, (struct at){1, 11, 0}, TIP_FIELD_DELETED, 0, yes);
    write_value(f, NEMA, (struct at){1, 12, 11}, TIP_FIELD_DELETED, 0, no);
    assert_int_equal(tip_merge_presence(&f->record), TIP_PRESENT);
}

static void test_without_memory_the_record_is_left_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct tip_write write = {.origin = ATAR, .seq = 1};
    struct tip_change change = {.field = FAKE_LATEST};
    struct tip_arena none;

    write_code(f, NEMA, (struct at){1, 0, 0}, FAKE_LATEST, 1);
    tip_arena_init(&none, 16);
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &none, &f->dead),
        TIP_ENOMEM);
    ASSERT_SHOWS(f, FAKE_LATEST, 1, false, false);
    tip_arena_deinit(&none);
}

static enum tip_merge_rule always_ranked(const struct tip_schema *self,
                                         uint32_t type, uint32_t field)
{
    (void)self;
    (void)type;
    (void)field;
    return TIP_MERGE_RANKED;
}

/* Fields below the first are ours: no catalogue says how they merge. */
static void test_the_catalogue_rules_its_fields_and_no_other(void **state)
{
    struct fixture *f = *state;

    f->schema.rule = always_ranked;
    assert_int_equal(
        tip_schema_rule(&f->schema, FAKE_TYPE, TIP_FIELD_FIRST - 1),
        TIP_MERGE_LATEST);
    assert_int_equal(tip_schema_rule(&f->schema, FAKE_TYPE, TIP_FIELD_FIRST),
                     TIP_MERGE_RANKED);
    assert_int_equal(tip_schema_rule(&f->schema, FAKE_TYPE, TIP_FIELD_OFFICES),
                     TIP_MERGE_SET);
    assert_int_equal(tip_schema_rule(&f->schema, FAKE_TYPE, TIP_FIELD_KEY_WRAP),
                     TIP_MERGE_SET);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_later_write_of_the_same_origin_replaces),
        TEST(test_a_write_that_saw_the_commit_replaces),
        TEST(test_a_write_that_did_not_see_the_commit_stays_beside),
        TEST(test_nobody_has_seen_what_is_not_committed),
        TEST(test_a_write_that_arrives_late_goes_to_history),
        TEST(test_applying_a_write_twice_changes_nothing),
        TEST(test_latest_shows_the_highest_stamp_and_keeps_the_other),
        TEST(test_equal_values_written_in_parallel_are_no_conflict),
        TEST(test_a_resolution_that_saw_both_closes_the_conflict),
        TEST(test_a_far_future_stamp_loses_every_tie),
        TEST(test_ranked_takes_the_highest_rank_whatever_the_clock),
        TEST(test_an_element_added_while_removed_stays_in),
        TEST(test_of_a_set_the_adding_is_shown_whatever_the_clock),
        TEST(test_of_latest_a_value_cleared_later_is_cleared),
        TEST(test_every_sibling_of_a_cell_is_looked_at),
        TEST(test_a_deletion_that_saw_everything_hides),
        TEST(test_a_record_deleted_while_edited_stays_for_review),
        TEST(test_a_record_written_after_its_deletion_stays_for_review),
        TEST(test_two_deletions_agree),
        TEST(test_taking_a_deletion_back_shows_the_record),
        TEST(test_without_memory_the_record_is_left_as_it_was),
        TEST(test_the_catalogue_rules_its_fields_and_no_other),
    };

    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
