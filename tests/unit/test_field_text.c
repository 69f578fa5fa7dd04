/* Rules of values as text, and of what a record must hold. */
#include "tip_test.h"

#include "catalogue_fixture.h"
#include "fake_values.h"
#include "tip_check.h"

enum { TODAY = 20780 }; /* 2026-11-23 */

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

static const struct tip_field *case_field(const struct tip_catalogue *catalogue,
                                          const char *name)
{
    const struct tip_field *field = tip_type_field_named(
        tip_catalogue_type(catalogue, 20), tip_bytes_text(name));

    assert_non_null(field);
    return field;
}

struct written {
    const char *field;
    const char *text;
    const char *back; /* NULL: the same. */
};

static const struct written good[] = {
    {"case_no", "MR05-2026-00042", NULL},
    {"case_no", "لعصابة\nالحوض", NULL},
    {"opened", "2026-11-23", NULL},
    {"opened", "2024-02-29", NULL},
    {"wilaya", "MR03", NULL},
    {"minor", "unknown", NULL},
    {"age", "-9223372036854775808", NULL},
    {"age", "9223372036854775807", NULL},
    {"age", "007", "7"},
    {"paid", "1500 MRU", "1500.00 MRU"},
    {"paid", "1500.5 MRU", "1500.50 MRU"},
    {"paid", "-0.05 USD", "-0.05 USD"},
    {"paid", "92233720368547758.07 MRU", NULL},
    {"victim", "01890A5D-AC96-774B-BCCE-B302099A8057",
     "01890a5d-ac96-774b-bcce-b302099a8057"},
    {"story", "", NULL},
};

static void test_values_are_read_and_written_back(void **state)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const struct tip_field *field = case_field(*state, good[i].field);
        struct tip_value value = {0};
        char text[64] = "";
        struct tip_buf buf;

        assert_int_equal(tip_field_parse(*state, field,
                                         tip_bytes_text(good[i].text), &value),
                         TIP_RULE_KEPT);
        tip_buf_init(&buf, text, sizeof text - 1);
        tip_field_format(*state, field, &value, &buf);
        assert_string_equal(text,
                            good[i].back == NULL ? good[i].text : good[i].back);
    }
}

struct wrong {
    const char *field;
    const char *text;
    enum tip_rule rule;
};

static const struct wrong bad[] = {
    {"case_no", "N\xe9ma", TIP_RULE_TEXT},
    {"case_no", "a\tb", TIP_RULE_TEXT},
    {"opened", "2026", TIP_RULE_PRECISION},
    {"opened", "2026-11", TIP_RULE_PRECISION},
    {"opened", "2026-02-29", TIP_RULE_DATE},
    {"opened", "2026-13-01", TIP_RULE_DATE},
    {"opened", "2026-1-1", TIP_RULE_DATE},
    {"opened", "23/11/2026", TIP_RULE_DATE},
    {"opened", "1026-11-23", TIP_RULE_DATE},
    {"opened", "2026-11-23 ", TIP_RULE_DATE},
    {"wilaya", "MR99", TIP_RULE_CODE},
    {"wilaya", "mr03", TIP_RULE_CODE},
    {"minor", "Yes", TIP_RULE_ANSWER},
    {"minor", "1", TIP_RULE_ANSWER},
    {"age", "12.5", TIP_RULE_INTEGER},
    {"age", "12 ans", TIP_RULE_INTEGER},
    {"age", "-", TIP_RULE_INTEGER},
    {"age", "9223372036854775808", TIP_RULE_INTEGER},
    {"paid", "1500", TIP_RULE_AMOUNT},
    {"paid", "MRU 1500", TIP_RULE_AMOUNT},
    {"paid", "1.505 MRU", TIP_RULE_AMOUNT},
    {"paid", "1,500 MRU", TIP_RULE_AMOUNT},
    {"paid", "1. MRU", TIP_RULE_AMOUNT},
    {"paid", "15 MRU now", TIP_RULE_AMOUNT},
    {"paid", "15 EUR", TIP_RULE_CURRENCY},
    {"paid", "92233720368547758.08 MRU", TIP_RULE_AMOUNT},
    {"victim", "12", TIP_RULE_REFERENCE},
    {"victim", "00000000-0000-0000-0000-000000000000", TIP_RULE_REFERENCE},
    {"acts", "move", TIP_RULE_KIND},
};

static void test_what_cannot_be_read_names_its_rule(void **state)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tip_value value = {.kind = TIP_VALUE_MEMBER};
        enum tip_rule rule =
            tip_field_parse(*state, case_field(*state, bad[i].field),
                            tip_bytes_text(bad[i].text), &value);

        if (rule != bad[i].rule) {
            fail_msg("%s: %s", bad[i].text, tip_rule_text(rule));
        }
        assert_int_equal(value.kind, TIP_VALUE_MEMBER);
    }
}

