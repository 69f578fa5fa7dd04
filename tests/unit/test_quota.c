/* How much a device may undo in a day: what counts, and what becomes of it. */
#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1, OLD_DAYS = 90 };

#define DAY_MS (UINT64_C(24) * 60 * 60 * 1000)

static int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star.quota = (struct tip_quota_limits){
        .deletions = 2, .overwrites = 3, .old_days = OLD_DAYS};
    star_crash_hub(&star);
    star_run(&star);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

static void pass_days(struct star *star, uint64_t days)
{
    star->clock.now_ms += days * DAY_MS;
}

static size_t held(struct star *star)
{
    struct hub_held rows[64];
    size_t count = hub_engine_held(star->hub, rows, 64);

    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].reason == TIP_HOLD_QUOTA ||
                    rows[i].reason == TIP_HOLD_BEHIND);
    }
    return count;
}

static void remove_record(struct star *star, int i, const struct tip_id *id)
{
    assert_int_equal(
        star_write(star, i, id,
                   &(struct tip_change){.field = TIP_FIELD_DELETED,
                                        .value = {.kind = TIP_VALUE_ANSWER,
                                                  .answer = TIP_ANSWER_YES}}),
        TIP_OK);
    star_run(star);
}

static void edit(struct star *star, int i, const struct tip_id *id,
                 uint32_t field, uint32_t code)
{
    assert_int_equal(star_edit(star, i, id, field, code), TIP_OK);
    star_run(star);
}

static struct tip_id add(struct star *star, int i, int with)
{
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, i, &id, with, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    return id;
}

static enum tip_presence presence(struct star *star, int i,
                                  const struct tip_id *id)
{
    struct tip_arena arena;
    struct tip_record view;
    enum tip_presence presence;

    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(star_view(star, i, id, &arena, &view), TIP_OK);
    presence = tip_merge_presence(&view);
    tip_arena_deinit(&arena);
    return presence;
}

static enum tip_err rule(struct star *star, uint64_t first, uint64_t last,
                         bool is_accepted)
{
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST,
                                .first = first,
                                .last = last,
                                .is_accepted = is_accepted,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("asked N\xc3\xa9ma")};
    struct hub_ruled ruled;
    enum tip_err err = hub_engine_rule(star->hub, &ruling, &ruled);

    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    star_run(star);
    return err;
}

static void test_deletions_beyond_the_budget_of_a_day_wait(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    for (size_t i = 0; i < 5; i++) {
        ids[i] = add(star, NEMA, NONE);
    }
    remove_record(star, NEMA, &ids[0]);
    star_crash_hub(star); /* The count survives, and a new session. */
    star_crash_node(star, NEMA);
    star_run(star);
    remove_record(star, NEMA, &ids[1]);
    remove_record(star, NEMA, &ids[2]);
    assert_int_equal(held(star), 1);
    assert_int_equal(presence(star, HUB, &ids[1]), TIP_DELETED);
    assert_int_equal(presence(star, HUB, &ids[2]), TIP_PRESENT);
    pass_days(star, 1);
    remove_record(star, NEMA, &ids[3]);
    assert_int_equal(held(star), 1);
    assert_int_equal(rule(star, 8, 8, true), TIP_OK);
    assert_int_equal(presence(star, HUB, &ids[2]), TIP_DELETED);
    assert_int_equal(held(star), 0);
    /* What a person let in was not taken from the budget. */
    remove_record(star, NEMA, &ids[4]);
    assert_int_equal(held(star), 0);
}

/* Put to a backup, the office goes on under another origin. What it wrote under
 * the first waits behind what is refused on a day when it has nothing left. */
static void test_a_device_that_was_restored_has_one_budget(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id ids[5];

    for (size_t i = 0; i < 5; i++) {
        ids[i] = add(star, NEMA, NONE);
    }
    for (size_t i = 0; i < 3; i++) {
        remove_record(star, NEMA, &ids[i]);
    }
    remove_record(star, NEMA, &ids[2]);
    assert_int_equal(held(star), 2);
    backup = star_back_up(star, NEMA);
    (void)add(star, NEMA, NONE);
    star_restore(star, NEMA, backup);
    star_run(star);
    pass_days(star, 2);
    remove_record(star, NEMA, &ids[3]);
    remove_record(star, NEMA, &ids[4]);
    assert_int_equal(held(star), 2);
    assert_int_equal(rule(star, 8, 8, false), TIP_OK);
    assert_int_equal(held(star), 1);
    assert_int_equal(presence(star, HUB, &ids[2]), TIP_PRESENT);
}

