/*
 * Internal: the cells of one indicator.
 *
 * A table is split by office, so that a dashboard of one office reads memory
 * from front to back. A cell's key is one number a column: the period, the
 * dimensions, the currency of a sum. What the numbers stand for is said by the
 * column. Cells are never taken out: one that counts nothing is as good as
 * none, and its key may come again.
 */
#ifndef TIP_FIGURE_TABLE_H
#define TIP_FIGURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_catalogue.h"
#include "tip_err.h"
#include "tip_index.h"
#include "tip_numbering.h"
#include "tip_sum.h"

enum {
    /* Period, dimensions, currency. */
    TIP_FIGURE_COLUMNS_MAX = TIP_CATALOGUE_DIMENSIONS_MAX + 2,
    /* Fields of a condition, the period, the measure, the dimensions. */
    TIP_FIGURE_SLOTS_MAX = 48
};

/* Where a cell's present state lies in the store. */
enum { TIP_ROW_DIRTY = 0 };        /* Not there yet. */
#define TIP_ROW_NOWHERE UINT32_MAX /* It counts nothing and needs no place. */

/* Where the value of a column comes from. */
enum tip_column_kind {
    TIP_COLUMN_PERIOD,
    TIP_COLUMN_CODE,
    TIP_COLUMN_ANSWER,
    TIP_COLUMN_ELEMENT,     /* Each code of a set by itself. */
    TIP_COLUMN_COMBINATION, /* The codes of a set together. */
    TIP_COLUMN_CURRENCY
};

struct tip_figure_column {
    enum tip_column_kind kind;
    const struct tip_field *field;
    size_t slot; /* Of the field, in a picture of the record. */
    struct tip_numbering values;
};

/** What is counted under one key. Counts of records fit 32 bits, because
 * ordinals of records do. Plain data. */
struct tip_figure_cell {
    uint32_t count;    /* Records. */
    uint32_t disputed; /* Of them: a field this looks at has parallel values. */
    uint32_t extra;    /* Of a sum: records without a value. Of distinct: the
                        * different values. */
    uint32_t row;      /* Number of the stored row, or TIP_ROW_…. */
};

/** How many records of a cell hold one value of a distinct measure. */
struct tip_figure_member {
    uint32_t cell;
    uint32_t value; /* As tip_figures numbers them. */
    uint32_t count;
    uint32_t row;
};

/** The cells of one office. */
struct tip_figure_part {
    uint32_t office;
    uint32_t *keys; /* Owned: column_count numbers a cell. */
    struct tip_figure_cell *cells;
    struct tip_sum *sums; /* Of sums; else NULL. */
    size_t cell_count;
    size_t key_max, cell_max, sum_max;
    struct tip_index by_key;
    struct tip_figure_member *members;
    size_t member_count, member_max;
    struct tip_index by_member;
};

struct tip_figure_table {
    const struct tip_indicator *indicator;
    uint32_t id;     /* Of this definition of it, in stored rows. */
    bool is_settled; /* Its cells came from the store: not to be recounted. */
    uint64_t secret;
    struct tip_figure_column columns[TIP_FIGURE_COLUMNS_MAX];
    size_t column_count;
    size_t slots[TIP_FIGURE_SLOTS_MAX]; /* All it looks at. */
    size_t slot_count;
    size_t measured_slot;         /* Of a measured field. */
    struct tip_numbering offices; /* Office to part. */
    struct tip_figure_part *parts;
    size_t part_count, part_max;
};

/** Start without columns or cells. */
void tip_figure_table_init(struct tip_figure_table *table,
                           const struct tip_indicator *indicator,
                           uint64_t secret);

void tip_figure_table_deinit(struct tip_figure_table *table);

/** The part of @office, made if there is none. It moves when another is made.
 * TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_figure_table_part(struct tip_figure_table *table,
                                                uint32_t office,
                                                uint32_t *out_part);

/** The part of @office; NULL if there is none. */
const struct tip_figure_part *
tip_figure_table_find(const struct tip_figure_table *table, uint32_t office);

/** The cell of @key, which counts nothing if it is new. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_figure_cell_add(struct tip_figure_table *table,
                                              uint32_t part,
                                              const uint32_t *key,
                                              uint32_t *out_cell);

/** The cell of @key; false if there is none. */
bool tip_figure_cell_find(const struct tip_figure_table *table,
                          const struct tip_figure_part *part,
                          const uint32_t *key, uint32_t *out_cell);

/** The member of @cell for @value, which counts nothing if it is new. */
TIP_MUST_USE enum tip_err tip_figure_member_add(struct tip_figure_part *part,
                                                uint32_t cell, uint32_t value,
                                                uint32_t *out_member);

bool tip_figure_member_find(const struct tip_figure_part *part, uint32_t cell,
                            uint32_t value, uint32_t *out_member);

static inline const uint32_t *
tip_figure_key(const struct tip_figure_table *table,
               const struct tip_figure_part *part, size_t cell)
{
    return part->keys + cell * table->column_count;
}

#endif /* TIP_FIGURE_TABLE_H */
