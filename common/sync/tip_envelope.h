/*
 * Frames closed and opened: where seal and wire meet.
 *
 * Closing makes header, compressed body and signature one run of bytes and the
 * head of the chain behind it; opening checks the chain first, then decrypts.
 * Nothing of a frame is believed before its signature fits its place.
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
 * @previous. Appends the frame to @out. TIP_ETOOBIG: over TIP_FRAME_BYTES_MAX.
 */
TIP_MUST_USE enum tip_err tip_envelope_close(
    const struct tip_device_keys *keys, const struct tip_frame_key *key,
    const struct tip_frame_header *header, const struct tip_head *previous,
    struct tip_bytes body, struct tip_buf *out, struct tip_head *out_head);

/** What a frame says of itself, not yet believed. Errors of wire. */
TIP_MUST_USE enum tip_err
tip_envelope_read(struct tip_bytes frame, struct tip_wire_frame *out_parts,
                  struct tip_frame_header *out_header);

/**
 * Check that @parts follow @previous and were signed by @signer; give the head
 * behind it. TIP_ESIGNATURE.
 */
TIP_MUST_USE enum tip_err
tip_envelope_verify(const struct tip_sign_public *signer,
                    const struct tip_frame_header *header,
                    const struct tip_wire_frame *parts,
                    const struct tip_head *previous, struct tip_head *out_head);

/** Decrypt the body of @parts into @arena. TIP_EUNSEAL, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_envelope_open(const struct tip_frame_key *key,
                  const struct tip_frame_header *header,
                  const struct tip_wire_frame *parts, struct tip_arena *arena,
                  struct tip_bytes *out_body);

#endif /* TIP_ENVELOPE_H */
