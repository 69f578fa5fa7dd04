/*
 * Session messages and bytes.
 *
 *     kind (1) | message | counter (4) | tag (16)
 *
 * The counter and the tag prove who speaks (seal/tip_session_mac.h) and are the
 * caller's to make and to check; they cover kind and message. A FRAME is kind
 * and frame without them: it is signed itself, and the bytes of a frame are
 * passed on where they lie.
 */
#ifndef TIP_WIRE_SESSION_H
#define TIP_WIRE_SESSION_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_session.h"

enum {
    TIP_WIRE_TAG_SIZE = 16,
    TIP_WIRE_TRAILER_SIZE = 4 + TIP_WIRE_TAG_SIZE,
    TIP_WIRE_VERSION_BYTES_MAX = 64,
    /* Of any message but FRAME, trailer and all: HELLO of four channels has
     * 450. */
    TIP_WIRE_MESSAGE_BYTES_MAX = 1024
};

/** What arrived, taken apart; borrows from it. */
struct tip_wire_message {
    enum tip_message_kind kind;
    struct tip_bytes said; /* Kind and message: what the tag covers. */
    uint32_t counter;      /* 0 for FRAME. */
    struct tip_bytes tag;  /* None for FRAME. */
};

/**
 * Append kind and message to @buf. A hash that is all zero is not sent: an ACK
 * without one needs 40 bytes, and the tag can cover the hash all the same.
 * TIP_EINVAL: not something this message can say. TIP_ETOOBIG.
 */
TIP_MUST_USE enum tip_err
tip_wire_message_encode(const struct tip_message *message, struct tip_buf *buf);

/** Append the trailer; not for FRAME. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_message_close(struct tip_buf *buf,
                                                 uint32_t counter,
                                                 struct tip_bytes tag);

/** Take @bytes apart without reading the message. TIP_EUNSUPPORTED: a kind this
 * version does not know. TIP_EMALFORMED, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_wire_message_split(struct tip_bytes bytes,
                       struct tip_wire_message *out_message);

/**
 * Read what was @said. The result borrows from it and from @arena, which needs
 * 64 KiB at most. A BYE for a reason this version does not know reads as
 * TIP_EUNSUPPORTED. Fails with TIP_EUNSUPPORTED (kind or format),
 * TIP_EMALFORMED or TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err
tip_wire_message_decode(struct tip_bytes said, struct tip_arena *arena,
                        struct tip_message *out_message);

#endif /* TIP_WIRE_SESSION_H */
