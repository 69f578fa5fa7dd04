/*
 * A sealer for tests that are not about secrecy: notices every change and
 * every move of a value, hides nothing from anybody.
 */
#ifndef FAKE_SEALER_H
#define FAKE_SEALER_H

#include <string.h>

#include "tip_sealer.h"

struct fake_sealer {
    struct tip_sealer base; /* First member, so the casts below are valid. */
    uint64_t key;
};

/* FNV-1a over @bytes, from @hash on. */
static inline uint64_t fake_sealer_hash(uint64_t hash, struct tip_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Version and nonce are zero but for one byte, the tag a keyed checksum. */
static inline void fake_sealer_head(const struct tip_sealer *self,
                                    struct tip_bytes aad,
                                    struct tip_bytes plain,
                                    uint8_t out[TIP_SEALER_OVERHEAD])
{
    const uint64_t key = ((const struct fake_sealer *)self)->key;
    uint64_t tags[2];

    tags[0] = fake_sealer_hash(fake_sealer_hash(key, aad), plain);
    tags[1] = fake_sealer_hash(~tags[0], plain);
    memset(out, 0, TIP_SEALER_OVERHEAD);
    out[1] = (uint8_t)aad.size;
    memcpy(out + TIP_SEALER_OVERHEAD - sizeof tags, tags, sizeof tags);
}

static inline enum tip_err fake_sealer_seal(struct tip_sealer *self,
                                            struct tip_bytes aad,
                                            struct tip_bytes plain,
                                            uint8_t *out)
{
    fake_sealer_head(self, aad, plain, out);
    if (plain.size != 0) {
        memcpy(out + TIP_SEALER_OVERHEAD, plain.data, plain.size);
    }
    return TIP_OK;
}

static inline enum tip_err fake_sealer_open(struct tip_sealer *self,
                                            struct tip_bytes aad,
                                            struct tip_bytes sealed,
                                            uint8_t *out)
{
    const struct tip_bytes plain = tip_bytes(sealed.data + TIP_SEALER_OVERHEAD,
                                             sealed.size - TIP_SEALER_OVERHEAD);
    uint8_t head[TIP_SEALER_OVERHEAD];

    fake_sealer_head(self, aad, plain, head);
    if (memcmp(head, sealed.data, sizeof head) != 0) {
        return TIP_ESTORE_DAMAGED;
    }
    if (plain.size != 0) {
        memcpy(out, plain.data, plain.size);
    }
    return TIP_OK;
}

#define FAKE_SEALER(key_)                                             \
    ((struct fake_sealer){                                            \
        .base = {.seal = fake_sealer_seal, .open = fake_sealer_open}, \
        .key = (key_)})

#endif /* FAKE_SEALER_H */
