#include "demo_weather.h"

#include <assert.h>

enum {
    /* Long enough for work to pile up, short enough to watch. */
    BLACKOUT_FROM_MS = 2000,
    BLACKOUT_TO_MS = 9000,
    STORM_MS = 10000,
    STORM_UP_MS_MIN = 700,
    STORM_UP_MS_MAX = 4000,
    STORM_DOWN_MS_MIN = 400,
    STORM_DOWN_MS_MAX = 2500
};

static const struct demo_air clear_air = {.is_up = true};

/* A stormy link is either down, or up and slow: 2G to satellite. */
static void storm_change(struct demo_weather *weather, size_t line)
{
    struct demo_draw *draw = &weather->lines[line].draw;
    struct demo_air *air = &weather->lines[line].air;

    air->is_up = !air->is_up;
    air->latency_ms = (uint32_t)demo_draw_between(draw, 5, 120);
    air->bytes_per_s = (uint32_t)demo_draw_between(draw, 16, 256) * 1024;
    weather->lines[line].until_ms +=
        (uint64_t)(air->is_up ? demo_draw_between(draw, STORM_UP_MS_MIN,
                                                  STORM_UP_MS_MAX)
                              : demo_draw_between(draw, STORM_DOWN_MS_MIN,
                                                  STORM_DOWN_MS_MAX));
}

void demo_weather_init(struct demo_weather *weather, enum demo_sky sky,
                       uint64_t seed, size_t line_count, uint64_t now_ms)
{
    assert(line_count <= DEMO_LINES_MAX);
    *weather = (struct demo_weather){
        .sky = sky, .start_ms = now_ms, .line_count = line_count};
    for (size_t i = 0; i < line_count; i++) {
        /* Far from the streams of the tellers, which are office numbers. */
        demo_draw_init(&weather->lines[i].draw, seed, 1000 + i);
        weather->lines[i].air = clear_air;
        weather->lines[i].until_ms =
            now_ms + demo_draw_below(&weather->lines[i].draw, STORM_UP_MS_MAX);
    }
}

const struct demo_air *demo_weather_air(struct demo_weather *weather,
                                        size_t line, uint64_t now_ms)
{
    struct demo_air *air = &weather->lines[line].air;
    uint64_t age_ms = now_ms - weather->start_ms;

    assert(line < weather->line_count);
    if (weather->is_over || weather->sky == DEMO_SKY_CALM) {
        *air = clear_air;
    } else if (weather->sky == DEMO_SKY_BLACKOUT) {
        *air = clear_air;
        air->is_up = age_ms < BLACKOUT_FROM_MS || age_ms >= BLACKOUT_TO_MS;
    } else {
        while (weather->lines[line].until_ms <= now_ms) {
            storm_change(weather, line);
        }
    }
    return air;
}

bool demo_weather_has_passed(const struct demo_weather *weather,
                             uint64_t now_ms)
{
    uint64_t age_ms = now_ms - weather->start_ms;

    switch (weather->sky) {
    case DEMO_SKY_CALM:
        return true;
    case DEMO_SKY_STORMY:
        return age_ms >= STORM_MS;
    case DEMO_SKY_BLACKOUT:
        return age_ms >= BLACKOUT_TO_MS;
    }
    return true;
}

void demo_weather_clear_up(struct demo_weather *weather)
{
    weather->is_over = true;
}
