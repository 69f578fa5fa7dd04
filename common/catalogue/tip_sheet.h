/*
 * A CSV file with a header row, held in memory: cells by row and column name.
 */
#ifndef TIP_SHEET_H
#define TIP_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_problems.h"

enum {
    TIP_SHEET_ROWS_MAX = 20000, /* All communes, villages and countries. */
    TIP_SHEET_COLUMNS_MAX = 64
};

/* "No such column". */
#define TIP_SHEET_NONE SIZE_MAX

struct tip_sheet_row {
    size_t row;              /* As a spreadsheet numbers it. */
    struct tip_bytes *cells; /* One per column, blanks at the ends cut off. */
};

/** Lives in the arena it was read into. */
struct tip_sheet {
    const char *file; /* Borrowed; for messages. */
    struct tip_bytes *headers;
    size_t column_count;
    struct tip_sheet_row *rows; /* Below the header, blank ones left out. */
    size_t row_count;
};

/**
 * Read @bytes as the file called @file into @arena. Faults of the table itself
 * (not UTF-8, a stray quotation mark, a column twice) go to @problems and cost
 * the row or column. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_sheet_read(struct tip_arena *arena,
                                         const char *file,
                                         struct tip_bytes bytes,
                                         struct tip_problems *problems,
                                         struct tip_sheet *out_sheet);

/** The index of column @name, or TIP_SHEET_NONE. */
size_t tip_sheet_column(const struct tip_sheet *sheet, const char *name);

/** The cell of @row in column @name; empty where there is no such column. */
struct tip_bytes tip_sheet_cell(const struct tip_sheet *sheet,
                                const struct tip_sheet_row *row,
                                const char *name);

/** The place of that cell, for messages. */
struct tip_place tip_sheet_place(const struct tip_sheet *sheet,
                                 const struct tip_sheet_row *row,
                                 const char *name);

/** A fault for each column that is not in @known (ends in NULL), does not
 * start with one of @prefixes (ends in NULL) and not with '#'. */
void tip_sheet_check_columns(const struct tip_sheet *sheet,
                             const char *const *known,
                             const char *const *prefixes,
                             struct tip_problems *problems);

/* How a cell is read as a number or as yes or no; a fault where it is not. */

/** 1 to 4294967295; 0 and a fault otherwise. An empty cell is a fault if
 * @needed, else 0. */
uint32_t tip_sheet_number(const struct tip_sheet *sheet,
                          const struct tip_sheet_row *row, const char *name,
                          bool needed, struct tip_problems *problems);

/** yes, true, 1 or no, false, 0 or empty. */
bool tip_sheet_flag(const struct tip_sheet *sheet,
                    const struct tip_sheet_row *row, const char *name,
                    struct tip_problems *problems);

/** Whether @bytes is exactly @text. */
bool tip_bytes_is(struct tip_bytes bytes, const char *text);

/** The next word of @text, cut at blanks and ';'; empty at the end. */
struct tip_bytes tip_sheet_word(struct tip_bytes *text);

#endif /* TIP_SHEET_H */
