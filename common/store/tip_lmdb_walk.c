#include "tip_lmdb_walk.h"

#include <assert.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"

static struct tip_bytes bytes_of(MDB_val value)
{
    return tip_bytes(value.mv_data, value.mv_size);
}

static bool value_opens(struct tip_lmdb_walk *walk, struct tip_key key,
                        struct tip_bytes sealed)
{
    const struct tip_store_entry entry = {
        .table = walk->table, .key = key, .sealed = sealed};

    return tip_store_opener_look(&walk->opener, &entry) == TIP_OK;
}

/* A flipped bit in an inner page leaves an entry in its place and sends every
 * search for it elsewhere. */
static bool search_finds(struct tip_lmdb_walk *walk, MDB_val key, MDB_val value)
{
    MDB_val found;

    return mdb_cursor_get(walk->searcher, &key, &found, MDB_SET) ==
               MDB_SUCCESS &&
           found.mv_data == value.mv_data && found.mv_size == value.mv_size;
}

static bool is_in_order(struct tip_lmdb_walk *walk, MDB_val key,
                        struct tip_key *out_key)
{
    if (!tip_lmdb_key_decode(bytes_of(key), out_key)) {
        return false;
    }
    assert(key.mv_data != NULL); /* A key that can be read has bytes. */
    if (walk->last.size != 0 &&
        tip_bytes_compare(tip_bytes(walk->last.bytes, walk->last.size),
                          bytes_of(key)) >= 0) {
        return false;
    }
    walk->last = tip_lmdb_key_encode(*out_key);
    return true;
}

enum tip_err tip_lmdb_walk_open(struct tip_lmdb_walk *walk,
                                const struct tip_lmdb_map *map, MDB_txn *txn,
                                enum tip_table table, struct tip_sealer *sealer)
{
    MDB_stat stat;
    int rc = mdb_stat(txn, map->tables[table], &stat);

    *walk = (struct tip_lmdb_walk){.table = table};
    if (rc == MDB_SUCCESS) {
        walk->entries_max = stat.ms_entries;
        rc = mdb_cursor_open(txn, map->tables[table], &walk->cursor);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(txn, map->tables[table], &walk->searcher);
        if (rc != MDB_SUCCESS) {
            mdb_cursor_close(walk->cursor);
        }
    }
    tip_store_opener_init(&walk->opener, sealer);
    return tip_lmdb_err(rc);
}

enum tip_err tip_lmdb_walk_next(struct tip_lmdb_walk *walk,
                                struct tip_lmdb_entry *out_entry)
{
    MDB_val key;
    MDB_val value;
    int rc = mdb_cursor_get(walk->cursor, &key, &value, MDB_NEXT);

    if (rc != MDB_SUCCESS) {
        return rc == MDB_NOTFOUND && walk->entry_count == walk->entries_max
                   ? TIP_ENOTFOUND
                   : TIP_ESTORE_DAMAGED;
    }
    /* A file bent into a circle must not keep us here. */
    if (walk->entry_count == walk->entries_max) {
        return TIP_ESTORE_DAMAGED;
    }
    walk->entry_count++;
    *out_entry = (struct tip_lmdb_entry){.key = bytes_of(key),
                                         .sealed = bytes_of(value),
                                         .state = TIP_ESTORE_DAMAGED};
    return TIP_OK;
}

void tip_lmdb_walk_check(struct tip_lmdb_walk *walk,
                         struct tip_lmdb_entry *entry)
{
    const MDB_val key = {entry->key.size, tip_lmdb_writable(entry->key.data)};
    const MDB_val value = {entry->sealed.size,
                           tip_lmdb_writable(entry->sealed.data)};
    struct tip_key decoded;

    entry->is_in_order = is_in_order(walk, key, &decoded);
    entry->state = entry->is_in_order && search_finds(walk, key, value) &&
                           value_opens(walk, decoded, entry->sealed)
                       ? TIP_OK
                       : TIP_ESTORE_DAMAGED;
}

void tip_lmdb_walk_close(struct tip_lmdb_walk *walk)
{
    mdb_cursor_close(walk->searcher);
    mdb_cursor_close(walk->cursor);
    tip_store_opener_deinit(&walk->opener);
}

static enum tip_err walk_entries(struct tip_lmdb_walk *walk,
                                 const struct tip_lmdb_walker *walker)
{
    struct tip_lmdb_entry entry;
    enum tip_err err;

    while ((err = tip_lmdb_walk_next(walk, &entry)) == TIP_OK) {
        if (walker->before != NULL) {
            walker->before(walker->context, walk->table, entry.key);
        }
        tip_lmdb_walk_check(walk, &entry);
        err = walker->entry(walker->context, walk->table, &entry);
        if (err != TIP_OK) {
            return err;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_lmdb_walk(const struct tip_lmdb_map *map, MDB_txn *txn,
                           enum tip_table table, struct tip_sealer *sealer,
                           const struct tip_lmdb_walker *walker)
{
    struct tip_lmdb_walk walk;
    enum tip_err err = tip_lmdb_walk_open(&walk, map, txn, table, sealer);

    if (err == TIP_OK) {
        err = walk_entries(&walk, walker);
        tip_lmdb_walk_close(&walk);
    }
    return err;
}
