/*
 * Internal: what change-sets hold in all, to know before writing them how much
 * room each column needs, and that they may be said.
 */
#ifndef TIP_WIRE_TALLY_H
#define TIP_WIRE_TALLY_H

#include "tip_wire_sets.h"

/** Plain data. */
struct tip_wire_tally {
    size_t records;
    size_t changes;
    size_t elements;
    size_t numbers;
    size_t lengths;
    size_t text_bytes;
    size_t opaque_bytes;
    size_t ids;
    size_t author_bytes; /* With the lengths of them. */
    size_t reason_bytes;
};

/** Count what is in @sets. TIP_EINVAL: a text or value may not be said.
 * TIP_ETOOBIG: more than one body may hold. */
TIP_MUST_USE enum tip_err tip_wire_tally_take(const struct tip_wire_sets *sets,
                                              struct tip_wire_tally *out_tally);

/** Make the columns of @writer for @set_count sets of @tally. */
TIP_MUST_USE enum tip_err
tip_wire_tally_make(const struct tip_wire_tally *tally, size_t set_count,
                    struct tip_arena *arena, struct tip_wire_writer *writer);

#endif /* TIP_WIRE_TALLY_H */
