/* How bad everything is in this seed, and what lines there are. */
#include "sim_weather.h"
#include "sim_line.h"

/* Nothing in a third of the seeds, else up to @max. */
static uint32_t maybe(struct tip_prng *prng, uint32_t max)
{
    return tip_prng_chance(prng, 33)
               ? 0
               : (uint32_t)sim_random_between(prng, 1, max);
}

void sim_weather_draw(struct sim *sim, bool is_size_blind)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_WEATHER];
    struct sim_weather *weather = &sim->weather;

    *weather = (struct sim_weather){
        .storm_ms = sim->days * SIM_DAY_MS,
        .change_sets = (uint32_t)sim_random_between(prng, 1000, 1300),
        .crashes = (uint32_t)sim_random_between(prng, 16, 30),
        .hub_crashes = (uint32_t)sim_random_between(prng, 4, 8),
        .is_size_blind = is_size_blind};
#define SIM_WEATHER_DRAW(name, max) weather->name = maybe(prng, max);
    SIM_WEATHER_MAP(SIM_WEATHER_DRAW)
#undef SIM_WEATHER_DRAW
    if (!is_size_blind) { /* Days are told by a clock. */
        weather->deletions = maybe(prng, 4);
        weather->overwrites = maybe(prng, 30);
    }
}

void sim_line_lay(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    struct sim_line *line = &sim->offices[party].line;

    switch (tip_prng_below(prng, 4)) {
    case 0: /* A room in the same house. */
        line->latency_ms = 1;
        line->jitter_ms = 1;
        line->bytes_per_s = UINT64_C(10) << 20;
        break;
    case 1: /* Satellite. */
        line->latency_ms = 700;
        line->jitter_ms = 400;
        line->bytes_per_s = UINT64_C(16) << 10;
        break;
    default: /* 2G, good or bad. */
        line->latency_ms = sim_random_between(prng, 300, 5000);
        line->jitter_ms = sim_random_between(prng, 1, 10000);
        line->bytes_per_s = sim_random_between(prng, 300, 6000);
        break;
    }
}
