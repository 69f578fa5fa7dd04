/* The store on LMDB and its disk: blocks, full disks, failing disks. */
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "disk_fault.h"
#include "store_lmdb_rig.h"
#include "tip_prng.h"

static const struct tip_bytes a_value = {(const uint8_t *)"alpha", 5};

static void test_a_commit_never_makes_the_file_longer(void **state)
{
    struct lmdb_rig *rig = *state;
    static uint8_t value[40000];
    struct tip_prng prng = TIP_PRNG_SEEDED(7);

    for (int round = 0; round < 40; round++) {
        struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_WRITE);
        struct stat before;
        struct stat after;

        for (int i = 0; i < 50; i++) {
            const size_t size =
                i % 10 == 0 ? sizeof value : tip_prng_below(&prng, 2000);

            ASSERT_OK(tip_txn_put(txn, RIG_TABLE,
                                  TIP_KEY(tip_prng_below(&prng, 5000), 1),
                                  tip_bytes(value, size)));
        }
        before = lmdb_rig_status(rig, "store.mdb");
        ASSERT_OK(tip_txn_commit(txn));
        after = lmdb_rig_status(rig, "store.mdb");
        assert_int_equal(before.st_size, after.st_size);
        assert_true(after.st_blocks * 512 >= after.st_size);
    }
}

/* Put entries of @bytes until one is refused; returns how many went in. */
static uint64_t fill(struct store_rig *rig, uint64_t from)
{
    static const uint8_t value[20000];
    uint64_t hi = from;
    enum tip_err err;

    do {
        err = rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(++hi, 0),
                          TIP_BYTES_OF(value));
    } while (err == TIP_OK);
    assert_int_equal(err, TIP_ESTORE_FULL);
    return hi - from - 1;
}

static void assert_acks_go_on(struct store_rig *rig)
{
    for (uint64_t i = 0; i < 100; i++) {
        assert_int_equal(rig_try_put(rig, TIP_TXN_WRITE_RESERVE,
                                     TIP_KEY(1000000 + i, 0), a_value),
                         TIP_OK);
    }
    rig_assert_value(rig, RIG_TABLE, TIP_KEY(1000099, 0), a_value);
}

static void test_on_a_full_disk_acks_go_on_and_room_is_used_again(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_usage usage;

    assert_true(fill(&rig->base, 0) > 500);
    lmdb_rig_teardown(state);
    lmdb_rig_setup(state);
    /* 8 MiB are there when the disk is full, 4 of them the reserve. */
    while (lmdb_rig_status(rig, "store.mdb").st_size <
           (off_t)8 * LMDB_RIG_STEP_BYTES) {
        static const uint8_t value[20000];
        static uint64_t lo;

        rig_put(&rig->base, RIG_OTHER_TABLE, TIP_KEY(1, ++lo),
                TIP_BYTES_OF(value));
    }
    disk_fault_arm(DISK_FAULT_NO_ROOM, 1);
    (void)fill(&rig->base, 0);
    usage = rig->base.store->usage(rig->base.store);
    assert_int_equal(usage.limit_bytes,
                     lmdb_rig_status(rig, "store.mdb").st_size);
    assert_acks_go_on(&rig->base);
    assert_true(disk_fault_clear());
    assert_true(fill(&rig->base, 2000000) > 300);
}

static void test_on_a_full_tmpfs_nothing_acknowledged_is_lost(void **state)
{
    struct lmdb_rig *rig = *state;
    struct lmdb_rig inner = *rig;
    uint64_t count;

    if (geteuid() != 0 || mkdir(lmdb_rig_path(rig, "disk"), 0700) != 0) {
        print_message("skipped: needs root to mount a small disk\n");
        return;
    }
    (void)snprintf(inner.dir, sizeof inner.dir, "%.100s/disk", rig->dir);
    inner.opts.dir = inner.dir;
    if (mount("none", inner.dir, "tmpfs", 0, "size=12m") != 0) {
        print_message("skipped: this system lets nobody mount\n");
        assert_int_equal(rmdir(inner.dir), 0);
        return;
    }
    ASSERT_OK(lmdb_rig_open(&inner));
    count = fill(&inner.base, 0);
    assert_true(count > 200);
    assert_acks_go_on(&inner.base);
    lmdb_rig_close(&inner);
    ASSERT_OK(lmdb_rig_open(&inner));
    for (uint64_t hi = 1; hi <= count; hi++) {
        static const uint8_t value[20000];

        rig_assert_value(&inner.base, RIG_TABLE, TIP_KEY(hi, 0),
                         TIP_BYTES_OF(value));
    }
    assert_acks_go_on(&inner.base);
    lmdb_rig_close(&inner);
    assert_int_equal(umount(inner.dir), 0);
    assert_int_equal(rmdir(inner.dir), 0);
}

