/* The store's folder: who may open it, and with what. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lmdb.h>

#include "store_lmdb_rig.h"
#include "tip_random_sodium.h"
#include "tip_store_verify.h"

static const struct tip_bytes a_value = {(const uint8_t *)"alpha", 5};

static void test_a_second_open_is_refused(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_lmdb *second = NULL;
    int status = 0;
    pid_t pid;

    assert_int_equal(tip_store_lmdb_open(&rig->opts, &second), TIP_ESTORE_BUSY);
    pid = fork();
    if (pid == 0) {
        _exit(tip_store_lmdb_open(&rig->opts, &second) == TIP_ESTORE_BUSY);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 1);
    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
}

static void test_only_the_owner_may_read_the_files(void **state)
{
    struct lmdb_rig *rig = *state;

    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    assert_int_equal(lmdb_rig_status(rig, "store.last").st_mode & 0777, 0600);
    assert_int_equal(lmdb_rig_status(rig, "store.mdb").st_mode & 0777, 0600);
    assert_int_equal(lmdb_rig_status(rig, "store.mdb-lock").st_mode & 0777,
                     0600);
    assert_int_equal(lmdb_rig_status(rig, "lock").st_mode & 0777, 0600);
}

static void test_no_descriptor_outlives_exec(void **state)
{
    struct lmdb_rig *rig = *state;

    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    for (int fd = 3; fd < 256; fd++) {
        const int flags = fcntl(fd, F_GETFD);
        char link[32];
        char path[128] = {0};

        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (flags >= 0 && readlink(link, path, sizeof path - 1) > 0 &&
            strncmp(path, rig->dir, strlen(rig->dir)) == 0) {
            assert_true((flags & FD_CLOEXEC) != 0);
        }
    }
}

static void test_another_key_does_not_open_the_store(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_vault *other;
    const char *path = lmdb_rig_path(rig, "other.key");

    lmdb_rig_close(rig);
    ASSERT_OK(tip_vault_create_file(path, tip_random_sodium()));
    ASSERT_OK(tip_vault_open_file(path, &other));
    assert_int_equal(unlink(path), 0);
    rig->opts.sealer = tip_vault_sealer(other);
    assert_int_equal(lmdb_rig_open(rig), TIP_ESTORE_KEY);
    tip_vault_close(other);
}

static void test_a_store_of_a_newer_version_is_refused(void **state)
{
    struct lmdb_rig *rig = *state;
    MDB_val key = {6, (char[]){"header"}};
    MDB_val value;
    uint8_t header[256];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;

    lmdb_rig_close(rig);
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(
        mdb_env_open(env, lmdb_rig_path(rig, "store.mdb"), MDB_NOSUBDIR, 0600),
        0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, NULL, 0, &dbi), 0);
    assert_int_equal(mdb_get(txn, dbi, &key, &value), 0);
    assert_true(value.mv_size <= sizeof header);
    memcpy(header, value.mv_data, value.mv_size);
    header[11]++;
    value.mv_data = header;
    assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    assert_int_equal(lmdb_rig_open(rig), TIP_ESTORE_NEWER);
}

static void test_a_file_that_is_no_store_is_refused_and_kept(void **state)
{
    struct lmdb_rig *rig = *state;
    const int fd =
        open(lmdb_rig_path(rig, "store.mdb"), O_WRONLY | O_TRUNC | O_CLOEXEC);

    lmdb_rig_close(rig);
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(write(fd, "no store", 8), 8);
    }
    (void)close(fd);
    assert_int_equal(lmdb_rig_open(rig), TIP_EMALFORMED);
    assert_int_equal(lmdb_rig_status(rig, "store.mdb").st_size, 16000);
}

static void copy_file(struct lmdb_rig *rig, const char *from, const char *to)
{
    static uint8_t memory[LMDB_RIG_STEP_BYTES];
    int fd = open(lmdb_rig_path(rig, from), O_RDONLY | O_CLOEXEC);

    assert_int_equal(read(fd, memory, sizeof memory), sizeof memory);
    (void)close(fd);
    fd = open(lmdb_rig_path(rig, to), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, memory, sizeof memory), sizeof memory);
    (void)close(fd);
}

static void test_an_older_file_put_back_is_noticed(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_verify_report report;

    rig_put(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    lmdb_rig_close(rig);
    copy_file(rig, "store.mdb", "store.before");
    ASSERT_OK(lmdb_rig_open(rig));
    rig_put(&rig->base, RIG_TABLE, TIP_KEY(2, 0), a_value);
    lmdb_rig_close(rig);
    copy_file(rig, "store.before", "store.mdb");
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.before")), 0);

    assert_int_equal(
        tip_store_verify(rig->dir, rig->opts.sealer, 5000, &report),
        TIP_ESTORE_DAMAGED);
    assert_true(report.went_back);
    assert_int_equal(report.damaged_count, 0);
    assert_int_equal(lmdb_rig_open(rig), TIP_ESTORE_WENT_BACK);
    /* Whoever restores a backup on purpose removes what remembers. */
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.last")), 0);
    ASSERT_OK(lmdb_rig_open(rig));
    rig_assert_value(&rig->base, RIG_TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(&rig->base, RIG_TABLE, TIP_KEY(2, 0));
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_second_open_is_refused),
        TEST(test_only_the_owner_may_read_the_files),
        TEST(test_no_descriptor_outlives_exec),
        TEST(test_another_key_does_not_open_the_store),
        TEST(test_a_store_of_a_newer_version_is_refused),
        TEST(test_a_file_that_is_no_store_is_refused_and_kept),
        TEST(test_an_older_file_put_back_is_noticed),
    };

    return cmocka_run_group_tests_name("store_lmdb_files", tests, NULL, NULL);
}
