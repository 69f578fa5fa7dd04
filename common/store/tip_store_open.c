/* The life of a store: open, tend, close. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmdb.h>

#include "tip_file.h"
#include "tip_lmdb_err.h"
#include "tip_lmdb_image.h"
#include "tip_lmdb_witness.h"
#include "tip_store_lmdb_internal.h"

enum {
    STEP_BYTES_DEFAULT = 16 * 1024 * 1024,
    STEP_BYTES_MIN = 1024 * 1024,
    RESERVE_SHARE = 20,
    RESERVE_BYTES_MIN = 4 * 1024 * 1024
};

/* Learn how full the store is and how far it has come, by a transaction that
 * writes nothing. */
static enum tip_err state_learn(struct tip_store_lmdb *store)
{
    struct tip_lmdb_txn *txn = &store->writer;
    enum tip_err err =
        tip_lmdb_txn_begin(txn, &store->map, TIP_TXN_WRITE_RESERVE);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_space_begin(&txn->space, txn->map, txn->mdb);
    if (err == TIP_OK) {
        err = tip_lmdb_count_get(txn->map, txn->mdb, store->sealer,
                                 &store->commit_count);
    }
    tip_lmdb_txn_drop(txn);
    if (err == TIP_OK) {
        atomic_store(&store->used_bytes,
                     tip_lmdb_space_used_bytes(&txn->space));
    }
    return err;
}

/* Has the file less than what was said to be durable? */
static enum tip_err check_witness(const struct tip_store_lmdb *store)
{
    uint64_t seen;
    enum tip_err err = tip_lmdb_witness_read(&store->dir, store->sealer, &seen);

    return err == TIP_OK && store->commit_count < seen ? TIP_ESTORE_WENT_BACK
                                                       : err;
}

enum tip_err tip_store_lmdb_map(struct tip_store_lmdb *store)
{
    char path[TIP_LMDB_PATH_SIZE];
    enum tip_err err = tip_lmdb_dir_path(&store->dir, TIP_LMDB_FILE_NAME, path);

    if (err == TIP_OK) {
        err = tip_lmdb_map_open(&store->map, path, TIP_LMDB_MAP_SHARED,
                                store->limit_bytes, store->sealer);
    }
    if (err != TIP_OK) {
        return err;
    }
    err =
        tip_lmdb_dir_size(&store->dir, TIP_LMDB_FILE_NAME, &store->file_bytes);
    if (err == TIP_OK) {
        err = state_learn(store);
    }
    if (err == TIP_OK) {
        err = check_witness(store);
    }
    if (err != TIP_OK) {
        tip_lmdb_map_close(&store->map);
    }
    return err;
}

/* Make the file if there is none. */
static enum tip_err file_settle(struct tip_store_lmdb *store)
{
    struct tip_lmdb_map image;
    uint64_t bytes;
    enum tip_err err = tip_lmdb_image_settle(&store->dir);

    if (err == TIP_OK) {
        err = tip_lmdb_dir_size(&store->dir, TIP_LMDB_FILE_NAME, &bytes);
        tip_lmdb_image_remove(&store->dir);
    }
    if (err == TIP_OK) {
        /* What cannot be overwritten now stays for the next purge. */
        (void)(tip_lmdb_dir_wipe(&store->dir, TIP_LMDB_OLD_NAME) == TIP_OK);
        return TIP_OK;
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    bytes = store->step_bytes < store->limit_bytes ? store->step_bytes
                                                   : store->limit_bytes;
    err = tip_lmdb_image_make(&store->dir, bytes, store->limit_bytes,
                              store->sealer, &image);
    if (err != TIP_OK) {
        return err;
    }
    tip_lmdb_map_close(&image);
    return tip_lmdb_image_publish(&store->dir);
}

static void sizes_set(struct tip_store_lmdb *store,
                      const struct tip_store_lmdb_opts *opts)
{
    const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t step_bytes =
        opts->step_bytes == 0 ? STEP_BYTES_DEFAULT : opts->step_bytes;

    store->limit_bytes = opts->limit_bytes / page_bytes * page_bytes;
    store->step_bytes = step_bytes < STEP_BYTES_MIN
                            ? STEP_BYTES_MIN
                            : step_bytes / page_bytes * page_bytes;
    store->reserve_bytes = store->limit_bytes / RESERVE_SHARE;
    if (store->reserve_bytes < RESERVE_BYTES_MIN) {
        store->reserve_bytes = RESERVE_BYTES_MIN;
    }
    atomic_init(&store->growable_bytes, store->limit_bytes);
}

enum tip_err tip_store_lmdb_open(const struct tip_store_lmdb_opts *opts,
                                 struct tip_store_lmdb **out_store)
{
    struct tip_store_lmdb *store;
    enum tip_err err;

