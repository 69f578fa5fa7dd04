/*
 * The header of a frame, and the frame as one run of bytes.
 *
 * What is signed and hashed is the bytes, never the struct: whoever passes a
 * frame on passes on the bytes it received.
 */
#ifndef TIP_WIRE_HEADER_H
#define TIP_WIRE_HEADER_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_frame.h"

enum {
    TIP_WIRE_HEADER_BYTES_MAX = 128, /* Twice what all its fields need. */
    TIP_WIRE_SIGNATURE_SIZE = 64,
    TIP_WIRE_BODY_HASH_SIZE = 32,
    /* What a frame has besides the sealed body: two lengths of the header, four
     * of the body, two of the signature, and those. */
    TIP_WIRE_FRAME_OVERHEAD_MAX =
        TIP_WIRE_HEADER_BYTES_MAX + TIP_WIRE_SIGNATURE_SIZE + 8,
    /* What a redacted frame has besides: the header, the hash of the body and
     * the signature it had, and their sizes. */
    TIP_WIRE_PAST_BYTES_MAX = TIP_WIRE_HEADER_BYTES_MAX +
                              TIP_WIRE_BODY_HASH_SIZE +
                              TIP_WIRE_SIGNATURE_SIZE + 8,
    /* A frame that is cut leaves room for that, and for a body that packs
     * less well without what was erased. */
    TIP_WIRE_FRAME_CUT_BYTES_MAX = TIP_FRAME_BYTES_MAX - 1024
};

/** What the chain goes by when the body of a frame was erased, borrowed. */
struct tip_wire_past {
    struct tip_bytes header; /* Empty: the frame is as it was made. */
    struct tip_bytes body_hash;
    struct tip_bytes signature;
};

/** The parts of a frame, borrowed from it. */
struct tip_wire_frame {
    struct tip_bytes header;
    struct tip_bytes body; /* Sealed. */
    struct tip_bytes signature;
    struct tip_wire_past past;
};

/** Was something of it erased? Then header, body and signature are of what is
 * left of it. */
static inline bool
tip_wire_frame_is_redacted(const struct tip_wire_frame *frame)
{
    return frame->past.header.size != 0;
}

/** Append the bytes of @header to @buf. TIP_EINVAL: a number is outside what
 * a header may say. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_wire_header_encode(const struct tip_frame_header *header,
                       struct tip_buf *buf);

/**
 * Read a header. TIP_EUNSUPPORTED: of a format or suite this version does not
 * know; keep the frame. TIP_EMALFORMED: it never was a header.
 */
TIP_MUST_USE enum tip_err
tip_wire_header_decode(struct tip_bytes bytes,
                       struct tip_frame_header *out_header);

/** Append the frame of the parts to @buf. TIP_EINVAL: a header, hash or
 * signature has not the size of one. TIP_ETOOBIG: past TIP_FRAME_BYTES_MAX, or
 * TIP_WIRE_FRAME_CUT_BYTES_MAX unless it is redacted. */
TIP_MUST_USE enum tip_err
tip_wire_frame_join(const struct tip_wire_frame *frame, struct tip_buf *buf);

/** Find the parts in @bytes; copies nothing. TIP_ETOOBIG,
 * TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_wire_frame_split(struct tip_bytes bytes, struct tip_wire_frame *out_frame);

/** Was the content of a frame made by a newer program? It is to be kept as it
 * came; nothing says that it is broken. */
static inline bool tip_wire_is_too_new(enum tip_err err)
{
    return err == TIP_EUNSUPPORTED || err == TIP_EDICTIONARY;
}

#endif /* TIP_WIRE_HEADER_H */
