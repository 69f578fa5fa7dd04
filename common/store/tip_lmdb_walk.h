/*
 * Private to common/store: every entry of a table, checked, in key order.
 */
#ifndef TIP_LMDB_WALK_H
#define TIP_LMDB_WALK_H

#include "tip_bytes.h"
#include "tip_store.h"

struct MDB_txn;
struct tip_lmdb_map;
struct tip_sealer;

/** An entry as found; borrowed for the call. */
struct tip_lmdb_entry {
    struct tip_bytes key;    /* As on disk. */
    struct tip_bytes sealed; /* Its value, likewise. */
    enum tip_err state;      /* TIP_OK, or TIP_ESTORE_DAMAGED. */
};

/** Who is told. What it returns, if not TIP_OK, ends the walk. */
struct tip_lmdb_walker {
    /* An entry is about to be looked at: a damaged file may end the process
     * there. May be NULL. */
    void (*before)(void *context, enum tip_table table, struct tip_bytes key);
    enum tip_err (*entry)(void *context, enum tip_table table,
                          const struct tip_lmdb_entry *entry);
    void *context;
};

/**
 * Walk @table of @txn. An entry is sound when its key is above the one before,
 * a search for the key finds it, and its value opens. TIP_ESTORE_DAMAGED also
 * when the table ends early or has another number of entries than it says.
 */
TIP_MUST_USE enum tip_err tip_lmdb_walk(const struct tip_lmdb_map *map,
                                        struct MDB_txn *txn,
                                        enum tip_table table,
                                        struct tip_sealer *sealer,
                                        const struct tip_lmdb_walker *walker);

#endif /* TIP_LMDB_WALK_H */
