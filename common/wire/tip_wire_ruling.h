/* What a person decided about what was held back, as bytes: in a frame of the
 * hub, in a channel's log and in the stores of both sides. */
#ifndef TIP_WIRE_RULING_H
#define TIP_WIRE_RULING_H

#include "tip_buf.h"
#include "tip_frame.h"
#include "tip_reader.h"

/* No more than a ruling takes. */
enum {
    TIP_WIRE_RULING_BYTES_MAX = 80 + TIP_AUTHOR_BYTES_MAX + TIP_REASON_BYTES_MAX
};

/** May @ruling be said, one way only? */
bool tip_wire_ruling_is_sound(const struct tip_ruling *ruling);

/** Append @ruling, which is sound; or read one, borrowed. TIP_EMALFORMED,
 * TIP_EUNSUPPORTED. */
void tip_wire_ruling_put(struct tip_buf *buf, const struct tip_ruling *ruling);
TIP_MUST_USE enum tip_err tip_wire_ruling_get(struct tip_reader *reader,
                                              struct tip_ruling *out_ruling);

#endif /* TIP_WIRE_RULING_H */
