/*
 * What the store closes its values with, so that a stolen disk yields nothing
 * and a flipped bit is seen.
 *
 * A sealed value is version, nonce, ciphertext and tag: always
 * TIP_SEALER_OVERHEAD bytes longer than the plain one. The associated data
 * binds it to its place: a value copied to another key does not open.
 *
 * Implementations: tip_vault of common/seal, and a cheap one for tests.
 */
#ifndef TIP_SEALER_H
#define TIP_SEALER_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum { TIP_SEALER_OVERHEAD = 1 + 24 + 16 /* version, nonce, tag */ };

/** Implementations embed this struct as their first member and may be called
 * by any thread at any time. */
struct tip_sealer {
    /** Write @plain.size + TIP_SEALER_OVERHEAD bytes to @out, which must not
     * overlap @plain. Equal values never seal to equal bytes. */
    enum tip_err (*seal)(struct tip_sealer *self, struct tip_bytes aad,
                         struct tip_bytes plain, uint8_t *out);

    /** Write @sealed.size - TIP_SEALER_OVERHEAD bytes to @out, which must not
     * overlap @sealed. TIP_ESTORE_DAMAGED: altered, moved from another key, or
     * sealed with another vault key; what @out then holds means nothing. */
    enum tip_err (*open)(struct tip_sealer *self, struct tip_bytes aad,
                         struct tip_bytes sealed, uint8_t *out);
};

/* Calls through the interface, so that a missing check does not compile. */

TIP_MUST_USE static inline enum tip_err tip_sealer_seal(struct tip_sealer *self,
                                                        struct tip_bytes aad,
                                                        struct tip_bytes plain,
                                                        uint8_t *out)
{
    return self->seal(self, aad, plain, out);
}

TIP_MUST_USE static inline enum tip_err tip_sealer_open(struct tip_sealer *self,
                                                        struct tip_bytes aad,
                                                        struct tip_bytes sealed,
                                                        uint8_t *out)
{
    return self->open(self, aad, sealed, out);
}

#endif /* TIP_SEALER_H */
