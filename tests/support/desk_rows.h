/* Whole imports, exports and counts at node 0 of a rig, in one call each. */
#ifndef DESK_ROWS_H
#define DESK_ROWS_H

#include "desk_rig.h"
#include "tip_desk_export.h"
#include "tip_desk_import.h"

/** What an import said in the end. */
struct desk_rows_told {
    struct tip_problems problems;
    struct tip_import_tally tally;
};

/** An import of @type ("" none) by the clerk, from "in.csv". */
struct tip_import_opts desk_rows_opts(const char *type);

/** Import @bytes in pieces. */
enum tip_err desk_rows_import(struct desk_rig *rig,
                              const struct tip_import_opts *opts,
                              struct tip_bytes bytes,
                              struct desk_rows_told *out_told);

/** Export all of @type; the caller ends @sink. */
void desk_rows_export(struct desk_rig *rig, const char *type,
                      enum tip_export_format format, bool identities,
                      struct tip_sink_memory *sink);

/** How many records of @type there are. */
size_t desk_rows_count(struct desk_rig *rig, const char *type);

#endif /* DESK_ROWS_H */
