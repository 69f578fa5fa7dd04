/* Is what a node shows of itself true, and does it get on? */
#include "sim_clone.h"
#include "sim_feeds.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_restored.h"
#include "sim_rules.h"

/* With work to send and an open line, the hub must have more of it by then. */
#define PROGRESS_MS (2 * SIM_DAY_MS)

/* How many of the change-sets of @party up to @seq wait at the hub; every other
 * one of them must be merged. *out_were: …or waited once. */
static uint64_t count_held(const struct sim *sim, uint32_t party, uint64_t seq,
                           uint64_t *out_were)
{
    uint64_t held = 0;

    *out_were = 0;

    for (uint64_t i = 1; i <= seq; i++) {
        const struct sim_draft *draft = sim_oracle_own(&sim->oracle, party, i);

        sim_require(sim, party,
                    draft != NULL &&
                        (sim_draft_is_decided(draft) ||
                         draft->held != TIP_HOLD_NONE ||
                         sim_oracle_is_destroyed(&sim->oracle, draft)),
                    "I21 what is shown as merged has a commit");
        held += draft->held != TIP_HOLD_NONE ? 1 : 0;
        *out_were += draft->was_held ? 1 : 0;
    }
    return held;
}

/* Is what the node shows of its own work true? */
void sim_rule_states(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    struct node_status status;
    uint64_t held, were;

    if (party == SIM_HUB) {
        return;
    }
    if (sim->hub.is_recovering) { /* It is told when that is over. */
        office->progress_ms = sim->now_ms;
        return;
    }
    node_engine_status(office->engine, &status);
    sim_restored_check(sim, office, &status);
    sim_clone_check(sim, office, &status);
    held = count_held(sim, party, status.decided, &were);
    sim_require(sim, party, status.confirmed <= sim->hub.durable[party],
                "I21 what is shown as at the hub is durable there");
    sim_require(sim, party, status.framed <= status.saved,
                "I21 what is shown as framed was saved");
    sim_require(sim, party, status.decided <= sim->hub.durable[party],
                "I21 what is shown as merged is at the hub");
    sim_require(sim, party,
                status.held_count >= held && status.held_count <= were,
                "I21 what waits at the hub, and no more, is shown so");
    sim_require(sim, party, status.trouble != TIP_EDIVERGED,
                "I10 what the hub tells fits what it told before");
    sim_require(sim, party,
                status.agreement != TIP_AGREEMENT_DIFFERS || office->is_rotten,
                "I10 an office holds what the hub's digest says");
    if (status.confirmed > office->confirmed ||
        status.confirmed == status.saved || status.trouble == TIP_ECLONE ||
        !sim_line_is_open(sim, party) || !office->line.node_sees_it ||
        !office->line.hub_sees_it || !sim_machine_is_well(&sim->hub.machine) ||
        !sim_machine_is_well(&office->machine)) {
        office->progress_ms = sim->now_ms;
    }
    if (status.confirmed > office->confirmed) {
        office->confirmed = status.confirmed;
    }
    sim_require(sim, party, sim->now_ms - office->progress_ms <= PROGRESS_MS,
                "I14 work is on its way while the line is open");
}

bool sim_arrived_changes(struct sim *sim, uint32_t party)
{
    struct node_status status;
    uint64_t were;

    if (!sim_machine_of(sim, party)->is_up) {
        return false;
    }
    if (party == SIM_HUB) {
        return true;
    }
    node_engine_status(sim->offices[party].engine, &status);
    return !sim_feeds_is_split(&sim->oracle, party) &&
           !sim_clone_is(&sim->offices[party]) &&
           status.confirmed == status.saved && status.decided == status.saved &&
           status.held_count == count_held(sim, party, status.decided, &were) &&
           status.checkpoint >= sim_member_newest(&sim->oracle, party);
}
