#include "sim_clock.h"

#include "sim_random.h"

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

void sim_clock_upset(struct sim_clock *clock, struct tip_prng *prng,
                     struct sim_totals *totals)
{
    int64_t step =
        (int64_t)sim_random_between(prng, 1000, 400 * (uint64_t)(24 * HOUR_MS));

    switch (tip_prng_below(prng, 7)) {
    case 0:
        totals->counts[SIM_TOTAL_CLOCKS_1970]++;
        clock->has_dead_battery = true;
        set_to(clock, 0);
        break;
    case 1:
        totals->counts[SIM_TOTAL_CLOCKS_2099]++;
        set_to(clock, 129 * YEAR_MS);
        break;
    case 2:
        totals->counts[SIM_TOTAL_CLOCKS_FORWARD]++;
        clock->offset_ms += step;
        break;
    case 3:
        totals->counts[SIM_TOTAL_CLOCKS_BACK]++;
        clock->offset_ms -= step;
        break;
    case 4:
        totals->counts[SIM_TOTAL_CLOCKS_FROZEN]++;
        clock->frozen_ms = wall_ms(&clock->base);
        clock->is_frozen = true;
        break;
    case 5:
        totals->counts[SIM_TOTAL_CLOCKS_DRIFTING]++;
        clock->drift_ppm = (int32_t)sim_random_between(prng, 0, 600) - 300;
        break;
    default: /* Somebody sets it right. */
        clock->is_frozen = false;
        clock->has_dead_battery = false;
        clock->offset_ms = 0;
        clock->drift_ppm = 0;
        break;
    }
}

void sim_clock_reboot(struct sim_clock *clock)
{
    clock->is_frozen = false;
    if (clock->has_dead_battery) {
        set_to(clock, 0);
    }
}
