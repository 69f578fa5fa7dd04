/* A clock the test holds in its hand: it moves only when told to. */
#ifndef FAKE_CLOCK_H
#define FAKE_CLOCK_H

#include "tip_clock.h"

struct fake_clock {
    struct tip_clock base; /* First member, so the cast below is valid. */
    uint64_t now_ms;       /* What the wall clock says. */
    uint64_t elapsed_ms;   /* What a stopwatch says. */
};

static inline uint64_t fake_clock_now_ms(const struct tip_clock *self)
{
    return ((const struct fake_clock *)self)->now_ms;
}

static inline uint64_t fake_clock_elapsed_ms(const struct tip_clock *self)
{
    return ((const struct fake_clock *)self)->elapsed_ms;
}

#define FAKE_CLOCK_AT(ms)                                               \
    ((struct fake_clock){.base = {.now_ms = fake_clock_now_ms,          \
                                  .elapsed_ms = fake_clock_elapsed_ms}, \
                         .now_ms = (ms)})

#endif /* FAKE_CLOCK_H */
