/* Rules of a catalogue that loads: what it holds, how it is looked up. */
#include "tip_test.h"

#include "catalogue_fixture.h"

#define TEXT(text) tip_bytes_text(text)

static void assert_text(struct tip_bytes got, const char *expected)
{
    assert_int_equal(got.size, strlen(expected));
    assert_memory_equal(got.data, expected, got.size);
}

static int set_up(void **state)
{
    *state = fixture_catalogue();
    return 0;
}

static int tear_down(void **state)
{
    tip_catalogue_free(*state);
    return 0;
}

static const struct tip_field *field_of(const struct tip_catalogue *catalogue,
                                        const char *type, const char *name)
{
    const struct tip_type *found =
        tip_catalogue_type_named(catalogue, TEXT(type));
    const struct tip_field *field;

    assert_non_null(found);
    field = tip_type_field_named(found, TEXT(name));
    assert_non_null(field);
    return field;
}

static void test_settings_say_which_catalogue_it_is(void **state)
{
    const struct tip_catalogue *catalogue = *state;

    assert_text(catalogue->id, "small");
    assert_int_equal(catalogue->version, 3);
    assert_int_equal(catalogue->language_count, 3);
    assert_int_equal(catalogue->default_language,
                     tip_catalogue_language(catalogue, TEXT("fr")));
}

static void test_types_and_fields_are_found_by_number_and_name(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_type *type = tip_catalogue_type(catalogue, 20);

    assert_ptr_equal(type, tip_catalogue_type_named(catalogue, TEXT("case")));
    assert_int_equal(catalogue->type_count, 2);
    assert_int_equal(type->field_count, 13);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct tip_field *field = &type->fields[i];

        assert_ptr_equal(tip_type_field(type, field->number), field);
        assert_ptr_equal(tip_type_field_named(type, field->name), field);
        assert_ptr_equal(field->type, type);
    }
    assert_text(type->in_order[0]->name, "case_no");
    assert_text(type->in_order[12]->name, "old");
    assert_null(tip_catalogue_type(catalogue, 19));
    assert_null(tip_catalogue_type_named(catalogue, TEXT("cases")));
    assert_null(tip_type_field(type, 15));
    assert_null(tip_type_field_named(type, TEXT("")));
}

static void test_a_field_has_what_its_row_says(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_field *number = field_of(catalogue, "case", "case_no");
    const struct tip_field *opened = field_of(catalogue, "case", "opened");
    const struct tip_field *town = field_of(catalogue, "case", "town");
    const struct tip_field *acts = field_of(catalogue, "case", "acts");
    const struct tip_field *victim = field_of(catalogue, "case", "victim");
    const struct tip_field *story = field_of(catalogue, "case", "story");

    assert_true(number->required && number->indexed && !number->retired);
    assert_int_equal(number->class, TIP_CLASS_FACT);
    assert_int_equal(opened->precision, TIP_DATE_DAY);
    assert_non_null(opened->constraint);
    assert_text(town->section->name, "where");
    assert_ptr_equal(town->within, field_of(catalogue, "case", "wilaya"));
    assert_null(acts->section);
    assert_int_equal(acts->merge, TIP_MERGE_SET);
    assert_int_equal(victim->target->number, 21);
    assert_int_equal(story->class, TIP_CLASS_IDENTITY);
    assert_int_equal(story->merge, TIP_MERGE_REVIEW);
    assert_true(field_of(catalogue, "case", "old")->retired);
}

static void test_codes_are_found_by_number_and_name(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_list *town =
        tip_catalogue_list_named(catalogue, TEXT("town"));
    const struct tip_code *kiffa = tip_list_code(town, 35);

    assert_ptr_equal(kiffa, tip_list_code_named(town, TEXT("Kiffa")));
    assert_text(kiffa->parent->name, "MR03");
    assert_null(tip_list_code(town, 36));
    assert_null(tip_list_code_named(town, TEXT("Kif")));
    assert_text(town->in_order[0]->name, "Nema");
    assert_null(tip_catalogue_list_named(catalogue, TEXT("towns")));
}

static void test_labels_fall_back_from_language_to_language(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_field *opened = field_of(catalogue, "case", "opened");
    size_t ar = tip_catalogue_language(catalogue, TEXT("ar"));
    size_t ff = tip_catalogue_language(catalogue, TEXT("ff"));
    struct tip_label none = {0};

    assert_text(tip_label_text(catalogue, &opened->label, ar, opened->name),
                "تاريخ");
    assert_text(tip_label_text(catalogue, &opened->label, ff, opened->name),
                "Nyalnde");
    assert_int_equal(opened->label.drafts, 1U << ff);
    assert_text(
        tip_label_text(catalogue, &opened->type->label, ff, opened->type->name),
        "Cas");
    assert_text(tip_label_text(catalogue, &none, ff, TEXT("name")), "name");
    assert_int_equal(tip_catalogue_language(catalogue, TEXT("de")),
                     catalogue->default_language);
}

