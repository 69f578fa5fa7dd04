/* Every fault of a catalogue names its file, row and column. */
#include "tip_test.h"

#include "catalogue_fixture.h"

/* A change that spoils the small catalogue, and what must be said. */
struct spoilt {
    const char *file;
    const char *from;
    const char *to;
    const char *said; /* The beginning of one of the faults. */
};

static const struct spoilt cases[] = {
    {"settings.csv", "small,3", "small,0",
     "settings.csv, row 2, column version: A whole number"},
    {"settings.csv", "small,3,fr", "small,3,de",
     "settings.csv, row 2, column default_language: No column label::de"},
    {"settings.csv", "small,3", "4you,3",
     "settings.csv, row 2, column name: A name is a letter"},
    {"settings.csv", "\nsmall,3,fr,Petit", "", "settings.csv: Exactly one row"},
    {"survey.csv", "label::Arabic (ar)", "label::Arabic",
     "survey.csv, row 1, column label::Arabic: Write the language"},
    {"survey.csv", ",relevant,", ",relevnt,",
     "survey.csv, row 1, column relevnt: This column is not known"},
    {"survey.csv", ",relevant,", ",hint::fr,",
     "survey.csv, row 1, column hint::fr: This column is there twice"},
    {"survey.csv", "hint::fr", "hint::wo",
     "survey.csv, row 1, column hint::wo: survey.csv has no column label::wo"},
    {"survey.csv", "case,20", "case,12",
     "survey.csv, row 2, column number: Numbers below 16"},
    {"survey.csv", "case,20", "case,x",
     "survey.csv, row 2, column number: A whole number"},
    {"survey.csv", "person,21", "person,20",
     "survey.csv, row 19, column number: Another record type has this number"},
    {"survey.csv", "begin group,person", "begin group,case",
     "survey.csv, row 19, column name: Another record type has this name"},
    {"survey.csv", "case_no,16", "case_no,17",
     "survey.csv, row 4, column number: Another field of this record type"},
    {"survey.csv", "text,case_no", "text,opened",
     "survey.csv, row 4, column name: Another field of this record type"},
    {"survey.csv", "text,case_no", "text,case no",
     "survey.csv, row 3, column name: A name is a letter"},
    {"survey.csv", "text,case_no", "decimal,case_no",
     "survey.csv, row 3, column type: Decimal numbers are not kept"},
    {"survey.csv", "text,case_no", "geopoint,case_no",
     "survey.csv, row 3, column type: Positions are not kept"},
    {"survey.csv", "text,case_no", "begin repeat,case_no",
     "survey.csv, row 3, column type: Repeats are records"},
    {"survey.csv", "text,case_no", "txt,case_no",
     "survey.csv, row 3, column type: \"txt\" is not a type"},
    {"survey.csv", "text,case_no", "text long,case_no",
     "survey.csv, row 3, column type: \"text long\" is not a type"},
    {"survey.csv", "select_one wilaya", "select_one wilayas",
     "survey.csv, row 6, column type: choices.csv has no list \"wilayas\""},
    {"survey.csv", "fact,,yes,yes", ",,yes,yes",
     "survey.csv, row 3, column class: Free text may name people"},
    {"survey.csv", "fact,,yes,yes", "secret,,yes,yes",
     "survey.csv, row 3, column class: \"secret\" is not one of"},
    {"survey.csv", "fact,,yes,yes", "fact,,maybe,yes",
     "survey.csv, row 3, column required: Write yes or no"},
    {"survey.csv", "fact,,yes,yes", "fact,set,yes,yes",
     "survey.csv, row 3, column merge: set is for select_multiple alone"},
    {"survey.csv", "fact,,yes,yes", "fact,ranked,yes,yes",
     "survey.csv, row 3, column merge: ranked is for a select_one"},
    {"survey.csv", "أفعال,,,,,", "أفعال,,,,,review",
     "survey.csv, row 9, column merge: A select_multiple merges as set"},
    {"survey.csv", "أفعال,,,,", "أفعال,,,,identity",
     "survey.csv, row 9, column class: A select_multiple is kept element"},
    {"survey.csv", ",day,", ",hour,",
     "survey.csv, row 4, column precision: \"hour\" is not one of"},
    {"survey.csv", "reference person", "reference persn",
     "survey.csv, row 15, column type: There is no record type \"persn\""},
    {"survey.csv", "parent = ${wilaya}", "${wilaya}",
     "survey.csv, row 7, column choice_filter: Write parent = ${field}"},
    {"survey.csv", "parent = ${wilaya}", "parent = ${age_group}",
     "survey.csv, row 7, column choice_filter: Not every parent"},
    {"survey.csv", ". <= today()", ". <= 5",
     "survey.csv, row 4, column constraint: At character 3: This does not"},
    {"survey.csv", "${minor} != ''", "${minr} != ''",
     "survey.csv, row 11, column relevant: At character 1: case has no field"},
    {"survey.csv", "'child', 'adult'", "'kid', 'adult'",
     "survey.csv, row 12, column calculation: At character 17: The list "
     "\"age_group\" has no code \"kid\""},
    {"survey.csv", ". > 0", "${age} > 0",
     "survey.csv, row 13, column constraint: At character 1: \"age\" cannot be "
     "read at the hub"},
    {"survey.csv", "begin group,where", "text,where",
     "survey.csv, row 5, column number: A whole number"},
    {"survey.csv", "end group,,,,,,,,,,,,,,,,,,\nselect_multiple",
     "select_multiple", "survey.csv, row 18, column number: A group within"},
    {"survey.csv", "select_one wilaya,wilaya", "begin group,deep",
     "survey.csv, row 6, column type: Groups nest two deep"},
    {"survey.csv", "begin group,person,21", "end group,person,21",
     "survey.csv, row 19, column type: No group is open"},
    {"survey.csv", "text,name,16,Nom,اسم,,,,identity,,,,,,,,,,\n", "",
     "survey.csv, row 20, column type: This record type ends without"},
    {"survey.csv", "Nom,اسم", "N\xe9,اسم",
     "survey.csv, row 20, column label::fr: A cell is not UTF-8"},
    {"survey.csv", "Nom,اسم", "No\"m,اسم",
     "survey.csv, row 20, column label::fr: A quotation mark"},
    {"survey.csv", "Nom,اسم", "Nom,اسم,,,,,,,,,,,,,,,,x",
     "survey.csv, row 20: Cell 21 stands outside"},
    {"choices.csv", "MR03,3", "MR03,1",
     "choices.csv, row 3, column number: Row 2 of the same list"},
    {"choices.csv", "MR03,3", "MR01,3",
     "choices.csv, row 3, column name: Row 2 of the same list"},
    {"choices.csv", "MR03,3", "MR 03,3",
     "choices.csv, row 3, column name: A code is named by"},
    {"choices.csv", "MR03,3", "MR03,-3",
     "choices.csv, row 3, column number: A whole number"},
    {"choices.csv", "wilaya.MR01", "MR01",
     "choices.csv, row 4, column parent: \"MR01\" is not LIST.NAME"},
    {"choices.csv", "act,sell", ",sell",
     "choices.csv, row 8, column list_name: The name of the list"},
    {"choices.csv", "معطى,1", "معطى,",
     "survey.csv, row 14, column merge: ranked needs a rank"},
    {"indicators.csv", "1,cases,Cas,case", "1,cases,Cas,cas",
     "indicators.csv, row 2, column type: There is no record type \"cas\""},
    {"indicators.csv", "2,paid", "1,paid",
     "indicators.csv, row 3, column number: Another indicator"},
    {"indicators.csv", "2,paid", "9,paid",
     "indicators.csv, row 4, column number: Put the rows in the order"},
    {"indicators.csv", "2,paid", "2,cases",
     "indicators.csv, row 3, column name: Another indicator"},
    {"indicators.csv", "sum paid", "sum acts",
     "indicators.csv, row 3, column measure: Only integers and amounts"},
    {"indicators.csv", "sum paid", "mean paid",
     "indicators.csv, row 3, column measure: Write count, sum"},
    {"indicators.csv", "distinct victim", "distinct paid",
     "indicators.csv, row 4, column measure: Only references and codes"},
    {"indicators.csv", "wilaya acts per element", "wilaya acts",
     "indicators.csv, row 2, column dimensions: Behind a select_multiple"},
    {"indicators.csv", "wilaya acts per", "wilaya per element acts per",
     "indicators.csv, row 2, column dimensions: per element and per"},
    {"indicators.csv", "wilaya acts per element", "age",
     "indicators.csv, row 2, column dimensions: \"age\" is not a fact"},
    {"indicators.csv", "wilaya acts per element", "paid",
     "indicators.csv, row 2, column dimensions: A dimension is"},
    {"indicators.csv", "quarter,opened", "quarter,",
     "indicators.csv, row 2, column period: period and period_field"},
    {"indicators.csv", "quarter,opened", "quarter,minor",
     "indicators.csv, row 2, column period_field: The period needs a date"},
    {"indicators.csv", "quarter,opened", "week,opened",
     "indicators.csv, row 2, column period: \"week\" is not one of"},
    {"indicators.csv", "ratio,paid,all", "ratio,paid,cases",
     "indicators.csv, row 6, column denominator: Its period and dimensions"},
    {"indicators.csv", "ratio,paid,all", "ratio,paid,shares",
     "indicators.csv, row 6, column denominator: Name an indicator above"},
    {"indicators.csv", "ratio,paid,all", "ratio,share,all",
     "indicators.csv, row 6, column numerator: Name an indicator above"},
    {"indicators.csv", "${minor} = 'yes'", "${minor} = 'oui'",
     "indicators.csv, row 3, column condition: At character 12: \"oui\""},
    {"indicators.csv", "${minor} = 'yes'", "${opened} < today()",
     "indicators.csv, row 3, column condition: At character 13: today()"},
    {"roles.csv", "office,*", "region,*",
     "roles.csv, row 2, column scope: \"region\" is not one of"},
    {"roles.csv", "case person", "case people",
     "roles.csv, row 2, column write: There is no record type \"people\""},
    {"roles.csv", "office,*,", "office,case,",
     "roles.csv, row 2, column write: Who writes \"person\" must read"},
    {"roles.csv", "aggregate,,", "aggregate,case,",
     "roles.csv, row 3, column scope: A role that sees aggregates"},
    {"roles.csv", "2,observer", "1,observer",
     "roles.csv, row 3, column number: Another role"},
};

