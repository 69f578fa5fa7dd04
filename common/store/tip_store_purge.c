/*
 * Forgetting for good.
 *
 * LMDB leaves old values behind: in pages it has free, and in the gaps of pages
 * it uses. So what is there is copied to a new file, as after a failed fsync,
 * and the old file is overwritten before it goes: until that is on the disk it
 * has a name, so that whoever opens the store after a power cut finishes.
 */
#include <assert.h>

#include "tip_lmdb_image.h"
#include "tip_store_lmdb_internal.h"

/* Holds readers_lock. */
static enum tip_err purge(struct tip_store_lmdb *store)
{
    /* What an earlier one could not overwrite. */
    enum tip_err err = tip_lmdb_dir_wipe(&store->dir, TIP_LMDB_OLD_NAME);

    if (err == TIP_OK) {
        err = tip_store_lmdb_copy(store);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_image_swap(&store->dir);
    if (err != TIP_OK) {
        tip_lmdb_image_remove(&store->dir);
        return err;
    }
    err = tip_store_lmdb_remap(store);
    if (err != TIP_OK) {
        atomic_store(&store->failed, true);
        return err;
    }
    return tip_lmdb_dir_wipe(&store->dir, TIP_LMDB_OLD_NAME);
}

enum tip_err tip_store_lmdb_purge(struct tip_store *self)
{
    struct tip_store_lmdb *store = (struct tip_store_lmdb *)self;
    enum tip_err err = TIP_EAGAIN;

    assert(!store->writer.is_open);
    if (atomic_load(&store->failed)) {
        return TIP_ESTORE_FAILED;
    }
    (void)pthread_mutex_lock(&store->readers_lock);
    if (store->open_reader_count == 0) {
        err = purge(store);
    }
    (void)pthread_mutex_unlock(&store->readers_lock);
    return err;
}