static void test_the_core_asks_for_rules_and_ranks(void **state)
{
    struct tip_catalogue_schema schema;
    struct tip_value withdrawn = {.kind = TIP_VALUE_CODE, .code = 2};
    struct tip_value stranger = {.kind = TIP_VALUE_CODE, .code = 9};
    struct tip_value sealed = {.kind = TIP_VALUE_OPAQUE};
    const struct tip_schema *base = &schema.base;

    tip_catalogue_schema_init(&schema, *state);
    assert_int_equal(base->rule(base, 20, 29), TIP_MERGE_RANKED);
    assert_int_equal(base->rule(base, 20, 24), TIP_MERGE_SET);
    assert_int_equal(base->rule(base, 99, 24), TIP_MERGE_LATEST);
    assert_int_equal(base->rank(base, 20, 29, &withdrawn), 2);
    assert_int_equal(base->rank(base, 20, 29, &stranger), 0);
    assert_int_equal(base->check(base, 20, 29, &withdrawn), TIP_OK);
    assert_int_equal(base->check(base, 20, 29, &stranger), TIP_EVALUE);
    assert_int_equal(base->check(base, 20, 99, &withdrawn), TIP_EUNKNOWN_FIELD);
    assert_int_equal(base->check(base, 99, 29, &withdrawn), TIP_EUNKNOWN_TYPE);
    assert_int_equal(base->check(base, 20, 31, &sealed), TIP_OK);
    assert_int_equal(base->check(base, 20, 31, &withdrawn), TIP_EVALUE);
    assert_int_equal(base->check(base, 20, 16, &sealed), TIP_EVALUE);
}

static void test_indicators_say_what_is_counted(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_indicator *cases = tip_catalogue_indicator(catalogue, 1);
    const struct tip_indicator *paid = tip_catalogue_indicator(catalogue, 2);
    const struct tip_indicator *people = tip_catalogue_indicator(catalogue, 3);
    const struct tip_indicator *share =
        tip_catalogue_indicator_named(catalogue, TEXT("share"));

    assert_int_equal(cases->period, TIP_PERIOD_QUARTER);
    assert_int_equal(cases->dimension_count, 2);
    assert_false(cases->dimensions[1].per_combination);
    assert_int_equal(paid->measure, TIP_MEASURE_SUM);
    assert_non_null(paid->condition);
    assert_text(paid->measured->name, "paid");
    assert_int_equal(people->measure, TIP_MEASURE_DISTINCT);
    assert_true(people->dimensions[0].per_combination);
    assert_text(people->dimensions[1].field->name, "minor");
    assert_null(people->period_field);
    assert_ptr_equal(share->numerator, paid);
    assert_ptr_equal(share->denominator, tip_catalogue_indicator(catalogue, 4));
    assert_null(tip_catalogue_indicator(catalogue, 6));
}

static void test_roles_say_who_reads_what(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_role *officer =
        tip_catalogue_role_named(catalogue, TEXT("officer"));
    const struct tip_role *observer =
        tip_catalogue_role_named(catalogue, TEXT("observer"));
    const struct tip_type *person = tip_catalogue_type(catalogue, 21);

    assert_true(tip_role_reads(officer, person));
    assert_true(officer->identity);
    assert_false(tip_role_reads(observer, person));
    assert_int_equal(observer->scope, TIP_SCOPE_AGGREGATE);
}

static void test_a_pack_is_the_same_in_any_order_and_unpacks(void **state)
{
    static uint8_t memory[2][32 * 1024];
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_catalogue_file swapped[FIXTURE_FILES];
    struct tip_catalogue_file out[TIP_CATALOGUE_FILES_MAX];
    struct tip_buf a;
    struct tip_buf b;
    size_t count = 0;
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;

    (void)state;
    fixture_files(files);
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        swapped[i] = files[FIXTURE_FILES - 1 - i];
    }
    tip_buf_init(&a, memory[0], sizeof memory[0]);
    tip_buf_init(&b, memory[1], sizeof memory[1]);
    assert_int_equal(tip_catalogue_pack(files, FIXTURE_FILES, &a), TIP_OK);
    assert_int_equal(tip_catalogue_pack(swapped, FIXTURE_FILES, &b), TIP_OK);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    assert_int_equal(
        tip_catalogue_unpack(tip_bytes(a.data, a.size), out, &count), TIP_OK);
    assert_int_equal(tip_catalogue_load(out, count, &problems, &catalogue),
                     TIP_OK);
    tip_catalogue_free(catalogue);
}

static void test_no_cut_or_changed_pack_unpacks_to_nonsense(void **state)
{
    static uint8_t memory[32 * 1024];
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_catalogue_file out[TIP_CATALOGUE_FILES_MAX];
    struct tip_buf buf;
    size_t count = 0;

    (void)state;
    fixture_files(files);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_catalogue_pack(files, FIXTURE_FILES, &buf), TIP_OK);
    for (size_t cut = 0; cut < buf.size; cut++) {
        assert_int_equal(
            tip_catalogue_unpack(tip_bytes(memory, cut), out, &count),
            TIP_EMALFORMED);
    }
    files[1].name = files[0].name;
    tip_buf_clear(&buf);
    assert_int_equal(tip_catalogue_pack(files, FIXTURE_FILES, &buf),
                     TIP_EINVAL);
    files[1].name = TEXT("passwd");
    assert_int_equal(tip_catalogue_pack(files, FIXTURE_FILES, &buf),
                     TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_say_which_catalogue_it_is),
        cmocka_unit_test(test_types_and_fields_are_found_by_number_and_name),
        cmocka_unit_test(test_a_field_has_what_its_row_says),
        cmocka_unit_test(test_codes_are_found_by_number_and_name),
        cmocka_unit_test(test_labels_fall_back_from_language_to_language),
        cmocka_unit_test(test_the_core_asks_for_rules_and_ranks),
        cmocka_unit_test(test_indicators_say_what_is_counted),
        cmocka_unit_test(test_roles_say_who_reads_what),
        cmocka_unit_test(test_a_pack_is_the_same_in_any_order_and_unpacks),
        cmocka_unit_test(test_no_cut_or_changed_pack_unpacks_to_nonsense),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
