#include "sim_frames.h"

#include "fake_store.h"
#include "sim_check.h"
#include "sim_clone.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_liar.h"
#include "sim_machine.h"
#include "sim_rules.h"
#include "tip_frame_row.h"
#include "tip_store.h"

enum { FOR_GOOD = 25 /* In so many of a hundred seeds. */ };

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_DISKS];
}

/* Is the row of @frame there, and can it be read? Borrowed as by tip_txn_get().
 */
static bool get(struct sim *sim, uint32_t party, enum tip_table table,
                struct tip_key key, struct tip_bytes *out_row)
{
    return tip_txn_get(sim_check_reading(sim, party), table, key, out_row) ==
           TIP_OK;
}

/* Is the same at the hub as at @party, of whose feed it is there of an earlier
 * origin, perhaps? *out_hub: where. */
static bool is_at_both(struct sim *sim, uint32_t party,
                       const struct sim_frame *frame, struct tip_key *out_hub)
{
    const struct sim_draft *draft;
    struct tip_bytes own, other;

    *out_hub = frame->key;
    if (frame->table == TIP_TABLE_FRAME_UP) {
        draft = sim_oracle_own(&sim->oracle, party, frame->key.lo);
        if (draft == NULL) {
            return false;
        }
        out_hub->hi = draft->origin;
    }
    return get(sim, party, frame->table, frame->key, &own) &&
           get(sim, SIM_HUB, frame->table, *out_hub, &other) &&
           tip_bytes_equal(own, other);
}

/* One of @party's own, or of what the hub has told it. */
static struct sim_frame draw(struct sim *sim, uint32_t party)
{
    const struct node_identity *identity = &sim->offices[party].identity;
    const uint32_t chains[] = {identity->origin, identity->office,
                               TIP_CHANNEL_REF, TIP_CHANNEL_CTL};
    uint32_t which = tip_prng_below(prng_of(sim), 4);
    struct sim_frame frame = {.table = which == 0 ? TIP_TABLE_FRAME_UP
                                                  : TIP_TABLE_FRAME_DOWN,
                              .key = TIP_KEY(chains[which], 0)};
    struct tip_txn *txn = sim_check_reading(sim, party);
    struct tip_bytes row;
    struct tip_key key;
    uint64_t at = (uint64_t)tip_prng_below(prng_of(sim), UINT32_MAX);

    if (tip_txn_seek(txn, frame.table, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(chains[which], UINT64_MAX), &key,
                     &row) == TIP_OK &&
        key.hi == frame.key.hi &&
        tip_txn_seek(txn, frame.table, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(key.hi, 1 + at % key.lo), &key, &row) == TIP_OK &&
        key.hi == frame.key.hi) {
        frame.key.lo = key.lo;
    }
    return frame;
}

/* Is its disk in such a state that nothing else goes on there? */
static bool is_quiet(const struct sim *sim, uint32_t party)
{
    const struct sim_office *office = &sim->offices[party];

    return sim_machine_is_calm(&office->machine) && !office->is_restored &&
           !sim_clone_is(office) && !sim_liar_is(sim, party) &&
           !sim_feeds_is_split(&sim->oracle, party) && sim->hub.machine.is_up &&
           !sim->hub.is_recovering && sim->absent.party != party;
}

static void lose(struct sim *sim, uint32_t party, enum tip_table table,
                 struct tip_key key)
{
    bool is_flip = tip_prng_chance(prng_of(sim), 50);

    sim_count(sim, is_flip ? SIM_TOTAL_FRAME_FLIPS : SIM_TOTAL_FRAMES_GONE);
    sim_note(sim, "frame lost", party, key.hi, key.lo);
    (void)(is_flip ? fake_store_spoil : fake_store_lose)(
        sim_machine_of(sim, party)->store, table, key);
}

void sim_strike_frame_rot(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    uint32_t count = 1 + tip_prng_below(prng_of(sim), SIM_STRUCK_MAX);

    if (!is_quiet(sim, party) || sim_frames_are_lost(sim, party) ||
        node_engine_flush(office->engine) != TIP_OK) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sim_frame frame = draw(sim, party);
        struct tip_key hub;

        if (is_at_both(sim, party, &frame, &hub)) {
            lose(sim, party, frame.table, frame.key);
            office->lost[i] = frame;
            office->lost_ever = true;
        }
    }
}

bool sim_frames_are_lost(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    struct tip_txn *txn;
    struct tip_bytes row;
    bool is_lost = false;

    if (!office->lost_ever || sim_liar_is(sim, party) ||
        tip_store_begin(&office->machine.store->base, TIP_TXN_READ, &txn) !=
            TIP_OK) {
        return false;
    }
    for (size_t i = 0; i < SIM_STRUCK_MAX; i++) {
        struct sim_frame *frame = &office->lost[i];

        if (frame->key.lo != 0 &&
            tip_txn_get(txn, frame->table, frame->key, &row) == TIP_OK) {
            sim_count(sim, SIM_TOTAL_FRAMES_HEALED);
            frame->key.lo = 0;
        }
        is_lost = is_lost || frame->key.lo != 0;
    }
    tip_txn_abort(txn);
    return is_lost;
}

