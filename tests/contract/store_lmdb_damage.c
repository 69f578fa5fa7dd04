/* A store file that something else has changed: never a wrong value, never the
 * end of the process that verifies it. */
#include <endian.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lmdb.h>

#include "store_lmdb_rig.h"
#include "tip_prng.h"
#include "tip_store_verify.h"

enum {
    ENTRY_COUNT = 72, /* In each of two tables. */
    PER_COMMIT = 24,
    LARGE_EVERY = 36, /* Some values have pages of their own. */
    LARGE_BYTES = 9000,
    SMALL_BYTES = 250,
    FLIP_EVERY = 50,
    VERIFY_TIMEOUT_MS = 3000
};

static const enum tip_table tables[] = {TIP_TABLE_META, TIP_TABLE_OUTBOX};

/* What entry @i of @table holds. */
static struct tip_bytes content(enum tip_table table, uint64_t i)
{
    static uint8_t memory[LARGE_BYTES];
    const size_t size = i % LARGE_EVERY == 0 ? LARGE_BYTES : SMALL_BYTES;

    for (size_t at = 0; at < size; at++) {
        memory[at] = (uint8_t)(i * 7 + at * 13 + (size_t)table);
    }
    return tip_bytes(memory, size);
}

static struct tip_key key_of(uint64_t i)
{
    return TIP_KEY(i / 4, i % 4);
}

/* Fill the store, free some pages again, and close it. */
static void make_content(struct lmdb_rig *rig)
{
    for (uint64_t i = 0; i < ENTRY_COUNT; i += PER_COMMIT) {
        struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_WRITE);

        for (uint64_t at = i; at < i + PER_COMMIT; at++) {
            ASSERT_OK(tip_txn_put(txn, tables[0], key_of(at),
                                  content(tables[0], at)));
            ASSERT_OK(tip_txn_put(txn, tables[1], key_of(at),
                                  content(tables[1], at)));
        }
        ASSERT_OK(tip_txn_commit(txn));
    }
    lmdb_rig_close(rig);
}

/* Compare what a get says with what was put: 0 right or refused, 1 wrong. */
static int read_all(struct tip_txn *txn, bool must_be_there)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (uint64_t i = 0; i < ENTRY_COUNT; i++) {
            struct tip_bytes found;
            const enum tip_err err =
                tip_txn_get(txn, tables[t], key_of(i), &found);

            if (err == TIP_OK ? !tip_bytes_equal(found, content(tables[t], i))
                              : must_be_there) {
                return 1;
            }
        }
    }
    return 0;
}

/* Read everything in a transaction of its own; 0, 1 or 2: no transaction. */
static int look(struct lmdb_rig *rig, bool must_be_there)
{
    struct tip_txn *txn;
    int wrong;

    if (tip_store_begin(rig->base.store, TIP_TXN_READ, &txn) != TIP_OK) {
        return must_be_there ? 2 : 0;
    }
    wrong = read_all(txn, must_be_there);
    tip_txn_abort(txn);
    return wrong;
}

/* Open the store and read it; when it @is_sound, write to it and read again.
 * In a child, which a damaged file may end: no assertions of cmocka here. */
static int use_store(struct lmdb_rig *rig, bool is_sound)
{
    int wrong;

    if (lmdb_rig_open(rig) != TIP_OK) {
        return is_sound ? 3 : 0;
    }
    wrong = look(rig, is_sound);
    for (uint64_t i = 0; is_sound && wrong == 0 && i < 3; i++) {
        if (rig_try_put(&rig->base, TIP_TXN_WRITE, TIP_KEY(i, 1),
                        content(TIP_TABLE_HISTORY, i)) != TIP_OK) {
            return 4;
        }
        wrong = look(rig, true);
    }
    return wrong;
}

