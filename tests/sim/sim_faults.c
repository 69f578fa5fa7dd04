#include "sim_faults.h"

enum whom { ALL, OFFICES, HUB };

struct fault {
    void (*strike)(struct sim *, uint32_t party);
    uint64_t from_days, to_days;
    uint32_t absent;
    enum whom whom;
    enum sim_stream stream;
    bool is_blind;
};

static const struct fault faults[] = {
#define SIM_FAULTS_ROW(name, from, to, absent, whom, stream, blind) \
    {sim_strike_##name, from, to, absent, whom, SIM_STREAM_##stream, blind},
    SIM_FAULTS_MAP(SIM_FAULTS_ROW)
#undef SIM_FAULTS_ROW
};

enum { FAULT_COUNT = sizeof faults / sizeof *faults };

static void (*const heals[])(struct sim *, uint32_t party) = {
#define SIM_HEALS_ROW(name) sim_heal_##name,
    SIM_HEALS_MAP(SIM_HEALS_ROW)
#undef SIM_HEALS_ROW
};

static void strike(struct sim *sim, const struct sim_event *event);

/* @number says which fault, and above that how far two are apart. */
static void schedule(struct sim *sim, uint32_t party, uint64_t number)
{
    const struct fault *fault = &faults[number % FAULT_COUNT];
    uint64_t mean_ms = number / FAULT_COUNT;

    sim_later(sim, sim_random_about(&sim->streams[fault->stream], mean_ms),
              strike, party, number);
}

static void strike(struct sim *sim, const struct sim_event *event)
{
    if (!sim->is_healing) {
        faults[event->number % FAULT_COUNT].strike(sim, event->party);
        schedule(sim, event->party, event->number);
    }
}

static bool hits(const struct fault *fault, uint32_t party)
{
    return fault->whom == ALL || (fault->whom == HUB) == (party == SIM_HUB);
}

void sim_faults_begin(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_WEATHER];

    for (uint64_t i = 0; i < FAULT_COUNT; i++) {
        const struct fault *fault = &faults[i];
        uint64_t mean_ms = sim_random_between(
            prng, fault->from_days * SIM_DAY_MS, fault->to_days * SIM_DAY_MS);
        bool is_absent = tip_prng_chance(prng, fault->absent);

        if (is_absent || (sim->weather.is_size_blind && !fault->is_blind)) {
            continue;
        }
        for (uint32_t party = 0; party < SIM_PARTIES; party++) {
            if (hits(fault, party)) {
                schedule(sim, party, mean_ms * FAULT_COUNT + i);
            }
        }
    }
}

void sim_faults_heal(struct sim *sim)
{
    sim_note(sim, "healing", SIM_HUB, 0, 0);
    sim->is_healing = true;
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        for (size_t i = 0; i < sizeof heals / sizeof *heals; i++) {
            heals[i](sim, party);
        }
    }
}
