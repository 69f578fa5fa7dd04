/*
 * What a node sends: change-sets and the body of a frame, before it is sealed.
 */
#ifndef TIP_WIRE_UP_H
#define TIP_WIRE_UP_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_codec.h"
#include "tip_err.h"
#include "tip_frame.h"

/** Who sent a frame. Plain data that borrows. */
struct tip_wire_sender {
    const struct tip_frame_header *header;
    uint32_t office; /* Of the origin: what the receiver knows. */
};

/**
 * Append the body of the sets of @body to @buf. They are of one origin and
 * their seqs follow each other (TIP_EINVAL otherwise, or when a text or value
 * may not be said). @out_dictionary belongs in the header. TIP_EMALFORMED: as
 * tip_change_set_check(). TIP_ETOOBIG: more than @buf or a body holds; take
 * fewer.
 */
TIP_MUST_USE enum tip_err tip_wire_up_encode(struct tip_codec *codec,
                                             const struct tip_up_body *body,
                                             struct tip_buf *buf,
                                             uint32_t *out_dictionary);

/**
 * Read the body of a frame from @sender. The result is all in @arena: 8 MiB are
 * enough for any. TIP_EUNSUPPORTED, TIP_EDICTIONARY: of a later version; keep
 * the frame and read it after an upgrade. TIP_EMALFORMED, TIP_ETOOBIG: no
 * version of ours made it. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err
tip_wire_up_decode(struct tip_codec *codec,
                   const struct tip_wire_sender *sender, struct tip_bytes bytes,
                   struct tip_arena *arena, struct tip_up_body *out_body);

#endif /* TIP_WIRE_UP_H */
