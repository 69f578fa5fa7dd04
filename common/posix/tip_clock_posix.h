/*
 * The clock of the machine.
 *
 * The wall clock is what somebody set; the stopwatch counts while the machine
 * sleeps, because a laptop that was closed for a night is a night late.
 */
#ifndef TIP_CLOCK_POSIX_H
#define TIP_CLOCK_POSIX_H

#include "tip_clock.h"

/** Start @clock; it owns nothing. May be used from any thread. */
void tip_clock_posix_init(struct tip_clock *clock);

#endif /* TIP_CLOCK_POSIX_H */
