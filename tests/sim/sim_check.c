/*
 * Invariants. What is cheap is checked after every event; everything is checked
 * after every boot and at the end.
 */
#include <string.h>

#include "sim.h"
#include "sim_member.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_wire_record.h"

/* With work to send and an open line, the hub must have more of it by then. */
#define PROGRESS_MS (2 * SIM_DAY_MS)

/* What of @record can be visible there. Channel REF has a checkpoint of its
 * own; that it never falls is checked here, where it ends in sim_check_end. */
static struct sim_view view_of(struct sim *sim, uint32_t party, uint32_t record,
                               const struct tip_record *actual)
{
    struct sim_view view = {.party = party, .checkpoint = UINT64_MAX};

    if (party != SIM_HUB && !sim_member_is_for_all(&sim->oracle, record)) {
        return sim_member_view(&sim->oracle, record, party,
                               sim->offices[party].checkpoint);
    }
    if (party != SIM_HUB) {
        view.checkpoint = 0;
        for (size_t i = 0; i < actual->write_count; i++) {
            if (actual->writes[i].commit > view.checkpoint) {
                view.checkpoint = actual->writes[i].commit;
            }
        }
    }
    view.others = view.checkpoint;
    return view;
}

/* Has the hub merged anything of @record? */
static bool is_merged(const struct sim_oracle *oracle, uint32_t record)
{
    return !oracle->records[record].is_lost &&
           oracle->drafts[oracle->records[record].birth].commit != 0;
}

/* Must people at @party see @record? */
static bool is_due(const struct sim *sim, uint32_t party, uint32_t record)
{
    if (party == SIM_HUB) {
        return is_merged(&sim->oracle, record);
    }
    return !sim_member_is_for_all(&sim->oracle, record) &&
           sim_member_is_due(&sim->oracle, record, party,
                             sim->offices[party].checkpoint);
}

void sim_check_record(struct sim *sim, uint32_t party, uint32_t record)
{
    struct tip_record actual;
    struct sim_view view;
    const char *broken;

    if (!sim_form_look(sim, party, record, &actual)) {
        sim_require(sim, party, !is_due(sim, party, record),
                    "I1 a record that is due is there");
        return;
    }
    sim_require(sim, party,
                is_due(sim, party, record) ||
                    sim_member_is_for_all(&sim->oracle, record),
                "I11 nobody has a record that is not theirs, or no more");
    view = view_of(sim, party, record, &actual);
    broken = sim_oracle_compare(&sim->oracle, &view, record, &actual);
    sim_count(sim, SIM_TOTAL_RECORD_CHECKS);
    if (broken != NULL) {
        sim_note(sim, "record", party, record, view.checkpoint);
        sim_fail(sim, party, broken);
    }
}

void sim_check_all(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_FULL_CHECKS);
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        if (!sim->oracle.records[i].is_lost) {
            sim_check_record(sim, party, i);
        }
    }
}

/* How many of the change-sets of @party up to @seq wait at the hub; every other
 * one of them must be merged. */
static uint64_t count_held(const struct sim *sim, uint32_t party, uint64_t seq)
{
    uint64_t held = 0;

    for (uint64_t i = 1; i <= seq; i++) {
        const struct sim_draft *draft =
            sim_oracle_find(&sim->oracle, sim_origin_of(party), i);

        sim_require(sim, party,
                    draft != NULL &&
                        (draft->commit != 0 || draft->held != TIP_HOLD_NONE),
                    "I21 what is shown as merged has a commit");
        held += draft->held != TIP_HOLD_NONE ? 1 : 0;
    }
    return held;
}