    if (opts->limit_bytes < TIP_STORE_LMDB_LIMIT_BYTES_MIN ||
        opts->limit_bytes > SIZE_MAX / 2) {
        return TIP_EINVAL;
    }
    store = calloc(1, sizeof *store);
    if (store == NULL) {
        return TIP_ENOMEM;
    }
    store->base = tip_store_lmdb_functions;
    store->sealer = opts->sealer;
    sizes_set(store, opts);
    tip_store_lmdb_init_txn(store, &store->writer);
    err = tip_file_mkdir(opts->dir, 0700);
    if (err == TIP_OK) {
        err = tip_lmdb_dir_open(&store->dir, opts->dir);
    }
    if (err != TIP_OK) {
        free(store);
        return err;
    }
    err = file_settle(store);
    if (err == TIP_OK) {
        err = tip_lmdb_witness_open(&store->dir, &store->witness_fd);
    }
    if (err == TIP_OK) {
        err = tip_store_lmdb_map(store);
        if (err != TIP_OK) {
            (void)close(store->witness_fd);
        }
    }
    if (err != TIP_OK) {
        tip_lmdb_dir_close(&store->dir);
        free(store);
        return err;
    }
    (void)pthread_mutex_init(&store->readers_lock, NULL);
    *out_store = store;
    return TIP_OK;
}

/* TIP_ENOTFOUND: @dir holds nothing called @name. */
static enum tip_err look(const char *dir, const char *name)
{
    char path[TIP_LMDB_PATH_SIZE];
    int size = snprintf(path, sizeof path, "%s/%s", dir, name);

    if (size < 0 || size >= TIP_LMDB_PATH_SIZE) {
        return TIP_EINVAL;
    }
    return access(path, F_OK) == 0 ? TIP_OK : tip_file_err(errno);
}

enum tip_err tip_store_lmdb_find(const char *dir)
{
    enum tip_err err = look(dir, TIP_LMDB_FILE_NAME);

    /* A switch to a new file was cut off: opening puts the old one back. */
    return err == TIP_ENOTFOUND ? look(dir, TIP_LMDB_OLD_NAME) : err;
}

void tip_store_lmdb_close(struct tip_store_lmdb *store)
{
    if (store == NULL) {
        return;
    }
    assert(!store->writer.is_open);
    tip_store_lmdb_drop_readers(store);
    tip_arena_deinit(&store->writer.borrowed);
    if (store->has_rescue) {
        tip_lmdb_map_close(&store->rescue);
    }
    tip_lmdb_map_close(&store->map);
    (void)close(store->witness_fd);
    tip_lmdb_dir_close(&store->dir);
    (void)pthread_mutex_destroy(&store->readers_lock);
    free(store);
}

struct tip_store *tip_store_lmdb_base(struct tip_store_lmdb *store)
{
    return &store->base;
}

enum tip_err tip_store_lmdb_tend(struct tip_store_lmdb *store)
{
    uint64_t used_bytes;
    int dead;

    if (atomic_load(&store->failed)) {
        return TIP_ESTORE_FAILED;
    }
    used_bytes = tip_lmdb_map_used_pages(&store->map) *
                 tip_lmdb_map_page_bytes(&store->map);
    /* Cannot fail for a table this process has locked. */
    (void)mdb_reader_check(store->map.env, &dead);
    if (tip_store_lmdb_grow(store, used_bytes + store->step_bytes / 2) !=
        TIP_OK) {
        atomic_store(&store->failed, true);
        return TIP_ESTORE_FAILED;
    }
    return TIP_OK;
}