void sim_frames_forget(struct sim_office *office)
{
    office->lost_ever = false;
    for (size_t i = 0; i < SIM_STRUCK_MAX; i++) {
        office->lost[i].key.lo = 0;
    }
}

static struct tip_survey_report report_of(const struct sim *sim, uint32_t party)
{
    struct node_status status;

    if (party == SIM_HUB) {
        return hub_engine_scrubbed(sim->hub.engine).rest;
    }
    node_engine_status(sim->offices[party].engine, &status);
    return status.scrub_rest;
}

uint64_t sim_frames_called_rotten(const struct sim *sim, uint32_t party)
{
    struct tip_survey_report report = report_of(sim, party);
    uint64_t count = 0;

    for (uint64_t i = 0; i < report.count; i++) {
        count +=
            i >= TIP_SURVEY_NAMED || report.first[i].kind != TIP_INSPECT_ORPHAN
                ? 1
                : 0;
    }
    return count;
}

/* What a disk lost has come again, and a reading has found that. */
bool sim_arrived_frames(struct sim *sim, uint32_t party)
{
    return party == SIM_HUB || !sim->offices[party].lost_ever ||
           (!sim_frames_are_lost(sim, party) &&
            sim_frames_called_rotten(sim, party) == 0);
}

/* Lose one at @party and the hub; or, if not @everywhere, at the hub alone. */
static void lose_for_good(struct sim *sim, uint32_t party, bool everywhere)
{
    struct sim_gone *gone = &sim->gone;
    struct sim_frame frame = draw(sim, party);
    struct tip_key hub;

    if (!is_at_both(sim, party, &frame, &hub)) {
        return;
    }
    lose(sim, SIM_HUB, frame.table, hub);
    gone->at_hub[gone->count++] = hub.hi;
    if (everywhere) {
        lose(sim, party, frame.table, frame.key);
        sim_count(sim, SIM_TOTAL_FRAMES_NOWHERE);
        gone->party = party;
        gone->at_office = frame.key.hi;
    }
}

void sim_frames_lose_for_good(struct sim *sim)
{
    uint32_t party = 1 + tip_prng_below(prng_of(sim), SIM_OFFICES);
    bool is_due = tip_prng_chance(prng_of(sim), FOR_GOOD);

    sim->gone = (struct sim_gone){.party = SIM_NONE};
    if (!is_due || sim->weather.is_size_blind || !is_quiet(sim, party) ||
        !sim_machine_is_calm(&sim->hub.machine) ||
        hub_engine_flush(sim->hub.engine) != TIP_OK ||
        node_engine_flush(sim->offices[party].engine) != TIP_OK) {
        return;
    }
    lose_for_good(sim, party, true);
    lose_for_good(sim, party, false);
    hub_engine_scrub(sim->hub.engine);
    node_engine_scrub(sim->offices[party].engine);
}

void sim_frames_restart(struct sim *sim)
{
    const struct sim_gone *gone = &sim->gone;

    if (gone->count != 0) {
        sim_machine_crash(sim, &sim->hub.machine);
    }
    if (gone->party != SIM_NONE) {
        sim_machine_crash(sim, &sim->offices[gone->party].machine);
    }
}

/* Does @party say that frames of @chain are lost? */
static bool tells(const struct sim *sim, uint32_t party, uint64_t chain)
{
    struct tip_survey_report report = report_of(sim, party);

    for (uint64_t i = 0; i < report.count && i < TIP_SURVEY_NAMED; i++) {
        enum tip_inspect_kind kind = report.first[i].kind;

        if (report.first[i].a == chain &&
            (kind == TIP_INSPECT_FRAME || kind == TIP_INSPECT_CHAIN ||
             kind == TIP_INSPECT_END)) {
            return true;
        }
    }
    return false;
}

/* Let @party read on, if it does not say so yet. */
static bool is_told(struct sim *sim, uint32_t party, uint64_t chain)
{
    struct sim_machine *machine = sim_machine_of(sim, party);
    bool is = machine->is_up && tells(sim, party, chain);

    if (machine->is_up && !is) {
        sim_machine_stir(sim, machine);
    }
    return is;
}

bool sim_frames_are_told(struct sim *sim)
{
    const struct sim_gone *gone = &sim->gone;
    bool is = true;

    for (size_t i = 0; i < gone->count; i++) {
        is = is_told(sim, SIM_HUB, gone->at_hub[i]) && is;
    }
    return (gone->party == SIM_NONE ||
            is_told(sim, gone->party, gone->at_office)) &&
           is;
}
