/*
 * CSV out: RFC 4180 quoting, rows ended by LF.
 *
 * The error is sticky: write as much as needed, ask once at the end.
 */
#ifndef TIP_CSV_WRITER_H
#define TIP_CSV_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_sink.h"

struct tip_csv_style {
    char delimiter;           /* 0: comma. */
    bool byte_order_mark;     /* Excel reads Arabic only with it. */
    bool guard_from_formulas; /* For files a spreadsheet will open. */
};

/** Caller-allocated; owns nothing, needs no teardown. */
struct tip_csv_writer {
    struct tip_sink *sink; /* Borrowed. */
    struct tip_csv_style style;
    bool row_begun;
    bool is_blank; /* Of the row so far: one empty cell. */
    enum tip_err err;
};

void tip_csv_writer_init(struct tip_csv_writer *writer, struct tip_sink *sink,
                         struct tip_csv_style style);

/**
 * Write one cell. With the guard, a cell that a spreadsheet would run (one
 * that starts with = + - @, tab or CR and is not a number) gets an apostrophe
 * in front.
 */
void tip_csv_writer_put(struct tip_csv_writer *writer, struct tip_bytes cell);
void tip_csv_writer_put_text(struct tip_csv_writer *writer, const char *cell);

void tip_csv_writer_end_row(struct tip_csv_writer *writer);

/** The first error of the sink, if any write failed. */
TIP_MUST_USE enum tip_err
tip_csv_writer_finish(const struct tip_csv_writer *writer);

#endif /* TIP_CSV_WRITER_H */
