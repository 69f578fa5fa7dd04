/* Rules of conditions: what they mean, and what does not compile. */
#include "tip_test.h"

#include "catalogue_fixture.h"
#include "fake_values.h"
#include "tip_condition.h"
#include "tip_date.h"

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

static enum tip_err compile(const struct tip_catalogue *catalogue,
                            struct tip_arena *arena, const char *text,
                            const char *result, bool facts_only,
                            const struct tip_condition **out_condition,
                            struct tip_condition_fault *fault)
{
    const struct tip_type *type = tip_catalogue_type(catalogue, 20);
    struct tip_condition_scope scope = {
        .catalogue = catalogue,
        .type = type,
        .self = tip_type_field_named(type, tip_bytes_text("age")),
        .result = result == NULL
                      ? NULL
                      : tip_type_field_named(type, tip_bytes_text(result)),
        .facts_only = facts_only};

    return tip_condition_compile(arena, tip_bytes_text(text), &scope,
                                 out_condition, fault);
}

struct meaning {
    const char *condition;
    const char *values;
    enum tip_truth truth;
};

static const struct meaning meanings[] = {
    /* Kleene. */
    {"true() and not(false())", "", TIP_TRUE},
    {"${minor} = 'yes' and false()", "", TIP_FALSE},
    {"${minor} = 'yes' or true()", "", TIP_TRUE},
    {"${minor} = 'yes' or false()", "", TIP_UNKNOWN},
    {"not(${minor} = 'yes')", "", TIP_UNKNOWN},
    {"false() or true() and false()", "", TIP_FALSE},
    {"(true() or false()) and false()", "", TIP_FALSE},
    /* Answers. */
    {"${minor} = 'yes'", "minor=yes", TIP_TRUE},
    {"${minor} = 'yes'", "minor=no", TIP_FALSE},
    {"${minor} = 'yes'", "minor=unknown", TIP_UNKNOWN},
    {"${minor} = 'no'", "minor=refused", TIP_UNKNOWN},
    {"${minor} != 'no'", "minor=unknown", TIP_UNKNOWN},
    {"${minor} = 'unknown'", "minor=unknown", TIP_TRUE},
    {"${minor} = 'unknown'", "minor=yes", TIP_FALSE},
    {"${minor} = 'refused'", "minor=unknown", TIP_FALSE},
    /* Blank. */
    {"${minor} = ''", "", TIP_TRUE},
    {"${minor} != ''", "", TIP_FALSE},
    {"${minor} != ''", "minor=refused", TIP_TRUE},
    {"${acts} = ''", "", TIP_TRUE},
    {"${acts} = ''", "acts=move", TIP_FALSE},
    {"${story} = ''", "story=(sealed)", TIP_FALSE},
    {"${story} = 'x'", "story=(sealed)", TIP_UNKNOWN},
    /* Codes and sets. */
    {"${wilaya} = 'MR03'", "wilaya=MR03", TIP_TRUE},
    {"'MR03' = ${wilaya}", "wilaya=MR01", TIP_FALSE},
    {"${wilaya} != 'MR03'", "wilaya=MR01", TIP_TRUE},
    {"${wilaya} = 'MR03'", "", TIP_UNKNOWN},
    {"selected(${acts}, 'move')", "acts=move recruit", TIP_TRUE},
    {"selected(${acts}, 'sell')", "acts=move recruit", TIP_FALSE},
    {"selected(${acts}, 'sell')", "", TIP_UNKNOWN},
    {"selected(${wilaya}, 'MR01')", "wilaya=MR01", TIP_TRUE},
    {"count-selected(${acts}) = 2", "acts=move;recruit", TIP_TRUE},
    {"count-selected(${acts}) = 0", "", TIP_TRUE},
    /* Numbers. */
    {"${age} + 2 * 3 = 18", "age=12", TIP_TRUE},
    {"(${age} + 2) * 3 = 42", "age=12", TIP_TRUE},
    {"${age} div 5 = 2 and ${age} mod 5 = 2", "age=12", TIP_TRUE},
    {"-${age} - -2 = -10", "age=12", TIP_TRUE},
    {"10 - 3 - 2 = 5", "", TIP_TRUE},
    {"${age} div 0 = 1", "age=12", TIP_UNKNOWN},
    {"9223372036854775807 + ${age} > 0", "age=12", TIP_UNKNOWN},
    {"${age} < 18", "", TIP_UNKNOWN},
    {". >= 0 and . < 120", "age=12", TIP_TRUE},
    /* Dates. */
    {"${opened} <= today()", "opened=2026-11-23", TIP_TRUE},
    {"${opened} < today()", "opened=2026-11-23", TIP_FALSE},
    {"${opened} = '2026-11-23'", "opened=2026-11-23", TIP_TRUE},
    {"${opened} > date('2026-10')", "opened=2026-11-23", TIP_TRUE},
    {"${opened} > date('2026-11')", "opened=2026-11-23", TIP_UNKNOWN},
    {"${opened} < date('2026')", "opened=2026-11-23", TIP_UNKNOWN},
    {"${opened} != date('2025')", "opened=2026-11-23", TIP_TRUE},
    {"date('2026') = date('2026')", "", TIP_TRUE},
    {"date('2026') >= date('2027-01-01')", "", TIP_FALSE},
    {"today() - ${opened} = 22", "opened=2026-11-01", TIP_TRUE},
    {"${opened} + 30 > today()", "opened=2026-11-01", TIP_TRUE},
    {"date('2026') + 1 > today()", "", TIP_UNKNOWN},
    /* Amounts. */
    {"${paid} > 1500", "paid=1500.01 MRU", TIP_TRUE},
    {"${paid} > 1500", "paid=1500 USD", TIP_FALSE},
    {"${paid} * 2 = 3000", "paid=1500 MRU", TIP_TRUE},
    {"${paid} + ${paid} = 3000", "paid=1500 MRU", TIP_TRUE},
    /* Texts, coalesce, if. */
    {"${case_no} = 'A-1'", "case_no=A-1", TIP_TRUE},
    {"string-length(${case_no}) = 4", "case_no=نعمة", TIP_TRUE},
    {"coalesce(${age}, 99) = 99", "", TIP_TRUE},
    {"coalesce(${age}, 99) = 12", "age=12", TIP_TRUE},
    {"if(${age} < 18, 1, 2) = 1", "age=12", TIP_TRUE},
    {"if(${age} < 18, 1, 2) = 2", "age=18", TIP_TRUE},
    {"if(${age} < 18, 1, 2) = 2", "", TIP_UNKNOWN},
    {"if(${minor} = 'yes', 'MR01', 'MR03') = ${wilaya}",
     "minor=yes|wilaya=MR01", TIP_TRUE},
};

