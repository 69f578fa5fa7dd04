/* Records as they are, compared with what the oracle says. */
#include "sim_check.h"

#include "sim_erase.h"
#include "sim_member.h"
#include "sim_people.h"
#include "sim_rot.h"
#include "sim_rules.h"

/* What of @record can be visible there. Channel REF has a checkpoint of its
 * own; that it never falls is checked here, where it ends in sim_check_end. */
/* Newest commit that is visible at office @party now, durable or not yet: who
 * saves before the next flush is shown it. */
static uint64_t visible_at(const struct sim *sim, uint32_t party)
{
    return node_engine_seen(sim->offices[party].engine).commit;
}

static struct sim_view view_of(struct sim *sim, uint32_t party, uint32_t record,
                               const struct tip_record *actual)
{
    struct sim_view view = {.party = party, .checkpoint = UINT64_MAX};

    if (party != SIM_HUB && !sim_member_is_for_all(&sim->oracle, record)) {
        return sim_member_view(&sim->oracle, record, party,
                               visible_at(sim, party));
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
           sim_oracle_erased(oracle, record) == 0 &&
           oracle->drafts[oracle->records[record].birth].commit != 0;
}

/* Must people at @party see @record? */
static bool is_due(const struct sim *sim, uint32_t party, uint32_t record)
{
    if (party == SIM_HUB) {
        return is_merged(&sim->oracle, record);
    }
    return !sim_member_is_for_all(&sim->oracle, record) &&
           !sim_erase_is_done(sim, party, record) &&
           sim_member_is_due(&sim->oracle, record, party,
                             visible_at(sim, party));
}

void sim_check_record(struct sim *sim, uint32_t party, uint32_t record)
{
    struct tip_record actual;
    struct sim_view view;
    const char *broken;

    if (party == SIM_HUB && sim->hub.is_recovering) {
        return; /* It knows that it does not have everything. */
    }
    if (!sim_form_look(sim, party, record, &actual)) {
        sim_require(sim, party,
                    !is_due(sim, party, record) ||
                        sim_rot_excuses(sim, party, record),
                    "I1 a record that is due is there");
        return;
    }
    sim_rot_seen(sim, party, record);
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

void sim_rule_all_records(struct sim *sim, uint32_t party)
{
    sim_count(sim, SIM_TOTAL_FULL_CHECKS);
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        if (!sim->oracle.records[i].is_lost) {
            sim_check_record(sim, party, i);
        }
    }
}

void sim_rule_some_record(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_CHECKS];
    uint32_t record;

    if (sim->oracle.record_count == 0 || !tip_prng_chance(prng, 10)) {
        return;
    }
    record = tip_prng_below(prng, (uint32_t)sim->oracle.record_count);
    if (!sim->oracle.records[record].is_lost &&
        (sim->oracle.records[record].holders >> party & 1) != 0) {
        sim_check_record(sim, party, record);
    }
}

struct tip_txn *sim_check_reading(struct sim *sim, uint32_t party)
{
    struct tip_txn *txn = NULL;
    enum tip_err err = party == SIM_HUB
                           ? hub_engine_txn(sim->hub.engine, &txn)
                           : node_engine_txn(sim->offices[party].engine, &txn);

    sim_require(sim, party, err == TIP_OK, "a store can always be read");
    return txn;
}

/* Has @party every record for everybody, as it is at the hub? */
bool sim_arrived_directives(struct sim *sim, uint32_t party)
{
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        struct tip_record actual;
        struct sim_view view;
        const char *broken;

        if (!sim_member_is_for_all(&sim->oracle, i) ||
            sim->oracle.records[i].is_lost ||
            sim_oracle_erased(&sim->oracle, i) != 0) {
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
