/*
 * After a failed fsync: everything that still opens, in a file of its own.
 *
 * What the kernel holds of the old file may not be what the disk holds, and
 * asking again proves nothing: a failed fsync reports once and marks the pages
 * clean. So every value is opened, copied to blocks written afresh, and read
 * back from the disk before the new file takes the place of the old one.
 */
#include <assert.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_image.h"
#include "tip_lmdb_walk.h"
#include "tip_lmdb_witness.h"
#include "tip_store_lmdb_internal.h"

/* Values a transaction of the copy holds: few commits, little memory. */
enum { COPY_COUNT_MAX = 4096 };

/* Copies the entries of one table. */
struct copier {
    const struct tip_lmdb_map *to;
    MDB_txn *txn; /* NULL between transactions. */
    MDB_cursor *cursor;
    uint64_t count;
};

static enum tip_err copier_begin(struct copier *copier, enum tip_table table)
{
    int rc = mdb_txn_begin(copier->to->env, NULL, 0, &copier->txn);

    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(copier->txn, copier->to->tables[table],
                             &copier->cursor);
    }
    return tip_lmdb_err(rc);
}

static enum tip_err copier_flush(struct copier *copier)
{
    MDB_txn *txn = copier->txn;

    copier->txn = NULL;
    return txn == NULL ? TIP_OK : tip_lmdb_err(mdb_txn_commit(txn));
}

static enum tip_err copier_entry(void *context, enum tip_table table,
                                 const struct tip_lmdb_entry *entry)
{
    struct copier *copier = context;
    MDB_val key = {entry->key.size, tip_lmdb_writable(entry->key.data)};
    MDB_val value = {entry->sealed.size, tip_lmdb_writable(entry->sealed.data)};
    enum tip_err err = entry->state;

    if (err == TIP_OK && copier->txn == NULL) {
        err = copier_begin(copier, table);
    }
    if (err == TIP_OK) {
        err = tip_lmdb_err(
            mdb_cursor_put(copier->cursor, &key, &value, MDB_APPEND));
    }
    copier->count++;
    if (err == TIP_OK && copier->count % COPY_COUNT_MAX == 0) {
        err = copier_flush(copier);
    }
    return err;
}

static enum tip_err copy_count(struct tip_store_lmdb *store,
                               const struct tip_lmdb_map *to)
{
    MDB_txn *txn;
    enum tip_err err = tip_lmdb_err(mdb_txn_begin(to->env, NULL, 0, &txn));

    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_count_put(to, txn, store->sealer, store->commit_count);
    if (err != TIP_OK) {
        mdb_txn_abort(txn);
        return err;
    }
    return tip_lmdb_err(mdb_txn_commit(txn));
}

static enum tip_err copy_tables(struct tip_store_lmdb *store,
                                const struct tip_lmdb_map *from, MDB_txn *txn,
                                const struct tip_lmdb_map *to)
{
    struct copier copier = {.to = to};
    const struct tip_lmdb_walker walker = {.entry = copier_entry,
                                           .context = &copier};
    enum tip_err err = TIP_OK;

    for (int i = 0; i < TIP_TABLE_COUNT && err == TIP_OK; i++) {
        err =
            tip_lmdb_walk(from, txn, (enum tip_table)i, store->sealer, &walker);
        if (err == TIP_OK) {
            err = copier_flush(&copier);
        }
    }
    if (copier.txn != NULL) {
        mdb_txn_abort(copier.txn);
    }
    return err == TIP_OK ? copy_count(store, to) : err;
}

static enum tip_err count_entry(void *context, enum tip_table table,
                                const struct tip_lmdb_entry *entry)
{
    (void)context;
    (void)table;
    return entry->state;
}

/* Open every value of @map and require as many as @txn of @from has. */
static enum tip_err compare(struct tip_store_lmdb *store,
                            const struct tip_lmdb_map *from, MDB_txn *from_txn,
                            const struct tip_lmdb_map *map, MDB_txn *txn)
{
    const struct tip_lmdb_walker walker = {.entry = count_entry};
    enum tip_err err = TIP_OK;

    for (int i = 0; i < TIP_TABLE_COUNT && err == TIP_OK; i++) {
        MDB_stat old_stat;
        MDB_stat new_stat;
        int rc = mdb_stat(from_txn, from->tables[i], &old_stat);

        if (rc == MDB_SUCCESS) {
            rc = mdb_stat(txn, map->tables[i], &new_stat);
        }
        if (rc != MDB_SUCCESS) {
            return tip_lmdb_err(rc);
        }
        if (old_stat.ms_entries != new_stat.ms_entries) {
            return TIP_ESTORE_DAMAGED;
        }
        err =
            tip_lmdb_walk(map, txn, (enum tip_table)i, store->sealer, &walker);
    }
    return err;
}

