/* A store dumped while it goes on, and built again: all of it, or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk_log.h"
#include "store_lmdb_rig.h"
#include "tip_prng.h"
#include "tip_store_build.h"
#include "tip_store_verify.h"

enum { ENTRIES = 9000, BUILD_BYTES = 8 * 1024 * 1024, VERIFY_MS = 20000 };

/* Entries of a dump, kept: what a backup is. */
struct copy {
    struct tip_store_entry entries[2 * ENTRIES];
    uint8_t bytes[2 * ENTRIES][128];
    size_t count;
    uint64_t commit_count;
};

static struct copy copy;

static void fill(struct lmdb_rig *rig, uint8_t round)
{
    struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_WRITE);

    for (uint64_t i = 1; i <= ENTRIES; i++) {
        ASSERT_OK(tip_txn_put(txn, RIG_TABLE, TIP_KEY(i, i % 3),
                              tip_bytes(&round, 1)));
    }
    ASSERT_OK(tip_txn_put(txn, RIG_OTHER_TABLE, TIP_KEY(1, 0), TIP_BYTES_NONE));
    ASSERT_OK(tip_txn_commit(txn));
}

static void keep(const struct tip_store_entry *entry)
{
    assert_true(copy.count < sizeof copy.bytes / sizeof *copy.bytes &&
                entry->sealed.size <= 128);
    memcpy(copy.bytes[copy.count], entry->sealed.data, entry->sealed.size);
    copy.entries[copy.count] = *entry;
    copy.entries[copy.count].sealed.data = copy.bytes[copy.count];
    copy.count++;
}

/* Dump the store, writing round @meanwhile into it halfway. */
static void dump(struct lmdb_rig *rig, uint8_t meanwhile)
{
    struct tip_store_entry entry;
    struct tip_store_dump *dump;
    enum tip_err err;

    ASSERT_OK(tip_store_dump_open(rig->store, &dump));
    copy.count = 0;
    copy.commit_count = tip_store_dump_commit_count(dump);
    while ((err = tip_store_dump_next(dump, &entry)) == TIP_OK) {
        keep(&entry);
        if (copy.count == ENTRIES / 2) {
            fill(rig, meanwhile);
        }
    }
    assert_int_equal(err, TIP_ENOTFOUND);
    assert_int_equal(copy.count, tip_store_dump_entry_count(dump));
    tip_store_dump_close(dump);
}

static enum tip_err finish(struct tip_store_build *build,
                           char before[TIP_STORE_BEFORE_SIZE])
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < copy.count && err == TIP_OK; i++) {
        err = tip_store_build_add(build, &copy.entries[i]);
    }
    return err == TIP_OK
               ? tip_store_build_publish(build, copy.commit_count, before)
               : err;
}

static enum tip_err build(struct lmdb_rig *rig,
                          char before[TIP_STORE_BEFORE_SIZE])
{
    struct tip_store_build *build;
    enum tip_err err = tip_store_build_open(&rig->opts, BUILD_BYTES, &build);

    if (err == TIP_OK) {
        err = finish(build, before);
        tip_store_build_close(build);
    }
    return err;
}

static void assert_round(struct lmdb_rig *rig, uint8_t round)
{
    struct tip_store_verify_report report;

    lmdb_rig_close(rig);
    ASSERT_OK(tip_store_verify(rig->dir, rig->opts.sealer, VERIFY_MS, &report));
    ASSERT_OK(lmdb_rig_open(rig));
    for (uint64_t i = 1; i <= ENTRIES; i++) {
        rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(i, i % 3),
                         tip_bytes(&round, 1));
    }
}

static void
test_a_dump_is_of_one_moment_whatever_is_written_meanwhile(void **state)
{
    struct lmdb_rig *rig = *state;
    char before[TIP_STORE_BEFORE_SIZE];

    fill(rig, 1);
    dump(rig, 2);
    assert_round(rig, 2);
    lmdb_rig_close(rig);
    assert_false(tip_store_has_before(rig->dir, before));
    ASSERT_OK(build(rig, before));
    assert_string_equal(before, "store.before-1");
    assert_true(tip_store_has_before(rig->dir, before));
    assert_string_equal(before, "store.before-1");
    ASSERT_OK(lmdb_rig_open(rig));
    assert_round(rig, 1);
    /* What was there can be put back by hand, though not unnoticed. */
    lmdb_rig_close(rig);
    assert_int_equal(lmdb_rig_status(rig, before).st_mode & 0777, 0600);
    ASSERT_OK(build(rig, before));
    assert_string_equal(before, "store.before-2");
    ASSERT_OK(lmdb_rig_open(rig));
}

