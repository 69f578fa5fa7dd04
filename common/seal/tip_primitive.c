#include "tip_primitive.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "tip_random.h"

_Static_assert((int)TIP_KEY_SIZE ==
                   (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "key size");
_Static_assert((int)TIP_AEAD_NONCE_SIZE ==
                   (int)crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
               "nonce size");
_Static_assert((int)TIP_TAG_SIZE ==
                   (int)crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "tag size");
_Static_assert((int)TIP_SIGN_SECRET_SIZE == (int)crypto_sign_SECRETKEYBYTES,
               "signing key size");
_Static_assert((int)TIP_SIGNATURE_SIZE == (int)crypto_sign_BYTES,
               "signature size");
_Static_assert((int)TIP_CONTEXT_SIZE ==
                   (int)crypto_generichash_blake2b_PERSONALBYTES,
               "context size");

/* libsodium says only yes or no; @refusal is what no means here. */
static enum tip_err translate(int rc, enum tip_err refusal)
{
    return rc == 0 ? TIP_OK : refusal;
}

void tip_primitive_hash(enum tip_context context, struct tip_bytes key,
                        const struct tip_bytes *parts, size_t part_count,
                        uint8_t *out, size_t out_size)
{
    crypto_generichash_blake2b_state state;
    int rc;

    rc = crypto_generichash_blake2b_init_salt_personal(
        &state, key.data, key.size, out_size, NULL, tip_context_bytes(context));
    assert(rc == 0);
    for (size_t i = 0; i < part_count; i++) {
        crypto_generichash_blake2b_update(&state, parts[i].data, parts[i].size);
    }
    rc = crypto_generichash_blake2b_final(&state, out, out_size);
    assert(rc == 0);
    (void)rc;
    if (key.size > 0) {
        sodium_memzero(&state, sizeof state);
    }
}

void tip_primitive_derive(enum tip_context context,
                          const uint8_t secret[TIP_KEY_SIZE],
                          struct tip_bytes info, uint8_t out[TIP_KEY_SIZE])
{
    tip_primitive_hash(context, tip_bytes(secret, TIP_KEY_SIZE), &info, 1, out,
                       TIP_KEY_SIZE);
}

bool tip_primitive_equal(const uint8_t *a, const uint8_t *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

void tip_primitive_encrypt(const uint8_t key[TIP_KEY_SIZE],
                           const uint8_t nonce[TIP_AEAD_NONCE_SIZE],
                           struct tip_bytes aad, struct tip_bytes plain,
                           uint8_t *out)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.data,
                                               plain.size, aad.data, aad.size,
                                               NULL, nonce, key);
}

enum tip_err tip_primitive_decrypt(const uint8_t key[TIP_KEY_SIZE],
                                   const uint8_t nonce[TIP_AEAD_NONCE_SIZE],
                                   struct tip_bytes aad,
                                   struct tip_bytes sealed, uint8_t *out)
{
    return translate(crypto_aead_xchacha20poly1305_ietf_decrypt(
                         out, NULL, NULL, sealed.data, sealed.size, aad.data,
                         aad.size, nonce, key),
                     TIP_EUNSEAL);
}

void tip_primitive_sign_pair(const uint8_t seed[TIP_KEY_SIZE],
                             uint8_t out_public[TIP_SIGN_PUBLIC_SIZE],
                             uint8_t out_secret[TIP_SIGN_SECRET_SIZE])
{
    crypto_sign_seed_keypair(out_public, out_secret, seed);
}

/* The bytes that are signed: context, then @message. Returns their number. */
static size_t signed_bytes(enum tip_context context, struct tip_bytes message,
                           uint8_t out[TIP_CONTEXT_SIZE + TIP_SIGNED_BYTES_MAX])
{
    assert(message.size <= TIP_SIGNED_BYTES_MAX);
    memcpy(out, tip_context_bytes(context), TIP_CONTEXT_SIZE);
    memcpy(out + TIP_CONTEXT_SIZE, message.data, message.size);
    return TIP_CONTEXT_SIZE + message.size;
}

void tip_primitive_sign(enum tip_context context,
                        const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                        struct tip_bytes message,
                        uint8_t out_signature[TIP_SIGNATURE_SIZE])
{
    uint8_t bytes[TIP_CONTEXT_SIZE + TIP_SIGNED_BYTES_MAX];
    size_t size = signed_bytes(context, message, bytes);

    crypto_sign_detached(out_signature, NULL, bytes, size, secret);
}

