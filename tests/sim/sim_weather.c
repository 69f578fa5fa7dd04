/* How bad everything is in this seed, and the troubles of lines. Every seed
 * draws its own weights: some know no loss, others nearly nothing else. */
#include "sim.h"

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

    sim->weather = (struct sim_weather){
        .storm_ms = sim->days * SIM_DAY_MS,
        .change_sets = (uint32_t)sim_random_between(prng, 1000, 1300),
        .crashes = (uint32_t)sim_random_between(prng, 16, 30),
        .hub_crashes = (uint32_t)sim_random_between(prng, 4, 8),
        .loss = maybe(prng, 40),
        .repeat = maybe(prng, 50),
        .reorder = maybe(prng, 40),
        .tamper = maybe(prng, 5),
        .trouble_mean_ms =
            sim_random_between(prng, SIM_DAY_MS / 2, 4 * SIM_DAY_MS),
        .clock_mean_ms = sim_random_between(prng, SIM_DAY_MS, 10 * SIM_DAY_MS),
        .disk_mean_ms =
            sim_random_between(prng, 5 * SIM_DAY_MS, 40 * SIM_DAY_MS),
        .grouping = maybe(prng, 90),
        .shared = maybe(prng, 60),
        .stale = maybe(prng, 60),
        .moving = maybe(prng, 15),
        .is_size_blind = is_size_blind};
}

void sim_weather_lay(struct sim *sim, uint32_t party)
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

static void block(struct sim *sim, uint32_t party, struct sim_way *way,
                  uint64_t for_ms)
{
    way->blocked_until_ms = sim->now_ms + for_ms;
    sim_note(sim, way == &sim->offices[party].line.up ? "cut up" : "cut down",
             party, for_ms, 0);
}

static void cut(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    struct sim_line *line = &sim->offices[party].line;
    uint64_t for_ms = sim_random_about(prng, 8 * SIM_HOUR_MS);

    switch (tip_prng_below(prng, 8)) {
    case 0:
    case 1:
        sim_count(sim, SIM_TOTAL_HALF_PARTITIONS);
        block(sim, party, tip_prng_chance(prng, 50) ? &line->up : &line->down,
              for_ms);
        break;
    case 2:
        sim_count(sim, SIM_TOTAL_SILENCES);
        for_ms = sim_random_between(prng, 7 * SIM_DAY_MS, 40 * SIM_DAY_MS);
        block(sim, party, &line->up, for_ms);
        block(sim, party, &line->down, for_ms);
        break;
    default:
        sim_count(sim, SIM_TOTAL_PARTITIONS);
        block(sim, party, &line->up, for_ms);
        block(sim, party, &line->down, for_ms);
        break;
    }
    /* What keeps the connection alive is missed after a while. */
    sim_line_break(sim, party, sim_random_between(prng, 1, 5 * SIM_MINUTE_MS),
                   sim_random_between(prng, 1, 5 * SIM_MINUTE_MS));
}

/* Break the line every few seconds for a while. */
static void flap(struct sim *sim, uint32_t party)
{
    struct sim_line *line = &sim->offices[party].line;

    if (!sim->is_healing && line->flapping_until_ms > sim->now_ms) {
        sim_line_break(sim, party, 0, 0);
        sim_later(sim, 5 * SIM_SECOND_MS, SIM_EVENT_WEATHER, party, 1);
    }
}

void sim_weather_strike(struct sim *sim, uint32_t party, bool is_flapping)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];

    if (sim->is_healing || is_flapping) {
        flap(sim, party);
        return;
    }
    sim_later(sim, sim_random_about(prng, sim->weather.trouble_mean_ms),
              SIM_EVENT_WEATHER, party, 0);
    switch (tip_prng_below(prng, 4)) {
    case 0:
        sim_count(sim, SIM_TOTAL_FLAPS);
        sim_note(sim, "flaps", party, 0, 0);
        sim->offices[party].line.flapping_until_ms =
            sim->now_ms + sim_random_about(prng, 5 * SIM_MINUTE_MS);
        flap(sim, party);
        break;
    case 1:
        sim_weather_lay(sim, party);
        break;
    default:
        cut(sim, party);
        break;
    }
}
