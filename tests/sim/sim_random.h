/*
 * One seed, one stream of numbers per purpose: more weather draws never change
 * what people write.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include "tip_prng.h"

enum sim_stream {
    SIM_STREAM_WEATHER, /* How likely each fault is in this seed. */
    SIM_STREAM_LINES,
    SIM_STREAM_PEOPLE,
    SIM_STREAM_CRASHES,
    SIM_STREAM_DISKS,
    SIM_STREAM_CLOCKS,
    SIM_STREAM_CHECKS, /* Which record is looked at in between. */
    SIM_STREAM_LIES,
    SIM_STREAM_MACHINES, /* And behind it one for each other machine. */
    SIM_STREAM_AGES = SIM_STREAM_MACHINES + 16, /* Catalogues and devices. */
    SIM_STREAM_ABSENT, /* Who is away while the hub is put back. */
    SIM_STREAM_PROGRAMS,
    SIM_STREAM_COUNT
};

/** The stream of @number below @seed. */
static inline struct tip_prng sim_random_stream(uint64_t seed, uint64_t number)
{
    struct tip_prng mixer = TIP_PRNG_SEEDED(seed ^ (number + 1) << 48);

    return TIP_PRNG_SEEDED(tip_prng_next(&mixer));
}

/** A number from @low to @high, both possible. */
static inline uint64_t sim_random_between(struct tip_prng *prng, uint64_t low,
                                          uint64_t high)
{
    return low + tip_prng_next(prng) % (high - low + 1);
}

/** Some time around @mean_ms, short ones more often than long ones. */
static inline uint64_t sim_random_about(struct tip_prng *prng, uint64_t mean_ms)
{
    uint64_t a = sim_random_between(prng, 0, 3 * mean_ms);
    uint64_t b = sim_random_between(prng, 0, 3 * mean_ms);

    return a < b ? a : b;
}

#endif /* SIM_RANDOM_H */
