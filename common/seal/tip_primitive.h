/*
 * Internal: the few primitives everything here is made of, in the one shape we
 * use them in. Suite 0: BLAKE2b, XChaCha20-Poly1305, X25519, Ed25519.
 *
 * Nothing outside this folder includes this, except the test that runs the
 * published vectors against it. No algorithm is ever negotiated.
 */
#ifndef TIP_PRIMITIVE_H
#define TIP_PRIMITIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_context.h"
#include "tip_err.h"

struct tip_random;

enum {
    TIP_KEY_SIZE = 32,         /* Symmetric keys, X25519 keys of both halves. */
    TIP_AEAD_NONCE_SIZE = 24,  /* XChaCha20. */
    TIP_TAG_SIZE = 16,         /* Poly1305. */
    TIP_SIGN_PUBLIC_SIZE = 32, /* Ed25519. */
    TIP_SIGN_SECRET_SIZE = 64, /* Ed25519: seed and public half. */
    TIP_SIGNATURE_SIZE = 64,
    TIP_SIGNED_BYTES_MAX = 512,      /* All we sign is short and canonical. */
    TIP_SEALED_TO_OVERHEAD = 32 + 16 /* ephemeral public half, tag */
};

/** BLAKE2b of the @part_count @parts one after the other, @out_size bytes (16
 * to 64) at @out. @key may be empty. Injective only if at most one part varies
 * in length. */
void tip_primitive_hash(enum tip_context context, struct tip_bytes key,
                        const struct tip_bytes *parts, size_t part_count,
                        uint8_t *out, size_t out_size);

/** The key for @context that follows from @secret and @info. */
void tip_primitive_derive(enum tip_context context,
                          const uint8_t secret[TIP_KEY_SIZE],
                          struct tip_bytes info, uint8_t out[TIP_KEY_SIZE]);

/** Equal or not, in a time that depends on @size alone. */
bool tip_primitive_equal(const uint8_t *a, const uint8_t *b, size_t size);

/** Write @plain.size + TIP_TAG_SIZE bytes; @out may be @plain.data itself. */
void tip_primitive_encrypt(const uint8_t key[TIP_KEY_SIZE],
                           const uint8_t nonce[TIP_AEAD_NONCE_SIZE],
                           struct tip_bytes aad, struct tip_bytes plain,
                           uint8_t *out);

/** Write @sealed.size - TIP_TAG_SIZE bytes; @out may be @sealed.data itself.
 * TIP_EUNSEAL: @out is unchanged or means nothing. */
TIP_MUST_USE enum tip_err tip_primitive_decrypt(
    const uint8_t key[TIP_KEY_SIZE], const uint8_t nonce[TIP_AEAD_NONCE_SIZE],
    struct tip_bytes aad, struct tip_bytes sealed, uint8_t *out);

/** The Ed25519 pair of @seed. */
void tip_primitive_sign_pair(const uint8_t seed[TIP_KEY_SIZE],
                             uint8_t out_public[TIP_SIGN_PUBLIC_SIZE],
                             uint8_t out_secret[TIP_SIGN_SECRET_SIZE]);

/** Sign the name of @context and @message, TIP_SIGNED_BYTES_MAX at most. */
void tip_primitive_sign(enum tip_context context,
                        const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                        struct tip_bytes message,
                        uint8_t out_signature[TIP_SIGNATURE_SIZE]);

/** TIP_ESIGNATURE unless tip_primitive_sign made @signature. */
TIP_MUST_USE enum tip_err tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE]);

/** The same for bare Ed25519, without a context. */
TIP_MUST_USE enum tip_err
tip_primitive_verify_bare(const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
                          struct tip_bytes message,
                          const uint8_t signature[TIP_SIGNATURE_SIZE]);

/** The X25519 public half of @secret. */
void tip_primitive_exchange_public(const uint8_t secret[TIP_KEY_SIZE],
                                   uint8_t out_public[TIP_KEY_SIZE]);

/** X25519. TIP_EUNSEAL: @public_key is one of the few that give every secret
 * the same result. */
TIP_MUST_USE enum tip_err
tip_primitive_exchange(const uint8_t secret[TIP_KEY_SIZE],
                       const uint8_t public_key[TIP_KEY_SIZE],
                       uint8_t out_shared[TIP_KEY_SIZE]);

/**
 * Seal @plain to the holder of @recipient's secret half: an ephemeral public
 * half, then the ciphertext and tag under a key hashed from the exchange and
 * both public halves. Writes @plain.size + TIP_SEALED_TO_OVERHEAD bytes, which
 * must not overlap @plain. TIP_EUNSEAL: @recipient is no usable key.
 */
TIP_MUST_USE enum tip_err
tip_primitive_seal_to(enum tip_context context, struct tip_random *random,
                      const uint8_t recipient[TIP_KEY_SIZE],
                      struct tip_bytes aad, struct tip_bytes plain,
                      uint8_t *out);

/** Open it; writes @sealed.size - TIP_SEALED_TO_OVERHEAD bytes. TIP_EUNSEAL on
 * any difference in key, @aad or bytes, and when it is too short. */
TIP_MUST_USE enum tip_err tip_primitive_open_from(
    enum tip_context context, const uint8_t secret[TIP_KEY_SIZE],
    const uint8_t public_key[TIP_KEY_SIZE], struct tip_bytes aad,
    struct tip_bytes sealed, uint8_t *out);

#endif /* TIP_PRIMITIVE_H */
