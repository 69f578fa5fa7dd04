/* Rules of hub_lines: what a line carried in a day outlives the daemon. */
#include "fake_store.h"
#include "hub_lines.h"
#include "tip_test.h"

#include <stdlib.h>

#define HOUR UINT64_C(3600000)
#define NOON (UINT64_C(498828) * HOUR)

enum { OFFICE = 8, ORIGIN = 12 };

struct rig {
    struct fake_store *store;
    struct tip_txn *txn;
    struct hub_lines *lines;
};

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);

    assert_non_null(rig);
    rig->store = fake_store_new(UINT64_C(1) << 30);
    rig->lines = calloc(1, sizeof *rig->lines);
    assert_non_null(rig->lines);
    assert_int_equal(
        tip_store_begin(&rig->store->base, TIP_TXN_WRITE, &rig->txn), TIP_OK);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    tip_txn_abort(rig->txn);
    fake_store_free(rig->store);
    free(rig->lines);
    free(rig);
    return 0;
}

static void note(struct rig *rig, uint64_t now_ms, uint32_t origin,
                 uint64_t up_bytes)
{
    struct hub_line_hours *line = hub_lines_of(rig->lines, rig->txn, OFFICE);
    const struct hub_line_look look = {.origin = origin,
                                       .up_bytes = up_bytes,
                                       .down_bytes = 2 * up_bytes,
                                       .now_ms = now_ms,
                                       .heard_ms = now_ms};

    assert_non_null(line);
    hub_line_note(line, &look);
}

static struct tip_hour day(struct rig *rig)
{
    return tip_hours_sum(&hub_lines_of(rig->lines, rig->txn, OFFICE)->hours);
}

static void test_counters_are_added_up_once(void **state)
{
    struct rig *rig = *state;

    note(rig, NOON, ORIGIN, 100);
    note(rig, NOON + 1, ORIGIN, 100);
    note(rig, NOON + HOUR, ORIGIN, 130);
    assert_int_equal(day(rig).up_bytes, 130);
    assert_int_equal(day(rig).down_bytes, 260);
}

static void test_another_device_or_start_begins_to_count_anew(void **state)
{
    struct rig *rig = *state;

    note(rig, NOON, ORIGIN, 100);
    note(rig, NOON, ORIGIN + 1, 120);
    assert_int_equal(day(rig).up_bytes, 220);
    note(rig, NOON, ORIGIN + 1, 20);
    assert_int_equal(day(rig).up_bytes, 240);
}

static void test_it_outlives_the_daemon(void **state)
{
    struct rig *rig = *state;

    note(rig, NOON, ORIGIN, 100);
    note(rig, NOON + HOUR, ORIGIN, 130);
    assert_int_equal(hub_lines_store(rig->lines, rig->txn), TIP_OK);
    rig->lines->count = 0;
    assert_int_equal(day(rig).up_bytes, 130);
    assert_int_equal(
        tip_hours_heard(&hub_lines_of(rig->lines, rig->txn, OFFICE)->hours), 2);
}

static void test_it_is_due_once_an_hour(void **state)
{
    struct rig *rig = *state;

    note(rig, NOON, ORIGIN, 100);
    assert_true(hub_lines_are_due(rig->lines));
    assert_int_equal(hub_lines_store(rig->lines, rig->txn), TIP_OK);
    note(rig, NOON + HOUR - 1, ORIGIN, 200);
    assert_false(hub_lines_are_due(rig->lines));
    note(rig, NOON + HOUR, ORIGIN, 200);
    assert_true(hub_lines_are_due(rig->lines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_counters_are_added_up_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_another_device_or_start_begins_to_count_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_outlives_the_daemon, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_it_is_due_once_an_hour, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("hub_lines", tests, NULL, NULL);
}
