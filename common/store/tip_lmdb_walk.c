#include "tip_lmdb_walk.h"

#include <lmdb.h>

#include "tip_arena.h"
#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_txn.h"
#include "tip_sealer.h"

/* A walk over one table. */
struct walk {
    enum tip_table table;
    struct tip_sealer *sealer;
    MDB_cursor *cursor;   /* Goes from entry to entry. */
    MDB_cursor *searcher; /* Finds each again from the root. */
    struct tip_arena plain;
    struct tip_lmdb_key last; /* size 0: none yet. */
    uint64_t entry_count;
};

static struct tip_bytes bytes_of(MDB_val value)
{
    return tip_bytes(value.mv_data, value.mv_size);
}

static bool value_opens(struct walk *walk, struct tip_key key,
                        struct tip_bytes sealed)
{
    uint8_t aad[TIP_LMDB_AAD_SIZE];
    uint8_t *plain;

    if (sealed.size < TIP_SEALER_OVERHEAD ||
        sealed.size > TIP_STORE_VALUE_BYTES_MAX + TIP_SEALER_OVERHEAD) {
        return false;
    }
    tip_arena_clear(&walk->plain);
    plain = tip_arena_alloc(&walk->plain, sealed.size - TIP_SEALER_OVERHEAD);
    if (plain == NULL) {
        return false;
    }
    tip_lmdb_aad(walk->table, key, aad);
    return tip_sealer_open(walk->sealer, TIP_BYTES_OF(aad), sealed, plain) ==
           TIP_OK;
}

/* A flipped bit in an inner page leaves an entry in its place and sends every
 * search for it elsewhere. */
static bool search_finds(struct walk *walk, MDB_val key, MDB_val value)
{
    MDB_val found;

    return mdb_cursor_get(walk->searcher, &key, &found, MDB_SET) ==
               MDB_SUCCESS &&
           found.mv_data == value.mv_data && found.mv_size == value.mv_size;
}

static bool is_sound(struct walk *walk, MDB_val key, MDB_val value)
{
    struct tip_key decoded;

    if (!tip_lmdb_key_decode(bytes_of(key), &decoded)) {
        return false;
    }
    if (walk->last.size != 0 &&
        tip_bytes_compare(tip_bytes(walk->last.bytes, walk->last.size),
                          bytes_of(key)) >= 0) {
        return false;
    }
    walk->last = tip_lmdb_key_encode(decoded);
    return search_finds(walk, key, value) &&
           value_opens(walk, decoded, bytes_of(value));
}

static enum tip_err walk_entries(struct walk *walk, uint64_t entry_count,
                                 const struct tip_lmdb_walker *walker)
{
    MDB_val key;
    MDB_val value;
    int rc = mdb_cursor_get(walk->cursor, &key, &value, MDB_FIRST);

    /* A file bent into a circle must not keep us here. */
    while (rc == MDB_SUCCESS && walk->entry_count < entry_count) {
        struct tip_lmdb_entry entry = {
            .key = bytes_of(key),
            .sealed = bytes_of(value),
        };
        enum tip_err err;

        if (walker->before != NULL) {
            walker->before(walker->context, walk->table, entry.key);
        }
        entry.state = is_sound(walk, key, value) ? TIP_OK : TIP_ESTORE_DAMAGED;
        err = walker->entry(walker->context, walk->table, &entry);
        if (err != TIP_OK) {
            return err;
        }
        walk->entry_count++;
        rc = mdb_cursor_get(walk->cursor, &key, &value, MDB_NEXT);
    }
    return rc == MDB_NOTFOUND && walk->entry_count == entry_count
               ? TIP_OK
               : TIP_ESTORE_DAMAGED;
}

enum tip_err tip_lmdb_walk(const struct tip_lmdb_map *map, MDB_txn *txn,
                           enum tip_table table, struct tip_sealer *sealer,
                           const struct tip_lmdb_walker *walker)
{
    struct walk walk = {.table = table, .sealer = sealer};
    MDB_stat stat;
    enum tip_err err;
    int rc = mdb_stat(txn, map->tables[table], &stat);

    tip_arena_init(&walk.plain, TIP_STORE_BORROWED_BYTES_MAX);
    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(txn, map->tables[table], &walk.cursor);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(txn, map->tables[table], &walk.searcher);
    }
    err = rc == MDB_SUCCESS ? walk_entries(&walk, stat.ms_entries, walker)
                            : tip_lmdb_err(rc);
    mdb_cursor_close(walk.searcher);
    mdb_cursor_close(walk.cursor);
    tip_arena_deinit(&walk.plain);
    return err;
}
