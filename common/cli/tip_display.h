/*
 * Text of people on a terminal: cleaned, measured, kept in its direction.
 *
 * A name may come from any office. Shown as it is, it could carry an escape
 * sequence, or turn the direction of the rest of the line. And C counts bytes
 * where a column counts cells: "نواكشوط" is 14 bytes and 7 cells wide.
 */
#ifndef TIP_DISPLAY_H
#define TIP_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "tip_bytes.h"
#include "tip_out.h"

/** Cells that tip_display_put() takes for @text. */
size_t tip_display_width(struct tip_bytes text);

/**
 * Write @text on one line: what is not UTF-8 text becomes U+FFFD, line ends
 * and tabs a blank, characters that steer direction go. With @isolate, text
 * that runs from right to left is put into an isolate (U+2068 … U+2069), so
 * that numbers beside it stay where they are.
 */
void tip_display_put(struct tip_out *out, struct tip_bytes text, bool isolate);

/** Write @text inside the quotes of a JSON string (RFC 8259). */
void tip_display_put_json(struct tip_out *out, struct tip_bytes text);

/** Write @text for one field of tab-separated values: tab, line end and
 * backslash become \t, \n, \r and \\. */
void tip_display_put_tsv(struct tip_out *out, struct tip_bytes text);

/** What of a table fits a line of standard output: as COLUMNS says, or the
 * terminal if it is one; 0: anything. */
size_t tip_display_columns(bool is_terminal);

#endif /* TIP_DISPLAY_H */
