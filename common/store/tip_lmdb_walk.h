/*
 * Private to common/store: every entry of a table, checked, in key order.
 */
#ifndef TIP_LMDB_WALK_H
#define TIP_LMDB_WALK_H

#include "tip_bytes.h"
#include "tip_lmdb_txn.h"
#include "tip_store_dump.h"

struct MDB_cursor;
struct MDB_txn;
struct tip_lmdb_map;
struct tip_sealer;

/** An entry as found; borrowed for the call. */
struct tip_lmdb_entry {
    struct tip_bytes key;    /* As on disk… */
    struct tip_bytes sealed; /* Its value, likewise. */
    enum tip_err state;      /* TIP_OK, or TIP_ESTORE_DAMAGED. */
    bool is_in_order;        /* Its key is one, and above the one before. */
};

/** A walk that its caller drives, as a backup does between other work. It
 * lives no longer than its transaction. Caller-allocated, private. */
struct tip_lmdb_walk {
    enum tip_table table;
    struct MDB_cursor *cursor;   /* Goes from entry to entry. */
    struct MDB_cursor *searcher; /* Finds each again from the root. */
    struct tip_store_opener opener;
    struct tip_lmdb_key last; /* size 0: none yet. */
    uint64_t entry_count;     /* Seen. */
    uint64_t entries_max;     /* The table says to have. */
};

/** Start before the first entry of @table. On an error there is nothing to
 * close. */
TIP_MUST_USE enum tip_err tip_lmdb_walk_open(struct tip_lmdb_walk *walk,
                                             const struct tip_lmdb_map *map,
                                             struct MDB_txn *txn,
                                             enum tip_table table,
                                             struct tip_sealer *sealer);

/** Find the next entry; its state is not known yet. TIP_ENOTFOUND: that was
 * all. TIP_ESTORE_DAMAGED: not as many as the table says to have. */
TIP_MUST_USE enum tip_err tip_lmdb_walk_next(struct tip_lmdb_walk *walk,
                                             struct tip_lmdb_entry *out_entry);

/** Learn the state of @entry, the newest that was found. */
void tip_lmdb_walk_check(struct tip_lmdb_walk *walk,
                         struct tip_lmdb_entry *entry);

void tip_lmdb_walk_close(struct tip_lmdb_walk *walk);

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
