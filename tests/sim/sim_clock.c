#include "sim_clock.h"

#include "sim_faults.h"

#define HOUR_MS INT64_C(3600000)
#define YEAR_MS (INT64_C(365) * 24 * HOUR_MS)

static uint64_t wall_ms(const struct tip_clock *base)
{
    const struct sim_clock *clock = (const struct sim_clock *)base;
    int64_t true_ms = (int64_t)*clock->true_ms;
    int64_t wall;

    if (clock->is_frozen) {
        return clock->frozen_ms;
    }
    wall = (int64_t)SIM_CLOCK_START_MS + true_ms + clock->offset_ms +
           true_ms * clock->drift_ppm / 1000000;
    return wall < 0 ? 0 : (uint64_t)wall;
}

static uint64_t elapsed_ms(const struct tip_clock *base)
{
    return *((const struct sim_clock *)base)->true_ms;
}

void sim_clock_init(struct sim_clock *clock, const uint64_t *true_ms)
{
    *clock = (struct sim_clock){
        .base = {.now_ms = wall_ms, .elapsed_ms = elapsed_ms},
        .true_ms = true_ms};
}

/* Set the wall clock to @ms after 1970. */
static void set_to(struct sim_clock *clock, int64_t ms)
{
    clock->is_frozen = false;
    clock->offset_ms =
        ms - (int64_t)SIM_CLOCK_START_MS - (int64_t)*clock->true_ms;
}

void sim_clock_reboot(struct sim_clock *clock)
{
    clock->is_frozen = false;
    if (clock->has_dead_battery) {
        set_to(clock, 0);
    }
}

static struct sim_clock *clock_of(struct sim *sim, uint32_t party)
{
    return &sim_machine_of(sim, party)->clock;
}

/* By how much a clock is set wrong. */
static int64_t draw_step(struct sim *sim)
{
    return (int64_t)sim_random_between(&sim->streams[SIM_STREAM_CLOCKS], 1000,
                                       400 * SIM_DAY_MS);
}

void sim_strike_clock_1970(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_1970);
    clock_of(sim, party)->has_dead_battery = true;
    set_to(clock_of(sim, party), 0);
}

void sim_strike_clock_2000(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_2000);
    set_to(clock_of(sim, party), 30 * YEAR_MS);
}

/* Summer time where there is none, or local time taken for UTC. */
void sim_strike_clock_hour(struct sim *sim, uint32_t party)
{
    bool is_forward = tip_prng_chance(&sim->streams[SIM_STREAM_CLOCKS], 50);

    sim_count(sim, SIM_TOTAL_CLOCKS_HOUR);
    clock_of(sim, party)->offset_ms += is_forward ? HOUR_MS : -HOUR_MS;
}

/* Two programs set the clock, each to its own time. */
static void strobe(struct sim *sim, const struct sim_event *event)
{
    int64_t step = (int64_t)(event->number >> 8) * 1000;
    uint64_t left = event->number & 0xff;

    clock_of(sim, event->party)->offset_ms += left % 2 == 0 ? step : -step;
    if (left > 0) {
        sim_later(sim, 5 * SIM_SECOND_MS, strobe, event->party,
                  event->number - 1);
    }
}

void sim_strike_clock_strobe(struct sim *sim, uint32_t party)
{
    uint64_t seconds = sim_random_between(&sim->streams[SIM_STREAM_CLOCKS], 1,
                                          SIM_DAY_MS / SIM_SECOND_MS);

    sim_count(sim, SIM_TOTAL_CLOCKS_STROBE);
    sim_later(sim, 0, strobe, party, seconds << 8 | 59);
}

void sim_strike_clock_2099(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_2099);
    set_to(clock_of(sim, party), 129 * YEAR_MS);
}

void sim_strike_clock_forward(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_FORWARD);
    clock_of(sim, party)->offset_ms += draw_step(sim);
}

void sim_strike_clock_back(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_BACK);
    clock_of(sim, party)->offset_ms -= draw_step(sim);
}

void sim_strike_clock_frozen(struct sim *sim, uint32_t party)
{
    struct sim_clock *clock = clock_of(sim, party);

    sim_count(sim, SIM_TOTAL_CLOCKS_FROZEN);
    clock->frozen_ms = wall_ms(&clock->base);
    clock->is_frozen = true;
}

void sim_strike_clock_drift(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_CLOCKS_DRIFTING);
    clock_of(sim, party)->drift_ppm =
        (int32_t)sim_random_between(&sim->streams[SIM_STREAM_CLOCKS], 0, 600) -
        300;
}

/* Somebody sets it right. */
void sim_strike_clock_set_right(struct sim *sim, uint32_t party)
{
    struct sim_clock *clock = clock_of(sim, party);

    clock->is_frozen = false;
    clock->has_dead_battery = false;
    clock->offset_ms = 0;
    clock->drift_ppm = 0;
}
