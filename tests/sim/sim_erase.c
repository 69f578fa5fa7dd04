/*
 * Erasures. The hub's place for one is an entry of the oracle's order; at an
 * office it counts from when the engine says that it was carried out, which is
 * before the first checkpoint behind it.
 */
#include "sim_erase.h"

#include "hub_erasure.h"
#include "sim_check.h"
#include "sim_machine.h"
#include "sim_memory.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_rules.h"
#include "sim_works.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_wire_up.h"

#define LATE_MS (7 * SIM_DAY_MS)

static const struct hub_erasure_step first_person = {.account = "salka",
                                                     .uid = 1};

/* The newest erasure that was carried out at @office. */
static uint64_t newest_at(const struct sim_office *office)
{
    struct node_erasing erasing;

    node_engine_erasing(office->engine, &erasing);
    return erasing.newest;
}

bool sim_erase_is_done(const struct sim *sim, uint32_t party, uint32_t record)
{
    uint64_t erased = sim_oracle_erased(&sim->oracle, record);

    return erased != 0 &&
           (party == SIM_HUB || newest_at(&sim->offices[party]) >= erased);
}

void sim_erase_note(struct sim *sim, struct sim_office *office,
                    uint64_t checkpoint)
{
    uint32_t party = office->machine.party;
    uint64_t newest = newest_at(office);

    sim_require(sim, party, newest >= office->erased,
                "I9 what an office has erased stays erased");
    for (size_t i = 0; i < sim->hub.erased.count; i++) {
        uint32_t record = sim->hub.erased.records[i];
        uint64_t erased = sim_oracle_erased(&sim->oracle, record);

        sim_require(sim, party, erased > checkpoint || erased <= newest,
                    "I9 no checkpoint behind an erasure comes before it");
        if (erased > office->erased && erased <= newest &&
            sim->now_ms - sim->oracle.records[record].erased_ms > LATE_MS) {
            sim_count(sim, SIM_TOTAL_ERASED_LATE);
        }
    }
    office->erased = newest;
}

/* The decision that waits for a second person; else one with the next number.
 */
static bool find_asked(struct sim *sim, struct hub_erasure *out_erasure)
{
    struct tip_txn *txn = sim_check_reading(sim, SIM_HUB);
    uint64_t number = 0;

    while (hub_erasure_next(txn, number, out_erasure) == TIP_OK) {
        if (out_erasure->state == HUB_ERASURE_ASKED) {
            return true;
        }
        number = out_erasure->number;
    }
    *out_erasure =
        (struct hub_erasure){.number = number + 1, .asked = first_person};
    return false;
}

static void keep(struct sim *sim, const struct hub_erasure *erasure)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_write_txn(sim->hub.engine, &txn);

    if (err == TIP_OK) {
        err = hub_erasure_store(txn, erasure);
        if (err != TIP_OK) {
            hub_engine_fail(sim->hub.engine, err);
        }
    }
}

static void ask(struct sim *sim, struct hub_erasure *erasure)
{
    uint32_t record = sim_people_pick(sim, SIM_HUB);
    struct tip_record view;

    if (record != SIM_NONE && sim_form_look(sim, SIM_HUB, record, &view)) {
        erasure->record = view.id;
        keep(sim, erasure);
    }
}

/* The engine said @err to the erasure of @record. */
static void judge(struct sim *sim, uint32_t record, enum tip_err err)
{
    struct sim_machine *machine = &sim->hub.machine;
    struct sim_known *erased = &sim->hub.erased;

    if (err != TIP_OK) {
        machine->incarnation++; /* What it had taken in is gone. */
        sim_require(sim, SIM_HUB,
                    sim_machine_is_dead(machine) || machine->recovers ||
                        machine->is_disk_failed || machine->expects_full,
                    "I9 what two persons decided is erased");
        return;
    }
    sim->oracle.records[record].erased_ms = sim->now_ms;
    erased->records =
        sim_memory_room(erased->records, erased->count, &erased->capacity,
                        sizeof *erased->records);
    erased->records[erased->count++] = record;
    sim_require(sim, SIM_HUB, sim_erase_is_done(sim, SIM_HUB, record),
                "I9 what two persons decided is erased");
    if (!sim_machine_is_dead(machine)) {
        sim_held_note(sim);
    }
}