/* Is what the node shows of its own work true? */
static void check_states(struct sim *sim, struct sim_office *office)
{
    uint32_t party = office->machine.party;
    struct node_status status;

    node_engine_status(office->engine, &status);
    sim_require(sim, party, status.confirmed <= sim->hub.durable[party],
                "I21 what is shown as at the hub is durable there");
    sim_require(sim, party, status.framed <= status.saved,
                "I21 what is shown as framed was saved");
    sim_require(sim, party, status.decided <= sim->hub.durable[party],
                "I21 what is shown as merged is at the hub");
    sim_require(sim, party,
                status.held_count == count_held(sim, party, status.decided),
                "I21 what waits at the hub, and no more, is shown so");
    sim_require(sim, party, status.trouble != TIP_EDIVERGED,
                "I10 what the hub tells fits what it told before");
    sim_require(sim, party, status.agreement != TIP_AGREEMENT_DIFFERS,
                "I10 an office holds what the hub's digest says");
    if (status.confirmed > office->confirmed ||
        status.confirmed == status.saved || !sim_line_is_open(sim, party) ||
        !office->line.node_sees_it || !office->line.hub_sees_it ||
        !sim->hub.machine.is_up || sim->hub.machine.is_disk_full ||
        sim->hub.machine.is_disk_failed || office->machine.is_disk_full ||
        office->machine.is_disk_failed) {
        office->progress_ms = sim->now_ms;
    }
    if (status.confirmed > office->confirmed) {
        office->confirmed = status.confirmed;
    }
    sim_require(sim, party, sim->now_ms - office->progress_ms <= PROGRESS_MS,
                "I14 work is on its way while the line is open");
}

void sim_check_event(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_CHECKS];

    if (party != SIM_HUB) {
        check_states(sim, &sim->offices[party]);
    }
    if (sim->oracle.record_count != 0 && tip_prng_chance(prng, 10)) {
        uint32_t record =
            tip_prng_below(prng, (uint32_t)sim->oracle.record_count);

        if (!sim->oracle.records[record].is_lost &&
            (sim->oracle.records[record].holders >> party & 1) != 0) {
            sim_check_record(sim, party, record);
        }
    }
}

/* Has @party every record for everybody, as it is at the hub? */
static bool has_directives(struct sim *sim, uint32_t party)
{
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        struct tip_record actual;
        struct sim_view view;
        const char *broken;

        if (!sim_member_is_for_all(&sim->oracle, i) ||
            sim->oracle.records[i].is_lost) {
            continue;
        }
        if (!sim_form_look(sim, party, i, &actual)) {
            return false;
        }
        view = (struct sim_view){
            .party = party, .checkpoint = UINT64_MAX, .others = UINT64_MAX};
        broken = sim_oracle_compare(&sim->oracle, &view, i, &actual);
        if (broken != NULL) {
            return false;
        }
    }
    return true;
}

bool sim_check_converged(struct sim *sim)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        struct node_status status;

        if (!sim->offices[party].machine.is_up || !sim->hub.machine.is_up) {
            return false;
        }
        node_engine_status(sim->offices[party].engine, &status);
        if (status.confirmed != status.saved ||
            status.decided != status.saved ||
            status.checkpoint < sim_member_newest(&sim->oracle, party)) {
            return false;
        }
    }
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        if (!has_directives(sim, party)) {
            return false;
        }
    }
    return true;
}

static struct tip_txn *reading(struct sim *sim, uint32_t party)
{
    struct tip_txn *txn = NULL;
    enum tip_err err = party == SIM_HUB
                           ? hub_engine_txn(sim->hub.engine, &txn)
                           : node_engine_txn(sim->offices[party].engine, &txn);

    sim_require(sim, party, err == TIP_OK, "a store can always be read");
    return txn;
}

/* Every frame of the feed lies at node and hub with the same bytes and head. */
static void check_chain(struct sim *sim, uint32_t party)
{
    struct tip_txn *node = reading(sim, party);
    struct tip_txn *hub = reading(sim, SIM_HUB);
    uint32_t origin = sim_origin_of(party);
    uint64_t seq = 1;

    while (seq <= sim->oracle.feeds[party].count) {
        struct tip_head node_head, hub_head;
        struct tip_bytes node_frame;
        struct tip_bytes hub_frame = TIP_BYTES_NONE;
        uint64_t first;
        bool found = tip_frame_row_find(node, origin, seq, &first, &node_head,
                                        &node_frame) == TIP_OK &&
                     first == seq &&
                     tip_frame_row_find(hub, origin, seq, &first, &hub_head,
                                        &hub_frame) == TIP_OK;

        sim_require(sim, party, found && first == seq,
                    "I3 a feed is at the hub without a hole");
        sim_require(sim, party,
                    tip_bytes_equal(node_frame, hub_frame) &&
                        memcmp(&node_head, &hub_head, sizeof node_head) == 0,
                    "I4 node and hub have the same frames and heads");
        seq = node_head.number + 1;
    }
    sim_require(sim, party, seq == sim->oracle.feeds[party].count + 1,
                "I3 a feed ends where its node does");
}

