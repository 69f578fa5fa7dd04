/*
 * Shows a reply: as a table for people, as tab-separated text, or as JSON.
 *
 * Values go to standard output, everything else (notes, progress, errors) to
 * standard error, so a pipe gets values only. README.md of this folder
 * documents the three forms.
 */
#ifndef TIP_PRINTER_H
#define TIP_PRINTER_H

#include <stdbool.h>

#include "tip_arena.h"
#include "tip_made.h"
#include "tip_out.h"
#include "tip_reply.h"

enum tip_printer_form {
    TIP_PRINTER_HUMAN,
    TIP_PRINTER_PLAIN,
    TIP_PRINTER_JSON
};

enum {
    TIP_PRINTER_COLUMNS_MAX = 80,
    /* Rows that are held back to find the width of columns; later ones keep
     * the widths of these. */
    TIP_PRINTER_ROWS_HELD = 256
};

/** What the user and the terminal want. Plain data. */
struct tip_printer_opts {
    enum tip_printer_form form;
    bool is_quiet;        /* No progress, no notes but warnings. */
    bool has_color;       /* Standard error takes colours. */
    bool is_out_terminal; /* Standard output is a terminal. */
    bool is_err_terminal; /* Standard error is one. */
    size_t columns;       /* What of a table fits a line; 0: anything. */
};

/** A row that waits for the widths; cells are borrowed from the arena. */
struct tip_printer_row {
    struct tip_bytes cells[TIP_PRINTER_COLUMNS_MAX];
    bool is_right[TIP_PRINTER_COLUMNS_MAX]; /* Numbers stand to the right. */
};

/** Caller-allocated; all private. Not thread-safe. */
struct tip_printer {
    struct tip_printer_opts opts;
    struct tip_out *out;  /* Borrowed: values. */
    struct tip_out *err;  /* Borrowed: messages. */
    struct tip_out *data; /* Borrowed: the bytes of the file a command makes, */
    struct tip_made *made; /* and that file, borrowed; NULL: standard output. */
    bool has_data;         /* Some of them came, */
    bool is_kept;          /* and all of them are where they should be. */
    enum tip_reply_place place;
    struct tip_arena arena; /* Held rows, or notes of a JSON reply. */
    struct tip_printer_row *rows[TIP_PRINTER_ROWS_HELD];
    struct tip_printer_row *row; /* The open one. */
    size_t row_count;            /* Of the open list, printed or held. */
    size_t held_count;
    size_t column; /* Of the next cell. */
    size_t column_count;
    struct tip_bytes names[TIP_PRINTER_COLUMNS_MAX];
    size_t widths[TIP_PRINTER_COLUMNS_MAX];
    enum tip_reply_rank ranks[TIP_PRINTER_COLUMNS_MAX];
    bool is_hidden[TIP_PRINTER_COLUMNS_MAX]; /* Not for people, or no room. */
    struct tip_bytes list_name;
    struct tip_bytes notes; /* JSON, in the arena. */
    bool is_held;           /* Widths are not known yet. */
    bool has_output;        /* Something was printed before. */
    bool follows_output;    /* …before the open list. */
    bool has_line;          /* A progress line stands on the terminal. */
    int64_t tenths;         /* Of the progress that were told. */
    enum tip_exit exit;
};

/** Start a reply to @out and @err, both borrowed. The bytes of a file go to
 * @out as well, and values then to @err, unless tip_printer_make(). */
void tip_printer_init(struct tip_printer *printer,
                      const struct tip_printer_opts *opts, struct tip_out *out,
                      struct tip_out *err);

/**
 * Write the bytes of the file that the command makes to @made, borrowed, and
 * keep it before anything is said of it: at their end, before the first value,
 * list or note that follows them, or when the reply ends well without one. If
 * that fails, the reply fails and says why.
 */
void tip_printer_make(struct tip_printer *printer, struct tip_made *made);

/** Whether who read the output has gone: the rest need not be fetched. */
bool tip_printer_is_unread(const struct tip_printer *printer);

void tip_printer_deinit(struct tip_printer *printer);

/** Show one step. TIP_EMALFORMED: it may not come here; TIP_ENOMEM; errors of
 * tip_made_keep(), which were shown. */
TIP_MUST_USE enum tip_err tip_printer_take(struct tip_printer *printer,
                                           const struct tip_reply_event *event);

/**
 * End a reply that broke off: closes what is open and shows @err. Does nothing
 * after an end. @context may be empty.
 */
void tip_printer_fail(struct tip_printer *printer, enum tip_err err,
                      const char *context);

/** The exit code the reply ended with; failure if it did not end, or if a
 * value could not be written. */
enum tip_exit tip_printer_exit(const struct tip_printer *printer);

/** A reply of this process: what is said is shown at once. */
struct tip_reply_local {
    struct tip_reply base; /* First member. */
    struct tip_printer *printer;
};

void tip_reply_local_init(struct tip_reply_local *reply,
                          struct tip_printer *printer);

#endif /* TIP_PRINTER_H */
