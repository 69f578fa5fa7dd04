#include "sim_absent.h"

#include "sim_frames.h"
#include "sim_liar.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_rulings.h"

enum { OFTEN = 50 /* In so many of a hundred restores. */ };

#define LOOK_MS SIM_HOUR_MS
#define LATE_MS (2 * SIM_DAY_MS)

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_ABSENT];
}

bool sim_absent_is(const struct sim *sim, uint32_t party)
{
    return sim->absent.party == party && !sim->absent.is_called;
}

bool sim_absent_is_near(const struct sim *sim)
{
    return sim->absent.party != SIM_NONE;
}

void sim_absent_begin(struct sim *sim)
{
    uint32_t party = 1 + tip_prng_below(prng_of(sim), SIM_OFFICES);

    if (tip_prng_chance(prng_of(sim), OFTEN) &&
        !sim_frames_are_lost(sim, party)) {
        sim->absent = (struct sim_absent){.party = party};
        sim_note(sim, "away", party, 0, 0);
        sim_line_break(sim, party, 0, 0);
    }
}

void sim_absent_look(struct sim *sim)
{
    uint32_t party = sim->absent.party;
    struct hub_recovery recovery;

    if (party == SIM_NONE || !sim->absent.is_called || sim->hub.is_recovering) {
        return;
    }
    sim_held_note(sim);
    hub_engine_recovery(sim->hub.engine, &recovery);
    if (recovery.missing == 0 && sim_held_is_judged(sim, party)) {
        sim_note(sim, "taken up", party, 0, 0);
        sim->absent.party = SIM_NONE;
    }
}

void sim_absent_call(struct sim *sim)
{
    uint32_t party = sim->absent.party;

    if (party == SIM_NONE || sim->absent.is_called) {
        return;
    }
    sim_note(sim, "called", party, 0, 0);
    sim->absent.is_called = true;
    if (!sim->hub.is_recovering &&
        sim->oracle.feeds[party].count > sim->hub.durable[party]) {
        sim_count(sim, SIM_TOTAL_CAME_LATE);
    }
}

static void call(struct sim *sim, const struct sim_event *event)
{
    (void)event;
    sim_absent_call(sim);
}

/* All but one are back: a person does not want to wait for that one. */
static void finish(struct sim *sim)
{
    enum tip_err err = hub_engine_recovery_finish(sim->hub.engine);

    if (sim_rulings_is_disk(sim, err)) {
        return;
    }
    sim_require(sim, SIM_HUB, err == TIP_OK,
                "a hub goes on when it is told to");
    sim_note(sim, "finish", SIM_HUB, sim->absent.party, 0);
    sim_machine_stir(sim, &sim->hub.machine);
}

static void go_on(struct sim *sim, const struct sim_event *event)
{
    struct hub_recovery recovery;

    if (sim->absent.is_called) {
        return; /* The storm is over. */
    }
    if (!sim->hub.is_recovering) {
        sim_count(sim, SIM_TOTAL_WENT_WITHOUT);
        sim_later(sim, sim_random_about(prng_of(sim), LATE_MS), call,
                  event->party, 0);
        return;
    }
    if (sim_machine_is_there(sim, &sim->hub.machine)) {
        hub_engine_recovery(sim->hub.engine, &recovery);
        if (recovery.is_open && recovery.missing == 1) {
            finish(sim);
        }
    }
    sim_later(sim, LOOK_MS, go_on, event->party, 0);
}

void sim_absent_wait(struct sim *sim)
{
    if (sim_absent_is_near(sim)) {
        sim_later(sim, LOOK_MS, go_on, sim->absent.party, 0);
    }
}