static void confirm(struct sim *sim, struct hub_erasure *erasure)
{
    const struct tip_clock *clock = &sim->hub.machine.clock.base;
    uint32_t record = sim_oracle_find_record(&sim->oracle, &erasure->record);
    /* Decided before the hub was put back, and told to it since. */
    bool was_erased = sim_erase_is_done(sim, SIM_HUB, record);
    enum tip_err err;

    sim_require(sim, SIM_HUB,
                hub_erasure_check(erasure, first_person.account, 2) ==
                        TIP_ESAMEPERSON &&
                    hub_erasure_check(erasure, "brahim", first_person.uid) ==
                        TIP_ESAMEPERSON,
                "I9 one person alone erases nothing");
    sim_count(sim, SIM_TOTAL_ERASED_ALONE);
    sim_require(sim, SIM_HUB, hub_erasure_check(erasure, "brahim", 2) == TIP_OK,
                "a second person may confirm it");
    sim_note(sim, "erase", SIM_HUB, record, 0);
    sim->hub.erasing = record;
    err = hub_engine_erase(sim->hub.engine, &erasure->record,
                           clock->now_ms(clock), &erasure->commit);
    sim->hub.erasing = SIM_NONE;
    sim_require(sim, SIM_HUB, !was_erased || err != TIP_OK,
                "I9 what was erased is not erased again");
    if (was_erased && err == TIP_EERASED) {
        return;
    }
    judge(sim, record, err);
    if (err == TIP_OK) {
        erasure->state = HUB_ERASURE_CONFIRMED;
        keep(sim, erasure);
    }
}

/* One person of the secretariat asks, the next time another confirms. */
void sim_work_erase(struct sim *sim, uint32_t party)
{
    struct hub_erasure erasure;

    if (party != SIM_HUB) {
        return;
    }
    if (find_asked(sim, &erasure)) {
        confirm(sim, &erasure);
    } else {
        ask(sim, &erasure);
    }
}

/* Has everybody carried out everything, down to what stores throw away? */
bool sim_arrived_erasures(struct sim *sim, uint32_t party)
{
    struct hub_erasing hub;
    struct node_erasing node;

    hub_engine_erasing(sim->hub.engine, &hub);
    if (party == SIM_HUB) {
        return hub.done == hub.newest;
    }
    node_engine_erasing(sim->offices[party].engine, &node);
    return node.newest == hub.newest && node.done == node.newest;
}

static bool touches_erased(const struct sim_oracle *oracle,
                           const struct sim_draft *draft)
{
    return sim_oracle_survivors(oracle, draft, UINT64_MAX) <
           draft->record_count;
}

bool sim_erase_has_touched(const struct sim *sim, uint32_t party,
                           uint64_t first, uint64_t last)
{
    for (uint64_t seq = first; seq <= last; seq++) {
        const struct sim_draft *draft =
            sim_oracle_own(&sim->oracle, party, seq);

        if (draft != NULL && touches_erased(&sim->oracle, draft)) {
            return true;
        }
    }
    return false;
}

/* How many writes of @draft may still be told. */
static size_t count_left(const struct sim_oracle *oracle,
                         const struct sim_draft *draft)
{
    size_t left = 0;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        uint32_t record = oracle->writes[draft->write_first + i].record;

        left += sim_oracle_erased(oracle, record) == 0 ? 1 : 0;
    }
    return left;
}

/* Had the author of write @w, which was refused, written over it in a save that
 * was merged before that? Only a hub that was put back brings that about. */
static bool is_overtaken(const struct sim_oracle *oracle, uint32_t w)
{
    const struct sim_write *write = &oracle->writes[w];
    const struct sim_draft *draft = &oracle->drafts[write->draft];

    for (uint32_t x = oracle->records[write->record].newest; x != SIM_NONE;
         x = oracle->writes[x].next) {
        const struct sim_write *later = &oracle->writes[x];
        const struct sim_draft *by = &oracle->drafts[later->draft];

        if (by->party == draft->party && by->seq > draft->seq &&
            by->commit != 0 && by->commit < draft->refused &&
            later->field == write->field && later->element == write->element) {
            return true;
        }
    }
    return false;
}

/* How many writes of @draft its author may have put into the history. */
static size_t count_overtaken(const struct sim_oracle *oracle,
                              const struct sim_draft *draft)
{
    size_t count = 0;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        count += is_overtaken(oracle, draft->write_first + i) ? 1 : 0;
    }
    return count;
}

/* Open the frame of @office with @draft that lies in @txn under @origin, and
 * look whether it says more of the draft than it may. */
