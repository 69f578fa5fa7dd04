/* Private to this folder: an import under way. */
#ifndef TIP_IMPORT_INTERNAL_H
#define TIP_IMPORT_INTERNAL_H

#include "tip_import_key.h"
#include "tip_import_source.h"

struct tip_import {
    struct tip_desk *desk;
    struct tip_import_opts opts;
    struct tip_problems *problems; /* Borrowed. */
    struct tip_arena arena;        /* Of one row. */
    struct tip_desk_new asked;     /* What rows do not say. */
    const struct tip_type *type;   /* NULL: each object says it. */
    struct tip_mapping *mapping;   /* Owned; or NULL. */
    struct tip_import_keys keys;
    uint8_t *bytes; /* Owned. */
    size_t size;
    size_t capacity;
    struct tip_import_source *source; /* Owned; NULL between passes. */
    struct tip_import_tally tally;
    uint64_t pending; /* Saved, not flushed. */
    bool is_ended;
};

/** Read, check and save the next row. TIP_ENOTFOUND: there is none;
 * TIP_EEXISTS: it was imported before. */
TIP_MUST_USE enum tip_err tip_import_take_row(struct tip_import *import,
                                              struct tip_desk_work *work);

/** Count what became of a row, and tell it unless there are more problems than
 * @problems already. Anything but TIP_OK ends the import. */
TIP_MUST_USE enum tip_err tip_import_count_row(struct tip_import *import,
                                               struct tip_desk_work *work,
                                               size_t problems,
                                               enum tip_err err);

#endif /* TIP_IMPORT_INTERNAL_H */