static void test_no_new_store_is_made_on_a_full_disk(void **state)
{
    struct lmdb_rig *rig = *state;

    lmdb_rig_close(rig);
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.mdb")), 0);
    disk_fault_arm(DISK_FAULT_NO_ROOM, 3);
    assert_int_equal(lmdb_rig_open(rig), TIP_ESTORE_FULL);
    assert_int_equal(access(lmdb_rig_path(rig, "store.mdb"), F_OK), -1);
    (void)disk_fault_clear();
    ASSERT_OK(lmdb_rig_open(rig));
}

/* Fail a commit by @kind; then reads go on, recover works, nothing is lost. */
static void assert_survives(struct lmdb_rig *rig, enum disk_fault_kind kind)
{
    struct tip_txn *reader;
    struct tip_bytes found;

    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    reader = rig_begin(&rig->base, TIP_TXN_READ);
    disk_fault_arm(kind, 1);
    assert_int_equal(
        rig_try_put(&rig->base, TIP_TXN_WRITE, TIP_KEY(2, 0), a_value),
        TIP_ESTORE_FAILED);
    assert_int_equal(tip_store_lmdb_tend(rig->store), TIP_ESTORE_FAILED);
    ASSERT_OK(tip_txn_get(reader, RIG_TABLE, TIP_KEY(1, 0), &found));
    ASSERT_BYTES(found, a_value);
    rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(&rig->base, RIG_TABLE, TIP_KEY(2, 0));
    assert_int_equal(tip_store_lmdb_recover(rig->store), TIP_EAGAIN);
    tip_txn_abort(reader);

    /* As long as the disk fails, it stays as it is. */
    if (kind == DISK_FAULT_SYNC) {
        assert_int_not_equal(tip_store_lmdb_recover(rig->store), TIP_OK);
        rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    }
    assert_true(disk_fault_clear());
    ASSERT_OK(tip_store_lmdb_recover(rig->store));
    rig_put(&rig->base, RIG_TABLE, TIP_KEY(3, 0), a_value);
    rig->base.reopen(&rig->base);
    rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(&rig->base, RIG_TABLE, TIP_KEY(2, 0));
    rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(3, 0), a_value);
    assert_int_equal(access(lmdb_rig_path(rig, "store.new"), F_OK), -1);
}

static void test_survives_a_failed_fsync(void **state)
{
    assert_survives(*state, DISK_FAULT_SYNC);
}

static void test_survives_a_failed_write_of_the_head(void **state)
{
    assert_survives(*state, DISK_FAULT_HEAD);
}

static void test_survives_a_failed_write(void **state)
{
    assert_survives(*state, DISK_FAULT_WRITE);
}

static void test_recovering_takes_a_damaged_value_along_as_it_is(void **state)
{
    struct lmdb_rig *rig = *state;
    uint8_t key[8] = {[7] = 1};
    MDB_val mdb_key = {sizeof key, key};
    MDB_val value = {5, (char[]){"wrong"}};
    struct tip_txn *reader;
    struct tip_bytes found;
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;

    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    lmdb_rig_close(rig);
    assert_int_equal(mdb_env_create(&env), 0);
    (void)mdb_env_set_maxdbs(env, 16);
    assert_int_equal(
        mdb_env_open(env, lmdb_rig_path(rig, "store.mdb"), MDB_NOSUBDIR, 0600),
        0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "1", 0, &dbi), 0);
    assert_int_equal(mdb_put(txn, dbi, &mdb_key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);

    ASSERT_OK(lmdb_rig_open(rig));
    disk_fault_arm(DISK_FAULT_SYNC, 1);
    assert_int_equal(
        rig_try_put(&rig->base, TIP_TXN_WRITE, TIP_KEY(2, 0), a_value),
        TIP_ESTORE_FAILED);
    (void)disk_fault_clear();
    ASSERT_OK(tip_store_lmdb_recover(rig->store));
    reader = rig_begin(&rig->base, TIP_TXN_READ);
    assert_int_equal(tip_txn_get(reader, RIG_TABLE, TIP_KEY(1, 0), &found),
                     TIP_ESTORE_DAMAGED);
    tip_txn_abort(reader);
    rig_put(&rig->base, RIG_TABLE, TIP_KEY(2, 0), a_value);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_commit_never_makes_the_file_longer),
        TEST(test_on_a_full_disk_acks_go_on_and_room_is_used_again),
        TEST(test_on_a_full_tmpfs_nothing_acknowledged_is_lost),
        TEST(test_no_new_store_is_made_on_a_full_disk),
        TEST(test_survives_a_failed_fsync),
        TEST(test_survives_a_failed_write_of_the_head),
        TEST(test_survives_a_failed_write),
        TEST(test_recovering_takes_a_damaged_value_along_as_it_is),
    };

    return cmocka_run_group_tests_name("store_lmdb_disk", tests, NULL, NULL);
}
