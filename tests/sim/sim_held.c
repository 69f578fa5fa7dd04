/*
 * What waits at the hub, compared with what must wait.
 *
 * Nothing here is ever let go by a person, so whatever waits once waits to the
 * end of the seed; what was not durable is judged again.
 */
#include "sim_member.h"
#include "sim_memory.h"
#include "sim_party.h"

enum { HELD_MAX = 16384 };

static enum sim_total total_of(enum tip_hold reason)
{
    if (reason == TIP_HOLD_OFFICES) {
        return SIM_TOTAL_HELD_OFFICES;
    }
    return reason == TIP_HOLD_MEMBER ? SIM_TOTAL_HELD_MEMBER
                                     : SIM_TOTAL_HELD_BEHIND;
}

/* @draft waits now, for @reason. */
static void add(struct sim *sim, struct sim_draft *draft, enum tip_hold reason)
{
    struct sim_known *held = &sim->hub.held;

    sim_note(sim, "held", draft->party, draft->seq, (uint64_t)reason);
    sim_require(sim, draft->party,
                reason == draft->limbo_held ||
                    reason == sim_member_hold(&sim->oracle, draft),
                "I14 of an honest node only what contradicts who holds a "
                "record is held back");
    draft->held = reason;
    held->records = sim_memory_room(held->records, held->count, &held->capacity,
                                    sizeof *held->records);
    held->records[held->count++] = (uint32_t)(draft - sim->oracle.drafts);
    sim_count(sim, total_of(reason));
}

/* Everything @party has at the hub is merged or waits. */
static void check_fates(struct sim *sim, uint32_t party, uint64_t seq)
{
    for (; sim->hub.judged[party] < seq; sim->hub.judged[party]++) {
        const struct sim_draft *draft = sim_oracle_find(
            &sim->oracle, sim_origin_of(party), sim->hub.judged[party] + 1);

        sim_require(sim, party,
                    draft != NULL &&
                        (draft->commit != 0) != (draft->held != TIP_HOLD_NONE),
                    "I14 what is at the hub is merged, or waits for cause");
    }
}

void sim_held_note(struct sim *sim)
{
    static struct hub_held held[HELD_MAX];
    size_t held_count = hub_engine_held(sim->hub.engine, held, HELD_MAX);
    struct hub_device_status devices[SIM_PARTIES];
    size_t device_count =
        hub_engine_devices(sim->hub.engine, devices, SIM_PARTIES);

    for (size_t i = 0; i < held_count; i++) {
        struct sim_draft *draft =
            sim_oracle_find(&sim->oracle, held[i].origin, held[i].seq);

        sim_require(sim, SIM_HUB, draft != NULL,
                    "I2 what is held back was saved by somebody");
        if (draft->held == TIP_HOLD_NONE) {
            add(sim, draft, held[i].reason);
        }
        sim_require(sim, SIM_HUB, draft->held == held[i].reason,
                    "I14 what is held back keeps its reason");
    }
    sim_require(sim, SIM_HUB, held_count == sim->hub.held.count,
                "I1 what is held back stays");
    for (size_t i = 0; i < device_count; i++) {
        check_fates(sim, sim_party_of(devices[i].origin), devices[i].seq);
    }
}

void sim_held_keep(struct sim *sim)
{
    sim->hub.durable_held = sim->hub.held.count;
}

void sim_held_take_back(struct sim *sim)
{
    struct sim_hub *hub = &sim->hub;

    while (hub->held.count > hub->durable_held) {
        struct sim_draft *draft =
            &sim->oracle.drafts[hub->held.records[--hub->held.count]];

        draft->limbo_held = draft->held;
        draft->held = TIP_HOLD_NONE;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        hub->judged[party] = hub->durable[party];
    }
}

void sim_held_reopened(struct sim *sim)
{
    sim_held_note(sim);
    sim_held_keep(sim);
    for (size_t i = 0; i < sim->oracle.draft_count; i++) {
        sim->oracle.drafts[i].limbo_held = TIP_HOLD_NONE;
    }
}
