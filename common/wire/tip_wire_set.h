/*
 * One change-set and the bytes it has in the outbox and in the national order:
 * a row, not compressed, quick.
 */
#ifndef TIP_WIRE_SET_H
#define TIP_WIRE_SET_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_change.h"
#include "tip_err.h"

/** Append @set to @buf. TIP_EINVAL: a text or value may not be said.
 * TIP_EMALFORMED: as tip_change_set_check(). TIP_ETOOBIG: past
 * TIP_CHANGE_SET_BYTES_MAX, so that no frame could hold it, or past @buf. */
TIP_MUST_USE enum tip_err tip_wire_set_encode(const struct tip_change_set *set,
                                              struct tip_buf *buf);

/** Read one. The result borrows from @bytes and @arena (at most 40 times the
 * size of @bytes). TIP_EMALFORMED, TIP_EUNSUPPORTED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_wire_set_decode(struct tip_bytes bytes,
                                              struct tip_arena *arena,
                                              struct tip_change_set *out_set);

#endif /* TIP_WIRE_SET_H */