static void test_work_on_own_open_cases_never_counts(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, NONE);

    for (uint32_t day = 0; day < 20; day++) {
        pass_days(star, 10);
        edit(star, NEMA, &id, FAKE_LATEST, day % 2 + 1);
        edit(star, NEMA, &id, FAKE_REVIEW, day % 2 + 1);
    }
    assert_int_equal(held(star), 0);
}

static void
test_overwrites_of_what_others_wrote_beyond_the_budget_wait(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, ATAR);

    for (uint32_t i = 0; i < 3; i++) {
        edit(star, HUB, &id, FAKE_LATEST, 2);
        edit(star, NEMA, &id, FAKE_LATEST, 3);
    }
    edit(star, HUB, &id, FAKE_LATEST, 2);
    assert_int_equal(held(star), 0);
    edit(star, NEMA, &id, FAKE_LATEST, 4);
    assert_int_equal(held(star), 1);
    /* Atar has a budget of its own; what is new to a cell costs nothing. */
    edit(star, ATAR, &id, FAKE_LATEST, 5);
    edit(star, ATAR, &id, FAKE_REVIEW, 5);
    assert_int_equal(held(star), 1);
}

static void test_waking_own_old_cases_counts_once_each(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];

    for (size_t i = 0; i < 4; i++) {
        ids[i] = add(star, NEMA, NONE);
    }
    pass_days(star, OLD_DAYS + 1);
    for (size_t i = 0; i < 3; i++) {
        edit(star, NEMA, &ids[i], FAKE_LATEST, 2);
        edit(star, NEMA, &ids[i], FAKE_LATEST, 3);
    }
    assert_int_equal(held(star), 0);
    edit(star, NEMA, &ids[3], FAKE_LATEST, 2);
    edit(star, NEMA, &ids[3], FAKE_LATEST, 3);
    assert_int_equal(held(star), 2);
}

static void test_a_flood_waits_and_nobody_elses_work_with_it(void **state)
{
    struct star *star = *state;
    struct tip_id mine, other;

    star->quota = (struct tip_quota_limits){.change_sets = 5};
    star_crash_hub(star);
    star_run(star);
    for (size_t i = 0; i < 8; i++) {
        mine = add(star, NEMA, NONE);
    }
    other = add(star, ATAR, NONE);
    assert_int_equal(held(star), 3);
    assert_int_equal(presence(star, HUB, &other), TIP_PRESENT);
    assert_int_equal(presence(star, NEMA, &mine), TIP_PRESENT);
    /* What was part of a flood is judged as any other once it is let in. */
    assert_int_equal(rule(star, 1, 9, true), TIP_OK);
    assert_int_equal(held(star), 0);
    assert_int_equal(presence(star, HUB, &mine), TIP_PRESENT);
}

static void test_what_waits_is_bounded_and_nothing_is_lost(void **state)
{
    struct star *star = *state;
    struct node_status status;
    struct hub_device_status devices[2];

    star->quota = (struct tip_quota_limits){.change_sets = 1, .waiting = 4};
    star_crash_hub(star);
    star_run(star);
    for (size_t i = 0; i < 12; i++) {
        (void)add(star, NEMA, NONE);
    }
    assert_int_equal(held(star), 4);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    assert_int_equal(devices[0].trouble, TIP_EQUOTA);
    assert_int_equal(devices[0].use.change_sets, 5);
    assert_int_equal(star_status(star, NEMA).hindrance, TIP_EHUB_WAITS);
    assert_int_equal(star_status(star, ATAR).hindrance, TIP_OK);
    while (rule(star, 1, 12, true) == TIP_OK) {
        star_crash_node(star, NEMA); /* It tries again. */
        star_run(star);
    }
    node_engine_status(star->nodes[NEMA].engine, &status);
    assert_int_equal(status.decided, 12);
    assert_int_equal(status.held_count, 0);
    assert_int_equal(status.hindrance, TIP_OK);
}

static void test_a_hub_whose_clock_was_ahead_gives_budgets_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];

    for (size_t i = 0; i < 4; i++) {
        ids[i] = add(star, NEMA, NONE);
    }
    pass_days(star, 3650);
    remove_record(star, NEMA, &ids[0]);
    remove_record(star, NEMA, &ids[1]);
    star->clock.now_ms -= 3650 * DAY_MS;
    remove_record(star, NEMA, &ids[2]);
    assert_int_equal(held(star), 0);
    /* Nothing is old for its having been so. */
    for (uint32_t code = 2; code < 8; code++) {
        edit(star, NEMA, &ids[3], FAKE_LATEST, code);
    }
    assert_int_equal(held(star), 0);
}

