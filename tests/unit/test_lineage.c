/* Rules of tip_lineage: whose earlier work is whose, and what the hub makes of
 * it. */
#include "fake_schema.h"
#include "tip_admit.h"
#include "tip_test.h"

enum { OLD = 5, NEW = 9, OFFICE = 25, GUEST = 26 };

static int setup(void **state)
{
    static struct tip_lineage lineage;

    tip_lineage_init(&lineage);
    *state = &lineage;
    return 0;
}

static int teardown(void **state)
{
    tip_lineage_deinit(*state);
    return 0;
}

static enum tip_err add(struct tip_lineage *lineage, uint32_t origin,
                        uint32_t continues, uint64_t up_to)
{
    const struct tip_descent descent = {
        .origin = origin, .continues = continues, .up_to = up_to};

    return tip_lineage_add(lineage, &descent);
}

static void test_an_origin_follows_itself(void **state)
{
    assert_true(tip_lineage_has_past(*state, 5, 8, 5, 7));
    assert_false(tip_lineage_has_past(*state, 5, 8, 5, 8));
    assert_false(tip_lineage_has_past(*state, 5, 8, 6, 1));
    assert_true(tip_lineage_has_past(NULL, 5, 8, 5, 7));
    assert_false(tip_lineage_has_past(NULL, 5, 8, 6, 1));
}

static void test_what_it_goes_on_from_is_its_past_up_to_there(void **state)
{
    assert_int_equal(add(*state, 9, 5, 7), TIP_OK);
    assert_true(tip_lineage_has_past(*state, 9, 12, 5, 7));
    assert_false(tip_lineage_has_past(*state, 9, 12, 5, 8));
    assert_false(tip_lineage_has_past(*state, 5, 12, 9, 7));
    assert_false(tip_lineage_has_past(*state, 9, 12, 6, 1));
}

/* 5 -> 9 from 7, 9 -> 11 from 20; and 5 -> 10 from 3, another copy. */
static void test_so_is_what_that_one_goes_on_from(void **state)
{
    assert_int_equal(add(*state, 11, 9, 20), TIP_OK);
    assert_int_equal(add(*state, 9, 5, 7), TIP_OK);
    assert_int_equal(add(*state, 10, 5, 3), TIP_OK);
    assert_true(tip_lineage_has_past(*state, 11, 30, 5, 7));
    assert_false(tip_lineage_has_past(*state, 11, 30, 5, 8));
    assert_true(tip_lineage_has_past(*state, 11, 30, 9, 20));
    assert_false(tip_lineage_has_past(*state, 11, 30, 9, 21));
    assert_false(tip_lineage_has_past(*state, 11, 30, 10, 1));
    assert_false(tip_lineage_has_past(*state, 10, 30, 5, 4));
    assert_false(tip_lineage_has_past(*state, 10, 30, 9, 1));
}

/* 5 -> 9 from 7; 9 -> 11 by a copy older than both, which has 3 of 5. */
static void
test_an_older_copy_has_less_of_the_first_than_the_later(void **state)
{
    assert_int_equal(add(*state, 9, 5, 7), TIP_OK);
    assert_int_equal(add(*state, 11, 9, 3), TIP_OK);
    assert_true(tip_lineage_has_past(*state, 11, 30, 5, 3));
    assert_false(tip_lineage_has_past(*state, 11, 30, 5, 4));
    assert_false(tip_lineage_has_past(*state, 11, 30, 9, 8));
}

static void test_what_is_known_is_never_contradicted(void **state)
{
    assert_int_equal(add(*state, 9, 5, 7), TIP_OK);
    assert_int_equal(add(*state, 9, 5, 7), TIP_OK);
    assert_int_equal(add(*state, 9, 5, 8), TIP_EDIVERGED);
    assert_int_equal(add(*state, 9, 4, 7), TIP_EDIVERGED);
    assert_false(tip_lineage_has_past(*state, 9, 12, 5, 8));
}

static void test_nobody_goes_on_from_a_later_one(void **state)
{
    assert_int_equal(add(*state, 5, 9, 7), TIP_EDIVERGED);
    assert_int_equal(add(*state, 5, 5, 7), TIP_EDIVERGED);
    assert_int_equal(add(*state, 5, 0, 7), TIP_EDIVERGED);
    assert_false(tip_lineage_has_past(*state, 5, 8, 9, 1));
}

static void test_there_may_be_many(void **state)
{
    for (uint32_t i = 200; i > 1; i--) {
        assert_int_equal(add(*state, i, i - 1, i), TIP_OK);
    }
    assert_true(tip_lineage_has_past(*state, 200, 500, 1, 2));
    assert_false(tip_lineage_has_past(*state, 200, 500, 1, 3));
}

/* What OLD wrote as change-set 9, or NEW as 12, at commit 12: GUEST is in the
 * record, or (@out) is not. */
