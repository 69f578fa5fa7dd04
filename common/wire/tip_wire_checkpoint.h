/* Internal: a checkpoint as one run of numbers. */
#ifndef TIP_WIRE_CHECKPOINT_H
#define TIP_WIRE_CHECKPOINT_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_frame.h"
#include "tip_wire_down.h"

/** Append @checkpoint. TIP_EINVAL: too long, or its runs are out of
 * order or above their bound. */
TIP_MUST_USE enum tip_err
tip_wire_checkpoint_put(struct tip_buf *buf,
                        const struct tip_checkpoint *checkpoint);

/** The most that takes. */
size_t tip_wire_checkpoint_bytes_max(const struct tip_checkpoint *checkpoint);

/** Read it into @arena. TIP_EUNSUPPORTED: a reason to wait this version does
 * not know. TIP_EMALFORMED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_wire_checkpoint_get(struct tip_bytes bytes, struct tip_arena *arena,
                        struct tip_checkpoint *out_checkpoint);

#endif /* TIP_WIRE_CHECKPOINT_H */
