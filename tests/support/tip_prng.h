/* Seeded numbers for tests: SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef TIP_PRNG_H
#define TIP_PRNG_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_random.h"

struct tip_prng {
    struct tip_random base; /* First member, so it is a tip_random too. */
    uint64_t state;
};

static inline uint64_t tip_prng_next(struct tip_prng *prng)
{
    uint64_t z = prng->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline void tip_prng_fill(struct tip_random *self, void *out,
                                 size_t size)
{
    uint8_t *bytes = out;

    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)tip_prng_next((struct tip_prng *)self);
    }
}

/** A number below @bound, which is above 0. */
static inline uint32_t tip_prng_below(struct tip_prng *prng, uint32_t bound)
{
    return (uint32_t)((tip_prng_next(prng) >> 32) * bound >> 32);
}

/** True @percent times of a hundred. */
static inline bool tip_prng_chance(struct tip_prng *prng, uint32_t percent)
{
    return tip_prng_below(prng, 100) < percent;
}

#define TIP_PRNG_SEEDED(seed) \
    ((struct tip_prng){.base = {.fill = tip_prng_fill}, .state = (seed)})

#endif /* TIP_PRNG_H */
