/* What the files of a store hold of values that are gone: nothing, after a
 * purge, even for somebody who has the key. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "disk_fault.h"
#include "store_lmdb_rig.h"
#include "tip_prng.h"
#include "tip_sealer.h"

/* The key is out: values lie as they are, with zeros for a proof. */
static enum tip_err open_seal(struct tip_sealer *self, struct tip_bytes aad,
                              struct tip_bytes plain, uint8_t *out)
{
    (void)self;
    (void)aad;
    memcpy(out, plain.data, plain.size);
    memset(out + plain.size, 0, TIP_SEALER_OVERHEAD);
    return TIP_OK;
}

/* No value that begins with "gone" opens. */
static bool is_rotten;

static enum tip_err open_open(struct tip_sealer *self, struct tip_bytes aad,
                              struct tip_bytes sealed, uint8_t *out)
{
    (void)self;
    (void)aad;
    memcpy(out, sealed.data, sealed.size - TIP_SEALER_OVERHEAD);
    return is_rotten && memcmp(sealed.data, "gone", 4) == 0 ? TIP_ESTORE_DAMAGED
                                                            : TIP_OK;
}

static struct tip_sealer glass = {.seal = open_seal, .open = open_open};

static int setup(void **state)
{
    struct lmdb_rig *rig;

    if (lmdb_rig_setup(state) != 0) {
        return -1;
    }
    rig = *state;
    lmdb_rig_close(rig);
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.mdb")), 0);
    assert_int_equal(unlink(lmdb_rig_path(rig, "store.last")), 0);
    rig->opts.sealer = &glass;
    return lmdb_rig_open(rig) == TIP_OK ? 0 : -1;
}

/* How often @text stands in the files of the store, whatever page it is on. */
static size_t count_in_file(int fd, const char *text)
{
    const size_t length = strlen(text);
    const off_t size = lseek(fd, 0, SEEK_END);
    uint8_t *bytes = malloc((size_t)size + 1);
    size_t count = 0;

    assert_non_null(bytes);
    assert_int_equal(pread(fd, bytes, (size_t)size, 0), size);
    for (size_t i = 0; i + length <= (size_t)size; i++) {
        count += memcmp(bytes + i, text, length) == 0;
    }
    free(bytes);
    return count;
}

static size_t count_in_files(const struct lmdb_rig *rig, const char *text)
{
    DIR *folder = opendir(rig->dir);
    struct dirent *entry;
    size_t count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        int fd = open(lmdb_rig_path(rig, entry->d_name), O_RDONLY | O_CLOEXEC);

        if (entry->d_type == DT_REG) {
            count += count_in_file(fd, text);
        }
        (void)close(fd);
    }
    (void)closedir(folder);
    return count;
}

/* @name, and again at the end of @size bytes. */
static struct tip_bytes value_of(const char *name, size_t size,
                                 uint8_t memory[static 20000])
{
    const struct tip_bytes text = tip_bytes_text(name);

    memset(memory, '.', size);
    memcpy(memory, text.data, text.size);
    memcpy(memory + size - text.size, text.data, text.size);
    return tip_bytes(memory, size);
}

/* Values of all sizes among others, replaced and removed in all ways. */
static void write_and_remove(struct lmdb_rig *rig)
{
    static uint8_t memory[20000];
    struct tip_prng prng = TIP_PRNG_SEEDED(3);

    for (uint64_t i = 1; i <= 300; i++) {
        const size_t size =
            i % 20 == 0 ? sizeof memory : 40 + tip_prng_below(&prng, 700);

        rig_put(&rig->base, RIG_TABLE, TIP_KEY(i, 0),
                value_of(i % 3 == 0 ? "Mariem" : "Somebody", size, memory));
    }
    for (uint64_t i = 3; i <= 300; i += 3) {
        struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_WRITE);

        if (i % 2 == 0) {
            ASSERT_OK(tip_txn_remove(txn, RIG_TABLE, TIP_KEY(i, 0)));
        } else {
            ASSERT_OK(tip_txn_put(txn, RIG_TABLE, TIP_KEY(i, 0),
                                  value_of("gone", 30, memory)));
        }
        ASSERT_OK(tip_txn_commit(txn));
    }
}

static void assert_others_are_there(struct lmdb_rig *rig)
{
    assert_true(count_in_files(rig, "Somebody") >= 400);
    for (uint64_t i = 1; i <= 300; i++) {
        struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_READ);
        struct tip_bytes value;

        assert_int_equal(tip_txn_get(txn, RIG_TABLE, TIP_KEY(i, 0), &value),
                         i % 6 == 0 ? TIP_ENOTFOUND : TIP_OK);
        tip_txn_abort(txn);
    }
}

