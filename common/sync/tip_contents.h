/*
 * The table of contents of a frame of the hub: for each piece of what it says
 * (tip_wire_pieces.h) the record it is of, and a hash of it.
 *
 * A hash of the table stands in the header, so the hub's signature covers it.
 * The table itself is not sent: whoever has the body makes it. Of an erased
 * piece its entry is kept in what is left of the frame, so that the table can
 * still be made. So whoever redacts a frame can take out of it, but put in
 * nothing that the hub did not say, nor move it; and what was taken out can be
 * told to be of a record that was erased.
 */
#ifndef TIP_CONTENTS_H
#define TIP_CONTENTS_H

#include "tip_arena.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_frame_seal.h"
#include "tip_redact.h"
#include "tip_wire_header.h"

/** Of a frame that is being made: let @header, with its salt, say the contents
 * of @body, which is to be sealed under @key. Of a body of which nothing will
 * ever be erased it says none. *out_gone_bytes: what it will take at most to
 * say what is gone. Errors of tip_wire_pieces_next(). */
TIP_MUST_USE enum tip_err tip_contents_note(const struct tip_frame_key *key,
                                            const struct tip_down_body *body,
                                            struct tip_arena *arena,
                                            struct tip_frame_header *header,
                                            size_t *out_gone_bytes);

/** @left was made of @was by leaving out: let it say what is gone, with memory
 * of @arena. TIP_EMALFORMED: it says what @was did not. */
TIP_MUST_USE enum tip_err tip_contents_lose(const struct tip_down_body *was,
                                            struct tip_arena *arena,
                                            struct tip_down_body *left);

/**
 * Is all of @body what the frame @parts, which was redacted, had said under
 * @key, and what is gone of records that were erased, as @redactor knows? Of
 * reasons that is not asked: whoever takes one out may not know any more what
 * it was about. Nor of a state whose first part is in an earlier frame.
 * TIP_ESIGNATURE: no, or its maker did not say.
 */
TIP_MUST_USE enum tip_err tip_contents_prove(struct tip_redactor *redactor,
                                             const struct tip_frame_key *key,
                                             const struct tip_wire_frame *parts,
                                             const struct tip_down_body *body);

#endif /* TIP_CONTENTS_H */
