/*
 * Rules checked with random input.
 *
 * A check builds its input from the numbers it is given and returns NULL, or
 * the rule that did not hold. Each round has its own seed; a failure prints it,
 * and TIP_SEED=<seed> runs that round alone.
 */
#ifndef TIP_PROPERTY_H
#define TIP_PROPERTY_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tip_prng.h"

/** Random numbers of one round. Plain data. */
struct tip_property {
    struct tip_prng prng;
};

/** The next 64 random bits. */
static inline uint64_t tip_property_next(struct tip_property *property)
{
    return tip_prng_next(&property->prng);
}

/** A number below @bound, which is not 0. */
static inline uint64_t tip_property_below(struct tip_property *property,
                                          uint64_t bound)
{
    return tip_property_next(property) % bound;
}

/** True once in @often times. */
static inline bool tip_property_once_in(struct tip_property *property,
                                        uint64_t often)
{
    return tip_property_below(property, often) == 0;
}

/** A number of any length in bits: small ones are as likely as large ones. */
static inline uint64_t tip_property_number(struct tip_property *property,
                                           unsigned bits_max)
{
    uint64_t bits = tip_property_below(property, bits_max + 1);

    return bits == 0 ? 0 : tip_property_next(property) >> (64 - bits);
}

/** Run @check on @rounds seeds, or on TIP_SEED alone. Returns false and prints
 * the seed and the rule at the first that fails. */
static inline bool
tip_property_holds(const char *name, unsigned rounds,
                   const char *(*check)(struct tip_property *property))
{
    const char *only = getenv("TIP_SEED");
    uint64_t seed = only == NULL ? 1 : strtoull(only, NULL, 10);
    uint64_t end = only == NULL ? seed + rounds : seed + 1;

    for (; seed != end; seed++) {
        struct tip_property property = {.prng = TIP_PRNG_SEEDED(seed)};
        const char *broken = check(&property);

        if (broken != NULL) {
            printf("%s: %s; again with TIP_SEED=%" PRIu64 "\n", name, broken,
                   seed);
            return false;
        }
    }
    return true;
}

#endif /* TIP_PROPERTY_H */
