/* Lines are cut, flap, are laid anew, and are whole again. */
#include "sim_absent.h"
#include "sim_faults.h"
#include "sim_line.h"

static void block(struct sim *sim, uint32_t party, struct sim_way *way,
                  uint64_t for_ms)
{
    way->blocked_until_ms = sim->now_ms + for_ms;
    sim_note(sim, way == &sim->offices[party].line.up ? "cut up" : "cut down",
             party, for_ms, 0);
}

/* The line is cut: what keeps the connection alive is missed after a while. */
static void notice(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];

    sim_line_break(sim, party, sim_random_between(prng, 1, 5 * SIM_MINUTE_MS),
                   sim_random_between(prng, 1, 5 * SIM_MINUTE_MS));
}

void sim_line_cut(struct sim *sim, uint32_t party, uint64_t for_ms)
{
    block(sim, party, &sim->offices[party].line.up, for_ms);
    block(sim, party, &sim->offices[party].line.down, for_ms);
    notice(sim, party);
}

void sim_strike_partition(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_PARTITIONS);
    sim_line_cut(
        sim, party,
        sim_random_about(&sim->streams[SIM_STREAM_LINES], 8 * SIM_HOUR_MS));
}

void sim_strike_half_partition(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    struct sim_line *line = &sim->offices[party].line;

    sim_count(sim, SIM_TOTAL_HALF_PARTITIONS);
    block(sim, party, tip_prng_chance(prng, 50) ? &line->up : &line->down,
          sim_random_about(prng, 8 * SIM_HOUR_MS));
    notice(sim, party);
}

void sim_strike_silence(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_SILENCES);
    sim_line_cut(sim, party,
                 sim_random_between(&sim->streams[SIM_STREAM_LINES],
                                    7 * SIM_DAY_MS, 40 * SIM_DAY_MS));
}

/* Cut all lines one by one, and mend them in another order. */
static void swizzle(struct sim *sim, const struct sim_event *event)
{
    if (!sim->is_healing) {
        sim_line_cut(sim, event->party, event->number);
    }
}

void sim_strike_swizzle(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];

    (void)party;
    sim_count(sim, SIM_TOTAL_SWIZZLES);
    for (uint32_t office = 1; office < SIM_PARTIES; office++) {
        uint64_t after_ms = sim_random_between(prng, 0, 10 * SIM_MINUTE_MS);

        sim_later(
            sim, after_ms, swizzle, office,
            sim_random_between(prng, 10 * SIM_MINUTE_MS, 2 * SIM_HOUR_MS));
    }
}

/* Somewhere on the way a router drops what is long, and says nothing. */
void sim_strike_black_hole(struct sim *sim, uint32_t party)
{
    sim_note(sim, "black hole", party, 0, 0);
    sim->offices[party].line.short_until_ms =
        sim->now_ms +
        sim_random_about(&sim->streams[SIM_STREAM_LINES], 8 * SIM_HOUR_MS);
}

void sim_strike_new_line(struct sim *sim, uint32_t party)
{
    sim_line_lay(sim, party);
}

/* Break the line every few seconds for a while. */
static void flap(struct sim *sim, const struct sim_event *event)
{
    const struct sim_line *line = &sim->offices[event->party].line;

    if (!sim->is_healing && line->flapping_until_ms > sim->now_ms) {
        sim_line_break(sim, event->party, 0, 0);
        sim_later(sim, 5 * SIM_SECOND_MS, flap, event->party, 0);
    }
}

void sim_strike_flaps(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_FLAPS);
    sim_note(sim, "flaps", party, 0, 0);
    sim->offices[party].line.flapping_until_ms =
        sim->now_ms +
        sim_random_about(&sim->streams[SIM_STREAM_LINES], 5 * SIM_MINUTE_MS);
    sim_later(sim, 0, flap, party, 0);
}

void sim_heal_line(struct sim *sim, uint32_t party)
{
    struct sim_line *line = &sim->offices[party].line;

    if (party == SIM_HUB) {
        return;
    }
    if (sim_absent_is(sim, party)) {
        sim_absent_call(sim);
    }
    line->up.blocked_until_ms = 0;
    line->down.blocked_until_ms = 0;
    line->short_until_ms = 0;
    line->latency_ms = 300;
    line->jitter_ms = 100;
    line->bytes_per_s = UINT64_C(8) << 10;
}
