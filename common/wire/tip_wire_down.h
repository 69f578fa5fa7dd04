/*
 * What the hub sends: items and checkpoint, and the body of a frame, before it
 * is sealed.
 */
#ifndef TIP_WIRE_DOWN_H
#define TIP_WIRE_DOWN_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_codec.h"
#include "tip_err.h"
#include "tip_frame.h"

enum {
    /* Devices one office ever had, and runs of theirs that are named. */
    TIP_WIRE_DECIDED_MAX = 256,
    TIP_WIRE_HELD_MAX = 1024
};

/**
 * Append @body to @buf. @out_dictionary belongs in the header. TIP_EINVAL: a
 * text, value, verdict or checkpoint may not be said. TIP_EMALFORMED: as
 * tip_change_part_check(). TIP_ETOOBIG: more than @buf or a body holds; take
 * fewer items.
 */
TIP_MUST_USE enum tip_err tip_wire_down_encode(struct tip_codec *codec,
                                               const struct tip_down_body *body,
                                               struct tip_buf *buf,
                                               uint32_t *out_dictionary);

/**
 * Read the body of a frame of @header. The result is all in @arena: 8 MiB are
 * enough for any. Fails as tip_wire_up_decode().
 */
TIP_MUST_USE enum tip_err
tip_wire_down_decode(struct tip_codec *codec,
                     const struct tip_frame_header *header,
                     struct tip_bytes bytes, struct tip_arena *arena,
                     struct tip_down_body *out_body);

#endif /* TIP_WIRE_DOWN_H */
