#include <string.h>

#include "tip_desk_layout.h"

enum { SLICE_RECORDS = 1024, FORGET_RECORDS = 256 };

/* The count of @type; NULL when there are too many types to count. */
static struct tip_desk_count *
count_of(struct tip_desk *desk, struct tip_desk_counts *counts, uint32_t type)
{
    const struct tip_type *known;
    size_t at = 0;

    while (at < counts->count && counts->counts[at].type_number < type) {
        at++;
    }
    if (at < counts->count && counts->counts[at].type_number == type) {
        return &counts->counts[at];
    }
    if (counts->count == TIP_DESK_COUNTS_MAX) {
        return NULL;
    }
    memmove(&counts->counts[at + 1], &counts->counts[at],
            (counts->count - at) * sizeof *counts->counts);
    counts->count++;
    counts->counts[at] = (struct tip_desk_count){.type_number = type};
    known = desk->catalogue == NULL ? NULL
                                    : tip_catalogue_type(desk->catalogue, type);
    if (known != NULL) {
        counts->counts[at].type_name = known->name;
    }
    return &counts->counts[at];
}

/* Count the next record; TIP_ENOTFOUND after the last. */
static enum tip_err count_next(struct tip_desk *desk, struct tip_txn *txn,
                               struct tip_arena *arena,
                               struct tip_desk_counts *counts)
{
    struct tip_desk_found found;
    struct tip_desk_count *count;
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err = tip_txn_seek(txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER,
                                    TIP_KEY(counts->next, 0), &key, &value);

    if (err == TIP_OK) {
        err = desk->view(desk, (uint32_t)key.hi, arena, &found.stored,
                         &found.view);
    }
    if (err != TIP_OK) {
        return err;
    }
    counts->next = key.hi + 1;
    if (found.view.type < TIP_TYPE_FIRST) {
        return TIP_OK;
    }
    count = count_of(desk, counts, found.view.type);
    if (count == NULL) {
        return TIP_ETOOBIG;
    }
    count->records++;
    count->waiting += found.stored.overlay_count != 0;
    count->conflicts += tip_merge_has_conflict(&found.view, desk->schema);
    return TIP_OK;
}

enum tip_err tip_desk_counts_step(struct tip_desk *desk,
                                  struct tip_desk_counts *counts)
{
    struct tip_arena arena;
    struct tip_txn *txn;
    enum tip_err err = desk->txn(desk, &txn);

    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    for (int i = 0; i < SLICE_RECORDS && err == TIP_OK; i++) {
        tip_arena_clear(&arena);
        if (i % FORGET_RECORDS == FORGET_RECORDS - 1) {
            tip_txn_forget(txn);
        }
        err = count_next(desk, txn, &arena, counts);
    }
    tip_arena_deinit(&arena);
    if (err == TIP_ENOTFOUND) {
        return TIP_OK;
    }
    return err == TIP_OK ? TIP_EAGAIN : err;
}
