#include "tip_lmdb_pages.h"

#include <stdlib.h>
#include <string.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"

/* LMDB's data format 1: a page begins with its number and 8 bytes of flags and
 * bounds. A value directly behind them has its pages for itself; in a page of
 * the tree there would be offsets of entries. */
enum { HEAD_BYTES = 16, HEAD_PAGES = 2 };

/* LMDB's two databases for itself. */
enum { FREE_DBI = 0, MAIN_DBI = 1 };

enum tip_err tip_lmdb_pages_init(struct tip_lmdb_pages *pages,
                                 const struct tip_lmdb_map *map)
{
    *pages = (struct tip_lmdb_pages){
        .count = tip_lmdb_map_used_pages(map),
        .page_bytes = (size_t)tip_lmdb_map_page_bytes(map),
    };
    if (pages->page_bytes <= HEAD_BYTES ||
        (pages->page_bytes & (pages->page_bytes - 1)) != 0) {
        return TIP_ESTORE_DAMAGED;
    }
    pages->bits = calloc(1, (size_t)(pages->count / 8 + 1));
    return pages->bits == NULL ? TIP_ENOMEM : TIP_OK;
}

static bool is_noted(const struct tip_lmdb_pages *pages, uint64_t page)
{
    return (pages->bits[page / 8] >> (page % 8) & 1) != 0;
}

static void note_page(struct tip_lmdb_pages *pages, uint64_t page)
{
    if (page < HEAD_PAGES || page >= pages->count) {
        pages->is_damaged = true;
        return;
    }
    pages->bits[page / 8] |= (uint8_t)(1U << (page % 8));
}

void tip_lmdb_pages_note(struct tip_lmdb_pages *pages, struct tip_bytes value)
{
    const size_t offset = (uintptr_t)value.data & (pages->page_bytes - 1);
    const uint8_t *head = value.data - offset;
    const size_t end = offset + value.size;
    size_t number;

    memcpy(&number, head, sizeof number);
    if (pages->base == 0) {
        pages->base = (uintptr_t)head - number * pages->page_bytes;
    }
    if ((uintptr_t)head != pages->base + number * pages->page_bytes ||
        (offset != HEAD_BYTES && end > pages->page_bytes)) {
        pages->is_damaged = true;
        return;
    }
    for (size_t at = 0; at < end; at += pages->page_bytes) {
        note_page(pages, number++);
    }
}

/* Note the pages that hold the values of one of LMDB's own databases, and tell
 * @take of each. */
static int note_own(struct tip_lmdb_pages *pages, MDB_txn *txn, MDB_dbi dbi,
                    void (*take)(struct tip_lmdb_pages *pages, MDB_val value))
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    int rc = mdb_cursor_open(txn, dbi, &cursor);

    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    }
    while (rc == MDB_SUCCESS) {
        take(pages, value);
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

static void take_holder(struct tip_lmdb_pages *pages, MDB_val value)
{
    tip_lmdb_pages_note(pages, tip_bytes(value.mv_data, value.mv_size));
}

/* A record of the free list: a count, and that many page numbers. */
static void take_free(struct tip_lmdb_pages *pages, MDB_val value)
{
    const uint8_t *numbers = value.mv_data;
    size_t count = 0;

    if (value.mv_size >= sizeof count) {
        memcpy(&count, numbers, sizeof count);
    }
    if (count == 0 || count > value.mv_size / sizeof count - 1) {
        pages->is_damaged = true;
        return;
    }
    for (size_t i = 1; i <= count; i++) {
        size_t number;

        memcpy(&number, numbers + i * sizeof number, sizeof number);
        if (number < pages->count && is_noted(pages, number)) {
            pages->is_damaged = true;
            return;
        }
        note_page(pages, number);
    }
}

enum tip_err tip_lmdb_pages_check_free(struct tip_lmdb_pages *pages,
                                       MDB_txn *txn)
{
    int rc = note_own(pages, txn, MAIN_DBI, take_holder);

    if (rc == MDB_SUCCESS) {
        rc = note_own(pages, txn, FREE_DBI, take_holder);
    }
    if (rc == MDB_SUCCESS) {
        rc = note_own(pages, txn, FREE_DBI, take_free);
    }
    if (rc != MDB_SUCCESS) {
        return tip_lmdb_err(rc);
    }
    return pages->is_damaged ? TIP_ESTORE_DAMAGED : TIP_OK;
}
