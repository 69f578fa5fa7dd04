/*
 * Disks that rot: a record's bytes flip, or its page is gone, behind the back
 * of an engine.
 *
 * Until an office is repaired a record that was struck may be missing there;
 * if it is there, it is as it must be. Who was struck is noted in the oracle,
 * and taken back when the record is seen again. The hub is excused nothing.
 */
#include "sim_rot.h"

#include "fake_store.h"
#include "sim_check.h"
#include "sim_clone.h"
#include "sim_faults.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_people.h"
#include "sim_rules.h"
#include "tip_wire_record.h"

enum { STRUCK_MAX = SIM_STRUCK_MAX };

/* The record of the oracle that lies under @ordinal there; none. */
static uint32_t record_at(struct sim *sim, struct sim_machine *machine,
                          uint32_t ordinal)
{
    struct tip_wire_record_peek head;
    struct tip_bytes value;
    struct tip_txn *txn;
    uint32_t found = SIM_NONE;

    if (tip_store_begin(&machine->store->base, TIP_TXN_READ, &txn) != TIP_OK) {
        return SIM_NONE;
    }
    if (tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &value) ==
            TIP_OK &&
        tip_wire_record_peek(value, &head) == TIP_OK) {
        for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
            if (tip_id_equal(&sim->oracle.records[i].id, &head.id)) {
                found = i;
            }
        }
    }
    tip_txn_abort(txn);
    return found;
}

static void mark(struct sim *sim, uint32_t party, uint32_t record)
{
    sim->oracle.records[record].rotten |= 1U << party;
}

void sim_rot_lose_all(struct sim *sim, uint32_t party)
{
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        mark(sim, party, i);
    }
}

bool sim_rot_excuses(const struct sim *sim, uint32_t party, uint32_t record)
{
    return (sim->oracle.records[record].rotten >> party & 1) != 0;
}

void sim_rot_seen(struct sim *sim, uint32_t party, uint32_t record)
{
    if (sim_rot_excuses(sim, party, record)) {
        sim->oracle.records[record].rotten &= ~(1U << party);
        sim_count(sim, sim->offices[party].is_new ? SIM_TOTAL_BOOTSTRAPPED
                                                  : SIM_TOTAL_ROT_HEALED);
    }
}

/* Of a save of which one record is lost the others come whole again too. */
static bool spread(struct sim *sim, uint32_t party)
{
    bool has_spread = false;

    for (size_t d = 0; d < sim->oracle.draft_count; d++) {
        const struct sim_draft *draft = &sim->oracle.drafts[d];
        bool is_struck = false;

        if (draft->party != party || draft->record_count < 2) {
            continue;
        }
        for (uint32_t i = 0; i < draft->record_count; i++) {
            is_struck =
                is_struck || sim_rot_excuses(sim, party, draft->records[i]);
        }
        for (uint32_t i = 0; i < draft->record_count && is_struck; i++) {
            has_spread =
                has_spread || !sim_rot_excuses(sim, party, draft->records[i]);
            mark(sim, party, draft->records[i]);
        }
    }
    return has_spread;
}

void sim_strike_rot(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_DISKS];
    struct sim_office *office = &sim->offices[party];
    uint32_t count = 1 + tip_prng_below(prng, STRUCK_MAX);
    uint32_t newest;

    if (!sim_machine_is_well(&office->machine) || sim_clone_is(office) ||
        node_engine_flush(office->engine) != TIP_OK) {
        return;
    }
    newest = node_engine_records(office->engine)->next_ordinal;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t ordinal = 1 + tip_prng_below(prng, newest);
        bool is_flip = tip_prng_chance(prng, 50);
        uint32_t record = record_at(sim, &office->machine, ordinal);

        if (record == SIM_NONE) {
            continue;
        }
        sim_count(sim, is_flip ? SIM_TOTAL_FLIPS : SIM_TOTAL_PAGES_LOST);
        sim_note(sim, "rot", party, record, ordinal);
        (void)(is_flip ? fake_store_spoil : fake_store_lose)(
            office->machine.store, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0));
        mark(sim, party, record);
        office->is_rotten = true;
    }
    while (spread(sim, party)) {
    }
}

/* Was a record erased in which the same save wrote? Then its reason may speak
 * of that: frames have lost it, and the hub makes the others again without. */
static bool may_lose_reason(const struct sim *sim,
                            const struct tip_write *write)
{
    const struct sim_oracle *oracle = &sim->oracle;
    const struct sim_draft *draft =
        sim_oracle_find(oracle, SIM_HUB, write->origin, write->seq);
    bool is_erased = false;

    for (uint32_t i = 0; draft != NULL && i < draft->record_count; i++) {
        is_erased =
            is_erased || sim_oracle_erased(oracle, draft->records[i]) != 0;
    }
    return is_erased;
}

/* @row, in sim->arena, as it must be when it is made again; none: it cannot be
 * read. */
static struct tip_bytes to_be_made(struct sim *sim, struct tip_bytes row)
{
    struct tip_bytes made = TIP_BYTES_NONE;
    struct tip_wire_record stored;
    struct tip_buf buf;
    uint8_t *memory;

    tip_arena_clear(&sim->arena);
    memory = tip_arena_alloc(&sim->arena, row.size);
    if (memory == NULL ||
        tip_wire_record_decode(row, &sim->arena, &stored) != TIP_OK) {
        return TIP_BYTES_NONE;
    }
    for (size_t i = 0; i < stored.record.write_count; i++) {
        if (may_lose_reason(sim, &stored.record.writes[i])) {
            stored.record.writes[i].reason = TIP_BYTES_NONE;
        }
    }
    tip_buf_init(&buf, memory, row.size);
    return tip_wire_record_encode(&stored, &buf) == TIP_OK &&
                   tip_buf_finish(&buf, &made) == TIP_OK
               ? made
               : TIP_BYTES_NONE;
}

