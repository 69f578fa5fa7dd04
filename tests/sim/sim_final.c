/* Once all is well: every feed, every history, every figure. */
#include <string.h>

#include "sim_check.h"
#include "sim_erase.h"
#include "sim_frames.h"
#include "sim_history.h"
#include "sim_people.h"
#include "sim_rules.h"
#include "tip_ctl_log.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_wire_record.h"

/* Every frame of the feed lies at node and hub with the same bytes and head. */
void sim_rule_chain(struct sim *sim, uint32_t party)
{
    struct tip_txn *node = sim_check_reading(sim, party);
    struct tip_txn *hub = sim_check_reading(sim, SIM_HUB);
    const struct sim_office *office = &sim->offices[party];
    uint64_t seq = 1;

    if (party == SIM_HUB) {
        return;
    }
    while (seq <= sim->oracle.feeds[party].count) {
        struct tip_head node_head, hub_head;
        struct tip_bytes node_frame;
        struct tip_bytes hub_frame = TIP_BYTES_NONE;
        uint64_t first;
        const struct sim_draft *draft =
            sim_oracle_own(&sim->oracle, party, seq);
        bool found =
            tip_frame_row_find(node, office->identity.origin, seq, &first,
                               &node_head, &node_frame) == TIP_OK &&
            first == seq &&
            tip_frame_row_find(hub, draft->origin, seq, &first, &hub_head,
                               &hub_frame) == TIP_OK;

        sim_require(sim, party, found && first == seq,
                    "I3 a feed is at the hub without a hole");
        sim_require(
            sim, party,
            memcmp(&node_head, &hub_head, sizeof node_head) == 0 &&
                (tip_bytes_equal(node_frame, hub_frame) ||
                 sim_erase_has_touched(sim, party, seq, node_head.number)),
            "I4 node and hub have the same frames and heads");
        seq = node_head.number + 1;
    }
    sim_require(sim, party, seq == sim->oracle.feeds[party].count + 1,
                "I3 a feed ends where its node does");
}

/* Has @party all that everybody must obey? */
bool sim_arrived_control(struct sim *sim, uint32_t party)
{
    struct tip_txn *own = sim_check_reading(sim, party);
    struct tip_txn *hub = sim_check_reading(sim, SIM_HUB);
    uint64_t count = 0;
    uint64_t hub_count = 0;

    return tip_ctl_log_count(own, &count) == TIP_OK &&
           tip_ctl_log_count(hub, &hub_count) == TIP_OK && count == hub_count;
}

/* Everybody was told to obey the same, in the same order. */
void sim_rule_control(struct sim *sim, uint32_t party)
{
    struct tip_txn *own = sim_check_reading(sim, party);
    struct tip_txn *hub = sim_check_reading(sim, SIM_HUB);
    uint64_t count = 0;

    sim_require(sim, party,
                sim_arrived_control(sim, party) &&
                    tip_ctl_log_count(own, &count) == TIP_OK &&
                    count >= SIM_PARTIES - 1,
                "I10 everybody has the whole control log");
    for (uint64_t i = 1; i <= count; i++) {
        struct tip_ctl_entry a, b;

        sim_require(sim, party,
                    tip_ctl_log_get(own, i, &sim->arena, &a) == TIP_OK &&
                        tip_ctl_log_get(hub, i, &sim->arena, &b) == TIP_OK &&
                        a.commit == b.commit &&
                        tip_bytes_equal(a.bytes, b.bytes),
                    "I10 the control log is the same everywhere");
    }
}

/* What died into the history of a record is marked as found. */
struct marking {
    struct sim *sim;
    uint32_t record;
};

static void mark_dead(void *context, const struct tip_record *dead)
{
    const struct marking *marking = context;
    struct sim *sim = marking->sim;

    for (size_t i = 0; i < dead->sibling_count; i++) {
        const struct tip_sibling *sibling = &dead->siblings[i];
        uint32_t write =
            sim_oracle_find_write(&sim->oracle, SIM_HUB, marking->record,
                                  tip_record_write(dead, sibling), sibling);

        sim_require(sim, SIM_HUB,
                    write != SIM_NONE &&
                        tip_value_equal(&sibling->value,
                                        &sim->oracle.writes[write].value),
                    "I2 the history holds what was saved");
        sim->oracle.writes[write].dead_mark = sim->oracle.mark;
    }
}

/* Every write to @record is live at the hub or in its history, never both. */
static void check_history(struct sim *sim, uint32_t record)
{
    struct sim_oracle *oracle = &sim->oracle;
    struct marking marking = {.sim = sim, .record = record};
    struct tip_record live;

    if (!sim_form_look(sim, SIM_HUB, record, &live)) {
        sim_fail(sim, SIM_HUB, "I1 a record that is due is there");
    }
    oracle->mark++;
    sim_history_walk(sim, record, mark_dead, &marking);
    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_write *write = &oracle->writes[w];
        const struct sim_draft *draft = &oracle->drafts[write->draft];
        struct tip_cell cell =
            tip_record_cell(&live, write->field, write->element);
        bool is_live = false;

        for (size_t i = 0; i < cell.count; i++) {
            const struct tip_write *by =
                tip_record_write(&live, &cell.siblings[i]);

            is_live = is_live ||
                      (by->origin == draft->origin && by->seq == draft->seq);
        }
        sim_require(sim, SIM_HUB,
                    draft->is_lost || draft->held != TIP_HOLD_NONE ||
                        is_live != (write->dead_mark == oracle->mark),
                    "I7 every write is live or in the history");
    }
}

/* Of @party's saves each is merged, or waits. */
void sim_rule_complete(struct sim *sim, uint32_t party)
{
    for (uint64_t seq = 1; seq <= sim->oracle.feeds[party].count; seq++) {
        const struct sim_draft *draft =
            sim_oracle_own(&sim->oracle, party, seq);
        bool is_destroyed = sim_oracle_is_destroyed(&sim->oracle, draft);

        if (is_destroyed) {
            sim_count(sim, SIM_TOTAL_ERASED_WORK);
        }
        sim_require(sim, party,
                    draft->is_lost || sim_draft_is_decided(draft) ||
                        draft->held != TIP_HOLD_NONE || is_destroyed,
                    "I10 everything that was saved is merged, or waits for "
                    "cause");
    }
}

void sim_rule_history(struct sim *sim, uint32_t party)
{
    const struct sim_oracle *oracle = &sim->oracle;

    for (uint32_t i = 0; party == SIM_HUB && i < oracle->record_count; i++) {
        if (!oracle->records[i].is_lost && sim_oracle_erased(oracle, i) == 0 &&
            oracle->drafts[oracle->records[i].birth].commit != 0) {
            check_history(sim, i);
        }
    }
}

void sim_rule_nonces(struct sim *sim, uint32_t party)
{
    if (party == SIM_HUB) {
        sim->totals.counts[SIM_TOTAL_NONCES] += sim->nonces.count;
    }
}

/* At the end each office has compared all it holds. */
void sim_rule_agreement(struct sim *sim, uint32_t party)
{
    struct node_status status;

    if (party == SIM_HUB) {
        return;
    }

    node_engine_status(sim->offices[party].engine, &status);
    sim_require(sim, party, status.agreement == TIP_AGREEMENT_EQUAL,
                "I10 an office and the hub agree on what it holds");
}

/* What was struck is whole again. */
void sim_rule_survey(struct sim *sim, uint32_t party)
{
    sim_require(sim, party, sim_frames_called_rotten(sim, party) == 0,
                "I20 what is sound in a store is not called rotten");
}