static bool says_too_much(struct sim *sim, const struct sim_office *office,
                          struct tip_txn *txn, uint32_t origin,
                          const struct sim_draft *draft)
{
    struct tip_frame_header header;
    struct tip_wire_sender sender = {.header = &header};
    struct tip_wire_frame parts;
    struct tip_frame_key key;
    struct tip_bytes frame, packed;
    struct tip_codec *codec;
    struct tip_up_body body;
    struct tip_head head;
    uint64_t first;
    bool is_read;

    tip_arena_clear(&sim->arena);
    tip_frame_key_derive(&office->identity.office_secret, TIP_CHAIN_UP, &key);
    sim_require(sim, office->machine.party, tip_codec_new(0, &codec) == TIP_OK,
                "there is memory");
    is_read = tip_frame_row_find(txn, origin, draft->seq, &first, &head,
                                 &frame) == TIP_OK &&
              tip_envelope_read(frame, &parts, &header) == TIP_OK &&
              tip_envelope_open(&key, &header, &parts, &sim->arena, &packed) ==
                  TIP_OK &&
              tip_wire_up_decode(codec, &sender, packed, &sim->arena, &body) ==
                  TIP_OK;
    tip_codec_free(codec);
    return !is_read || body.sets[draft->seq - first].change_count !=
                           count_left(&sim->oracle, draft);
}

/* Frames of @party say nothing more of what was erased. */
static void check_frames(struct sim *sim, uint32_t party)
{
    const struct sim_office *office = &sim->offices[party];
    struct tip_txn *node = sim_check_reading(sim, party);
    struct tip_txn *hub = sim_check_reading(sim, SIM_HUB);

    for (uint64_t seq = 1; seq <= sim->oracle.feeds[party].count; seq++) {
        const struct sim_draft *draft =
            sim_oracle_own(&sim->oracle, party, seq);

        sim_require(
            sim, party,
            !touches_erased(&sim->oracle, draft) ||
                (!says_too_much(sim, office, node, office->identity.origin,
                                draft) &&
                 !says_too_much(sim, office, hub, draft->origin, draft)),
            "I9 no frame says more of what was erased");
    }
}

/* What is kept of what people decided says nothing more of it either, nor less.
 */
static void check_decisions(struct sim *sim, uint32_t party)
{
    struct node_engine *engine = sim->offices[party].engine;
    struct node_decision decision = {.commit = 0};

    tip_arena_clear(&sim->arena);
    while (node_engine_decision(engine, decision.ruling.first_seq, &sim->arena,
                                &decision) == TIP_OK) {
        const struct sim_draft *draft =
            sim_oracle_own(&sim->oracle, party, decision.ruling.first_seq);

        size_t count = decision.set.change_count;
        size_t left;

        sim_require(sim, party, draft != NULL,
                    "I2 what was decided was saved by somebody");
        left = count_left(&sim->oracle, draft);
        sim_require(sim, party,
                    count <= left &&
                        count + count_overtaken(&sim->oracle, draft) >= left,
                    "I9 no decision says more of what was erased");
    }
}

static void check_history(struct sim *sim, uint32_t party, uint32_t record)
{
    const struct tip_record_ref ref = {.id = sim->oracle.records[record].id};
    const struct tip_record_table *table =
        party == SIM_HUB ? hub_engine_records(sim->hub.engine)
                         : node_engine_records(sim->offices[party].engine);
    struct tip_txn *txn = sim_check_reading(sim, party);
    struct tip_bytes row;
    struct tip_key key = {.hi = 0};
    uint32_t ordinal;

    sim_require(sim, party,
                tip_record_table_find(table, txn, &ref, &ordinal) != TIP_OK ||
                    tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER,
                                 TIP_KEY(ordinal, 0), &key, &row) != TIP_OK ||
                    key.hi != ordinal,
                "I9 nothing of what was erased is in the history");
}

/* Of what was erased everybody has the name, and nobody anything else. */
void sim_rule_erased(struct sim *sim, uint32_t party)
{
    for (size_t i = 0; i < sim->hub.erased.count; i++) {
        uint32_t record = sim->hub.erased.records[i];

        if (sim_oracle_erased(&sim->oracle, record) != 0) {
            sim_check_record(sim, party, record);
            check_history(sim, party, record);
        }
    }
    if (party != SIM_HUB) {
        check_frames(sim, party);
        check_decisions(sim, party);
    }
}