static void test_conditions_mean_what_the_readme_says(void **state)
{
    const struct tip_catalogue *catalogue = *state;

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        const struct tip_condition *condition = NULL;
        struct tip_condition_fault fault = {0};
        struct fake_values values;
        struct tip_arena arena;
        enum tip_truth truth;

        tip_arena_init(&arena, 1 << 16);
        if (compile(catalogue, &arena, meanings[i].condition, NULL, false,
                    &condition, &fault) != TIP_OK) {
            fail_msg("%s: %s", meanings[i].condition, fault.text);
        }
        fake_values_init(&values, catalogue, tip_catalogue_type(catalogue, 20),
                         meanings[i].values);
        truth = tip_condition_test(condition, &values.base, TODAY);
        if (truth != meanings[i].truth) {
            fail_msg("%s with %s is %d", meanings[i].condition,
                     meanings[i].values, (int)truth);
        }
        tip_arena_deinit(&arena);
    }
}

struct calculation {
    const char *text;
    const char *field;
    const char *values;
    const char *result;
};

static const struct calculation calculations[] = {
    {"if(${age} < 18, 'child', 'adult')", "age_group", "age=12", "child"},
    {"if(${age} < 18, 'child', '')", "age_group", "age=20", ""},
    {"if(${age} < 18, 'child', 'adult')", "age_group", "", ""},
    {"${age} < 18", "minor", "age=12", "yes"},
    {"${age} < 18", "minor", "age=18", "no"},
    {"${age} < 18", "minor", "", ""},
    {"coalesce(${minor}, 'unknown')", "minor", "", "unknown"},
    {"${age} * 2", "age", "age=12", "24"},
    {"${opened} + 30", "opened", "opened=2026-11-23", "2026-12-23"},
    {"'2026-01'", "opened", "", "2026-01"},
    {"${paid} div 3", "paid", "paid=10 MRU", "3.33 MRU"},
    {"coalesce(${case_no}, 'none')", "case_no", "", "none"},
};

