/* Rules of change-sets: which are well formed. */
#include "tip_change.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_is_named_by_id_or_by_birth),
        cmocka_unit_test(test_only_the_hub_names_a_record_both_ways),
        cmocka_unit_test(test_a_record_without_a_name_is_refused),
        cmocka_unit_test(test_an_id_comes_with_its_type_and_a_birth_without),
        cmocka_unit_test(test_a_record_stands_once),
    };

    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
