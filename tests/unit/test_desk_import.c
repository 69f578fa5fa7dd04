/* Rows come in: what is refused, what is told, what is passed over. */
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "catalogue_fixture.h"
#include "desk_rows.h"

#define CTDC     TIP_SOURCE_DIR "/tests/data/catalogue/ctdc"
#define OK(call) assert_int_equal((call), TIP_OK)

static struct desk_rig rig;
static struct desk_rows_told told; /* By the newest import. */

static int setup(void **state)
{
    (void)state;
    desk_rig_init(&rig, fixture_catalogue(), 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_rig_deinit(&rig);
    return 0;
}

static enum tip_err import(const struct tip_import_opts *opts, const char *text)
{
    return desk_rows_import(&rig, opts, tip_bytes_text(text), &told);
}

static const char faulty[] =
    "case_no,opened,wilaya\nA1,2023-05-01,MR01\nA2,2023-02-31,MR01\n"
    "A\"3,2023-05-01,MR01\nA4,2023-05-02,MR77\nA5,2023-05-01,MR03\n";

static void test_good_rows_go_in_and_bad_ones_are_told(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    (void)state;
    assert_int_equal(import(&opts, faulty), TIP_EROWS);
    assert_int_equal(told.tally.saved, 2);
    assert_int_equal(told.tally.refused, 3);
    assert_int_equal(told.tally.rows, 5);
    assert_int_equal(desk_rows_count(&rig, "case"), 2);
    assert_int_equal(told.problems.kept[0].row, 3);
    assert_true(
        desk_rig_problem(&told.problems, 0, "opened", "date that exists"));
    assert_int_equal(told.problems.kept[1].row, 4);
    assert_true(desk_rig_problem(&told.problems, 1, "", "Line 4, cell 1"));
    assert_int_equal(told.problems.kept[2].row, 5);
    assert_true(desk_rig_problem(&told.problems, 2, "wilaya",
                                 "no such code: it has MR01, MR03."));
    assert_string_equal(told.problems.kept[0].file, "in.csv");
}

static void test_all_or_nothing_saves_nothing_when_a_row_is_bad(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    (void)state;
    opts.all_or_nothing = true;
    assert_int_equal(import(&opts, faulty), TIP_EALLROWS);
    assert_int_equal(desk_rows_count(&rig, "case"), 0);
    assert_int_equal(told.tally.saved, 0);
    OK(import(&opts, "case_no,opened\nA,2023-05-01\nB,2023-05-02\n"));
    assert_int_equal(told.tally.saved, 2);
    assert_int_equal(desk_rows_count(&rig, "case"), 2);
}

static void test_a_dry_run_saves_nothing(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    (void)state;
    opts.dry_run = true;
    OK(import(&opts, "case_no,opened\nA,2023-05-01\n"));
    assert_int_equal(told.tally.saved, 1);
    assert_int_equal(desk_rows_count(&rig, "case"), 0);
}

static void test_a_row_with_a_key_goes_in_once(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");
    static const char rows[] = "ref,case_no,opened\n"
                               "x1,A,2023-05-01\n"
                               "x2,B,2023-05-02\n";

    (void)state;
    opts.key = tip_bytes_text("ref");
    OK(import(&opts, rows));
    assert_int_equal(told.tally.saved, 2);
    OK(import(&opts, rows));
    assert_int_equal(told.tally.repeated, 2);
    assert_int_equal(told.problems.count, 0);
    assert_int_equal(told.tally.saved, 0);
    assert_int_equal(desk_rows_count(&rig, "case"), 2);
    assert_int_equal(import(&opts, "ref,case_no,opened\n"
                                   "x3,C,2023-05-01\n"
                                   "x3,D,2023-05-01\n"
                                   ",E,2023-05-01\n"),
                     TIP_EROWS);
    assert_int_equal(told.tally.saved, 1);
    assert_int_equal(told.tally.refused, 2);
    assert_true(desk_rig_problem(&told.problems, 0, "", "the same key"));
    assert_true(desk_rig_problem(&told.problems, 1, "", "is empty"));
}

static void test_a_column_that_is_no_field_is_told(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    (void)state;
    assert_int_equal(import(&opts, "case_no,colour,#note\nA,red,\n"),
                     TIP_EUNKNOWN_FIELD);
    assert_true(
        desk_rig_problem(&told.problems, 0, "colour", "no field colour"));
    assert_int_equal(told.problems.count, 1);
}

static void test_objects_come_one_a_line_or_in_an_array(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    (void)state;
    assert_int_equal(import(&opts,
                            "{\"case_no\":\"A\",\"opened\":\"2023-05-01\","
                            "\"acts\":[\"move\",\"recruit\"]}\n"
                            "{\"case_no\":\n"
                            "{\"_type\":\"person\",\"name\":\"Sidi\"}\n"),
                     TIP_EROWS);
    assert_int_equal(told.tally.saved, 2);
    assert_int_equal(told.problems.kept[0].row, 2);
    assert_int_equal(desk_rows_count(&rig, "person"), 1);
    OK(import(&opts, " [{\"case_no\":\"B\",\"opened\":\"2023-05-01\"},\n"
                     "{\"case_no\":\"C\",\"opened\":\"2023-05-01\"}]"));
    assert_int_equal(desk_rows_count(&rig, "case"), 3);
}

static char *read_file(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(4 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    *out_size = fread(bytes, 1, 4 << 20, file);
    (void)fclose(file);
    return bytes;
}

static void test_the_dataset_of_ctdc_comes_in_by_its_mapping(void **state)
{
    const char *folder = getenv("TIP_SHARED_DATA");
    struct tip_import_opts opts = desk_rows_opts("");
    struct timespec from, to;
    char path[512];
    char *rows, *mapping;
    size_t size;

    (void)state;
    if (folder == NULL) {
        print_message("skipped: TIP_SHARED_DATA is not set\n");
        return;
    }
    desk_rig_deinit(&rig);
    desk_rig_init(&rig, desk_rig_catalogue(CTDC), 1);
    mapping = read_file(CTDC "/import.csv", &size);
    opts.mapping = tip_bytes(mapping, size);
    (void)snprintf(path, sizeof path, "%s/ctdc/CTDC_VPsynthetic_condensed.csv",
                   folder);
    rows = read_file(path, &size);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    OK(desk_rows_import(&rig, &opts, tip_bytes(rows, size), &told));
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    print_message("%u rows in %.0f ms\n", (unsigned)told.tally.saved,
                  (double)(to.tv_sec - from.tv_sec) * 1e3 +
                      (double)(to.tv_nsec - from.tv_nsec) / 1e6);
    assert_true(told.tally.saved > 15000);
    assert_int_equal(told.tally.saved,
                     desk_rows_count(&rig, "victim_perpetrator"));
    free(rows);
    free(mapping);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_good_rows_go_in_and_bad_ones_are_told),
        TEST(test_all_or_nothing_saves_nothing_when_a_row_is_bad),
        TEST(test_a_dry_run_saves_nothing),
        TEST(test_a_row_with_a_key_goes_in_once),
        TEST(test_a_column_that_is_no_field_is_told),
        TEST(test_objects_come_one_a_line_or_in_an_array),
        TEST(test_the_dataset_of_ctdc_comes_in_by_its_mapping),
    };

    return cmocka_run_group_tests_name("desk_import", tests, NULL, NULL);
}