static void assert_never_wrong(struct lmdb_rig *rig, bool is_sound)
{
    const pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0) {
        /* cmocka's handlers would go on with the tests in this process. */
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGBUS, SIG_DFL);
        (void)signal(SIGABRT, SIG_DFL);
        (void)alarm(2);
        _exit(use_store(rig, is_sound));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (is_sound || WIFEXITED(status)) {
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

/* The used part of the store's file, and what it says of its age. */
struct image {
    uint8_t *bytes;
    size_t size;
    uint8_t last[64];
    size_t last_size;
};

static struct image image_load(struct lmdb_rig *rig)
{
    struct image image = {.size = LMDB_RIG_STEP_BYTES};
    int fd = open(lmdb_rig_path(rig, "store.mdb"), O_RDONLY | O_CLOEXEC);

    image.bytes = malloc(image.size);
    assert_non_null(image.bytes);
    assert_int_equal(read(fd, image.bytes, image.size), image.size);
    (void)close(fd);
    fd = open(lmdb_rig_path(rig, "store.last"), O_RDONLY | O_CLOEXEC);
    image.last_size = (size_t)read(fd, image.last, sizeof image.last);
    (void)close(fd);
    while (image.size > 0 && image.bytes[image.size - 1] == 0) {
        image.size--;
    }
    /* Whole pages, and some that were never used. */
    image.size = (image.size / 4096 + 3) * 4096;
    return image;
}

static void image_store(struct lmdb_rig *rig, const struct image *image)
{
    int fd = open(lmdb_rig_path(rig, "store.mdb"), O_WRONLY | O_CLOEXEC);

    assert_int_equal(pwrite(fd, image->bytes, image->size, 0), image->size);
    (void)close(fd);
    fd = open(lmdb_rig_path(rig, "store.last"), O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, image->last, image->last_size, 0),
                     image->last_size);
    (void)close(fd);
}

static enum tip_err verify(struct lmdb_rig *rig,
                           struct tip_store_verify_report *report)
{
    return tip_store_verify(rig->dir, rig->opts.sealer, VERIFY_TIMEOUT_MS,
                            report);
}

static void test_a_sound_store_verifies(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_verify_report report;

    make_content(rig);
    ASSERT_OK(verify(rig, &report));
    assert_int_equal(report.end, TIP_STORE_VERIFY_DONE);
    assert_int_equal(report.sound_count, 2 * ENTRY_COUNT);
    assert_int_equal(report.damaged_count, 0);
}

static void
test_a_flipped_bit_is_found_or_harmless_and_no_value_is_wrong(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_prng prng = TIP_PRNG_SEEDED(20);
    struct image image;
    size_t found_count = 0;
    size_t flip_count = 0;

    make_content(rig);
    image = image_load(rig);
    for (size_t at = 0; at < image.size; at += FLIP_EVERY) {
        const uint8_t bit = (uint8_t)(1U << tip_prng_below(&prng, 8));
        struct tip_store_verify_report report;
        enum tip_err err;

        image.bytes[at] ^= bit;
        image_store(rig, &image);
        image.bytes[at] ^= bit;
        err = verify(rig, &report);
        assert_never_wrong(rig, err == TIP_OK);
        found_count += err != TIP_OK;
        flip_count++;
    }
    image_store(rig, &image);
    assert_never_wrong(rig, true);
    /* Most of the file is values; the rest of it is free pages. */
    assert_true(flip_count > 1000);
    assert_true(found_count * 4 > flip_count);
    print_message("%zu flips, %zu found, the others harmless\n", flip_count,
                  found_count);
    free(image.bytes);
}

static void test_a_file_cut_short_is_refused(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_verify_report report;
    struct image image;
    off_t size;

    make_content(rig);
    image = image_load(rig);
    for (size = (off_t)image.size - 20480; size >= 0; size -= 5096) {
        enum tip_err err;

        assert_int_equal(truncate(lmdb_rig_path(rig, "store.mdb"), size), 0);
        err = verify(rig, &report);
        assert_true(err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED);
        err = lmdb_rig_open(rig);
        assert_true(err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED);
    }
    free(image.bytes);
}

