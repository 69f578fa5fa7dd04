#ifndef TIP_CLOCK_H
#define TIP_CLOCK_H

#include <stdint.h>

/**
 * Where the core gets the time from.
 *
 * Implementations embed this struct as their first member. The daemons use
 * tip_clock_posix; tests and the simulator own a clock they can stop or turn
 * back.
 */
struct tip_clock {
    /** Return milliseconds since the Unix epoch. Must not block or fail. */
    uint64_t (*now_ms)(const struct tip_clock *self);

    /**
     * Return milliseconds since some fixed moment of this run. Never goes back
     * when somebody sets the wall clock: for timeouts. Must not block or fail.
     */
    uint64_t (*elapsed_ms)(const struct tip_clock *self);
};

#endif /* TIP_CLOCK_H */
