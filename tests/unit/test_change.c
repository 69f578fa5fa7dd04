/* Rules of change-sets and frames: which are well formed, and where they stand.
 */
#include "fake_schema.h"
#include "tip_change.h"
#include "tip_frame.h"
#include "tip_test.h"

static const struct tip_id some_id = {{1}};

static struct tip_change change;
static struct tip_record_ref refs[2];

static struct tip_change_set usual_set(void)
{
    change =
        (struct tip_change){.field = 20, .value = {.kind = TIP_VALUE_NONE}};
    refs[0] = (struct tip_record_ref){.birth_commit = 7};
    refs[1] = (struct tip_record_ref){.id = some_id, .type = 17};
    return (struct tip_change_set){.origin = 1,
                                   .seq = 1,
                                   .author = tip_bytes_text("a"),
                                   .records = refs,
                                   .record_count = 2,
                                   .changes = &change,
                                   .change_count = 1};
}

static void test_a_record_is_named_by_id_or_by_birth(void **state)
{
    struct tip_change_set set = usual_set();

    (void)state;
    assert_int_equal(tip_change_set_check(&set), TIP_OK);
    assert_int_equal(tip_change_part_check(&set), TIP_OK);
}

static void test_only_the_hub_names_a_record_both_ways(void **state)
{
    struct tip_change_set set = usual_set();

    (void)state;
    refs[1].birth_commit = 8;
    assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
    assert_int_equal(tip_change_part_check(&set), TIP_OK);
}

static void test_a_record_without_a_name_is_refused(void **state)
{
    struct tip_change_set set = usual_set();

    (void)state;
    refs[0].birth_commit = 0;
    assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
    assert_int_equal(tip_change_part_check(&set), TIP_EMALFORMED);
}

static void test_an_id_comes_with_its_type_and_a_birth_without(void **state)
{
    struct tip_change_set set = usual_set();

    (void)state;
    refs[1].type = 0;
    assert_int_equal(tip_change_part_check(&set), TIP_EMALFORMED);
    refs[1].type = 17;
    refs[0].type = 17;
    assert_int_equal(tip_change_part_check(&set), TIP_EMALFORMED);
}

static void test_a_record_stands_once(void **state)
{
    struct tip_change_set set = usual_set();

    (void)state;
    refs[1] = refs[0];
    assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
}

/* Wherever the two stand, among others that differ in one part of their name.
 */
static void test_a_record_that_stands_twice_is_found_anywhere(void **state)
{
    enum { COUNT = 60 };
    static struct tip_record_ref many[COUNT];
    struct tip_change_set set = usual_set();

    (void)state;
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t place = i * 7 % COUNT; /* In no order. */

        many[i] = (struct tip_record_ref){.birth_commit = 1 + place / 10,
                                          .birth_index = place % 10};
    }
    set.records = many;
    set.record_count = COUNT;
    assert_int_equal(tip_change_set_check(&set), TIP_OK);
    for (size_t i = 1; i < COUNT; i++) {
        struct tip_record_ref kept = many[i];

        many[i] = many[i * 11 % (COUNT - 1) == i ? 0 : i * 11 % (COUNT - 1)];
        assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
        many[i] = kept;
    }
}

static void test_a_frame_has_one_place_on_a_chain(void **state)
{
    struct tip_frame_header header = {.first = 11, .count = 5};

    (void)state;
    assert_int_equal(tip_feed_place(10, &header), TIP_FEED_NEXT);
    assert_int_equal(tip_feed_place(9, &header), TIP_FEED_GAP);
    assert_int_equal(tip_feed_place(15, &header), TIP_FEED_DUPLICATE);
    assert_int_equal(tip_feed_place(99, &header), TIP_FEED_DUPLICATE);
    assert_int_equal(tip_feed_place(11, &header), TIP_FEED_FORK);
    assert_int_equal(tip_feed_place(14, &header), TIP_FEED_FORK);
}

/* A change-set that is well formed, to break in one place at a time. */
struct good_set {
    struct tip_record_ref records[2];
    struct tip_change changes[3];
    struct tip_change_set set;
};

static void make_good_set(struct good_set *good)
{
    *good = (struct good_set){
        .records = {{.id = some_id, .type = FAKE_TYPE},
                    {.birth_commit = 4, .birth_index = 2}},
        .changes = {{.record = 0, .field = FAKE_LATEST},
                    {.record = 0, .field = FAKE_SET, .element = 3},
                    {.record = 1, .field = FAKE_LATEST}},
        .set = {.origin = 5,
                .seq = 1,
                .author = tip_bytes_text("clerk"),
                .record_count = 2,
                .change_count = 3}};
    good->set.records = good->records;
    good->set.changes = good->changes;
}

#define ASSERT_REFUSES(breakage)                                           \
    do {                                                                   \
        struct good_set good;                                              \
        make_good_set(&good);                                              \
        breakage;                                                          \
        assert_int_equal(tip_change_set_check(&good.set), TIP_EMALFORMED); \
    } while (0)