static struct tip_record record_of(const struct tip_lineage *lineage,
                                   struct tip_write *write, uint32_t origin,
                                   bool out)
{
    static struct tip_sibling siblings[2];
    struct tip_record record = {.type = FAKE_TYPE,
                                .maker = OFFICE,
                                .birth_commit = 12,
                                .writes = write,
                                .write_count = 1,
                                .siblings = siblings,
                                .sibling_count = 2,
                                .lineage = lineage};

    *write = (struct tip_write){
        .origin = origin, .seq = origin == OLD ? 9 : 12, .commit = 12};
    siblings[0] = (struct tip_sibling){.field = TIP_FIELD_OFFICES,
                                       .element = OFFICE,
                                       .value = {.kind = TIP_VALUE_MEMBER}};
    siblings[1] = siblings[0];
    siblings[1].element = GUEST;
    siblings[1].value.kind = out ? TIP_VALUE_NONE : TIP_VALUE_MEMBER;
    return record;
}

/* May @origin add GUEST to @record as change-set @seq, at base 10? */
static enum tip_hold adds_guest(const struct tip_record *record,
                                uint32_t origin, uint64_t seq)
{
    const struct tip_schema schema = FAKE_SCHEMA;
    const struct tip_admission admission = {
        .origin = origin, .office = OFFICE, .given = 10};
    const struct tip_change_set set = {
        .origin = origin, .seq = seq, .base = 10};
    const struct tip_change change = {.field = TIP_FIELD_OFFICES,
                                      .element = GUEST,
                                      .value = {.kind = TIP_VALUE_MEMBER}};

    return tip_admit_record(&admission, &set, record, &change, 1, &schema);
}

static void test_own_word_of_before_a_restore_is_no_contradiction(void **state)
{
    struct tip_write write;
    struct tip_record record = record_of(*state, &write, OLD, true);

    assert_int_equal(add(*state, NEW - 1, OLD, 8), TIP_OK);
    assert_int_equal(add(*state, NEW, OLD, 9), TIP_OK);
    assert_int_equal(adds_guest(&record, NEW - 1, 20), TIP_HOLD_OFFICES);
    assert_int_equal(adds_guest(&record, NEW, 20), TIP_HOLD_NONE);
}

static void test_what_precedes_a_restore_comes_before_what_follows(void **state)
{
    struct tip_write write;
    struct tip_record record = record_of(*state, &write, NEW, false);

    assert_int_equal(add(*state, NEW, OLD, 9), TIP_OK);
    assert_int_equal(adds_guest(&record, OLD, 10), TIP_HOLD_NONE);
    assert_int_equal(adds_guest(&record, OLD, 9), TIP_HOLD_ORDER);
    assert_int_equal(adds_guest(&record, NEW, 12), TIP_HOLD_ORDER);
    assert_int_equal(adds_guest(&record, NEW, 13), TIP_HOLD_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Whatever it wrote there, and whoever wrote before it. */
static void test_later_work_is_found_behind_that_of_others(void **state)
{
    static const struct tip_id id = {{1}};
    struct tip_write writes[] = {{.origin = NEW, .seq = 9, .commit = 7},
                                 {.origin = OLD, .seq = 3, .commit = 8}};
    struct tip_sibling sibling = {.field = TIP_FIELD_OFFICES,
                                  .element = OFFICE,
                                  .value = {.kind = TIP_VALUE_MEMBER}};
    const struct tip_change change = {.field = FAKE_LATEST};
    const struct tip_admission admission = {
        .origin = OLD, .office = OFFICE, .given = 10};
    const struct tip_change_set set = {.origin = OLD, .seq = 2, .base = 10};
    const struct tip_schema schema = FAKE_SCHEMA;
    struct tip_record record;

    (void)state;
    tip_record_init(&record, &id, FAKE_TYPE, OFFICE);
    record.writes = writes;
    record.write_count = 1;
    record.siblings = &sibling;
    record.sibling_count = 1;
    assert_int_equal(
        tip_admit_record(&admission, &set, &record, &change, 1, &schema),
        TIP_HOLD_NONE);
    record.write_count++;
    assert_int_equal(
        tip_admit_record(&admission, &set, &record, &change, 1, &schema),
        TIP_HOLD_ORDER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_origin_follows_itself),
        TEST(test_what_it_goes_on_from_is_its_past_up_to_there),
        TEST(test_so_is_what_that_one_goes_on_from),
        TEST(test_an_older_copy_has_less_of_the_first_than_the_later),
        TEST(test_what_is_known_is_never_contradicted),
        TEST(test_nobody_goes_on_from_a_later_one),
        TEST(test_later_work_is_found_behind_that_of_others),
        TEST(test_there_may_be_many),
        TEST(test_own_word_of_before_a_restore_is_no_contradiction),
        TEST(test_what_precedes_a_restore_comes_before_what_follows),
    };

    return cmocka_run_group_tests_name("lineage", tests, NULL, NULL);
}
