/*
 * What a person asks to be saved, and what became of it.
 *
 * A draft names what the person saw; a program refuses it with TIP_ECHANGED
 * when a cell it writes has been written since, and writes nothing. Plain data
 * that borrows.
 */
#ifndef TIP_DRAFT_H
#define TIP_DRAFT_H

#include <stddef.h>
#include <stdint.h>

#include "tip_change.h"

/**
 * A point in what this program knew: everything committed up to @commit and its
 * own change-sets up to @seq. A view is given out with one; an edit brings it
 * back. A cell has changed since when it has a live sibling that is neither.
 */
struct tip_seen {
    uint64_t commit;
    uint64_t seq;
    uint32_t mends; /* How often copies here had been found wrong by then: what
                     * was shown before may never have been so. */
};

/** What to write to one record. */
struct tip_draft_record {
    struct tip_id id; /* New: made by the caller from tip_id_make(). */
    bool is_new;
    uint32_t type;                    /* New records only. */
    struct tip_seen seen;             /* Existing records only. */
    const struct tip_change *changes; /* Sorted by field and element, each cell
                                       * once; their record index is ignored. */
    size_t change_count;
};

/** One save: all of it or nothing. */
struct tip_draft {
    const struct tip_draft_record *records; /* Each id once. */
    size_t record_count;
    struct tip_bytes author;
    struct tip_bytes reason;
};

/** What was saved. */
struct tip_saved {
    uint64_t seq;
    struct tip_stamp stamp;
};

#endif /* TIP_DRAFT_H */
