/*
 * Frames closed and opened: where seal and wire meet.
 *
 * Closing makes header, compressed body and signature one run of bytes and the
 * head of the chain behind it; opening checks the chain first, then decrypts.
 * Nothing of a frame is believed before its signature fits its place.
 *
 * Of a frame something may have been erased by law. It is then redacted: the
 * chain goes on by what it was, and whoever erased has signed what is left.
 */
#ifndef TIP_ENVELOPE_H
#define TIP_ENVELOPE_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_chain.h"
#include "tip_frame.h"
#include "tip_frame_seal.h"
#include "tip_keys.h"
#include "tip_wire_header.h"

/** The head before the first frame of the chain that @header belongs to. */
void tip_envelope_start(const struct tip_frame_header *header,
                        struct tip_head *out_head);

/**
 * Close @body (compressed) under @key and sign it with @keys as the frame after
 * @previous. Appends the frame to @out. TIP_ETOOBIG: over
 * TIP_WIRE_FRAME_CUT_BYTES_MAX.
 */
TIP_MUST_USE enum tip_err tip_envelope_close(
    const struct tip_device_keys *keys, const struct tip_frame_key *key,
    const struct tip_frame_header *header, const struct tip_head *previous,
    struct tip_bytes body, struct tip_buf *out, struct tip_head *out_head);

/**
 * Make of the frame @parts one of which only @left (compressed) is left, signed
 * with @keys. @header says the same place, with fresh salt and the dictionary
 * of @left. Appends it to @out. TIP_EINVAL: another place; TIP_ETOOBIG.
 */
TIP_MUST_USE enum tip_err tip_envelope_redact(
    const struct tip_device_keys *keys, const struct tip_frame_key *key,
    const struct tip_wire_frame *parts, const struct tip_frame_header *header,
    struct tip_bytes left, struct tip_buf *out);

/** Append the redacted frame @parts to @out, what is left of it signed with
 * @keys in place of who vouched for it before. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_envelope_vouch(const struct tip_device_keys *keys,
                                             const struct tip_wire_frame *parts,
                                             struct tip_buf *out);

/** Are both the same frame of the chain, whatever is left of either? */
bool tip_envelope_is_same(const struct tip_wire_frame *a,
                          const struct tip_wire_frame *b);

/** What a frame says of itself, not yet believed. Errors of wire. Of a redacted
 * one @out_header is that of what is left: its place is that of the past. */
TIP_MUST_USE enum tip_err
tip_envelope_read(struct tip_bytes frame, struct tip_wire_frame *out_parts,
                  struct tip_frame_header *out_header);

/**
 * Check that @parts follow @previous and were signed by @signer; give the head
 * behind it. TIP_ESIGNATURE, for a redacted frame too.
 */
TIP_MUST_USE enum tip_err
tip_envelope_verify(const struct tip_sign_public *signer,
                    const struct tip_frame_header *header,
                    const struct tip_wire_frame *parts,
                    const struct tip_head *previous, struct tip_head *out_head);

/** The same, where what is left of a redacted frame is the word of @signer or
 * of @redactor. */
TIP_MUST_USE enum tip_err tip_envelope_verify_left(
    const struct tip_sign_public *signer,
    const struct tip_sign_public *redactor,
    const struct tip_frame_header *header, const struct tip_wire_frame *parts,
    const struct tip_head *previous, struct tip_head *out_head);

/** Decrypt the body of @parts into @arena. TIP_EUNSEAL, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_envelope_open(const struct tip_frame_key *key,
                  const struct tip_frame_header *header,
                  const struct tip_wire_frame *parts, struct tip_arena *arena,
                  struct tip_bytes *out_body);

#endif /* TIP_ENVELOPE_H */
