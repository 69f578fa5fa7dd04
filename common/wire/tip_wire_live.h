/*
 * A record's live siblings as bytes to be hashed: the same on every side that
 * holds the same, in whatever order the writes came. Never sent, never stored.
 */
#ifndef TIP_WIRE_LIVE_H
#define TIP_WIRE_LIVE_H

#include <stddef.h>

#include "tip_buf.h"
#include "tip_record.h"

/** The most tip_wire_live_put() appends for @record. */
size_t tip_wire_live_bytes_max(const struct tip_record *record);

/** Append the id of @record and, for each live sibling: field, element, origin,
 * seq, commit, verdict, value. */
void tip_wire_live_put(struct tip_buf *buf, const struct tip_record *record);

#endif /* TIP_WIRE_LIVE_H */
