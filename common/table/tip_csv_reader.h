/*
 * CSV in: RFC 4180 as offices really send it.
 *
 * Takes a byte order mark, LF, CRLF or CR, quoted cells with line breaks, and
 * comma, semicolon or tab between cells. A row that cannot be read costs that
 * row: its place is told, reading goes on behind it. Nothing is trimmed.
 */
#ifndef TIP_CSV_READER_H
#define TIP_CSV_READER_H

#include <stddef.h>
#include <stdio.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum {
    /* A quotation mark that is never closed may swallow this much, no more. */
    TIP_CSV_ROW_BYTES_MAX = 256 * 1024,
    TIP_CSV_COLUMNS_MAX = 512
};

/* Where something stands. All count from 1; 0 means the whole of it. */
struct tip_csv_place {
    size_t row;    /* As a spreadsheet numbers it: blank rows count. */
    size_t line;   /* Line of the file on which the row begins. */
    size_t column; /* Cell within the row. */
};

/** One row. Cells borrow from the reader until the next call. */
struct tip_csv_row {
    const struct tip_bytes *cells; /* UTF-8; line breaks are LF. */
    size_t cell_count;
    struct tip_csv_place place; /* Column is 0. */
};

struct tip_csv_reader;

/**
 * Read @bytes, which stay borrowed. @delimiter 0: tell it from the first line.
 * TIP_ENOMEM. Free with tip_csv_reader_free(). Not thread-safe.
 */
TIP_MUST_USE enum tip_err
tip_csv_reader_new(struct tip_bytes bytes, char delimiter,
                   struct tip_csv_reader **out_reader);

/** The same from @file, which stays borrowed, as a stream of any length. */
TIP_MUST_USE enum tip_err
tip_csv_reader_new_file(FILE *file, char delimiter,
                        struct tip_csv_reader **out_reader);

/** Accepts NULL. */
void tip_csv_reader_free(struct tip_csv_reader *reader);

/**
 * Read the next row that is not blank.
 *
 * TIP_ENOTFOUND: there is none. Of one row, after which the next call goes on:
 * TIP_ETABLE_UTF8, TIP_ETABLE_QUOTE, TIP_ETABLE_ROW; tip_csv_reader_place()
 * says where. For good: TIP_EIO, TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_csv_reader_next(struct tip_csv_reader *reader,
                                              struct tip_csv_row *out_row);

/** Where the row of the last call stands, and the cell at fault if one is. */
struct tip_csv_place tip_csv_reader_place(const struct tip_csv_reader *reader);

#endif /* TIP_CSV_READER_H */
