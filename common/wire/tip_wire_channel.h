/*
 * One item of a channel and the bytes it has in the hub's log of that channel:
 * a row. Frames are cut from these when somebody asks.
 */
#ifndef TIP_WIRE_CHANNEL_H
#define TIP_WIRE_CHANNEL_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_frame.h"

/** Append @item to @buf. TIP_EINVAL, TIP_EMALFORMED, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_channel_encode(const struct tip_item *item,
                                                  struct tip_buf *buf);

/** Read one; the result borrows from @bytes and @arena. TIP_EMALFORMED,
 * TIP_EUNSUPPORTED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_wire_channel_decode(struct tip_bytes bytes,
                                                  struct tip_arena *arena,
                                                  struct tip_item *out_item);

#endif /* TIP_WIRE_CHANNEL_H */
