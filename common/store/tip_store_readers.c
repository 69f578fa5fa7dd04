/*
 * Read transactions of the store, in any thread. They rest between uses with
 * their cursors and their slot in LMDB's table, so beginning one costs a lock
 * and a few stores.
 */
#include <assert.h>
#include <stdlib.h>

#include <lmdb.h>

#include "tip_store_lmdb_internal.h"

void tip_store_lmdb_init_txn(struct tip_store_lmdb *store,
                             struct tip_lmdb_txn *txn)
{
    txn->base.store = &store->base;
    txn->sealer = store->sealer;
    tip_arena_init(&txn->borrowed, TIP_STORE_BORROWED_BYTES_MAX);
}

/* An idle reader, or a new one; NULL without memory. Holds readers_lock. */
static struct tip_lmdb_txn *reader_take(struct tip_store_lmdb *store)
{
    struct tip_lmdb_txn *reader = store->idle_readers;

    if (reader != NULL) {
        store->idle_readers = reader->next_idle;
        return reader;
    }
    reader = calloc(1, sizeof *reader);
    if (reader != NULL) {
        tip_store_lmdb_init_txn(store, reader);
        reader->next = store->readers;
        store->readers = reader;
    }
    return reader;
}

/* Holds readers_lock. */
static void reader_put_back(struct tip_store_lmdb *store,
                            struct tip_lmdb_txn *reader)
{
    reader->next_idle = store->idle_readers;
    store->idle_readers = reader;
}

enum tip_err tip_store_lmdb_readable(struct tip_store_lmdb *store,
                                     const struct tip_lmdb_map **out_map)
{
    char path[TIP_LMDB_PATH_SIZE];
    enum tip_err err = TIP_OK;

    if (!store->has_rescue) {
        err = tip_lmdb_dir_path(&store->dir, TIP_LMDB_FILE_NAME, path);
        if (err == TIP_OK) {
            err = tip_lmdb_map_open(&store->rescue, path, TIP_LMDB_MAP_STILL, 0,
                                    store->sealer);
        }
        store->has_rescue = err == TIP_OK;
    }
    if (err == TIP_OK) {
        *out_map = &store->rescue;
    }
    return err;
}

/* Holds readers_lock. */
static enum tip_err reader_begin_locked(struct tip_store_lmdb *store,
                                        struct tip_lmdb_txn *reader)
{
    const struct tip_lmdb_map *map = &store->map;
    enum tip_err err = TIP_ESTORE_FAILED;

    /* No map: recovering made a new file and then could not open it. */
    if (!store->has_rescue && map->env != NULL) {
        err = tip_lmdb_txn_begin(reader, map, TIP_TXN_READ);
    }
    if (err == TIP_ESTORE_FAILED) {
        err = tip_store_lmdb_readable(store, &map);
        if (err == TIP_OK) {
            err = tip_lmdb_txn_begin(reader, map, TIP_TXN_READ);
        }
    }
    return err;
}

enum tip_err tip_store_lmdb_begin_reader(struct tip_store_lmdb *store,
                                         struct tip_txn **out_txn)
{
    struct tip_lmdb_txn *reader;
    enum tip_err err = TIP_ENOMEM;

    (void)pthread_mutex_lock(&store->readers_lock);
    reader = reader_take(store);
    if (reader != NULL) {
        err = reader_begin_locked(store, reader);
        if (err == TIP_OK) {
            store->open_reader_count++;
            *out_txn = &reader->base;
        } else {
            reader_put_back(store, reader);
        }
    }
    (void)pthread_mutex_unlock(&store->readers_lock);
    return err;
}

void tip_store_lmdb_end_reader(struct tip_store_lmdb *store,
                               struct tip_lmdb_txn *reader)
{
    (void)pthread_mutex_lock(&store->readers_lock);
    tip_lmdb_txn_rest(reader);
    store->open_reader_count--;
    reader_put_back(store, reader);
    (void)pthread_mutex_unlock(&store->readers_lock);
}

uint64_t tip_store_lmdb_oldest_reader(struct tip_store_lmdb *store)
{
    uint64_t oldest = (uint64_t)mdb_txn_id(store->writer.mdb) - 1;

    (void)pthread_mutex_lock(&store->readers_lock);
    for (struct tip_lmdb_txn *r = store->readers; r != NULL; r = r->next) {
        if (r->is_open && (uint64_t)mdb_txn_id(r->mdb) < oldest) {
            oldest = (uint64_t)mdb_txn_id(r->mdb);
        }
    }
    (void)pthread_mutex_unlock(&store->readers_lock);
    return oldest;
}

void tip_store_lmdb_drop_readers(struct tip_store_lmdb *store)
{
    assert(store->open_reader_count == 0);
    while (store->readers != NULL) {
        struct tip_lmdb_txn *reader = store->readers;

        store->readers = reader->next;
        tip_lmdb_txn_drop(reader);
        tip_arena_deinit(&reader->borrowed);
        free(reader);
    }
    store->idle_readers = NULL;
}