static bool was_said(const struct tip_problems *problems, const char *said)
{
    for (size_t i = 0; i < problems->count && i < TIP_PROBLEMS_KEPT; i++) {
        char text[512] = "";
        struct tip_buf buf;

        tip_buf_init(&buf, text, sizeof text - 1);
        tip_problem_format(&problems->kept[i], &buf);
        if (strncmp(text, said, strlen(said)) == 0) {
            return true;
        }
    }
    return false;
}

static void test_every_fault_is_told_with_file_row_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tip_problems problems = {0};
        struct tip_catalogue *catalogue = NULL;
        enum tip_err err = fixture_load_changed(
            cases[i].file, cases[i].from, cases[i].to, &problems, &catalogue);

        if (err != TIP_ECATALOGUE || !was_said(&problems, cases[i].said)) {
            fixture_print(&problems);
            fail_msg("%s: \"%s\" for \"%s\" should say: %s", cases[i].file,
                     cases[i].to, cases[i].from, cases[i].said);
        }
        assert_null(catalogue);
    }
}

static void test_faults_are_collected_not_told_one_by_one(void **state)
{
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;

    (void)state;
    assert_int_equal(fixture_load_changed(
                         "survey.csv", "case_no,16,Numéro,رقم,,,,fact",
                         "case no,x,Numéro,رقم,,,,open", &problems, &catalogue),
                     TIP_ECATALOGUE);
    assert_int_equal(problems.count, 3);
}

