/* Records go out and are listed: what comes back, what stays sealed, what is
 * guarded; and what follows from what is sealed. */
#include "tip_test.h"

#include <string.h>

#include "catalogue_fixture.h"
#include "desk_rows.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { HUB = RIG_HUB, NEMA = 0 };

static struct desk_rig rigs[2]; /* The other is a place to bring things to. */
static struct desk_rig *rig;
static struct desk_rows_told told;

static int setup(void **state)
{
    (void)state;
    told = (struct desk_rows_told){.tally = {.rows = 0}};
    rig = &rigs[0];
    desk_rig_init(rig, fixture_catalogue(), 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_rig_deinit(rig);
    return 0;
}

/* How often @text is in what was written. */
static size_t count_in(const struct tip_sink_memory *sink, const char *text)
{
    struct tip_bytes all = tip_sink_memory_get(sink);
    size_t size = strlen(text);
    size_t count = 0;

    for (size_t i = 0; i + size <= all.size; i++) {
        count += memcmp(all.data + i, text, size) == 0;
    }
    return count;
}

static const char cases[] = "case_no,opened,wilaya,town,acts,minor,age\n"
                            "A1,2023-05-01,MR01,Nema,recruit;move,yes,12\n"
                            "A2,2023-02-31,MR01,,,,\n"
                            "A3,2023-05-01,MR03,Nema,,,\n"
                            "A\"4,2023-05-01\n"
                            "A5,2023-05-01,MR03,Kiffa,,no,40\n";

/* Into an empty office, what was written by an export of another. */
static void bring(const struct tip_sink_memory *sink)
{
    struct tip_import_opts opts = desk_rows_opts("case");

    desk_rig_init(rig, fixture_catalogue(), 1);
    OK(desk_rows_import(rig, &opts, tip_sink_memory_get(sink), &told));
}

static void test_what_is_exported_comes_back(void **state)
{
    struct tip_import_opts opts = desk_rows_opts("case");
    struct tip_sink_memory first, second;

    (void)state;
    assert_int_equal(desk_rows_import(rig, &opts, tip_bytes_text(cases), &told),
                     TIP_EROWS);
    for (int format = TIP_EXPORT_CSV; format <= TIP_EXPORT_NDJSON; format++) {
        desk_rows_export(rig, "case", (enum tip_export_format)format, true,
                         &first);
        rig = &rigs[1];
        bring(&first);
        desk_rows_export(rig, "case", (enum tip_export_format)format, true,
                         &second);
        assert_true(tip_bytes_equal(tip_sink_memory_get(&first),
                                    tip_sink_memory_get(&second)));
        assert_int_equal(count_in(&first, "child"), 1);
        tip_sink_memory_deinit(&first);
        tip_sink_memory_deinit(&second);
        desk_rig_deinit(rig);
        rig = &rigs[0];
    }
}

static void test_identities_leave_only_when_asked_for(void **state)
{
    struct tip_export_opts opts = {.query.type = tip_bytes_text("person"),
                                   .identities = true};
    struct tip_sink_memory sink;
    struct tip_export *out;

    (void)state;
    OK(desk_rig_add(rig, NEMA, "person", "name=Mbarka", NULL));
    desk_rows_export(rig, "person", TIP_EXPORT_NDJSON, false, &sink);
    assert_int_equal(count_in(&sink, "Mbarka"), 0);
    tip_sink_memory_deinit(&sink);
    desk_rows_export(rig, "person", TIP_EXPORT_CSV, true, &sink);
    assert_int_equal(count_in(&sink, "Mbarka"), 1);
    tip_sink_memory_deinit(&sink);
    assert_int_equal(
        tip_export_new(desk_rig_desk(rig, HUB), &opts, &told.problems, &out),
        TIP_ESEALED);
}

static void test_a_cell_that_would_run_is_guarded(void **state)
{
    struct tip_sink_memory sink;

    (void)state;
    OK(desk_rig_add(rig, NEMA, "case", "opened=2023-05-01", "case_no==2+2",
                    NULL));
    desk_rows_export(rig, "case", TIP_EXPORT_CSV, false, &sink);
    assert_int_equal(count_in(&sink, "'=2+2"), 1);
    tip_sink_memory_deinit(&sink);
}

static void test_an_age_group_follows_from_a_sealed_age(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(rig, NEMA, "case", "opened=2023-05-01", "case_no=1",
                    "minor=yes", "age=12", NULL));
    id = rig->answer.ids[0];
    star_run(&rig->star);
    assert_true(desk_rig_shows(rig, HUB, &id, "age", "(sealed)"));
    assert_true(desk_rig_shows(rig, HUB, &id, "age_group", "child"));
    OK(desk_rig_edit(rig, NEMA, &id, NULL, "age=21", NULL));
    assert_true(desk_rig_shows(rig, NEMA, &id, "age_group", "adult"));
    star_run(&rig->star);
    OK(desk_rig_edit(rig, HUB, &id, NULL, "wilaya=MR03", NULL));
    assert_true(desk_rig_shows(rig, HUB, &id, "age_group", "adult"));
    assert_int_equal(
        desk_rig_edit(rig, NEMA, &id, NULL, "age_group=child", NULL),
        TIP_EVALUE);
}

static void test_lists_filter_and_keep_their_order(void **state)
{
    struct tip_desk_input filter;
    struct tip_desk_query query = {.type = tip_bytes_text("case"),
                                   .filters = &filter,
                                   .filter_count = 1,
                                   .newest_first = true,
                                   .limit = 1};
    struct tip_desk_sheet sheet;
    struct tip_desk_walk *walk;
    struct tip_id newest;

    (void)state;
    OK(desk_rig_add(rig, NEMA, "case", "opened=2023-05-01", "case_no=1",
                    "minor=yes", "age=12", NULL));
    rig->star.nodes[NEMA].clock.now_ms += 1000;
    OK(desk_rig_add(rig, NEMA, "case", "opened=2023-05-01", "case_no=2",
                    "minor=yes", "age=12", NULL));
    newest = rig->answer.ids[0];
    OK(desk_rig_add(rig, NEMA, "case", "opened=2023-05-01", "case_no=3",
                    "acts=move", NULL));
    OK(tip_desk_input_parse(tip_bytes_text("age=12"), &filter));
    OK(tip_desk_walk_new(desk_rig_desk(rig, NEMA), &query, &told.problems,
                         &walk));
    OK(tip_desk_walk_next(walk, &sheet));
    assert_true(tip_id_equal(&sheet.id, &newest));
    assert_int_equal(tip_desk_walk_next(walk, &sheet), TIP_ENOTFOUND);
    tip_desk_walk_free(walk);
    assert_int_equal(tip_desk_walk_new(desk_rig_desk(rig, HUB), &query,
                                       &told.problems, &walk),
                     TIP_ESEALED);
    OK(tip_desk_input_parse(tip_bytes_text("acts=nonsense"), &filter));
    assert_int_equal(tip_desk_walk_new(desk_rig_desk(rig, NEMA), &query,
                                       &told.problems, &walk),
                     TIP_EVALUE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_exported_comes_back),
        TEST(test_identities_leave_only_when_asked_for),
        TEST(test_a_cell_that_would_run_is_guarded),
        TEST(test_an_age_group_follows_from_a_sealed_age),
        TEST(test_lists_filter_and_keep_their_order),
    };

    return cmocka_run_group_tests_name("desk_export", tests, NULL, NULL);
}
