/*
 * A place for text with a sticky error: write on, ask once at the end.
 *
 * A full disk behind standard output is then a failure like any other, not a
 * silently short file.
 */
#ifndef TIP_OUT_H
#define TIP_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "tip_bytes.h"
#include "tip_checksum.h"
#include "tip_err.h"

/** Plain data over a stream of the caller. */
struct tip_out {
    FILE *file;     /* Borrowed. */
    bool failed;    /* A write failed; later ones are not tried. */
    bool is_closed; /* …because who read it has gone, as head(1) does… */
    bool is_full;   /* …or because there is no room. */
    struct tip_checksum
        sum; /* Of what tip_out_bytes() wrote, to know it again. */
};

void tip_out_bytes(struct tip_out *out, struct tip_bytes bytes);
void tip_out_text(struct tip_out *out, const char *text);
void tip_out_char(struct tip_out *out, char c);
void tip_out_format(struct tip_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** @text @count times. */
void tip_out_repeat(struct tip_out *out, const char *text, size_t count);

/** Flush; when this or any write before failed TIP_ENOROOM or TIP_EIO. */
TIP_MUST_USE enum tip_err tip_out_finish(struct tip_out *out);

#endif /* TIP_OUT_H */