/* Read the image back, from the disk as far as the kernel allows. */
static enum tip_err verify_image(struct tip_store_lmdb *store,
                                 const struct tip_lmdb_map *from,
                                 MDB_txn *from_txn)
{
    struct tip_lmdb_map image;
    char path[TIP_LMDB_PATH_SIZE];
    MDB_txn *txn;
    enum tip_err err =
        tip_lmdb_dir_path(&store->dir, TIP_LMDB_IMAGE_NAME, path);

    if (err != TIP_OK) {
        return err;
    }
    tip_lmdb_dir_uncache(&store->dir, TIP_LMDB_IMAGE_NAME);
    err = tip_lmdb_map_open(&image, path, TIP_LMDB_MAP_STILL, 0, store->sealer);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_err(mdb_txn_begin(image.env, NULL, MDB_RDONLY, &txn));
    if (err == TIP_OK) {
        err = compare(store, from, from_txn, &image, txn);
        mdb_txn_abort(txn);
    }
    tip_lmdb_map_close(&image);
    return err;
}

/* What the copy may take: the old file, less what it has free. */
static uint64_t image_bytes(const struct tip_store_lmdb *store)
{
    const uint64_t bytes =
        atomic_load(&store->used_bytes) + 2 * store->step_bytes;

    return bytes < store->limit_bytes ? bytes : store->limit_bytes;
}

static enum tip_err make_image(struct tip_store_lmdb *store,
                               const struct tip_lmdb_map *from, MDB_txn *txn)
{
    struct tip_lmdb_map image;
    enum tip_err err =
        tip_lmdb_image_make(&store->dir, image_bytes(store), store->limit_bytes,
                            store->sealer, &image);

    if (err != TIP_OK) {
        return err;
    }
    err = copy_tables(store, from, txn, &image);
    tip_lmdb_map_close(&image);
    if (err == TIP_OK) {
        err = verify_image(store, from, txn);
    }
    return err;
}

enum tip_err tip_store_lmdb_copy(struct tip_store_lmdb *store)
{
    const struct tip_lmdb_map *from;
    MDB_txn *txn;
    enum tip_err err = tip_store_lmdb_readable(store, &from);

    if (err == TIP_OK) {
        err = tip_lmdb_err(mdb_txn_begin(from->env, NULL, MDB_RDONLY, &txn));
    }
    if (err != TIP_OK) {
        return err;
    }
    err = make_image(store, from, txn);
    mdb_txn_abort(txn);
    if (err != TIP_OK) {
        tip_lmdb_image_remove(&store->dir);
    }
    return err;
}

enum tip_err tip_store_lmdb_remap(struct tip_store_lmdb *store)
{
    tip_store_lmdb_drop_readers(store);
    if (store->has_rescue) {
        tip_lmdb_map_close(&store->rescue);
        store->has_rescue = false;
    }
    tip_lmdb_map_close(&store->map);
    return tip_store_lmdb_map(store);
}

/* Holds readers_lock. */
static enum tip_err recover(struct tip_store_lmdb *store)
{
    enum tip_err err = tip_store_lmdb_copy(store);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_image_publish(&store->dir);
    if (err != TIP_OK) {
        tip_lmdb_image_remove(&store->dir);
        return err;
    }
    return tip_store_lmdb_remap(store);
}

enum tip_err tip_store_lmdb_recover(struct tip_store_lmdb *store)
{
    enum tip_err err = TIP_EAGAIN;

    assert(!store->writer.is_open);
    (void)pthread_mutex_lock(&store->readers_lock);
    if (store->open_reader_count == 0) {
        err = recover(store);
        atomic_store(&store->failed, err != TIP_OK);
    }
    (void)pthread_mutex_unlock(&store->readers_lock);
    return err;
}
