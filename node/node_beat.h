/*
 * How often an idle line is asked whether it is still one.
 *
 * As often as the line is good for: as configured where a greeting takes 300
 * ms; on a faster line more often, up to once a minute, so that a hub that is
 * gone is missed after minutes; over 2G or a satellite half as often, where a
 * sign of life costs most and silence means least. Never more often than the
 * bytes of a day allow.
 *
 * Plain data; reads no clock.
 */
#ifndef NODE_BEAT_H
#define NODE_BEAT_H

#include <stdint.h>

enum {
    NODE_BEAT_ROUND_TRIP_MS = 300, /* A line as good as the configured time. */
    /* Below this a satellite that stalls passes for one that is gone. */
    NODE_BEAT_MS_MIN = 60 * 1000,
    NODE_BEAT_SLOWER = 2 /* So many times the configured one, at most. */
};

/** How often, in whole seconds: @usual_ms is configured, @round_trip_ms was
 * measured (0: not yet), @day_bytes may be spent in a day (0: any). */
uint32_t node_beat_every_ms(uint32_t usual_ms, uint64_t round_trip_ms,
                            uint64_t day_bytes);

#endif /* NODE_BEAT_H */
