#include "tip_frame_seal.h"

#include "tip_buf.h"
#include "tip_primitive.h"
#include "tip_secret.h"

enum { PLACE_SIZE = TIP_FRAME_FRESH_SIZE + 1 + 3 * 4 + 8 };

static void derive_nonce(const struct tip_frame_place *place,
                         uint8_t out[TIP_AEAD_NONCE_SIZE])
{
    uint8_t bytes[PLACE_SIZE];
    struct tip_bytes part = TIP_BYTES_OF(bytes);
    struct tip_buf buf;

    tip_buf_init(&buf, bytes, sizeof bytes);
    tip_buf_put(&buf, TIP_BYTES_OF(place->fresh));
    tip_buf_put_u8(&buf, (uint8_t)place->chain.direction);
    tip_buf_put_u32(&buf, place->chain.origin);
    tip_buf_put_u32(&buf, place->chain.channel);
    tip_buf_put_u32(&buf, place->chain.generation);
    tip_buf_put_u64(&buf, place->first);
    tip_primitive_hash(TIP_CONTEXT_FRAME_NONCE, TIP_BYTES_NONE, &part, 1, out,
                       TIP_AEAD_NONCE_SIZE);
}

void tip_frame_key_derive(const struct tip_operational_secret *secret,
                          enum tip_chain_direction direction,
                          struct tip_frame_key *out_key)
{
    tip_primitive_derive(direction == TIP_CHAIN_UP ? TIP_CONTEXT_FRAME_UP
                                                   : TIP_CONTEXT_FRAME_DOWN,
                         secret->bytes, TIP_BYTES_NONE, out_key->bytes);
}

enum tip_err tip_frame_seal(const struct tip_frame_key *key,
                            const struct tip_frame_place *place,
                            struct tip_bytes header, struct tip_bytes plain,
                            uint8_t *out)
{
    uint8_t nonce[TIP_AEAD_NONCE_SIZE];

    if (plain.size > TIP_FRAME_SEALED_BYTES_MAX - TIP_FRAME_SEAL_OVERHEAD) {
        return TIP_ETOOBIG;
    }
    derive_nonce(place, nonce);
    tip_primitive_encrypt(key->bytes, nonce, header, plain, out);
    return TIP_OK;
}

enum tip_err tip_frame_open(const struct tip_frame_key *key,
                            const struct tip_frame_place *place,
                            struct tip_bytes header, struct tip_bytes sealed,
                            uint8_t *out)
{
    uint8_t nonce[TIP_AEAD_NONCE_SIZE];

    if (sealed.size < TIP_FRAME_SEAL_OVERHEAD ||
        sealed.size > TIP_FRAME_SEALED_BYTES_MAX) {
        return TIP_EMALFORMED;
    }
    derive_nonce(place, nonce);
    return tip_primitive_decrypt(key->bytes, nonce, header, sealed, out);
}

void tip_frame_hash_table(const struct tip_frame_key *key,
                          const uint8_t fresh[TIP_FRAME_FRESH_SIZE],
                          struct tip_bytes table,
                          uint8_t out[TIP_FRAME_TABLE_SIZE])
{
    const struct tip_bytes parts[] = {tip_bytes(fresh, TIP_FRAME_FRESH_SIZE),
                                      table};
    uint8_t own[TIP_KEY_SIZE];

    tip_primitive_derive(TIP_CONTEXT_FRAME_TABLE, key->bytes, TIP_BYTES_NONE,
                         own);
    tip_primitive_hash(TIP_CONTEXT_FRAME_TABLE, TIP_BYTES_OF(own), parts, 2,
                       out, TIP_FRAME_TABLE_SIZE);
    tip_secret_wipe(own, sizeof own);
}
