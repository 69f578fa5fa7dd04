#ifndef TIP_RANDOM_H
#define TIP_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/**
 * Where the core gets randomness from.
 *
 * Implementations embed this struct as their first member. The daemons use the
 * kernel's generator through seal/; the simulator draws from its seed.
 */
struct tip_random {
    /** Fill @size bytes at @out. Must not fail. */
    void (*fill)(struct tip_random *self, void *out, size_t size);
};

/** Draw a number below @bound, which is above 0, without bias. */
static inline uint64_t tip_random_below(struct tip_random *random,
                                        uint64_t bound)
{
    const uint64_t unfair = (UINT64_MAX - bound + 1) % bound;
    uint64_t drawn;

    do {
        random->fill(random, &drawn, sizeof drawn);
    } while (drawn < unfair);
    return drawn % bound;
}

#endif /* TIP_RANDOM_H */