/* Change the store's file with LMDB itself, as an intruder could. */
static void swap_values(struct lmdb_rig *rig, const char *table_a,
                        const char *table_b, uint64_t hi_a, uint64_t hi_b)
{
    uint64_t key_a = htobe64(hi_a);
    uint64_t key_b = htobe64(hi_b);
    MDB_val a = {sizeof key_a, &key_a};
    MDB_val b = {sizeof key_b, &key_b};
    MDB_val value_a;
    MDB_val value_b;
    uint8_t memory[SMALL_BYTES + 100];
    size_t size;
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi_a;
    MDB_dbi dbi_b;

    assert_int_equal(mdb_env_create(&env), 0);
    (void)mdb_env_set_maxdbs(env, 16);
    assert_int_equal(
        mdb_env_open(env, lmdb_rig_path(rig, "store.mdb"), MDB_NOSUBDIR, 0600),
        0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table_a, 0, &dbi_a), 0);
    assert_int_equal(mdb_dbi_open(txn, table_b, 0, &dbi_b), 0);
    assert_int_equal(mdb_get(txn, dbi_a, &a, &value_a), 0);
    assert_int_equal(mdb_get(txn, dbi_b, &b, &value_b), 0);
    size = value_a.mv_size;
    assert_true(size <= sizeof memory);
    memcpy(memory, value_a.mv_data, size);
    assert_int_equal(mdb_put(txn, dbi_a, &a, &value_b, 0), 0);
    value_a = (MDB_val){size, memory};
    assert_int_equal(mdb_put(txn, dbi_b, &b, &value_a, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void assert_swap_is_found(struct lmdb_rig *rig, enum tip_table table_a,
                                 enum tip_table table_b, uint64_t hi_a,
                                 uint64_t hi_b)
{
    struct tip_store_verify_report report;
    struct tip_bytes found;
    struct tip_txn *txn;

    assert_int_equal(verify(rig, &report), TIP_ESTORE_DAMAGED);
    assert_int_equal(report.end, TIP_STORE_VERIFY_DONE);
    assert_int_equal(report.damaged_count, 2);
    assert_int_equal(report.named_count, 2);
    assert_int_equal(report.named[0].table, table_a);
    assert_int_equal(report.named[1].table, table_b);
    assert_false(report.is_free_list_damaged);

    ASSERT_OK(lmdb_rig_open(rig));
    txn = rig_begin(&rig->base, TIP_TXN_READ);
    assert_int_equal(tip_txn_get(txn, table_a, TIP_KEY(hi_a, 0), &found),
                     TIP_ESTORE_DAMAGED);
    assert_int_equal(tip_txn_get(txn, table_b, TIP_KEY(hi_b, 0), &found),
                     TIP_ESTORE_DAMAGED);
    ASSERT_OK(tip_txn_get(txn, table_a, TIP_KEY(3, 0), &found));
    ASSERT_BYTES(found, content(table_a, 12));
    tip_txn_abort(txn);
}

static void test_values_swapped_between_two_keys_do_not_open(void **state)
{
    struct lmdb_rig *rig = *state;

    make_content(rig);
    swap_values(rig, "0", "0", 1, 2);
    assert_swap_is_found(rig, TIP_TABLE_META, TIP_TABLE_META, 1, 2);
}

static void test_values_swapped_between_two_tables_do_not_open(void **state)
{
    struct lmdb_rig *rig = *state;

    make_content(rig);
    swap_values(rig, "0", "3", 1, 1);
    assert_swap_is_found(rig, TIP_TABLE_META, TIP_TABLE_OUTBOX, 1, 1);
}

static void test_verify_says_what_is_not_a_store(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_store_verify_report report;

    assert_int_equal(verify(rig, &report), TIP_ESTORE_BUSY);
    lmdb_rig_close(rig);
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.mdb")), 0);
    assert_int_equal(verify(rig, &report), TIP_ENOTFOUND);
    assert_int_equal(tip_store_verify(lmdb_rig_path(rig, "none"),
                                      rig->opts.sealer, VERIFY_TIMEOUT_MS,
                                      &report),
                     TIP_ENOTFOUND);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_sound_store_verifies),
        TEST(test_a_flipped_bit_is_found_or_harmless_and_no_value_is_wrong),
        TEST(test_a_file_cut_short_is_refused),
        TEST(test_values_swapped_between_two_keys_do_not_open),
        TEST(test_values_swapped_between_two_tables_do_not_open),
        TEST(test_verify_says_what_is_not_a_store),
    };

    /* Thousands of openings, and nothing here is about the disk. */
    if (access("/dev/shm", W_OK) == 0) {
        (void)setenv("TMPDIR", "/dev/shm", 0);
    }
    return cmocka_run_group_tests_name("store_lmdb_damage", tests, NULL, NULL);
}
