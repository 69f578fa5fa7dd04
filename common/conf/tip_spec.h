/*
 * What a value written by a person may be: its type, range and unit.
 *
 * The configuration file, options and arguments of commands describe their
 * values with this one struct, so a duration is read, refused, completed and
 * documented the same way everywhere.
 *
 * The numbers behind the types: integer itself, duration in milliseconds, size
 * in bytes, boolean 0 or 1, choice its position, endpoints how many, text and
 * path their length in bytes.
 */
#ifndef TIP_SPEC_H
#define TIP_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"

enum tip_spec_type {
    TIP_SPEC_TEXT,
    TIP_SPEC_PATH,
    TIP_SPEC_INTEGER,
    TIP_SPEC_DURATION, /* "250 ms", "90s", "5 min", "12 h", "7 d". */
    TIP_SPEC_SIZE,     /* "512 B", "64 KiB", "8 GiB"; kB, MB, GB are decimal. */
    TIP_SPEC_BOOLEAN,  /* yes, no, true, false, on, off. */
    TIP_SPEC_CHOICE,
    TIP_SPEC_ENDPOINTS /* "host:port, [v6]:port, *:port", tcp:// allowed. */
};

enum {
    TIP_SPEC_TEXT_BYTES_MAX = 1000, /* Of any value; a path is shorter. */
    TIP_SPEC_SHORT_SIZE = 160       /* Fits any description. */
};

/** Plain data, usually in a static table. */
struct tip_spec {
    enum tip_spec_type type;
    int64_t min;         /* Of the number behind the type. */
    int64_t max;         /* Inclusive. Both 0: any that is not negative. */
    const char *unit;    /* Integer only: what is counted, or NULL. */
    const char *choices; /* Choice only: "calm|stormy|blackout". */
};

/** Read @text; TIP_EINVAL when it is not what @spec allows. */
TIP_MUST_USE enum tip_err tip_spec_parse(const struct tip_spec *spec,
                                         const char *text, int64_t *out_number);

/**
 * Write the shortest exact form of a value as a person would, cut to @size
 * with its terminator. @text is what was parsed into @number.
 */
void tip_spec_format(const struct tip_spec *spec, const char *text,
                     int64_t number, char *out_text, size_t size);

/** Write what is allowed, as in "a duration from 1 s to 7 d", cut to @size. */
void tip_spec_describe(const struct tip_spec *spec, char *out_text,
                       size_t size);

/** Copy choice number @index; false when there are not so many. */
bool tip_spec_choice(const struct tip_spec *spec, size_t index, char *out_text,
                     size_t size);

#endif /* TIP_SPEC_H */
