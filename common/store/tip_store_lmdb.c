#include "tip_store_lmdb_internal.h"

#include <assert.h>

#include "tip_lmdb_witness.h"
#include "tip_sealer.h"

/* Below this much at the end of the file the free list is counted: it is a
 * walk, and until then the answer does not matter. */
enum { COUNT_BELOW_BYTES = 64 * 1024 * 1024 };

static struct tip_store_lmdb *store_of(const struct tip_txn *txn)
{
    return (struct tip_store_lmdb *)txn->store;
}

static struct tip_lmdb_txn *txn_of(struct tip_txn *txn)
{
    return (struct tip_lmdb_txn *)txn;
}

static uint64_t pages_of(const struct tip_store_lmdb *store, uint64_t bytes)
{
    return bytes / store->writer.space.page_bytes;
}

/* What the file can become as things are. */
static uint64_t growable_bytes(const struct tip_store_lmdb *store)
{
    return store->disk_is_full ? store->file_bytes : store->limit_bytes;
}

enum tip_err tip_store_lmdb_grow(struct tip_store_lmdb *store, uint64_t bytes)
{
    const uint64_t old_bytes = store->file_bytes;
    uint64_t new_bytes = old_bytes;
    enum tip_err err;

    while (new_bytes < bytes) {
        new_bytes += store->step_bytes;
    }
    if (new_bytes > store->limit_bytes) {
        new_bytes = store->limit_bytes;
    }
    if (new_bytes <= old_bytes) {
        return TIP_OK;
    }
    err = tip_lmdb_dir_extend(&store->dir, TIP_LMDB_FILE_NAME, old_bytes,
                              new_bytes);
    store->disk_is_full = err != TIP_OK;
    if (err == TIP_OK) {
        store->file_bytes = new_bytes;
    }
    atomic_store(&store->growable_bytes, growable_bytes(store));
    return err == TIP_EIO ? TIP_EIO : TIP_OK;
}

/* No more writing: what the disk has of the last writes is unknown. */
static enum tip_err fail(struct tip_store_lmdb *store)
{
    atomic_store(&store->failed, true);
    return TIP_ESTORE_FAILED;
}

/* Count what the new transaction may take. */
static enum tip_err space_begin(struct tip_store_lmdb *store)
{
    struct tip_lmdb_txn *txn = &store->writer;
    const uint64_t enough_bytes = store->reserve_bytes + COUNT_BELOW_BYTES;
    uint64_t used_bytes;
    enum tip_err err = tip_lmdb_space_begin(&txn->space, txn->map, txn->mdb);

    if (err != TIP_OK) {
        return err;
    }
    /* Room on the disk again? Acks need not wait for the answer. */
    if (store->disk_is_full && txn->mode == TIP_TXN_WRITE) {
        err = tip_store_lmdb_grow(store, store->file_bytes + 1);
    }
    used_bytes = txn->space.end_pages * txn->space.page_bytes;
    if (store->file_bytes < used_bytes) {
        store->file_bytes = used_bytes;
    }
    if (err != TIP_OK || used_bytes + enough_bytes <= growable_bytes(store)) {
        return err;
    }
    return tip_lmdb_space_count_reusable(&txn->space, txn->map,
                                         tip_store_lmdb_oldest_reader(store),
                                         pages_of(store, enough_bytes));
}

static enum tip_err writer_begin(struct tip_store_lmdb *store,
                                 enum tip_txn_mode mode,
                                 struct tip_txn **out_txn)
{
    enum tip_err err;

    assert(!store->writer.is_open);
    if (atomic_load(&store->failed)) {
        return TIP_ESTORE_FAILED;
    }
    err = tip_lmdb_txn_begin(&store->writer, &store->map, mode);
    if (err == TIP_OK) {
        err = space_begin(store);
        if (err != TIP_OK) {
            tip_lmdb_txn_drop(&store->writer);
        }
    }
    if (err == TIP_ESTORE_FAILED || err == TIP_EIO) {
        return fail(store);
    }
    if (err == TIP_OK) {
        store->has_written = false;
        *out_txn = &store->writer.base;
    }
    return err;
}

static enum tip_err lmdb_begin(struct tip_store *self, enum tip_txn_mode mode,
                               struct tip_txn **out_txn)
{
    struct tip_store_lmdb *store = (struct tip_store_lmdb *)self;

    return mode == TIP_TXN_READ ? tip_store_lmdb_begin_reader(store, out_txn)
                                : writer_begin(store, mode, out_txn);
}

static void lmdb_abort(struct tip_txn *base)
{
    if (txn_of(base)->mode == TIP_TXN_READ) {
        tip_store_lmdb_end_reader(store_of(base), txn_of(base));
    } else {
        tip_lmdb_txn_drop(txn_of(base));
    }
}

/* Commit with the count that tells whether the store ever goes back. */
static enum tip_err commit_counted(struct tip_store_lmdb *store,
                                   struct tip_lmdb_txn *txn)
{
    enum tip_err err;

    if (!store->has_written) {
        tip_lmdb_txn_drop(txn);
        return TIP_OK;
    }
    err = tip_lmdb_count_put(txn->map, txn->mdb, store->sealer,
                             store->commit_count + 1);
    if (err != TIP_OK) {
        tip_lmdb_txn_drop(txn);
        return err;
    }
    err = tip_lmdb_txn_commit(txn);
    if (err == TIP_OK) {
        store->commit_count++;
        tip_lmdb_witness_say(store->witness_fd, store->sealer,
                             store->commit_count);
    }
    return err;
}

static enum tip_err lmdb_commit(struct tip_txn *base)
{
    struct tip_store_lmdb *store = store_of(base);
    struct tip_lmdb_txn *txn = txn_of(base);
    enum tip_err err = txn->spoilt;

