/*
 * Private to common/store: how many pages a writing transaction may take.
 *
 * LMDB writes every page it touches to a new place, so a transaction needs
 * more room than it adds, and one that runs out is lost. We count an upper
 * bound of the pages taken so far: a full store refuses new records while
 * acks and pruning still have the reserve, and the file has its blocks before
 * LMDB writes there.
 */
#ifndef TIP_LMDB_SPACE_H
#define TIP_LMDB_SPACE_H

#include <stddef.h>
#include <stdint.h>

#include "tip_store.h"

struct MDB_txn;
struct tip_lmdb_map;

/* What one table takes of a transaction, in pages. */
struct tip_lmdb_table_space {
    uint64_t size;     /* The table's own pages as of now. */
    uint64_t touched;  /* Upper bound of those made or copied. */
    uint64_t overflow; /* Of large values, which are never counted twice. */
};

/** The count of one transaction. Plain data. */
struct tip_lmdb_space {
    struct tip_lmdb_table_space tables[TIP_TABLE_COUNT];
    uint64_t page_bytes;
    uint64_t end_pages;      /* In use when the transaction began. */
    uint64_t reusable_pages; /* Free ones before that end. */
    uint64_t needed_pages;   /* Upper bound of what was taken so far. */
    uint64_t overflow_pages; /* Of these, in runs of neighbours. */
};

/** Sizes of the tables in @txn, which has written nothing yet. */
TIP_MUST_USE enum tip_err tip_lmdb_space_begin(struct tip_lmdb_space *space,
                                               const struct tip_lmdb_map *map,
                                               struct MDB_txn *txn);

/** Also count free pages inside the file, up to @pages_max, that no reader at
 * or after transaction @oldest can see. Only before the first write. */
TIP_MUST_USE enum tip_err
tip_lmdb_space_count_reusable(struct tip_lmdb_space *space,
                              const struct tip_lmdb_map *map, uint64_t oldest,
                              uint64_t pages_max);

/** Note that @table has been written to: @value_bytes at a time, 0 for a
 * removal; @at_end when it was appended. */
void tip_lmdb_space_note(struct tip_lmdb_space *space,
                         const struct tip_lmdb_map *map, struct MDB_txn *txn,
                         enum tip_table table, size_t value_bytes, bool at_end);

/** Pages the transaction may take until it is committed, that included. */
uint64_t tip_lmdb_space_needed(const struct tip_lmdb_space *space);

/** Whether that fits into @pages_max with @reserve_pages left over. */
bool tip_lmdb_space_fits(const struct tip_lmdb_space *space, uint64_t pages_max,
                         uint64_t reserve_pages);

/** Whether it does even if large values, which need neighbouring pages, find
 * no gap and all go to the end. */
bool tip_lmdb_space_runs_fit(const struct tip_lmdb_space *space,
                             uint64_t pages_max);

/** Bytes of all tables as of now. */
uint64_t tip_lmdb_space_used_bytes(const struct tip_lmdb_space *space);

#endif /* TIP_LMDB_SPACE_H */