static void test_calculations_give_values_of_the_field(void **state)
{
    const struct tip_catalogue *catalogue = *state;
    const struct tip_type *type = tip_catalogue_type(catalogue, 20);

    for (size_t i = 0; i < sizeof calculations / sizeof *calculations; i++) {
        const struct calculation *c = &calculations[i];
        const struct tip_field *field =
            tip_type_field_named(type, tip_bytes_text(c->field));
        const struct tip_condition *condition = NULL;
        struct tip_condition_fault fault = {0};
        struct fake_values values;
        struct tip_arena arena;
        struct tip_value value;
        char text[64] = "";
        struct tip_buf buf;

        tip_arena_init(&arena, 1 << 16);
        assert_int_equal(compile(catalogue, &arena, c->text, c->field, false,
                                 &condition, &fault),
                         TIP_OK);
        fake_values_init(&values, catalogue, type, c->values);
        value = tip_condition_compute(condition, &values.base, TODAY, field);
        tip_buf_init(&buf, text, sizeof text - 1);
        tip_field_format(catalogue, field, &value, &buf);
        assert_string_equal(text, c->result);
        tip_arena_deinit(&arena);
    }
}

struct refusal {
    const char *text;
    size_t at;
    const char *said;
};

static const struct refusal refusals[] = {
    {"", 1, "A value is missing"},
    {"${age", 1, "A field is written"},
    {"$age", 1, "A field is written"},
    {"${ages} = 1", 1, "case has no field"},
    {"age = 1", 1, "\"age\" is not known"},
    {"${age} = 1.5", 10, "Only whole numbers"},
    {"${age} = 99999999999999999999", 10, "This number is too large"},
    {"${age} = 'ten", 10, "This text has no closing"},
    {"${age} 12", 8, "An operator is missing"},
    {"${age} > ", 10, "A value is missing"},
    {"(${age} > 1", 1, "This bracket is never closed"},
    {"${age} > 1)", 11, "This bracket was never opened"},
    {"${age} > 1, 2", 11, "A comma stands"},
    {"not(true(), true())", 1, "not() takes 1"},
    {"if(true(), 1) = 1", 1, "if() takes 3"},
    {"today(1) = today()", 1, "today() takes 0"},
    {"round(${age})", 1, "\"round\" is not known"},
    {"not ${age}", 1, "\"not\" is not known"},
    {"${age} # 1", 8, "This character means nothing"},
    {"${age}", 1, "The result is a number, and a condition"},
    {"${age} = 'x'", 8, "This does not work with a number and a text"},
    {"${age} and true()", 8, "This does not work with a number and"},
    {"not(${age})", 1, "This needs a condition, and gets a number"},
    {"${wilaya} = 'MR99'", 13, "The list \"wilaya\" has no code \"MR99\""},
    {"${wilaya} < 'MR03'", 11, "These are codes"},
    {"${wilaya} = ${town}", 11, "These are codes of different lists"},
    {"${acts} = 'move'", 9, "A set is asked by selected"},
    {"selected(${acts}, 'x')", 19, "The list \"act\" has no code"},
    {"selected(${acts}, ${case_no})", 1, "A set is asked"},
    {"selected(${age}, 'x')", 1, "This does not work"},
    {"${minor} = 'oui'", 12, "\"oui\" is not yes, no"},
    {"${opened} = '23/11/2026'", 13, "\"23/11/2026\" is not a date"},
    {"date(${opened}) = today()", 1, "date() takes a text"},
    {"${opened} + ${opened} = 1", 11, "This does not work with a date"},
    {"if(1, 2, 3) = 2", 1, "if() asks a condition first"},
    {"if(true(), 1, 'x') = 2", 1, "This does not work with a number"},
    {"string-length(5) = 1", 1, "This needs a text"},
};