static void test_a_change_set_is_refused_for_each_fault(void **state)
{
    struct good_set whole;

    (void)state;
    make_good_set(&whole);
    assert_int_equal(tip_change_set_check(&whole.set), TIP_OK);
    whole.set.author.size = TIP_AUTHOR_BYTES_MAX;
    whole.set.reason.size = TIP_REASON_BYTES_MAX;
    assert_int_equal(tip_change_set_check(&whole.set), TIP_OK);
    ASSERT_REFUSES(good.set.origin = 0);
    ASSERT_REFUSES(good.set.seq = 0);
    ASSERT_REFUSES(good.set.author.size = 0);
    ASSERT_REFUSES(good.set.author.size = TIP_AUTHOR_BYTES_MAX + 1);
    ASSERT_REFUSES(good.set.reason.size = TIP_REASON_BYTES_MAX + 1);
    ASSERT_REFUSES(good.set.record_count = 0);
    ASSERT_REFUSES(good.set.record_count = 1);
    ASSERT_REFUSES(good.records[0].type = 0);
    ASSERT_REFUSES(good.records[1].type = FAKE_TYPE);
    ASSERT_REFUSES(good.records[1].birth_commit = 0);
    ASSERT_REFUSES(good.records[1] = good.records[0]);
    ASSERT_REFUSES(good.changes[0].field = 0);
    ASSERT_REFUSES(good.changes[1].field = FAKE_LATEST - 1);
    ASSERT_REFUSES(good.changes[1] = good.changes[0]);
    ASSERT_REFUSES(good.changes[1].record = 1);
}

static void test_only_what_the_hub_tells_must_write_something(void **state)
{
    struct good_set good;

    (void)state;
    make_good_set(&good);
    good.set.change_count = 0;
    assert_int_equal(tip_change_set_check(&good.set), TIP_OK);
    assert_int_equal(tip_change_part_check(&good.set), TIP_EMALFORMED);
}

/* A device and the hub were put back: does somebody else have what it wrote, or
 * another change-set under its number? */
static void test_a_part_is_known_again_by_what_it_says(void **state)
{
    struct good_set whole, part;

    (void)state;
    make_good_set(&whole);
    make_good_set(&part);
    assert_true(tip_change_set_may_hold(&whole.set, &part.set));
    part.changes[1].element += 100; /* All but one may be the same. */
    assert_false(tip_change_set_may_hold(&whole.set, &part.set));
    make_good_set(&part);
    part.set.base = whole.set.base + 1; /* Accepted with another. */
    part.set.changes = &part.changes[1];
    part.set.change_count = 1;
    assert_true(tip_change_set_may_hold(&whole.set, &part.set));
    part.changes[1].field++;
    assert_false(tip_change_set_may_hold(&whole.set, &part.set));
    part.set.change_count = 0; /* Erased. */
    assert_true(tip_change_set_may_hold(&whole.set, &part.set));
    part.set.stamp.packed++;
    assert_false(tip_change_set_may_hold(&whole.set, &part.set));
    part.set.stamp = whole.set.stamp;
    part.set.author = tip_bytes_text("somebody else");
    assert_false(tip_change_set_may_hold(&whole.set, &part.set));
}

static void test_a_set_writes_to_so_many_records_and_no_more(void **state)
{
    static struct tip_record_ref many[TIP_CHANGE_SET_RECORDS_MAX + 1];
    struct tip_change_set set = usual_set();

    (void)state;
    for (uint32_t i = 0; i <= TIP_CHANGE_SET_RECORDS_MAX; i++) {
        many[i] = (struct tip_record_ref){.birth_commit = 1 + i};
    }
    set.records = many;
    set.record_count = TIP_CHANGE_SET_RECORDS_MAX;
    assert_int_equal(tip_change_set_check(&set), TIP_OK);
    set.record_count++;
    assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
}

static void test_a_set_has_so_many_changes_and_no_more(void **state)
{
    static struct tip_change many[TIP_CHANGE_SET_CHANGES_MAX + 1];
    struct tip_change_set set = usual_set();

    (void)state;
    for (uint32_t i = 0; i <= TIP_CHANGE_SET_CHANGES_MAX; i++) {
        many[i] = (struct tip_change){.field = 20, .element = i};
    }
    set.changes = many;
    set.change_count = TIP_CHANGE_SET_CHANGES_MAX;
    assert_int_equal(tip_change_set_check(&set), TIP_OK);
    set.change_count++;
    assert_int_equal(tip_change_set_check(&set), TIP_EMALFORMED);
}

/* Of several records any may be the one of which nothing is left. */
static void
test_a_set_with_an_erased_record_may_have_held_anything(void **state)
{
    struct good_set whole, part;

    (void)state;
    make_good_set(&part);
    part.changes[0].element += 100;
    for (size_t erased = 0; erased < 2; erased++) {
        make_good_set(&whole);
        assert_false(tip_change_set_may_hold(&whole.set, &part.set));
        whole.set.changes += erased == 0 ? 2 : 0;
        whole.set.change_count = erased == 0 ? 1 : 2;
        assert_true(tip_change_set_may_hold(&whole.set, &part.set));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_is_named_by_id_or_by_birth),
        cmocka_unit_test(test_only_the_hub_names_a_record_both_ways),
        cmocka_unit_test(test_a_record_without_a_name_is_refused),
        cmocka_unit_test(test_an_id_comes_with_its_type_and_a_birth_without),
        cmocka_unit_test(test_a_record_stands_once),
        cmocka_unit_test(test_a_frame_has_one_place_on_a_chain),
        cmocka_unit_test(test_a_change_set_is_refused_for_each_fault),
        cmocka_unit_test(test_only_what_the_hub_tells_must_write_something),
        cmocka_unit_test(test_a_record_that_stands_twice_is_found_anywhere),
        cmocka_unit_test(
            test_a_set_with_an_erased_record_may_have_held_anything),
        cmocka_unit_test(test_a_set_writes_to_so_many_records_and_no_more),
        cmocka_unit_test(test_a_set_has_so_many_changes_and_no_more),
        cmocka_unit_test(test_a_part_is_known_again_by_what_it_says),
    };

    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