enum tip_err tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE])
{
    uint8_t bytes[TIP_CONTEXT_SIZE + TIP_SIGNED_BYTES_MAX];
    size_t size = signed_bytes(context, message, bytes);

    return tip_primitive_verify_bare(public_key, tip_bytes(bytes, size),
                                     signature);
}

enum tip_err
tip_primitive_verify_bare(const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
                          struct tip_bytes message,
                          const uint8_t signature[TIP_SIGNATURE_SIZE])
{
    return translate(crypto_sign_verify_detached(signature, message.data,
                                                 message.size, public_key),
                     TIP_ESIGNATURE);
}

void tip_primitive_exchange_public(const uint8_t secret[TIP_KEY_SIZE],
                                   uint8_t out_public[TIP_KEY_SIZE])
{
    crypto_scalarmult_base(out_public, secret);
}

enum tip_err tip_primitive_exchange(const uint8_t secret[TIP_KEY_SIZE],
                                    const uint8_t public_key[TIP_KEY_SIZE],
                                    uint8_t out_shared[TIP_KEY_SIZE])
{
    return translate(crypto_scalarmult(out_shared, secret, public_key),
                     TIP_EUNSEAL);
}

/* The one-time key between an ephemeral pair and a recipient. */
static enum tip_err sealing_key(enum tip_context context,
                                const uint8_t secret[TIP_KEY_SIZE],
                                const uint8_t peer[TIP_KEY_SIZE],
                                const uint8_t ephemeral[TIP_KEY_SIZE],
                                const uint8_t recipient[TIP_KEY_SIZE],
                                uint8_t out_key[TIP_KEY_SIZE])
{
    uint8_t shared[TIP_KEY_SIZE];
    enum tip_err err = tip_primitive_exchange(secret, peer, shared);

    if (err == TIP_OK) {
        const struct tip_bytes parts[] = {tip_bytes(ephemeral, TIP_KEY_SIZE),
                                          tip_bytes(recipient, TIP_KEY_SIZE)};
        tip_primitive_hash(context, TIP_BYTES_OF(shared), parts, 2, out_key,
                           TIP_KEY_SIZE);
    }
    sodium_memzero(shared, sizeof shared);
    return err;
}

/* The key seals once, because the ephemeral pair in it does. */
static const uint8_t one_time_nonce[TIP_AEAD_NONCE_SIZE];

enum tip_err tip_primitive_seal_to(enum tip_context context,
                                   struct tip_random *random,
                                   const uint8_t recipient[TIP_KEY_SIZE],
                                   struct tip_bytes aad, struct tip_bytes plain,
                                   uint8_t *out)
{
    uint8_t secret[TIP_KEY_SIZE], ephemeral[TIP_KEY_SIZE], key[TIP_KEY_SIZE];
    enum tip_err err;

    random->fill(random, secret, sizeof secret);
    tip_primitive_exchange_public(secret, ephemeral);
    err = sealing_key(context, secret, recipient, ephemeral, recipient, key);
    if (err == TIP_OK) {
        memcpy(out, ephemeral, sizeof ephemeral);
        tip_primitive_encrypt(key, one_time_nonce, aad, plain,
                              out + sizeof ephemeral);
    }
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(key, sizeof key);
    return err;
}

enum tip_err tip_primitive_open_from(enum tip_context context,
                                     const uint8_t secret[TIP_KEY_SIZE],
                                     const uint8_t public_key[TIP_KEY_SIZE],
                                     struct tip_bytes aad,
                                     struct tip_bytes sealed, uint8_t *out)
{
    const uint8_t *ephemeral = sealed.data;
    uint8_t key[TIP_KEY_SIZE];
    enum tip_err err;

    if (sealed.size < TIP_SEALED_TO_OVERHEAD) {
        return TIP_EUNSEAL;
    }
    err = sealing_key(context, secret, ephemeral, ephemeral, public_key, key);
    if (err == TIP_OK) {
        err = tip_primitive_decrypt(
            key, one_time_nonce, aad,
            tip_bytes(sealed.data + TIP_KEY_SIZE, sealed.size - TIP_KEY_SIZE),
            out);
    }
    sodium_memzero(key, sizeof key);
    return err;
}