static void test_a_built_store_counts_its_commits_on(void **state)
{
    struct lmdb_rig *rig = *state;
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_store_dump *dumped;
    uint64_t reached;

    fill(rig, 1);
    dump(rig, 2);
    fill(rig, 3);
    ASSERT_OK(tip_store_dump_open(rig->store, &dumped));
    reached = tip_store_dump_commit_count(dumped);
    tip_store_dump_close(dumped);
    assert_true(reached > copy.commit_count);
    lmdb_rig_close(rig);
    ASSERT_OK(build(rig, before));
    ASSERT_OK(lmdb_rig_open(rig));
    ASSERT_OK(tip_store_dump_open(rig->store, &dumped));
    assert_true(tip_store_dump_commit_count(dumped) > reached);
    tip_store_dump_close(dumped);
}

static void test_an_entry_that_is_altered_or_moved_is_refused(void **state)
{
    struct lmdb_rig *rig = *state;
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_store_entry swapped;

    fill(rig, 1);
    dump(rig, 1);
    lmdb_rig_close(rig);
    copy.bytes[7][30] ^= 1;
    assert_int_equal(build(rig, before), TIP_ESTORE_DAMAGED);
    copy.bytes[7][30] ^= 1;
    copy.entries[7].key.lo++;
    assert_int_equal(build(rig, before), TIP_ESTORE_DAMAGED);
    copy.entries[7].key.lo--;
    swapped = copy.entries[7];
    copy.entries[7] = copy.entries[8];
    copy.entries[8] = swapped;
    assert_int_equal(build(rig, before), TIP_ESTORE_DAMAGED);
    ASSERT_OK(lmdb_rig_open(rig));
    assert_round(rig, 1);
}

/* One that is said to be damaged lies in the copy as it was found. */
static void test_what_is_damaged_is_copied_as_it_is(void **state)
{
    struct lmdb_rig *rig = *state;
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_bytes value;
    struct tip_key key;
    struct tip_txn *txn;

    fill(rig, 1);
    dump(rig, 1);
    lmdb_rig_close(rig);
    key = copy.entries[7].key;
    copy.bytes[7][30] ^= 1;
    copy.entries[7].is_damaged = true;
    ASSERT_OK(build(rig, before));
    ASSERT_OK(lmdb_rig_open(rig));
    txn = rig_begin(&rig->base, TIP_TXN_READ);
    assert_int_equal(tip_txn_get(txn, RIG_TABLE, key, &value),
                     TIP_ESTORE_DAMAGED);
    ASSERT_OK(tip_txn_get(txn, RIG_TABLE, copy.entries[8].key, &value));
    tip_txn_abort(txn);
    for (int i = 0; i < ENTRIES; i++) {
        copy.entries[i].is_damaged = false;
    }
    dump(rig, 2);
    for (int i = 0; i < ENTRIES; i++) {
        assert_true(copy.entries[i].is_damaged == (i == 7));
    }
}

static void test_a_store_in_use_is_not_replaced(void **state)
{
    struct lmdb_rig *rig = *state;
    char before[TIP_STORE_BEFORE_SIZE];

    fill(rig, 1);
    dump(rig, 1);
    assert_int_equal(build(rig, before), TIP_ESTORE_BUSY);
    assert_round(rig, 1);
}

/* Build in a child that ends at its @die_at-th write or sync of the new file,
 * and take back a part of what was not synced. True: it came to its end. */
static bool build_and_die(struct lmdb_rig *rig, struct disk_log *log,
                          struct tip_prng *prng, unsigned int die_at)
{
    struct tip_store_build *build;
    char before[TIP_STORE_BEFORE_SIZE];
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        if (tip_store_build_open(&rig->opts, BUILD_BYTES, &build) != TIP_OK) {
            _exit(1);
        }
        disk_log_start(log, lmdb_rig_path(rig, "store.new"), die_at);
        _exit(finish(build, before) == TIP_OK ? 0 : 2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 0) {
        return true;
    }
    assert_int_equal(WEXITSTATUS(status), 9);
    (void)disk_log_lose(log, lmdb_rig_path(rig, "store.new"), prng);
    return false;
}

static void test_a_build_that_is_cut_short_leaves_the_old_store(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_prng prng = TIP_PRNG_SEEDED(1);
    struct disk_log *log = disk_log_new();
    unsigned int died = 0;

    fill(rig, 1);
    dump(rig, 2);
    lmdb_rig_close(rig);
    while (!build_and_die(rig, log, &prng, ++died)) {
        ASSERT_OK(lmdb_rig_open(rig));
        assert_round(rig, 2);
        lmdb_rig_close(rig);
    }
    assert_true(died > 10);
    ASSERT_OK(lmdb_rig_open(rig));
    assert_round(rig, 1);
    disk_log_free(log);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_dump_is_of_one_moment_whatever_is_written_meanwhile),
        TEST(test_a_built_store_counts_its_commits_on),
        TEST(test_an_entry_that_is_altered_or_moved_is_refused),
        TEST(test_what_is_damaged_is_copied_as_it_is),
        TEST(test_a_store_in_use_is_not_replaced),
        TEST(test_a_build_that_is_cut_short_leaves_the_old_store),
    };

    return cmocka_run_group_tests_name("store_lmdb_copies", tests, NULL, NULL);
}
