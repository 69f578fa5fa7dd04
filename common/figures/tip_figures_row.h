/*
 * Internal: what lies in the store.
 *
 * Cells are stored as a log: each transaction appends rows that hold the new
 * state of what it changed, in full, so that a later row overrides an earlier
 * one. A row begins with its format; then come entries, each with its length:
 *
 *     kind, table id, office, a run of codes for each column,
 *     cell: count, disputed, extra; of a sum its high and low half
 *     member: the value as a run of codes, count
 *
 * All numbers are varints; the high half is zig-zag.
 */
#ifndef TIP_FIGURES_ROW_H
#define TIP_FIGURES_ROW_H

#include "tip_buf.h"
#include "tip_figures_internal.h"
#include "tip_reader.h"

enum {
    TIP_FIGURES_ROW_FORMAT = 1,
    /* Every column a full combination, each code of 5 bytes. */
    TIP_FIGURES_ENTRY_BYTES_MAX = 4096,
    /* Sealed as one; large enough that its overhead does not count. */
    TIP_FIGURES_ROW_BYTES_MAX = 32 * 1024
};

/** Append the cell or member that @touch names, as it is now. */
TIP_MUST_USE enum tip_err
tip_figures_entry_put(const struct tip_figures *figures,
                      const struct tip_touch *touch, struct tip_buf *buf);

/** An entry of a row. */
struct tip_figures_entry {
    struct tip_figure_table *table; /* NULL: of a definition that is gone. */
    uint32_t part;
    uint32_t cell;
    uint32_t member;
    bool is_member;
    struct tip_figure_cell state; /* Without row; of a member its count. */
    struct tip_sum sum;
};

/**
 * Start reading a row. TIP_EUNSUPPORTED: of a later format.
 */
TIP_MUST_USE enum tip_err tip_figures_row_open(struct tip_reader *reader,
                                               struct tip_bytes row);

/** Read the next entry; its cell and member are added if they are not there.
 * TIP_ESTORE_DAMAGED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_figures_entry_get(struct tip_figures *figures, struct tip_reader *reader,
                      struct tip_figures_entry *out_entry);

#endif /* TIP_FIGURES_ROW_H */
