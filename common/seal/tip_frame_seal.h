/*
 * Frame bodies, closed between an office and the hub.
 *
 * XChaCha20-Poly1305 with the header as associated data. The nonce is not sent:
 * it is hashed from the place of the frame and 8 random bytes of its header,
 * which are drawn anew each time a frame is sealed. So a restored disk that
 * gives out a seq again still never repeats a nonce.
 */
#ifndef TIP_FRAME_SEAL_H
#define TIP_FRAME_SEAL_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_chain.h"
#include "tip_err.h"

enum {
    TIP_OPERATIONAL_SECRET_SIZE = 32,
    TIP_FRAME_KEY_SIZE = 32,
    TIP_FRAME_FRESH_SIZE = 8,
    TIP_FRAME_TABLE_SIZE = 16,
    TIP_FRAME_SEAL_OVERHEAD = 16,          /* The tag. */
    TIP_FRAME_SEALED_BYTES_MAX = 32 * 1024 /* Sealed; a frame is no larger. */
};

/** Of one office and epoch, known to its devices and the hub. A secret. */
struct tip_operational_secret {
    uint8_t bytes[TIP_OPERATIONAL_SECRET_SIZE];
};

/** For one direction, so that nobody can reflect a frame. A secret; keep it as
 * long as the session to save the derivation. */
struct tip_frame_key {
    uint8_t bytes[TIP_FRAME_KEY_SIZE];
};

/** Where a body belongs. */
struct tip_frame_place {
    struct tip_chain_id chain;
    uint64_t first;                      /* As in struct tip_chain_link. */
    uint8_t fresh[TIP_FRAME_FRESH_SIZE]; /* New random bytes at every seal. */
};

void tip_frame_key_derive(const struct tip_operational_secret *secret,
                          enum tip_chain_direction direction,
                          struct tip_frame_key *out_key);

/** Write @plain.size + TIP_FRAME_SEAL_OVERHEAD bytes to @out, which is apart
 * from @plain or begins where it does. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_frame_seal(const struct tip_frame_key *key,
                                         const struct tip_frame_place *place,
                                         struct tip_bytes header,
                                         struct tip_bytes plain, uint8_t *out);

/** Hash @table, which says what is in the body that is sealed with @fresh. It
 * stands in clear, so it is keyed: nobody without @key can try a guess of the
 * body against it. */
void tip_frame_hash_table(const struct tip_frame_key *key,
                          const uint8_t fresh[TIP_FRAME_FRESH_SIZE],
                          struct tip_bytes table,
                          uint8_t out[TIP_FRAME_TABLE_SIZE]);

/**
 * Write @sealed.size - TIP_FRAME_SEAL_OVERHEAD bytes to @out, which is apart
 * from @sealed or begins where it does. TIP_EMALFORMED: not the size of a
 * body. TIP_EUNSEAL: another key, place or header, or altered; then @out means
 * nothing.
 */
TIP_MUST_USE enum tip_err tip_frame_open(const struct tip_frame_key *key,
                                         const struct tip_frame_place *place,
                                         struct tip_bytes header,
                                         struct tip_bytes sealed, uint8_t *out);

#endif /* TIP_FRAME_SEAL_H */