static void test_a_missing_file_is_named(void **state)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;

    (void)state;
    fixture_files(files);
    assert_int_equal(tip_catalogue_load(files, 2, &problems, &catalogue),
                     TIP_ECATALOGUE);
    assert_true(was_said(&problems, "choices.csv: This file is missing"));
}

/* Whatever one byte becomes: an answer, never a crash. */
static void test_any_changed_byte_loads_or_is_refused(void **state)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    char changed[sizeof fixture_survey];
    static const char bytes[] = {'"', ',', '\n', '\0', '\xff', '9', '$', '('};

    (void)state;
    fixture_files(files);
    for (size_t i = 0; i < sizeof fixture_survey - 1; i++) {
        struct tip_problems problems = {0};
        struct tip_catalogue *catalogue = NULL;
        enum tip_err err;

        memcpy(changed, fixture_survey, sizeof changed);
        changed[i] = bytes[i % sizeof bytes];
        files[1].content = tip_bytes(changed, sizeof changed - 1);
        err = tip_catalogue_load(files, FIXTURE_FILES, &problems, &catalogue);
        assert_true(err == TIP_OK ||
                    (err == TIP_ECATALOGUE && problems.count != 0));
        tip_catalogue_free(catalogue);
    }
}

struct succession {
    const char *file;
    const char *from;
    const char *to;
    const char *said;
};

