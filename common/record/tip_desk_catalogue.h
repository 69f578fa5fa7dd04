/*
 * Catalogues travel as records of type TIP_TYPE_CATALOGUE on channel REF.
 *
 * A pack (tip_catalogue_pack) is cut into pieces of at most 20 KiB, one record
 * and one save each, under ids that follow from its hash. Then one head record,
 * under an id everybody knows, says version, size and hash. So a reader finds
 * a version without searching, publishing twice changes nothing, and what is
 * broken off is completed by publishing again.
 */
#ifndef TIP_DESK_CATALOGUE_H
#define TIP_DESK_CATALOGUE_H

#include "tip_catalogue_load.h"
#include "tip_desk_write.h"

enum {
    TIP_CATALOGUE_PIECE_BYTES_MAX = 20 * 1024, /* Fits a change-set. */
    /* The national one takes some 100 KiB; a node on 2G should see a day go by
     * before it has such a one. */
    TIP_CATALOGUE_PACK_BYTES_MAX = 2 * 1024 * 1024
};

/**
 * Publish @files, at the hub: checked as a whole, and against the newest
 * version the store has. TIP_ECATALOGUE: see @problems. TIP_EEXISTS: this
 * version is out already, with this content (nothing to do). TIP_ETOOBIG. Not
 * durable before tip_desk_flush(); @out_version is the version published.
 */
TIP_MUST_USE enum tip_err tip_desk_catalogue_publish(
    struct tip_desk *desk, const struct tip_desk_who *who,
    const struct tip_catalogue_file *files, size_t file_count,
    struct tip_problems *problems, uint32_t *out_version);

/**
 * Load the newest version in the store that is complete, has the hash it was
 * announced with and loads without a fault. Needs only @desk's txn, records
 * and view. TIP_ENOTFOUND: none. TIP_ENOMEM, errors of the store. Free with
 * tip_catalogue_free().
 */
TIP_MUST_USE enum tip_err
tip_desk_catalogue_latest(struct tip_desk *desk,
                          struct tip_catalogue **out_catalogue);

#endif /* TIP_DESK_CATALOGUE_H */
