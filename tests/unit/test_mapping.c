/* Rules of mappings: another program's rows become values of ours. */
#include "tip_test.h"

#include "catalogue_fixture.h"
#include "tip_field_text.h"
#include "tip_mapping.h"

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

static const char map_text[] = "type,source,field,separator,format,from,to\n"
                               "case,No,case_no,,,,\n"
                               ",Date,opened,,dmy,,\n"
                               ",Region,wilaya,,,Assaba,MR03\n"
                               ",Region,wilaya,,,*,MR01\n"
                               ",Acts,acts,|,,Moved away,move\n"
                               ",Acts,acts,,,nothing,\n"
                               ",Recruited,acts,,,1,recruit\n"
                               ",Recruited,acts,,,0,\n"
                               ",,minor,,,,unknown\n";

static struct tip_mapping *load(const struct tip_catalogue *catalogue,
                                const char *text)
{
    struct tip_problems problems = {0};
    struct tip_mapping *mapping = NULL;
    enum tip_err err = tip_mapping_load(
        catalogue, "map.csv", tip_bytes_text(text), &problems, &mapping);

    fixture_print(&problems);
    assert_int_equal(err, TIP_OK);
    return mapping;
}

enum { COLUMNS = 6 };

static const char *const header[COLUMNS] = {"Acts",   "Recruited", "Date",
                                            "Region", "No",        "Remark"};

static void bind(struct tip_mapping *mapping)
{
    struct tip_problems problems = {0};
    struct tip_bytes cells[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        cells[i] = tip_bytes_text(header[i]);
    }
    assert_int_equal(tip_mapping_bind(mapping, cells, COLUMNS,
                                      (struct tip_place){.file = "in.csv"},
                                      &problems),
                     TIP_OK);
}

/* Apply the mapping to @row and write the entries as text, or the faults. */
static void assert_row(const struct tip_catalogue *catalogue,
                       const struct tip_mapping *mapping,
                       const char *const *row, const char *expected)
{
    static struct tip_entry entries[TIP_MAPPING_ENTRIES_MAX];
    struct tip_problems problems = {0};
    struct tip_place place = {.file = "in.csv", .row = 7};
    struct tip_bytes cells[COLUMNS];
    char text[512] = "";
    struct tip_buf buf;
    size_t count = 0;

    for (size_t i = 0; i < COLUMNS; i++) {
        cells[i] = tip_bytes_text(row[i]);
    }
    tip_buf_init(&buf, text, sizeof text - 1);
    if (tip_mapping_apply(mapping, cells, COLUMNS, place, &problems, entries,
                          &count) != TIP_OK) {
        for (size_t i = 0; i < problems.count; i++) {
            tip_problem_format(&problems.kept[i], &buf);
            tip_buf_put_u8(&buf, '\n');
        }
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t code = entries[i].element;

        tip_buf_put(&buf, entries[i].field->name);
        tip_buf_put_u8(&buf, '=');
        if (code != 0) {
            tip_field_format_set(entries[i].field, &code, 1, &buf);
        }
        tip_field_format(catalogue, entries[i].field, &entries[i].value, &buf);
        tip_buf_put_u8(&buf, ' ');
    }
    assert_string_equal(text, expected);
}

static void test_a_row_becomes_values_by_the_mapping(void **state)
{
    struct tip_mapping *mapping = load(*state, map_text);
    const char *const full[] = {"Moved away|recruit", "1",   "23/1/2026",
                                " Assaba ",           "A-1", "x"};
    const char *const sparse[] = {"nothing", "0", "", "elsewhere", "", ""};
    const char *const dots[] = {"", "", "05.11.2026", "", "", ""};

    assert_int_equal(tip_mapping_type(mapping)->number, 20);
    bind(mapping);
    assert_row(*state, mapping, full,
               "case_no=A-1 opened=2026-01-23 wilaya=MR03 acts=move "
               "acts=recruit minor=unknown ");
    assert_row(*state, mapping, sparse, "wilaya=MR01 minor=unknown ");
    assert_row(*state, mapping, dots, "opened=2026-11-05 minor=unknown ");
    tip_mapping_free(mapping);
}

static void test_what_cannot_be_read_is_told_without_repeating_it(void **state)
{
    struct tip_mapping *mapping = load(*state, map_text);
    const char *const bad[] = {"walk", "2", "31/2/2026", "", "A\tB", ""};

    bind(mapping);
    assert_row(*state, mapping, bad,
               "in.csv, row 7, column No: this is not UTF-8 text, or has "
               "control characters.\n"
               "in.csv, row 7, column Date: write a date that exists, as "
               "2026-11-23, 2026-11 or 2026.\n"
               "in.csv, row 7, column Acts: the list has no such code.\n"
               "in.csv, row 7, column Recruited: the list has no such code.\n");
    tip_mapping_free(mapping);
}

static void test_a_column_that_is_missing_is_named(void **state)
{
    struct tip_mapping *mapping = load(*state, map_text);
    struct tip_problems problems = {0};
    struct tip_bytes cells[] = {tip_bytes_text("No"), tip_bytes_text("Date")};

    assert_int_equal(
        tip_mapping_bind(mapping, cells, 2,
                         (struct tip_place){.file = "in.csv", .row = 1},
                         &problems),
        TIP_EMAPPING);
    assert_int_equal(problems.count, 3);
    assert_string_equal(problems.kept[0].column, "Region");
    tip_mapping_free(mapping);
}

struct spoilt {
    const char *from;
    const char *to;
    const char *column;
    size_t row;
};

static const struct spoilt cases[] = {
    {"case,No", "cases,No", "type", 2},
    {",Date,opened", "person,Date,opened", "type", 3},
    {"opened,,dmy", "openned,,dmy", "field", 3},
    {"opened,,dmy", "opened,,ymd", "format", 3},
    {"opened,,dmy", "opened,/,dmy", "separator", 3},
    {"case_no,,,", "case_no,,dmy,", "format", 2},
    {",Date,opened,,dmy", ",Date,case_no,,", "field", 3},
    {",Date,opened,,dmy", ",Date,age_group,,", "field", 3},
    {"Assaba,MR03", "Assaba,MR04", "to", 4},
    {"Moved away,move", "Moved away,moved", "to", 6},
    {",,,unknown", ",,,", "to", 10},
    {"Assaba,MR03", ",MR03", "from", 4},
    {"separator", "seperator", "seperator", 1},
};

static void test_faults_of_a_mapping_name_row_and_column(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = fixture_replace(map_text, cases[i].from, cases[i].to);
        struct tip_problems problems = {0};
        struct tip_mapping *mapping = NULL;

        assert_int_equal(tip_mapping_load(*state, "map.csv",
                                          tip_bytes_text(text), &problems,
                                          &mapping),
                         TIP_EMAPPING);
        if (problems.kept[0].row != cases[i].row ||
            strcmp(problems.kept[0].column, cases[i].column) != 0) {
            fixture_print(&problems);
            fail_msg("\"%s\" for \"%s\"", cases[i].to, cases[i].from);
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_becomes_values_by_the_mapping),
        cmocka_unit_test(test_what_cannot_be_read_is_told_without_repeating_it),
        cmocka_unit_test(test_a_column_that_is_missing_is_named),
        cmocka_unit_test(test_faults_of_a_mapping_name_row_and_column),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