static void test_sets_are_read_once_each_in_order_of_number(void **state)
{
    const struct tip_field *acts = case_field(*state, "acts");
    uint32_t codes[TIP_FIELD_ELEMENTS_MAX];
    size_t count = 0;
    char text[64] = "";
    struct tip_buf buf;

    assert_int_equal(
        tip_field_parse_set(acts, tip_bytes_text("sell; move recruit;move"),
                            codes, &count),
        TIP_RULE_KEPT);
    tip_buf_init(&buf, text, sizeof text - 1);
    tip_field_format_set(acts, codes, count, &buf);
    assert_string_equal(text, "recruit;move;sell");
    assert_int_equal(
        tip_field_parse_set(acts, tip_bytes_text("move steal"), codes, &count),
        TIP_RULE_CODE);
    assert_int_equal(
        tip_field_parse_set(acts, tip_bytes_text(" ; "), codes, &count),
        TIP_RULE_KEPT);
    assert_int_equal(count, 0);
}

static void test_codes_of_a_newer_catalogue_are_shown_by_number(void **state)
{
    const struct tip_field *wilaya = case_field(*state, "wilaya");
    struct tip_value value = {.kind = TIP_VALUE_CODE, .code = 99};
    char text[64] = "";
    struct tip_buf buf;

    tip_buf_init(&buf, text, sizeof text - 1);
    tip_field_format(*state, wilaya, &value, &buf);
    assert_string_equal(text, "#99");
}

static void test_entering_is_stricter_than_storing(void **state)
{
    struct tip_value text = {.kind = TIP_VALUE_TEXT,
                             .bytes = tip_bytes_text("x")};
    struct tip_value sell = {.kind = TIP_VALUE_CODE, .code = 3};
    struct tip_value child = {.kind = TIP_VALUE_CODE, .code = 1};
    struct tip_value none = {.kind = TIP_VALUE_NONE};
    struct tip_value sealed = {.kind = TIP_VALUE_OPAQUE};
    const struct tip_field *story = case_field(*state, "story");

    assert_int_equal(tip_check_entered(case_field(*state, "acts"), &sell),
                     TIP_RULE_RETIRED);
    assert_int_equal(tip_check_entered(case_field(*state, "age_group"), &child),
                     TIP_RULE_CALCULATED);
    assert_int_equal(tip_check_stored(case_field(*state, "age_group"), &child),
                     TIP_RULE_KEPT);
    assert_int_equal(tip_check_entered(case_field(*state, "old"), &text),
                     TIP_RULE_FIELD_RETIRED);
    assert_int_equal(tip_check_stored(case_field(*state, "old"), &text),
                     TIP_RULE_KEPT);
    assert_int_equal(tip_check_entered(story, &text), TIP_RULE_KEPT);
    assert_int_equal(tip_check_stored(story, &text), TIP_RULE_KIND);
    assert_int_equal(tip_check_stored(story, &sealed), TIP_RULE_KEPT);
    assert_int_equal(tip_check_entered(story, &none), TIP_RULE_KEPT);
}

/* The breaches of a record as sentences, one per line. */
static void assert_breaches(const struct tip_catalogue *catalogue,
                            const char *record, const char *expected)
{
    const struct tip_type *type = tip_catalogue_type(catalogue, 20);
    struct fake_values values;
    struct tip_breach breaches[16];
    char text[1024] = "";
    struct tip_buf buf;
    size_t count;

    fake_values_init(&values, catalogue, type, record);
    count = tip_check_record(type, &values.base, TODAY, breaches, 16);
    tip_buf_init(&buf, text, sizeof text - 1);
    for (size_t i = 0; i < count; i++) {
        tip_breach_format(catalogue, &breaches[i], catalogue->default_language,
                          &buf);
        tip_buf_put_u8(&buf, '\n');
    }
    assert_string_equal(text, expected);
}

static void test_a_record_is_told_each_rule_it_breaks(void **state)
{
    assert_breaches(*state, "case_no=A|opened=2026-11-23", "");
    assert_breaches(*state, "",
                    "Numéro: this must be filled in.\n"
                    "Ouvert le: this must be filled in.\n");
    assert_breaches(*state, "case_no=12345678901|opened=2026-11-24",
                    "Numéro: Dix caractères au plus\n"
                    "Ouvert le: this value is not allowed here.\n");
    assert_breaches(*state, "case_no=A|opened=2026-11-23|age=12",
                    "Âge: this does not apply here: leave it empty.\n");
    assert_breaches(*state, "case_no=A|opened=2026-11-23|minor=yes|age=120",
                    "Âge: this value is not allowed here.\n");
    assert_breaches(*state, "case_no=A|opened=2026-11-23|wilaya=MR03|town=Nema",
                    "Ville: this does not belong to what was chosen above "
                    "it.\n");
    assert_breaches(*state, "case_no=A|opened=2026-11-23|wilaya=MR01|town=Nema",
                    "");
    assert_breaches(*state,
                    "case_no=A|opened=2026-11-23|minor=yes|age=(sealed)", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_read_and_written_back),
        cmocka_unit_test(test_what_cannot_be_read_names_its_rule),
        cmocka_unit_test(test_sets_are_read_once_each_in_order_of_number),
        cmocka_unit_test(test_codes_of_a_newer_catalogue_are_shown_by_number),
        cmocka_unit_test(test_entering_is_stricter_than_storing),
        cmocka_unit_test(test_a_record_is_told_each_rule_it_breaks),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