static void test_what_is_wrong_is_told_with_its_character(void **state)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        const struct tip_condition *condition = NULL;
        struct tip_condition_fault fault = {0};
        struct tip_arena arena;

        tip_arena_init(&arena, 1 << 16);
        if (compile(*state, &arena, r->text, NULL, false, &condition, &fault) !=
            TIP_ECATALOGUE) {
            fail_msg("%s compiles", r->text);
        }
        if (fault.at != r->at ||
            strncmp(fault.text, r->said, strlen(r->said)) != 0) {
            fail_msg("%s: at %zu: %s", r->text, fault.at, fault.text);
        }
        tip_arena_deinit(&arena);
    }
}

static void test_the_hub_depends_on_facts_alone(void **state)
{
    const struct tip_condition *condition = NULL;
    struct tip_condition_fault fault = {0};
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 16);
    assert_int_equal(
        compile(*state, &arena, "${age} < 18", NULL, true, &condition, &fault),
        TIP_ECATALOGUE);
    assert_int_equal(compile(*state, &arena, "${minor} = 'yes'", NULL, true,
                             &condition, &fault),
                     TIP_OK);
    assert_int_equal(condition->field_count, 1);
    tip_arena_deinit(&arena);
}

/* Repeats @part @count times around "true()". */
static void assert_refused_when_repeated(const struct tip_catalogue *catalogue,
                                         const char *before, const char *after,
                                         size_t count)
{
    char text[4096] = "";
    struct tip_buf buf;
    const struct tip_condition *condition = NULL;
    struct tip_condition_fault fault = {0};
    struct tip_arena arena;

    tip_buf_init(&buf, text, sizeof text - 1);
    for (size_t i = 0; i < count; i++) {
        tip_buf_put(&buf, tip_bytes_text(before));
    }
    tip_buf_put(&buf, tip_bytes_text("true()"));
    for (size_t i = 0; i < count; i++) {
        tip_buf_put(&buf, tip_bytes_text(after));
    }
    assert_false(buf.failed);
    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(
        compile(catalogue, &arena, text, NULL, false, &condition, &fault),
        TIP_ECATALOGUE);
    tip_arena_deinit(&arena);
}

static void test_depth_and_length_are_limited(void **state)
{
    assert_refused_when_repeated(*state, "(", ")", 40);
    assert_refused_when_repeated(*state, "not(", ")", 40);
    assert_refused_when_repeated(*state, "true() or (", ")", 40);
    assert_refused_when_repeated(*state, "", " or true()", 150);
    assert_refused_when_repeated(*state, " ", " ", 1030);
}

static void test_days_and_dates_agree_over_four_centuries(void **state)
{
    struct tip_date before = tip_date_of(-62092);

    (void)state;
    assert_int_equal(before.year, 1799);
    for (int32_t day = -62091; day <= 84005; day++) {
        struct tip_date date = tip_date_of(day);

        assert_true(tip_date_exists(date));
        assert_int_equal(tip_date_days(date), day);
    }
    assert_int_equal(
        tip_date_days((struct tip_date){.year = 2026, .month = 11, .day = 23}),
        TODAY);
    assert_false(tip_date_exists(
        (struct tip_date){.year = 1900, .month = 2, .day = 29}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions_mean_what_the_readme_says),
        cmocka_unit_test(test_calculations_give_values_of_the_field),
        cmocka_unit_test(test_what_is_wrong_is_told_with_its_character),
        cmocka_unit_test(test_the_hub_depends_on_facts_alone),
        cmocka_unit_test(test_depth_and_length_are_limited),
        cmocka_unit_test(test_days_and_dates_agree_over_four_centuries),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