static const struct succession refusals[] = {
    {"settings.csv", "small,3", "small,3", "settings.csv: version: it must"},
    {"settings.csv", "small,3", "other,4",
     "settings.csv: small: the catalogue"},
    {"survey.csv", "case,20", "case,22",
     "survey.csv: case: its number is gone"},
    {"survey.csv", "text,old", "text,older",
     "survey.csv: case.old: its number now has another name"},
    {"survey.csv", "paid,28", "paid,48",
     "survey.csv: case.paid: its number is"},
    {"survey.csv", "text,old", "integer,old",
     "survey.csv: case.old: its type changed"},
    {"survey.csv", "قصة,,,,identity", "قصة,,,,sealed",
     "survey.csv: case.story: its class changed"},
    {"survey.csv", "identity,review", "identity,latest",
     "survey.csv: case.story: its merge changed"},
    {"survey.csv", "select_multiple act", "select_multiple wilaya",
     "survey.csv: case.acts: its type changed"},
    {"survey.csv", "reference person", "reference case",
     "survey.csv: case.victim: its type changed"},
    {"choices.csv", "USD,2", "USD,3", "choices.csv: currency.USD: its number"},
    {"choices.csv", "USD,2", "EUR,2", "choices.csv: currency.USD: its number"},
    {"choices.csv", "معطى,1", "معطى,3", "choices.csv: consent.given: its rank"},
    {"indicators.csv", "5,share", "6,share",
     "indicators.csv: share: its number is gone"},
    {"roles.csv", "2,observer", "3,observer",
     "roles.csv: observer: its number changed"},
};

static void test_a_successor_keeps_the_meaning_of_every_number(void **state)
{
    struct tip_catalogue *now = fixture_catalogue();

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct tip_problems problems = {0};
        struct tip_catalogue *next = NULL;
        enum tip_err err =
            fixture_load_changed(refusals[i].file, refusals[i].from,
                                 refusals[i].to, &problems, &next);

        if (err == TIP_ECATALOGUE) {
            /* Refused already for what it does to the rest: soften it. */
            fixture_print(&problems);
            fail_msg("case %zu does not load", i);
        }
        assert_int_equal(tip_catalogue_check_successor(now, next, &problems),
                         TIP_ECATALOGUE);
        if (!was_said(&problems, refusals[i].said)) {
            fixture_print(&problems);
            fail_msg("should say: %s", refusals[i].said);
        }
        tip_catalogue_free(next);
    }
    tip_catalogue_free(now);
}

static void test_new_fields_labels_and_retirement_may_follow(void **state)
{
    struct tip_catalogue *now = fixture_catalogue();
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_problems problems = {0};
    struct tip_catalogue *next = NULL;
    char *settings = fixture_replace(fixture_settings, "small,3", "small,4");
    char *survey =
        fixture_replace(fixture_survey, "قديم,,,,fact", "قديم جدا,,,,fact");
    char *more = fixture_replace(
        survey, "text,name,16",
        "integer,size,17,Taille,طول,,,,,,,,,,,,,,\ntext,name,16");
    char *choices = fixture_replace(fixture_choices, "دولار,,,", "دولار,,,yes");

    (void)state;
    fixture_files(files);
    files[0].content = tip_bytes_text(settings);
    files[1].content = tip_bytes_text(more);
    files[2].content = tip_bytes_text(choices);
    assert_int_equal(tip_catalogue_load(files, FIXTURE_FILES, &problems, &next),
                     TIP_OK);
    assert_int_equal(tip_catalogue_check_successor(now, next, &problems),
                     TIP_OK);
    tip_catalogue_free(next);
    tip_catalogue_free(now);
    free(settings);
    free(survey);
    free(more);
    free(choices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault_is_told_with_file_row_and_column),
        cmocka_unit_test(test_faults_are_collected_not_told_one_by_one),
        cmocka_unit_test(test_a_missing_file_is_named),
        cmocka_unit_test(test_any_changed_byte_loads_or_is_refused),
        cmocka_unit_test(test_a_successor_keeps_the_meaning_of_every_number),
        cmocka_unit_test(test_new_fields_labels_and_retirement_may_follow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
