/*
 * Private to common/store: entries that are sealed already, into a new file in
 * key order, table after table.
 */
#ifndef TIP_LMDB_FILL_H
#define TIP_LMDB_FILL_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_store.h"

struct MDB_cursor;
struct MDB_txn;
struct tip_lmdb_map;
struct tip_sealer;

/** Zero but for @to to start. Private but for @counts. */
struct tip_lmdb_fill {
    const struct tip_lmdb_map *to; /* Borrowed. */
    struct MDB_txn *txn;           /* NULL between transactions. */
    struct MDB_cursor *cursor;
    enum tip_table table; /* Of the cursor. */
    uint64_t count;
    uint64_t counts[TIP_TABLE_COUNT]; /* Entries put in so far. */
};

/** Put one behind all others of @table. TIP_EEXISTS: it does not belong there;
 * TIP_ESTORE_FULL. After an error only tip_lmdb_fill_drop(). */
TIP_MUST_USE enum tip_err tip_lmdb_fill_add(struct tip_lmdb_fill *fill,
                                            enum tip_table table,
                                            struct tip_bytes key,
                                            struct tip_bytes sealed);

/** Make what was put in durable, with @commit_count as the store's count. */
TIP_MUST_USE enum tip_err tip_lmdb_fill_end(struct tip_lmdb_fill *fill,
                                            struct tip_sealer *sealer,
                                            uint64_t commit_count);

/** End the transaction that is open, if there is one. */
void tip_lmdb_fill_drop(struct tip_lmdb_fill *fill);

#endif /* TIP_LMDB_FILL_H */
