/*
 * Is this text? One answer for the wire, for imports and for the catalogue.
 *
 * Text is well-formed UTF-8 (Unicode, table 3-7: no overlong form, surrogate
 * or code point above U+10FFFF) without control characters: NUL would cut a
 * string short in C, the others can drive a terminal.
 */
#ifndef TIP_UTF8_H
#define TIP_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "tip_bytes.h"

/* Control characters that may stand all the same; combine with |. */
enum tip_utf8_allow {
    TIP_UTF8_LINE = 0,    /* One line: none. */
    TIP_UTF8_LF = 1 << 0, /* Several lines. */
    TIP_UTF8_TAB = 1 << 1,
    TIP_UTF8_CR = 1 << 2 /* Files made on Windows. */
};

/** The offset of the first byte that is not text; @text.size if all is. An
 * unfinished character at the end is bad from its first byte on. */
size_t tip_utf8_bad_at(struct tip_bytes text, unsigned allow);

/** Whether all of @text is text; the empty text is. */
bool tip_utf8_valid(struct tip_bytes text, unsigned allow);

#endif /* TIP_UTF8_H */
