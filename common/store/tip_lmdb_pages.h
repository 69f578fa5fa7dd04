/*
 * Private to common/store: whether LMDB's free list speaks the truth.
 *
 * A flipped bit there changes no value and shows in no search; it lets a later
 * commit write over pages that are in use. LMDB checks none of it, so we do,
 * by the numbers that pages carry in their heads.
 */
#ifndef TIP_LMDB_PAGES_H
#define TIP_LMDB_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

struct MDB_txn;
struct tip_lmdb_map;

/** The pages seen so far. Caller-allocated; @bits last as long as the process,
 * which is one that ends after it has looked. */
struct tip_lmdb_pages {
    uint8_t *bits;     /* One per page: in use, or free. */
    uint64_t count;    /* Pages of the file that LMDB knows of. */
    size_t page_bytes; /* A power of two. */
    uintptr_t base;    /* Where page 0 is in memory; 0: not seen yet. */
    bool is_damaged;   /* A page had a number that is not its own. */
};

TIP_MUST_USE enum tip_err tip_lmdb_pages_init(struct tip_lmdb_pages *pages,
                                              const struct tip_lmdb_map *map);

/** Note the pages that hold @value, which LMDB has just returned. */
void tip_lmdb_pages_note(struct tip_lmdb_pages *pages, struct tip_bytes value);

/**
 * After every value of every table was noted: TIP_ESTORE_DAMAGED when the free
 * list names a page twice, one that is in use or one that is not there.
 */
TIP_MUST_USE enum tip_err
tip_lmdb_pages_check_free(struct tip_lmdb_pages *pages, struct MDB_txn *txn);

#endif /* TIP_LMDB_PAGES_H */
