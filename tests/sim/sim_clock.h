/*
 * The clock of one machine, as wrong as office clocks are.
 *
 * True time is the simulator's: milliseconds since it began. The stopwatch runs
 * true; what the wall clock says is another matter.
 */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_clock.h"

/* The moment the simulator begins: 2026-01-01 UTC. */
#define SIM_CLOCK_START_MS UINT64_C(1767225600000)

struct sim_clock {
    struct tip_clock base;   /* First member, so the cast is valid. */
    const uint64_t *true_ms; /* Borrowed. */
    int64_t offset_ms;       /* How far the wall clock is off. */
    int32_t drift_ppm;
    bool has_dead_battery; /* In 1970 after every power cut. */
    bool is_frozen;
    uint64_t frozen_ms; /* What it then says. */
};

/** A clock that runs true. */
void sim_clock_init(struct sim_clock *clock, const uint64_t *true_ms);

/** What a power cut does to it. */
void sim_clock_reboot(struct sim_clock *clock);

#endif /* SIM_CLOCK_H */
