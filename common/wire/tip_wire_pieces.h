/*
 * What the body of a frame of the hub says, cut into the pieces in which it may
 * be erased, each as bytes that follow from its meaning alone: however the body
 * was packed, and whatever else of it is gone, the same piece gives the same
 * bytes.
 */
#ifndef TIP_WIRE_PIECES_H
#define TIP_WIRE_PIECES_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_frame.h"

/* Numbers are in what is hashed, and in what is left of a frame. */
enum tip_wire_piece_kind {
    TIP_WIRE_PIECE_ITEM = 0,      /* Which is never erased; a ruling but its
                                   * reason. */
    TIP_WIRE_PIECE_RECORD = 1,    /* What a change-set writes to one record. */
    TIP_WIRE_PIECE_REASON = 2,    /* Of a change-set or a ruling. */
    TIP_WIRE_PIECE_STATE = 3,     /* The first part of a record's state, */
    TIP_WIRE_PIECE_REST = 4,      /* …and another. */
    TIP_WIRE_PIECE_CHECKPOINT = 5 /* But how much of the control log it
                                   * presumes: an erasure raises that. */
};

struct tip_wire_piece {
    enum tip_wire_piece_kind kind;
    struct tip_record_ref record; /* RECORD; of STATE the id; else empty. */
    struct tip_bytes bytes;       /* In @buf of tip_wire_pieces_next(). */
};

/** Where in @body somebody is who goes through its pieces in their order. Start
 * with @body alone. */
struct tip_wire_pieces {
    const struct tip_down_body *body; /* Borrowed. */
    size_t item, part;
};

enum {
    /* Room for any piece: a change-set, a part of a state or a checkpoint. */
    TIP_WIRE_PIECE_BYTES_MAX = 64 * 1024
};

/** May something of @body be erased one day? */
bool tip_wire_pieces_may_go(const struct tip_down_body *body);

/** The next piece, its bytes in @buf, which is cleared; of a change-set with
 * memory of @arena. TIP_ENOTFOUND: there is none. TIP_EINVAL, TIP_EMALFORMED:
 * @body may not be said. TIP_ENOMEM, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_pieces_next(struct tip_wire_pieces *at,
                                               struct tip_arena *arena,
                                               struct tip_buf *buf,
                                               struct tip_wire_piece *out);

#endif /* TIP_WIRE_PIECES_H */