/* What the row of @ordinal says, in a number; 0: it cannot be read. */
static uint64_t print_of(struct sim *sim, uint32_t ordinal)
{
    struct tip_txn *txn = sim_check_reading(sim, SIM_HUB);
    uint64_t print = UINT64_C(0xcbf29ce484222325);
    struct tip_bytes row;

    if (tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &row) !=
        TIP_OK) {
        return 0;
    }
    row = to_be_made(sim, row);
    for (size_t i = 0; i < row.size; i++) {
        print = (print ^ row.data[i]) * UINT64_C(0x100000001b3);
    }
    return row.size == 0 ? 0 : print;
}

/* Has the record in the place of @ordinal a history? */
static bool has_history(struct sim *sim, uint32_t ordinal)
{
    struct tip_txn *txn = sim_check_reading(sim, SIM_HUB);
    struct tip_bytes row;
    struct tip_key key;

    return tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER,
                        TIP_KEY(ordinal, 0), &key, &row) == TIP_OK &&
           key.hi == ordinal;
}

/* Choose what is struck, and note what it says. A page that is gone behind the
 * last record would leave no gap. */
static void choose(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_DISKS];
    uint32_t newest = hub_engine_records(sim->hub.engine)->next_ordinal - 1;
    uint32_t count = 1 + tip_prng_below(prng, STRUCK_MAX);

    for (uint32_t i = 0; i < count && newest > 0; i++) {
        struct sim_struck *struck = &sim->hub.struck[i];

        struck->ordinal = 1 + tip_prng_below(prng, newest);
        struck->record = record_at(sim, &sim->hub.machine, struck->ordinal);
        sim_require(sim, SIM_HUB, struck->record != SIM_NONE,
                    "I2 every record was saved by somebody");
        struck->has_history = has_history(sim, struck->ordinal);
        struck->is_flip =
            tip_prng_chance(prng, 50) || struck->ordinal == newest;
        struck->print = print_of(sim, struck->ordinal);
    }
}

void sim_strike_hub_rot(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (!sim_machine_is_calm(machine)) {
        return;
    }
    sim_require(sim, party, hub_engine_flush(sim->hub.engine) == TIP_OK,
                "a disk that is well takes everything");
    choose(sim);
    sim_machine_crash(sim, machine);
    for (size_t i = 0; i < STRUCK_MAX; i++) {
        const struct sim_struck *struck = &sim->hub.struck[i];

        if ((struck->is_flip ? fake_store_spoil : fake_store_lose)(
                machine->store, TIP_TABLE_RECORD,
                TIP_KEY(struck->ordinal, 0))) {
            sim_count(sim, SIM_TOTAL_HUB_ROT);
            sim_note(sim, "rot", party, struck->ordinal, struck->is_flip);
        }
    }
}

/* Where the hub finds what was struck at @struck; 0: nowhere. */
static uint32_t place_of(struct sim *sim, const struct sim_struck *struck)
{
    const struct tip_record_ref ref = {
        .id = sim->oracle.records[struck->record].id};
    uint32_t ordinal;

    return tip_record_table_find(hub_engine_records(sim->hub.engine),
                                 sim_check_reading(sim, SIM_HUB), &ref,
                                 &ordinal) == TIP_OK
               ? ordinal
               : 0;
}

/* Is what was struck at @struck there again? Nothing but its history says that
 * it was in this place and no other: nobody sees where it lies. */
static bool is_again(struct sim *sim, const struct sim_struck *struck)
{
    uint32_t ordinal = place_of(sim, struck);

    return print_of(sim, ordinal) == struck->print &&
           has_history(sim, ordinal) == struck->has_history &&
           (ordinal == struck->ordinal || !struck->has_history);
}

void sim_rot_mended(struct sim *sim)
{
    for (size_t i = 0; i < STRUCK_MAX; i++) {
        struct sim_struck *struck = &sim->hub.struck[i];

        sim_require(sim, SIM_HUB, struck->ordinal == 0 || is_again(sim, struck),
                    "I20 a record that is made again is what was there");
        *struck = (struct sim_struck){.ordinal = 0};
    }
}

/* The weekly reading comes at once. */
void sim_heal_rot(struct sim *sim, uint32_t party)
{
    if (party != SIM_HUB && sim->offices[party].engine != NULL) {
        node_engine_scrub(sim->offices[party].engine);
    }
}

bool sim_arrived_repair(struct sim *sim, uint32_t party)
{
    struct node_status status;
    struct tip_record view;

    if (party == SIM_HUB) {
        return true;
    }
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        if (sim_rot_excuses(sim, party, i) &&
            sim_form_look(sim, party, i, &view)) {
            sim_rot_seen(sim, party, i);
        }
        if (sim_rot_excuses(sim, party, i) &&
            sim_oracle_erased(&sim->oracle, i) == 0 &&
            sim_member_stay(&sim->oracle, i, party,
                            sim->offices[party].checkpoint)
                .is_member) {
            return false;
        }
    }
    node_engine_status(sim->offices[party].engine, &status);
    return (!sim->offices[party].is_rotten && !sim->offices[party].is_new) ||
           (status.agreement == TIP_AGREEMENT_EQUAL && !status.is_sent_again);
}