static void test_a_day_given_back_gives_no_second_budget(void **state)
{
    struct tip_quota_limits limits = {.deletions = 1};
    struct tip_quota_use use = {.day = 0};
    struct tip_quota_cost cost = {.deletions = 1};

    (void)state;
    assert_true(tip_quota_take(&use, &limits, 100, &cost));
    assert_false(tip_quota_take(&use, &limits, 100, &cost));
    assert_false(tip_quota_take(&use, &limits, 99, &cost));
    assert_true(tip_quota_take(&use, &limits, 101, &cost));
    assert_false(tip_quota_take(&use, &limits, 100, &cost));
}

/* What an office overwrites of its own in a record of another, written at
 * @commit; all up to 50 is old. */
static uint64_t own_overwrites(uint64_t commit)
{
    static const struct tip_id id = {{1}};
    struct tip_change change = {.field = FAKE_LATEST,
                                .value = {.kind = TIP_VALUE_CODE, .code = 1}};
    struct tip_write write = {
        .origin = 5, .office = 25, .seq = 1, .commit = commit};
    struct tip_change_set set = {
        .origin = 5, .office = 25, .seq = 2, .base = commit};
    struct tip_quota_cost cost = {.deletions = 0};
    struct tip_record record, dead;
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 16);
    tip_record_init(&record, &id, FAKE_TYPE, 26);
    assert_int_equal(
        tip_record_apply(&record, &write, &change, 1, &arena, &dead), TIP_OK);
    change.value.code = 2;
    tip_quota_count(&record, &set, &change, 1, 50, &cost);
    tip_arena_deinit(&arena);
    return cost.overwrites;
}

static void test_old_work_in_a_record_of_another_office_counts(void **state)
{
    (void)state;
    assert_int_equal(own_overwrites(49), 1);
    assert_int_equal(own_overwrites(50), 1);
    assert_int_equal(own_overwrites(51), 0);
}

static void test_a_calendar_says_what_is_old(void **state)
{
    static struct tip_calendar calendar;

    (void)state;
    calendar.count = 0;
    assert_int_equal(tip_calendar_today(&calendar), 0);
    assert_int_equal(tip_calendar_old(&calendar, 1), 0);
    assert_true(tip_calendar_note(&calendar, 10, 0));
    assert_false(tip_calendar_note(&calendar, 10, 5));
    assert_true(tip_calendar_note(&calendar, 12, 50));
    assert_false(tip_calendar_note(&calendar, 11, 55));
    assert_true(tip_calendar_note(&calendar, 20, 80));
    assert_int_equal(tip_calendar_old(&calendar, 1), 80);
    assert_int_equal(tip_calendar_old(&calendar, 8), 80);
    assert_int_equal(tip_calendar_old(&calendar, 9), 50);
    assert_int_equal(tip_calendar_old(&calendar, 10), 50);
    assert_int_equal(tip_calendar_old(&calendar, 11), 0);
    for (uint64_t day = 21; day < 2000; day++) {
        assert_true(tip_calendar_note(&calendar, day, day * 10));
    }
    assert_int_equal(calendar.count, TIP_CALENDAR_DAYS);
    assert_int_equal(tip_calendar_old(&calendar, 365), (1999 - 365 + 1) * 10);
}

/* The days of a clock that was far ahead are forgotten; what was written on
 * them counts to the day before. */
static void test_a_calendar_forgets_days_that_have_not_come(void **state)
{
    static struct tip_calendar calendar;

    (void)state;
    calendar.count = 0;
    assert_true(tip_calendar_note(&calendar, 10, 0));
    assert_true(tip_calendar_note(&calendar, 100, 50));
    assert_true(tip_calendar_note(&calendar, 200, 60));
    assert_true(tip_calendar_note(&calendar, 11, 70));
    assert_int_equal(calendar.count, 2);
    assert_int_equal(tip_calendar_today(&calendar), 11);
    assert_int_equal(tip_calendar_old(&calendar, 1), 50);
    assert_int_equal(tip_calendar_old(&calendar, 2), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_deletions_beyond_the_budget_of_a_day_wait),
        TEST(test_a_device_that_was_restored_has_one_budget),
        TEST(test_work_on_own_open_cases_never_counts),
        TEST(test_overwrites_of_what_others_wrote_beyond_the_budget_wait),
        TEST(test_waking_own_old_cases_counts_once_each),
        TEST(test_a_flood_waits_and_nobody_elses_work_with_it),
        TEST(test_what_waits_is_bounded_and_nothing_is_lost),
        TEST(test_a_hub_whose_clock_was_ahead_gives_budgets_again),
        cmocka_unit_test(test_a_day_given_back_gives_no_second_budget),
        cmocka_unit_test(test_old_work_in_a_record_of_another_office_counts),
        cmocka_unit_test(test_a_calendar_says_what_is_old),
        cmocka_unit_test(test_a_calendar_forgets_days_that_have_not_come),
    };

    return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
