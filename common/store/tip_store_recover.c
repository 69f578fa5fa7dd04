/*
 * After a failed fsync: everything that is there, in a file of its own.
 *
 * What the kernel holds of the old file may not be what the disk holds, and
 * asking again proves nothing: a failed fsync reports once and marks the pages
 * clean. So every value is opened, copied to blocks written afresh, and read
 * back from the disk before the new file takes the place of the old one. One
 * that does not open is copied as it was found: it is no more wrong there than
 * here, is named and made again in the same ways, and holds up nobody.
 */
#include <assert.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_fill.h"
#include "tip_lmdb_image.h"
#include "tip_lmdb_walk.h"
#include "tip_store_lmdb_internal.h"

struct copy {
    struct tip_lmdb_fill fill;
    uint64_t damaged_count; /* Of the values in it. */
};

static enum tip_err copy_entry(void *context, enum tip_table table,
                               const struct tip_lmdb_entry *entry)
{
    struct copy *copy = context;

    if (!entry->is_in_order) {
        return TIP_ESTORE_DAMAGED;
    }
    copy->damaged_count += entry->state == TIP_OK ? 0 : 1;
    return tip_lmdb_fill_add(&copy->fill, table, entry->key, entry->sealed);
}

/* Copy everything, counting it in @copy. */
static enum tip_err copy_tables(struct tip_store_lmdb *store,
                                const struct tip_lmdb_map *from, MDB_txn *txn,
                                struct copy *copy)
{
    const struct tip_lmdb_walker walker = {.entry = copy_entry,
                                           .context = copy};
    enum tip_err err = TIP_OK;

    for (int i = 0; i < TIP_TABLE_COUNT && err == TIP_OK; i++) {
        err =
            tip_lmdb_walk(from, txn, (enum tip_table)i, store->sealer, &walker);
    }
    if (err == TIP_OK) {
        err =
            tip_lmdb_fill_end(&copy->fill, store->sealer, store->commit_count);
    }
    tip_lmdb_fill_drop(&copy->fill);
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
    struct copy copy = {.fill.to = &image};
    enum tip_err err =
        tip_lmdb_image_make(&store->dir, image_bytes(store), store->limit_bytes,
                            store->sealer, &image);

    if (err != TIP_OK) {
        return err;
    }
    err = copy_tables(store, from, txn, &copy);
    tip_lmdb_map_close(&image);
    if (err == TIP_OK) {
        err = tip_lmdb_image_check(&store->dir, store->sealer, copy.fill.counts,
                                   copy.damaged_count);
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
