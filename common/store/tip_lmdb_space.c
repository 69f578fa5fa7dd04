#include "tip_lmdb_space.h"

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"

/* The two head pages, names and free list when the store is small. */
enum { HEAD_PAGES = 8 };

/* A commit also writes the names, the list of freed pages and the path to it:
 * a fixed part, and 8 bytes for each page that was replaced. */
enum { COMMIT_PAGES = 16, COMMIT_SHARE = 128 };

static uint64_t size_of(const MDB_stat *stat)
{
    return (uint64_t)stat->ms_branch_pages + stat->ms_leaf_pages +
           stat->ms_overflow_pages;
}

enum tip_err tip_lmdb_space_begin(struct tip_lmdb_space *space,
                                  const struct tip_lmdb_map *map, MDB_txn *txn)
{
    *space = (struct tip_lmdb_space){
        .page_bytes = tip_lmdb_map_page_bytes(map),
        .end_pages = tip_lmdb_map_used_pages(map),
    };
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        MDB_stat stat;
        const int rc = mdb_stat(txn, map->tables[i], &stat);

        if (rc != MDB_SUCCESS) {
            return tip_lmdb_err(rc);
        }
        space->tables[i].size = size_of(&stat);
    }
    return TIP_OK;
}

/* Add up what the free list of @txn says, as the header tells. */
static int count_free(MDB_txn *txn, uint64_t oldest, uint64_t pages_max,
                      uint64_t *count)
{
    /* LMDB keeps its free list in database 0: keys are the transactions that
     * freed, values a count and that many page numbers. */
    const MDB_dbi free_dbi = 0;
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    int rc = mdb_cursor_open(txn, free_dbi, &cursor);

    if (rc != MDB_SUCCESS) {
        return rc;
    }
    rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    while (rc == MDB_SUCCESS && *count < pages_max) {
        size_t freed_by;
        size_t freed_count;

        if (key.mv_size != sizeof freed_by ||
            value.mv_size < sizeof freed_count) {
            rc = MDB_CORRUPTED;
            break;
        }
        memcpy(&freed_by, key.mv_data, sizeof freed_by);
        memcpy(&freed_count, value.mv_data, sizeof freed_count);
        if (freed_by >= oldest) {
            break;
        }
        *count += freed_count;
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

enum tip_err tip_lmdb_space_count_reusable(struct tip_lmdb_space *space,
                                           const struct tip_lmdb_map *map,
                                           uint64_t oldest, uint64_t pages_max)
{
    /* LMDB shows its free list to readers only. */
    MDB_txn *reader;
    int rc = mdb_txn_begin(map->env, NULL, MDB_RDONLY, &reader);

    if (rc == MDB_SUCCESS) {
        rc = count_free(reader, oldest, pages_max, &space->reusable_pages);
        mdb_txn_abort(reader);
    }
    return tip_lmdb_err(rc);
}

/* Pages of a value that LMDB keeps outside the tree, 0 if it does not. */
static uint64_t overflow_of(const struct tip_lmdb_space *space,
                            size_t value_bytes)
{
    /* Two entries must fit a page. Counting a value just below that as an
     * overflow only errs on the safe side. */
    if (value_bytes < space->page_bytes / 2 - 64) {
        return 0;
    }
    return (value_bytes + space->page_bytes + 63) / space->page_bytes;
}

/* What @table may have taken: no more pages of the tree than it has. */
static uint64_t needed_of(const struct tip_lmdb_table_space *table)
{
    const uint64_t tree =
        table->touched < table->size ? table->touched : table->size;

    return tree + table->overflow;
}

void tip_lmdb_space_note(struct tip_lmdb_space *space,
                         const struct tip_lmdb_map *map, MDB_txn *txn,
                         enum tip_table table, size_t value_bytes, bool at_end)
{
    struct tip_lmdb_table_space *counted = &space->tables[table];
    const uint64_t overflow = overflow_of(space, value_bytes);
    const uint64_t before = needed_of(counted);
    MDB_stat stat;
    uint64_t size;

    if (mdb_stat(txn, map->tables[table], &stat) != MDB_SUCCESS) {
        return;
    }
    size = size_of(&stat);
    /* A path from the root is copied, once for a run of appends, and what
     * splits is new. */
    if (!at_end || counted->touched == 0) {
        counted->touched += stat.ms_depth;
    }
    if (size > counted->size) {
        counted->touched += size - counted->size;
    }
    counted->size = size;
    counted->overflow += overflow;
    space->overflow_pages += overflow;
    space->needed_pages += needed_of(counted) - before;
}

uint64_t tip_lmdb_space_needed(const struct tip_lmdb_space *space)
{
    return space->needed_pages + space->needed_pages / COMMIT_SHARE +
           COMMIT_PAGES;
}

static uint64_t tail_of(const struct tip_lmdb_space *space, uint64_t pages_max)
{
    return pages_max > space->end_pages ? pages_max - space->end_pages : 0;
}

bool tip_lmdb_space_fits(const struct tip_lmdb_space *space, uint64_t pages_max,
                         uint64_t reserve_pages)
{
    return tip_lmdb_space_needed(space) + reserve_pages <=
           tail_of(space, pages_max) + space->reusable_pages;
}

bool tip_lmdb_space_runs_fit(const struct tip_lmdb_space *space,
                             uint64_t pages_max)
{
    return space->overflow_pages <= tail_of(space, pages_max);
}

uint64_t tip_lmdb_space_used_bytes(const struct tip_lmdb_space *space)
{
    uint64_t pages = HEAD_PAGES;

    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        pages += space->tables[i].size;
    }
    return pages * space->page_bytes;
}