static void test_after_a_purge_no_file_holds_what_was_removed(void **state)
{
    struct lmdb_rig *rig = *state;

    write_and_remove(rig);
    assert_true(count_in_files(rig, "Mariem") > 0); /* LMDB keeps it. */
    ASSERT_OK(tip_store_purge(rig->base.store));
    assert_int_equal(count_in_files(rig, "Mariem"), 0);
    assert_others_are_there(rig);
    rig->base.reopen(&rig->base);
    assert_others_are_there(rig);
}

static void test_the_old_file_is_overwritten_not_just_removed(void **state)
{
    struct lmdb_rig *rig = *state;
    int old;

    write_and_remove(rig);
    old = open(lmdb_rig_path(rig, "store.mdb"), O_RDONLY | O_CLOEXEC);
    assert_true(old >= 0);
    ASSERT_OK(tip_store_purge(rig->base.store));
    assert_int_equal(count_in_file(old, "Mariem"), 0);
    assert_int_equal(count_in_file(old, "Somebody"), 0);
    (void)close(old);
}

/* What is to be forgotten is not kept because of another value. */
static void test_a_value_that_does_not_open_is_in_nobodys_way(void **state)
{
    struct lmdb_rig *rig = *state;
    enum tip_err err;

    write_and_remove(rig);
    is_rotten = true;
    err = tip_store_purge(rig->base.store);
    is_rotten = false;
    ASSERT_OK(err);
    assert_int_equal(count_in_files(rig, "Mariem"), 0);
    assert_others_are_there(rig);
}

static void test_without_room_nothing_is_changed_and_it_is_said(void **state)
{
    struct lmdb_rig *rig = *state;

    write_and_remove(rig);
    disk_fault_arm(DISK_FAULT_NO_ROOM, 1);
    assert_int_equal(tip_store_purge(rig->base.store), TIP_ESTORE_FULL);
    (void)disk_fault_clear();
    assert_others_are_there(rig);
    assert_int_equal(access(lmdb_rig_path(rig, "store.new"), F_OK), -1);
    ASSERT_OK(tip_store_purge(rig->base.store));
    assert_int_equal(count_in_files(rig, "Mariem"), 0);
}

static void rename_in(struct lmdb_rig *rig, const char *from, const char *to)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s", lmdb_rig_path(rig, from));
    assert_int_equal(rename(path, lmdb_rig_path(rig, to)), 0);
}

static void test_a_switch_that_was_cut_off_loses_nothing(void **state)
{
    struct lmdb_rig *rig = *state;

    write_and_remove(rig);
    lmdb_rig_close(rig);
    rename_in(rig, "store.mdb", "store.old");
    ASSERT_OK(tip_store_lmdb_find(rig->dir));
    ASSERT_OK(lmdb_rig_open(rig));
    assert_others_are_there(rig);
    assert_int_equal(access(lmdb_rig_path(rig, "store.old"), F_OK), -1);
}

static void test_a_store_is_there_once_it_was_made(void **state)
{
    struct lmdb_rig *rig = *state;

    ASSERT_OK(tip_store_lmdb_find(rig->dir));
    lmdb_rig_close(rig);
    ASSERT_OK(tip_store_lmdb_find(rig->dir));
    rename_in(rig, "store.mdb", "else");
    assert_int_equal(tip_store_lmdb_find(rig->dir), TIP_ENOTFOUND);
    assert_int_equal(tip_store_lmdb_find("no/such/folder"), TIP_ENOTFOUND);
    rename_in(rig, "else", "store.mdb");
    ASSERT_OK(lmdb_rig_open(rig));
}

static void test_an_old_file_that_was_left_is_overwritten_at_open(void **state)
{
    struct lmdb_rig *rig = *state;
    int old = open(lmdb_rig_path(rig, "store.old"),
                   O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_int_equal(write(old, "Mariem", 6), 6);
    rig->base.reopen(&rig->base);
    assert_int_equal(access(lmdb_rig_path(rig, "store.old"), F_OK), -1);
    assert_int_equal(count_in_file(old, "Mariem"), 0);
    (void)close(old);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_after_a_purge_no_file_holds_what_was_removed),
        TEST(test_the_old_file_is_overwritten_not_just_removed),
        TEST(test_a_value_that_does_not_open_is_in_nobodys_way),
        TEST(test_without_room_nothing_is_changed_and_it_is_said),
        TEST(test_a_switch_that_was_cut_off_loses_nothing),
        TEST(test_a_store_is_there_once_it_was_made),
        TEST(test_an_old_file_that_was_left_is_overwritten_at_open),
    };

    return cmocka_run_group_tests_name("store_lmdb_purge", tests, NULL, NULL);
}
