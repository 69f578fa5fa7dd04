#include "crash_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash_disk.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"
#include "tip_store_verify.h"
#include "tip_vault.h"

enum { VERIFY_TIMEOUT_MS = 20000, FOLDERS_MAX = 16 };

static struct {
    char path[CRASH_PATH_SIZE / 2];
    struct tip_vault *vault;
    char folders[FOLDERS_MAX][CRASH_PATH_SIZE];
    size_t folder_count;
} root;

const char *crash_rig_root(void)
{
    char key[CRASH_PATH_SIZE];
    const char *parent = getenv("TMPDIR");

    if (root.vault != NULL) {
        return root.path;
    }
    ASSERT_OK(tip_seal_init());
    (void)snprintf(root.path, sizeof root.path, "%s/tip_crash_XXXXXX",
                   parent == NULL ? "/tmp" : parent);
    assert_non_null(mkdtemp(root.path));
    (void)snprintf(key, sizeof key, "%s/vault.key", root.path);
    ASSERT_OK(tip_vault_create_file(key, tip_random_sodium()));
    ASSERT_OK(tip_vault_open_file(key, &root.vault));
    return root.path;
}

void crash_rig_deinit(void)
{
    tip_vault_close(root.vault);
    root.vault = NULL;
    for (size_t i = 0; i < root.folder_count; i++) {
        crash_disk_empty(root.folders[i]);
        assert_int_equal(rmdir(root.folders[i]), 0);
    }
    root.folder_count = 0;
    crash_disk_empty(root.path);
    assert_int_equal(rmdir(root.path), 0);
}

struct tip_store_lmdb_opts crash_rig_opts(const char *path)
{
    (void)crash_rig_root();
    return (struct tip_store_lmdb_opts){.dir = path,
                                        .limit_bytes = CRASH_LIMIT_BYTES,
                                        .step_bytes = CRASH_STEP_BYTES,
                                        .sealer = tip_vault_sealer(root.vault)};
}

void crash_rig_folder(const char *name, char out_path[CRASH_PATH_SIZE])
{
    (void)snprintf(out_path, CRASH_PATH_SIZE, "%s/%s", crash_rig_root(), name);
    if (mkdir(out_path, 0700) != 0) {
        crash_disk_empty(out_path);
        return;
    }
    assert_true(root.folder_count < FOLDERS_MAX);
    memcpy(root.folders[root.folder_count++], out_path, CRASH_PATH_SIZE);
}

unsigned int crash_every(void)
{
    const char *text = getenv("CRASH_EVERY");
    const unsigned long every = text == NULL ? 1 : strtoul(text, NULL, 10);

    assert_in_range(every, 1, 1000000);
    return (unsigned int)every;
}

/* FNV-1a, going on from @sum. */
static uint64_t sum_add(uint64_t sum, const void *data, size_t size)
{
    const uint8_t *bytes = data;

    for (size_t i = 0; i < size; i++) {
        /* It does not follow numbers as bytes.
         * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return sum;
}

static uint64_t table_sum(struct tip_txn *txn, enum tip_table table,
                          uint64_t sum)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value = {NULL, 0};
    enum tip_err err;

    while ((err = tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key,
                               &value)) == TIP_OK) {
        const uint64_t head[] = {table, key.hi, key.lo, value.size};

        sum = sum_add(sum, head, sizeof head);
        sum = sum_add(sum, value.data, value.size);
        key = tip_key_next(key);
    }
    assert_int_equal(err, TIP_ENOTFOUND);
    return sum;
}

uint64_t crash_store_sum(struct tip_store *store)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    struct tip_txn *txn;

    ASSERT_OK(tip_store_begin(store, TIP_TXN_READ, &txn));
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        sum = table_sum(txn, (enum tip_table)i, sum);
    }
    tip_txn_abort(txn);
    return sum;
}

const char *crash_store_goes_on(struct tip_store *store)
{
    const struct tip_bytes value = tip_bytes_text("it goes on");
    const struct tip_key key = TIP_KEY(UINT64_MAX, 1);
    struct tip_bytes found;
    struct tip_txn *txn;
    bool is_there;

    if (tip_store_begin(store, TIP_TXN_WRITE, &txn) != TIP_OK) {
        return "no transaction that writes could begin";
    }
    if (tip_txn_put(txn, TIP_TABLE_HELD, key, value) != TIP_OK) {
        tip_txn_abort(txn);
        return "no value could be put";
    }
    if (tip_txn_commit(txn) != TIP_OK) {
        return "a later commit failed";
    }
    if (tip_store_begin(store, TIP_TXN_READ, &txn) != TIP_OK) {
        return "no transaction that reads could begin";
    }
    is_there = tip_txn_get(txn, TIP_TABLE_HELD, key, &found) == TIP_OK &&
               tip_bytes_equal(found, value);
    tip_txn_abort(txn);
    return is_there ? NULL : "what was written later cannot be read";
}

const char *crash_store_reopen(const char *path, bool was_made,
                               struct tip_store_lmdb **out_store)
{
    const struct tip_store_lmdb_opts opts = crash_rig_opts(path);
    struct tip_store_verify_report report;
    const enum tip_err found =
        tip_store_verify(path, opts.sealer, VERIFY_TIMEOUT_MS, &report);

    if (found == TIP_ENOTFOUND ? was_made : found != TIP_OK) {
        return tip_err_name(found);
    }
    if (tip_store_lmdb_open(&opts, out_store) != TIP_OK) {
        return "the store could not be opened";
    }
    return NULL;
}

const char *crash_store_reopen_before(const char *path,
                                      struct tip_store_lmdb **out_store)
{
    char before[CRASH_PATH_SIZE + 16], now[CRASH_PATH_SIZE + 16];

    (void)snprintf(before, sizeof before, "%s/store.before-1", path);
    (void)snprintf(now, sizeof now, "%s/store.last", path);
    (void)unlink(now); /* It has seen more commits than that store. */
    (void)snprintf(now, sizeof now, "%s/store.mdb", path);
    if (rename(before, now) != 0) {
        return "what a restore replaced is gone";
    }
    return crash_store_reopen(path, true, out_store);
}