    if (txn->mode == TIP_TXN_READ || err != TIP_OK) {
        lmdb_abort(base);
        return err;
    }
    err = commit_counted(store, txn);
    /* No room for the head itself. */
    if (err == TIP_ESTORE_FULL && !tip_lmdb_map_goes_on(&store->map)) {
        err = TIP_ESTORE_FAILED;
    }
    switch ((int)err) {
    case TIP_OK:
        atomic_store(&store->used_bytes,
                     tip_lmdb_space_used_bytes(&txn->space));
        return TIP_OK;
    case TIP_ESTORE_FULL:
    case TIP_ETOOBIG:
    case TIP_ENOMEM:
        return err;
    default:
        /* A failed fsync may report once and never again, with the pages
         * marked clean: whatever it was, nothing is believed from here on. */
        return fail(store);
    }
}

/* Refuse what would not leave the reserve; give the file its blocks. */
static enum tip_err space_check(struct tip_store_lmdb *store,
                                struct tip_lmdb_txn *txn)
{
    const struct tip_lmdb_space *space = &txn->space;
    const uint64_t file_pages = pages_of(store, store->file_bytes);
    const uint64_t reserve_pages =
        txn->mode == TIP_TXN_WRITE ? pages_of(store, store->reserve_bytes) : 0;
    enum tip_err err;

    if (!tip_lmdb_space_fits(space, file_pages, 0) ||
        !tip_lmdb_space_runs_fit(space, file_pages)) {
        err = tip_store_lmdb_grow(
            store, (space->end_pages + tip_lmdb_space_needed(space)) *
                       space->page_bytes);
        if (err != TIP_OK) {
            return fail(store);
        }
    }
    /* Where LMDB must not pass the end of the file, count large values as if
     * no gap took them: it would only notice when it commits. */
    if (!tip_lmdb_space_fits(space, pages_of(store, growable_bytes(store)),
                             reserve_pages) ||
        (store->disk_is_full && !tip_lmdb_space_runs_fit(space, file_pages))) {
        return TIP_ESTORE_FULL;
    }
    return TIP_OK;
}

static enum tip_err write_value(struct tip_txn *base, enum tip_table table,
                                struct tip_key key, struct tip_bytes value,
                                bool at_end)
{
    struct tip_lmdb_txn *txn = txn_of(base);
    enum tip_err err;

    assert(txn->mode != TIP_TXN_READ);
    err = tip_lmdb_txn_put(txn, table, key, value, at_end);
    if (err != TIP_OK) {
        return err;
    }
    store_of(base)->has_written = true;
    tip_lmdb_space_note(&txn->space, txn->map, txn->mdb, table,
                        value.size + TIP_SEALER_OVERHEAD, at_end);
    txn->spoilt = space_check(store_of(base), txn);
    return txn->spoilt;
}

static enum tip_err lmdb_put(struct tip_txn *txn, enum tip_table table,
                             struct tip_key key, struct tip_bytes value)
{
    return write_value(txn, table, key, value, false);
}

static enum tip_err lmdb_append(struct tip_txn *txn, enum tip_table table,
                                struct tip_key key, struct tip_bytes value)
{
    return write_value(txn, table, key, value, true);
}

static enum tip_err lmdb_remove(struct tip_txn *base, enum tip_table table,
                                struct tip_key key)
{
    struct tip_lmdb_txn *txn = txn_of(base);
    enum tip_err err;

    assert(txn->mode != TIP_TXN_READ);
    err = tip_lmdb_txn_remove(txn, table, key);
    if (err == TIP_OK) {
        store_of(base)->has_written = true;
        tip_lmdb_space_note(&txn->space, txn->map, txn->mdb, table, 0, false);
    }
    return err;
}

/* Count reads that found a record altered; whoever looks after the records may
 * not be the one who read it. */
static enum tip_err note_unread(struct tip_txn *txn, enum tip_table table,
                                enum tip_err err)
{
    if (err == TIP_ESTORE_DAMAGED && table == TIP_TABLE_RECORD) {
        atomic_fetch_add(&store_of(txn)->unread_count, 1);
    }
    return err;
}

static enum tip_err lmdb_get(struct tip_txn *txn, enum tip_table table,
                             struct tip_key key, struct tip_bytes *out_value)
{
    return note_unread(txn, table,
                       tip_lmdb_txn_get(txn_of(txn), table, key, out_value));
}

static enum tip_err lmdb_seek(struct tip_txn *txn, enum tip_table table,
                              enum tip_seek seek, struct tip_key key,
                              struct tip_key *out_key,
                              struct tip_bytes *out_value)
{
    return note_unread(
        txn, table,
        tip_lmdb_txn_seek(txn_of(txn), table, seek, key, out_key, out_value));
}

static void lmdb_forget(struct tip_txn *txn)
{
    tip_lmdb_txn_forget(txn_of(txn));
}

static struct tip_store_usage lmdb_usage(struct tip_store *self)
{
    struct tip_store_lmdb *store = (struct tip_store_lmdb *)self;

    return (struct tip_store_usage){
        .used_bytes = atomic_load(&store->used_bytes),
        .limit_bytes = atomic_load(&store->growable_bytes),
        .reserve_bytes = store->reserve_bytes,
        .unread_count = atomic_load(&store->unread_count),
    };
}

const struct tip_store tip_store_lmdb_functions = {
    .begin = lmdb_begin,
    .commit = lmdb_commit,
    .abort = lmdb_abort,
    .get = lmdb_get,
    .put = lmdb_put,
    .append = lmdb_append,
    .remove = lmdb_remove,
    .seek = lmdb_seek,
    .forget = lmdb_forget,
    .usage = lmdb_usage,
    .purge = tip_store_lmdb_purge,
};
