/*
 * The weather over the links: when each is up, how slow, drawn from a seed.
 *
 * Pure: time comes in, the state of a link comes out.
 */
#ifndef DEMO_WEATHER_H
#define DEMO_WEATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo_draw.h"

enum { DEMO_LINES_MAX = 15 };

enum demo_sky {
    DEMO_SKY_CALM,    /* All links are up. */
    DEMO_SKY_STORMY,  /* Each comes and goes by itself, and is slow. */
    DEMO_SKY_BLACKOUT /* All are gone for a while, then all come back. */
};

/** How one link is. Plain data. */
struct demo_air {
    bool is_up;
    uint32_t latency_ms;  /* One way. */
    uint32_t bytes_per_s; /* Each way; 0: as fast as it goes. */
};

/** Caller-allocated; plain data. */
struct demo_weather {
    enum demo_sky sky;
    uint64_t start_ms;
    size_t line_count;
    bool is_over; /* Cleared up for good. */
    struct {
        struct demo_draw draw;
        struct demo_air air;
        uint64_t until_ms; /* Of a stormy sky: when it changes. */
    } lines[DEMO_LINES_MAX];
};

/** Let it begin at @now_ms, any stopwatch; all links are up until then. */
void demo_weather_init(struct demo_weather *weather, enum demo_sky sky,
                       uint64_t seed, size_t line_count, uint64_t now_ms);

/** How link @line is at @now_ms, which never goes back. */
const struct demo_air *demo_weather_air(struct demo_weather *weather,
                                        size_t line, uint64_t now_ms);

/** Has the sky shown at @now_ms what its name says, so that it may clear up? */
bool demo_weather_has_passed(const struct demo_weather *weather,
                             uint64_t now_ms);

/** From now on it is calm. */
void demo_weather_clear_up(struct demo_weather *weather);

#endif /* DEMO_WEATHER_H */
