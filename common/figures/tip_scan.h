/*
 * Internal: one pass over the cells of one table, by the filter and groups of
 * a query.
 *
 * A group's id packs the numbers of what it is grouped by: the columns, then
 * the office, each with as many values as it has now.
 */
#ifndef TIP_SCAN_H
#define TIP_SCAN_H

#include "tip_figures_internal.h"
#include "tip_groups.h"

/** What a query makes of one column. */
struct tip_scan_column {
    uint8_t *allowed; /* Owned: by value; NULL: all are. */
    bool is_grouped;
    uint64_t stride; /* In a group's id; 0: not grouped. */
    size_t value_count;
};

/** What is done for each cell with one column of its key. */
struct tip_scan_step {
    size_t column;
    const uint8_t *allowed; /* Borrowed; NULL: all are. */
    uint64_t stride;
};

/** Caller-allocated; owns its memory, borrows the figures. */
struct tip_scan {
    const struct tip_figures *figures;
    const struct tip_figure_table *table;
    const struct tip_figures_query *query;
    struct tip_scan_column columns[TIP_FIGURE_COLUMNS_MAX];
    struct tip_scan_step steps[TIP_FIGURE_COLUMNS_MAX];
    size_t step_count;
    size_t by[TIP_CATALOGUE_DIMENSIONS_MAX]; /* Columns, as query->by. */
    size_t currency;        /* The column of it; 0: there is none. */
    uint64_t office_stride; /* 0: not by office. */
    uint64_t id_end;        /* Ids are below it. */
    bool is_direct;         /* Each cell is a group of its own. */
    struct tip_groups groups;
};

/** Prepare to read the cells of @table that @query asks for. Deinit after
 * TIP_OK only. Errors as tip_figures_read(). */
TIP_MUST_USE enum tip_err tip_scan_init(struct tip_scan *scan,
                                        const struct tip_figures *figures,
                                        const struct tip_figure_table *table,
                                        const struct tip_figures_query *query);

void tip_scan_deinit(struct tip_scan *scan);

/** Read the cells into scan->groups. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_scan_run(struct tip_scan *scan);

/** Give each cell to @sink by itself; for a scan that is direct. */
TIP_MUST_USE enum tip_err tip_scan_emit(struct tip_scan *scan,
                                        struct tip_figures_sink *sink);

/** A row with nothing in it, for the next to fill. */
struct tip_figures_row tip_scan_row(const struct tip_scan *scan);

/** Put the place of cell @cell of @part into @row, as the query groups. */
void tip_scan_place(const struct tip_scan *scan,
                    const struct tip_figure_part *part, size_t cell,
                    struct tip_figures_row *row);

/** The part and key of the first cell of @group. */
static inline const struct tip_figure_part *
tip_scan_part(const struct tip_scan *scan, const struct tip_group *group)
{
    return &scan->table->parts[group->part];
}

/** Put what @group adds up to into @row. */
void tip_scan_fill(const struct tip_scan *scan, const struct tip_group *group,
                   struct tip_figures_row *row);

#endif /* TIP_SCAN_H */
