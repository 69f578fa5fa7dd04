#include "sim_works.h"

#include "sim_machine.h"

struct work {
    void (*work)(struct sim *, uint32_t party);
    uint32_t from, to;
    uint32_t absent;
};

static const struct work works[] = {
#define SIM_WORKS_ROW(name, from, to, absent) \
    {sim_work_##name, from, to, absent},
    SIM_WORKS_MAP(SIM_WORKS_ROW)
#undef SIM_WORKS_ROW
};

enum { WORK_COUNT = sizeof works / sizeof *works };

_Static_assert(sizeof works / sizeof *works <= SIM_WORKS_MAX,
               "sim->works is too small");

/* Somebody at @party's machine does something. */
static void act(struct sim *sim, uint32_t party)
{
    uint32_t sum = 0;
    uint32_t choice;
    size_t i = 0;

    for (size_t w = 0; w < WORK_COUNT; w++) {
        sum += sim->works[w];
    }
    choice = tip_prng_below(&sim->streams[SIM_STREAM_PEOPLE], sum);
    while (choice >= sim->works[i]) {
        choice -= sim->works[i++];
    }
    works[i].work(sim, party);
}

/* How long until somebody there works again: sooner if little was done. */
static uint64_t pause_ms(struct sim *sim, uint32_t party)
{
    uint64_t done = sim->totals.counts[SIM_TOTAL_CHANGE_SETS];
    uint64_t due =
        sim->weather.change_sets * sim->now_ms / sim->weather.storm_ms;
    uint64_t mean_ms =
        sim->weather.storm_ms * SIM_OFFICES / sim->weather.change_sets;

    if (party == SIM_HUB) {
        mean_ms /= 6;
    }
    return sim_random_about(&sim->streams[SIM_STREAM_PEOPLE],
                            done < due ? mean_ms / 6 : mean_ms);
}

static void work(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);

    if (sim->is_healing) {
        return;
    }
    sim_later(sim, pause_ms(sim, event->party), work, event->party, 0);
    if (sim_machine_serves(sim, machine)) {
        act(sim, event->party);
        sim_machine_stir(sim, machine);
    }
}

void sim_works_begin(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_WEATHER];

    for (size_t i = 0; i < WORK_COUNT; i++) {
        uint32_t often =
            (uint32_t)sim_random_between(prng, works[i].from, works[i].to);

        sim->works[i] = tip_prng_chance(prng, works[i].absent) ? 0 : often;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        sim_later(
            sim,
            sim_random_about(&sim->streams[SIM_STREAM_PEOPLE], SIM_HOUR_MS),
            work, party, 0);
    }
}
