/* Each allocation and each call to the disk fails in turn, once or from then
 * on, while a store is opened, written, recovered and closed: an error comes
 * back, nothing acknowledged is lost, nothing leaks, and the next attempt
 * without the fault succeeds. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash_calls.h"
#include "crash_disk.h"
#include "crash_memory.h"
#include "crash_rig.h"
#include "crash_script.h"

enum { NTH_MAX = 20000 };

static size_t failures; /* Tried. */

/* What fails: allocations, or calls to the disk in some way. */
struct fault {
    enum crash_fault kind;
    bool is_memory;
    bool for_good;
};

static const struct fault faults[] = {
    {CRASH_FAULT_EIO, true, false},     {CRASH_FAULT_EIO, true, true},
    {CRASH_FAULT_EIO, false, false},    {CRASH_FAULT_EIO, false, true},
    {CRASH_FAULT_ENOSPC, false, false}, {CRASH_FAULT_ENOSPC, false, true},
    {CRASH_FAULT_SHORT, false, false},
};
enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };

static void arm(const struct fault *fault, unsigned int nth)
{
    if (fault->is_memory) {
        crash_memory_arm(nth, fault->for_good);
    } else {
        crash_calls_arm(fault->kind, nth, fault->for_good);
    }
}

static bool clear(void)
{
    const bool memory_failed = crash_memory_clear();
    const bool disk_failed = crash_calls_clear();

    return memory_failed || disk_failed;
}

/* After the fault, in the process that met it: nothing is lost, it goes on. */
static void check_running(struct crash_work *work, uint64_t done_sum)
{
    struct tip_store *store = tip_store_lmdb_base(work->store);
    const char *wrong;
    uint64_t sum;

    sum = crash_store_sum(store);
    assert_int_equal(sum, done_sum);
    if (tip_store_lmdb_tend(work->store) == TIP_ESTORE_FAILED) {
        ASSERT_OK(tip_store_lmdb_recover(work->store));
        assert_int_equal(crash_store_sum(store), done_sum);
    }
    wrong = crash_store_goes_on(store);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
    sum = crash_store_sum(store);
    crash_work_close(work);
    ASSERT_OK(tip_store_lmdb_open(&work->opts, &work->store));
    assert_int_equal(crash_store_sum(tip_store_lmdb_base(work->store)), sum);
}

/* After the fault, by the next process: as after a power cut, since a commit
 * that failed may still be on the disk. @sums: of what is acknowledged, and
 * with the next. */
static void check_started_again(struct crash_work *work, bool was_made,
                                const uint64_t *sums)
{
    const char *wrong;
    uint64_t sum;

    crash_work_close(work);
    wrong = crash_store_reopen(work->opts.dir, was_made, &work->store);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
    sum = crash_store_sum(tip_store_lmdb_base(work->store));
    assert_true(sum == sums[0] || sum == sums[1]);
    assert_null(crash_store_goes_on(tip_store_lmdb_base(work->store)));
}

/* Run @script with the @nth failing. Returns whether it did. */
static bool run_with(const struct crash_script *script,
                     const struct fault *fault, unsigned int nth,
                     const struct crash_work *whole)
{
    char path[CRASH_PATH_SIZE];
    struct crash_work work = {.tape = NULL};
    const long live = crash_memory_live();
    bool was_met;

    if (getenv("CRASH_TELL") != NULL) {
        print_message("%s: %s %d%s, number %u\n", script->name,
                      fault->is_memory ? "memory" : "disk", (int)fault->kind,
                      fault->for_good ? " for good" : "", nth);
    }
    crash_rig_folder("script", path);
    work.opts = crash_rig_opts(path);
    arm(fault, nth);
    crash_work_run(&work, script);
    was_met = clear();
    if (!was_met) {
        assert_int_equal(work.err, TIP_OK);
    }
    if (work.store != NULL && nth % 2 == 0) {
        check_running(&work, whole->sums[work.done]);
    } else {
        check_started_again(&work, work.done > 0, &whole->sums[work.done]);
    }
    crash_work_close(&work);
    assert_int_equal(crash_memory_live(), live);
    failures += was_met;
    return was_met;
}

/* The same without a fault, to know what there should be. */
static void run_whole(const struct crash_script *script,
                      struct crash_work *work)
{
    char path[CRASH_PATH_SIZE];

    crash_rig_folder("script", path);
    work->opts = crash_rig_opts(path);
    crash_work_run(work, script);
    ASSERT_OK(work->err);
    crash_work_close(work);
}

static void fail_each(const struct fault *fault)
{
    const unsigned int every = crash_every();

    for (size_t i = 0; i < crash_script_count; i++) {
        struct crash_work whole = {.tape = NULL};
        unsigned int nth = 1;

        /* It brings its own. */
        if (strcmp(crash_scripts[i].name, "recovery") == 0 &&
            !fault->is_memory) {
            continue;
        }
        run_whole(&crash_scripts[i], &whole);
        while (run_with(&crash_scripts[i], fault, nth, &whole)) {
            /* The first ones are opening a store: each of them. */
            nth += nth < 50 ? 1 + every / 8 : every;
            assert_true(nth < NTH_MAX);
        }
    }
}

/* Where something was found, and around it: README.md tells what. */
static void fail_from(const char *name, const struct fault *fault,
                      unsigned int first, unsigned int last)
{
    for (size_t i = 0; i < crash_script_count; i++) {
        struct crash_work whole = {.tape = NULL};

        if (strcmp(crash_scripts[i].name, name) != 0) {
            continue;
        }
        run_whole(&crash_scripts[i], &whole);
        for (unsigned int nth = first; nth <= last; nth++) {
            assert_true(run_with(&crash_scripts[i], fault, nth, &whole));
        }
    }
}

static void
test_recovering_that_cannot_open_its_new_file_can_be_tried_again(void **state)
{
    const struct fault fault = {CRASH_FAULT_EIO, true, false};

    (void)state;
    fail_from("recovery", &fault, 205, 235);
}

static void test_a_head_without_room_on_the_disk_stops_writing(void **state)
{
    const struct fault fault = {CRASH_FAULT_ENOSPC, false, false};

    (void)state;
    fail_from("small saves", &fault, 45, 75);
}

static void
test_a_restore_that_cannot_read_the_count_replaces_nothing(void **state)
{
    const struct fault fault = {CRASH_FAULT_EIO, false, false};

    (void)state;
    fail_from("restore", &fault, 60, 75);
}

static void test_any_allocation_may_fail(void **state)
{
    (void)state;
    failures = 0;
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (faults[i].is_memory) {
            fail_each(&faults[i]);
        }
    }
    print_message("%zu allocations failed\n", failures);
}

static void test_any_call_to_the_disk_may_fail(void **state)
{
    (void)state;
    failures = 0;
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (!faults[i].is_memory) {
            fail_each(&faults[i]);
        }
    }
    print_message("%zu calls to the disk failed\n", failures);
}

static int set_up(void **state)
{
    char path[CRASH_PATH_SIZE];

    (void)state;
    /* What is allocated once and kept is allocated before anything counts. */
    crash_rig_folder("script", path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    crash_rig_deinit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_recovering_that_cannot_open_its_new_file_can_be_tried_again),
        cmocka_unit_test(test_a_head_without_room_on_the_disk_stops_writing),
        cmocka_unit_test(
            test_a_restore_that_cannot_read_the_count_replaces_nothing),
        cmocka_unit_test(test_any_allocation_may_fail),
        cmocka_unit_test(test_any_call_to_the_disk_may_fail),
    };

    return cmocka_run_group_tests_name("faults", tests, set_up, tear_down);
}
