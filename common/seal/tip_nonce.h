/*
 * Internal: nonces that never repeat, cheap enough for every stored value.
 *
 * Asking the kernel costs half as much as sealing a 300-byte value (570 ns of
 * 1,100 ns), so each thread draws from a buffer of ChaCha20 output whose seed
 * comes from the kernel anew at every refill. A forked child never uses what
 * its parent had buffered.
 */
#ifndef TIP_NONCE_H
#define TIP_NONCE_H

#include <stdint.h>

#include "tip_primitive.h"

/** Prepare; again does nothing. Before the first thread starts. */
void tip_nonce_init(void);

/** Write a nonce nobody has had before. Any thread. */
void tip_nonce_draw(uint8_t out[TIP_AEAD_NONCE_SIZE]);

#endif /* TIP_NONCE_H */
