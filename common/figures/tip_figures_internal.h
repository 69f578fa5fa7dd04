/*
 * Private to this folder: the figures from within.
 *
 * All that is counted lies in memory, in tables (tip_figure_table.h). What a
 * transaction changes is noted once, with its old state: that is the list of
 * what to store when it settles, and of what to take back when it is lost.
 */
#ifndef TIP_FIGURES_INTERNAL_H
#define TIP_FIGURES_INTERNAL_H

#include "tip_figure_table.h"
#include "tip_figures.h"
#include "tip_figures_query.h"
#include "tip_picture.h"
#include "tip_store.h"

enum {
    /* Raised when the same definition begins to count otherwise: then all is
     * counted again at the next open. */
    TIP_FIGURES_RULES = 1,
    /* Codes in a combination; cells that one record counts in. Beyond, a set
     * counts as "many": somebody who ticks everything costs no more. */
    TIP_FIGURES_COMBINATION_MAX = 64,
    TIP_FIGURES_CELLS_MAX = 256
};

/* Rows of TIP_TABLE_FIGURE: definitions under hi 0, cells under hi 1. */
enum { TIP_FIGURES_DEFINITIONS = 0, TIP_FIGURES_LOG = 1 };

/* A cell or member as it was before the transaction. */
struct tip_touch {
    uint32_t table;
    uint32_t part;
    uint32_t number;
    bool is_member;
    struct tip_figure_cell cell; /* Of a member: count and row. */
    struct tip_sum sum;
};

/* The indicators of one record type. */
struct tip_figures_type {
    struct tip_slots slots;
    uint32_t *tables; /* Owned: their numbers. */
    size_t table_count;
};

/* How far the stored rows go. */
struct tip_figures_log {
    uint64_t last_row;
    uint64_t entry_count; /* In all rows, outdated ones too. */
};

struct tip_figures {
    const struct tip_catalogue *catalogue; /* Borrowed. */
    const struct tip_lineage *lineage;     /* Borrowed; of stored records. */
    struct tip_catalogue_schema schema;
    uint64_t secret;
    struct tip_figure_table *tables; /* By number of indicator. */
    size_t table_count;
    struct tip_figures_type *types; /* By number of type. */
    size_t type_count;
    struct tip_numbering members; /* Values of distinct measures. */
    struct tip_picture before;
    struct tip_picture after;
    /* The last date asked for in each unit: most indicators of a type go by
     * the same one. */
    struct tip_figures_period {
        const struct tip_value *date; /* Borrowed from a picture; or NULL. */
        uint32_t period;
    } periods[TIP_PERIOD_TIP_YEAR + 1];
    /* The numbers each column has for the record being counted. */
    uint32_t choices[TIP_FIGURE_COLUMNS_MAX][TIP_FIGURES_CELLS_MAX];
    struct tip_touch *touches; /* Since the last durable transaction. */
    size_t touch_count, touch_max;
    size_t settled_count; /* Of the touches. */
    uint64_t cell_count;  /* Cells and members, of all tables. */
    struct tip_figures_log log;
    struct tip_figures_log durable_log;
    uint8_t *row;   /* Owned: a row on its way to the store. */
    uint8_t *entry; /* Owned: an entry on its way to the row. */
    bool suspect;
};

/* tip_figures_plan.c */

/** Tables and slots for every indicator of the catalogue. */
TIP_MUST_USE enum tip_err tip_figures_plan(struct tip_figures *figures);

/** The plan of record type @number; NULL if nothing counts it. */
struct tip_figures_type *tip_figures_find_type(struct tip_figures *figures,
                                               uint32_t number);

/** The table of indicator @number; NULL if it has none. */
struct tip_figure_table *
tip_figures_find_table(const struct tip_figures *figures, uint32_t number);

/* tip_figures_count.c */

/** Add, or with @sign -1 take away, what the record in @picture counts. */
TIP_MUST_USE enum tip_err tip_figures_count(struct tip_figures *figures,
                                            struct tip_figure_table *table,
                                            const struct tip_picture *picture,
                                            int sign);

/* tip_figures_touch.c */

/** The cell or member, about to be changed: notes its state and returns it. */
TIP_MUST_USE enum tip_err tip_figures_touch_cell(struct tip_figures *figures,
                                                 struct tip_figure_table *table,
                                                 uint32_t part, uint32_t cell);
TIP_MUST_USE enum tip_err
tip_figures_touch_member(struct tip_figures *figures,
                         struct tip_figure_table *table, uint32_t part,
                         uint32_t member);

/** Forget that cells were touched whose state is what is stored. */
void tip_figures_drop_unchanged(struct tip_figures *figures);

/* tip_figures_log.c */

/** Read every stored row. TIP_ESTORE_DAMAGED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_figures_load(struct tip_figures *figures,
                                           struct tip_txn *txn);

/* tip_figures_recount.c */

/** Count every record that @txn sees in the tables that are not settled. */
TIP_MUST_USE enum tip_err tip_figures_recount(struct tip_figures *figures,
                                              struct tip_txn *txn);

/* tip_figures.c */

/** Figures of @catalogue that have counted nothing. */
TIP_MUST_USE enum tip_err tip_figures_new(const struct tip_catalogue *catalogue,
                                          uint64_t secret,
                                          struct tip_figures **out_figures);

/* tip_figures_definition.c */

/**
 * Compare the definitions in the store with the catalogue: tables counted by
 * the very same get their id and are settled, others a new id. @writes: note
 * what changed; else TIP_EFIGURES_STALE if anything has.
 */
TIP_MUST_USE enum tip_err tip_figures_define(struct tip_figures *figures,
                                             struct tip_txn *txn, bool recounts,
                                             bool writes);

/** Show @run as the value of a column. No set has the same code twice: that is
 * how more codes are written than are told apart. */
static inline struct tip_figure_value tip_figures_value(struct tip_run run)
{
    bool is_many = run.count == 2 && run.codes[0] == run.codes[1];

    return (struct tip_figure_value){.codes = is_many ? NULL : run.codes,
                                     .code_count = is_many ? 0 : run.count,
                                     .is_many = is_many};
}

#endif /* TIP_FIGURES_INTERNAL_H */