/* Mark what died into the history of @ordinal as found. */
static void mark_dead(struct sim *sim, uint32_t record, uint32_t ordinal)
{
    struct tip_txn *txn = reading(sim, SIM_HUB);
    struct tip_bytes value;
    struct tip_key key = TIP_KEY(ordinal, 0);

    while (tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key, &key,
                        &value) == TIP_OK &&
           key.hi == ordinal) {
        struct tip_wire_dead dead;

        sim_require(sim, SIM_HUB,
                    tip_wire_dead_decode(value, &sim->arena, &dead) == TIP_OK,
                    "I7 the history can be read");
        for (size_t i = 0; i < dead.record.sibling_count; i++) {
            const struct tip_sibling *sibling = &dead.record.siblings[i];
            uint32_t write = sim_oracle_find_write(
                &sim->oracle, record, tip_record_write(&dead.record, sibling),
                sibling);

            sim_require(sim, SIM_HUB,
                        write != SIM_NONE &&
                            tip_value_equal(&sibling->value,
                                            &sim->oracle.writes[write].value),
                        "I2 the history holds what was saved");
            sim->oracle.writes[write].dead_mark = sim->oracle.mark;
        }
        key = tip_key_next(key);
    }
}

/* Every write to @record is live at the hub or in its history, never both. */
static void check_history(struct sim *sim, uint32_t record)
{
    struct sim_oracle *oracle = &sim->oracle;
    struct tip_record_ref ref = {.id = oracle->records[record].id};
    struct tip_record live;
    uint32_t ordinal;

    if (!sim_form_look(sim, SIM_HUB, record, &live) ||
        tip_record_table_find(hub_engine_records(sim->hub.engine),
                              reading(sim, SIM_HUB), &ref,
                              &ordinal) != TIP_OK) {
        sim_fail(sim, SIM_HUB, "I1 a record that is due is there");
    }
    oracle->mark++;
    mark_dead(sim, record, ordinal);
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

            is_live = is_live || (by->origin == sim_origin_of(draft->party) &&
                                  by->seq == draft->seq);
        }
        sim_require(sim, SIM_HUB,
                    draft->is_lost || draft->held != TIP_HOLD_NONE ||
                        is_live != (write->dead_mark == oracle->mark),
                    "I7 every write is live or in the history");
    }
}

static bool is_complete(const struct sim *sim)
{
    for (size_t i = 0; i < sim->oracle.draft_count; i++) {
        const struct sim_draft *draft = &sim->oracle.drafts[i];

        if (!draft->is_lost && draft->commit == 0 &&
            draft->held == TIP_HOLD_NONE) {
            return false;
        }
    }
    return true;
}

/* At the end each office has compared all it holds. */
static void check_agreement(struct sim *sim, uint32_t party)
{
    struct node_status status;

    node_engine_status(sim->offices[party].engine, &status);
    sim_require(sim, party, status.agreement == TIP_AGREEMENT_EQUAL,
                "I10 an office and the hub agree on what it holds");
}

void sim_check_end(struct sim *sim)
{
    sim_require(sim, SIM_HUB, is_complete(sim),
                "I10 everything that was saved is merged, or waits for cause");
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        sim_check_all(sim, party);
        if (party != SIM_HUB) {
            check_chain(sim, party);
            check_agreement(sim, party);
        }
    }
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        if (!sim->oracle.records[i].is_lost) {
            check_history(sim, i);
        }
    }
    sim_watch_recount(sim);
    sim->totals.counts[SIM_TOTAL_NONCES] += sim->nonces.count;
}
