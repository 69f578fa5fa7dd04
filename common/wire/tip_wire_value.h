/*
 * Internal: which values may be said, and their bytes in rows.
 *
 * A row is what lies in a store (proto/README.md, "Rows"): one thing after the
 * other, quick to write and read. Frames use columns instead.
 */
#ifndef TIP_WIRE_VALUE_H
#define TIP_WIRE_VALUE_H

#include "tip_buf.h"
#include "tip_err.h"
#include "tip_hlc.h"
#include "tip_reader.h"
#include "tip_value.h"

/** Are the numbers of @value in range and its text text? */
bool tip_wire_value_is_sound(const struct tip_value *value);

/** A number on the wire as a kind; TIP_EUNSUPPORTED if it is none we know. */
TIP_MUST_USE enum tip_err tip_wire_value_kind(uint64_t number,
                                              enum tip_value_kind *out_kind);

/** The day of @stamp, counted as dates are: what they are said relative to. */
int64_t tip_wire_day(struct tip_stamp stamp);

/** A date as one number: its distance from @day, then its precision. */
uint64_t tip_wire_date_pack(const struct tip_value *value, int64_t day);

/** The date of @packed in @out_value; false if no date says that. */
bool tip_wire_date_unpack(uint64_t packed, int64_t day,
                          struct tip_value *out_value);

/** Append the content of @value; its kind is said elsewhere. */
void tip_wire_value_put(struct tip_buf *buf, const struct tip_value *value);

/** Read the content of a value of @kind, borrowed; fails @reader if it is not
 * sound. */
struct tip_value tip_wire_value_get(struct tip_reader *reader,
                                    enum tip_value_kind kind);

#endif /* TIP_WIRE_VALUE_H */
