#include "sim_rulings.h"

#include "sim_age.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_party.h"
#include "sim_works.h"

enum { RANGE_MAX = 40, LOOK_MAX = 64 };

static bool is_meant(const struct sim *sim, const struct sim_draft *draft)
{
    const struct sim_ruling *ruling = &sim->hub.ruling;

    return draft->origin == ruling->origin && draft->seq >= ruling->first &&
           draft->seq <= ruling->last;
}

bool sim_rulings_let_in(const struct sim *sim, const struct sim_draft *draft)
{
    return sim->hub.ruling.is_accepted && is_meant(sim, draft) &&
           draft->held != TIP_HOLD_NONE;
}

uint64_t sim_rulings_refused(struct sim *sim, const struct sim_draft *draft)
{
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err;

    tip_arena_clear(&sim->arena);
    err = hub_engine_find_ruling(sim->hub.engine, draft->origin, draft->seq,
                                 &sim->arena, &ruling, &commit);
    sim_require(sim, SIM_HUB, err == TIP_OK || err == TIP_ENOTFOUND,
                "I1 what a person decided can be read");
    return err == TIP_OK && ruling.kind == TIP_RULING_REFUSED ? commit : 0;
}

void sim_rulings_note_words(struct sim *sim, const struct sim_draft *draft,
                            uint32_t record, const struct tip_record *after)
{
    for (uint32_t i = 0; i < draft->write_count; i++) {
        struct sim_write *write = &sim->oracle.writes[draft->write_first + i];

        if (write->record == record && write->field == TIP_FIELD_OFFICES) {
            write->is_void =
                draft->is_accepted && write->value.kind == TIP_VALUE_NONE &&
                tip_merge_contains(after, TIP_FIELD_OFFICES, write->element);
        }
    }
}

/* Did a person let in the removal that the hub says again as @write? */
static bool is_said_again(struct sim *sim, const struct sim_write *write)
{
    const struct sim_oracle *oracle = &sim->oracle;

    for (uint32_t w = oracle->records[write->record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_write *word = &oracle->writes[w];

        if (word->is_void && word->element == write->element &&
            is_meant(sim, &oracle->drafts[word->draft])) {
            return write->field == TIP_FIELD_OFFICES &&
                   write->value.kind == TIP_VALUE_NONE;
        }
    }
    return false;
}

void sim_rulings_spoken(struct sim *sim, uint32_t record,
                        const struct tip_record *before,
                        const struct tip_record *after,
                        const struct tip_write *write)
{
    struct sim_draft *draft;
    uint32_t number = sim_oracle_add_draft(&sim->oracle, SIM_HUB);

    for (size_t i = 0; i < after->sibling_count; i++) {
        const struct tip_sibling *sibling = &after->siblings[i];
        struct tip_change change = {.field = sibling->field,
                                    .element = sibling->element,
                                    .value = sibling->value};

        if (tip_record_write(after, sibling) == write) {
            sim_oracle_add_write(
                &sim->oracle, record, &change, before,
                tip_record_cell(before, change.field, change.element));
            if (change.field == TIP_FIELD_OFFICES) {
                sim->oracle.records[record].holders |=
                    1U << sim_party_of_office(change.element);
            }
        }
    }
    draft = &sim->oracle.drafts[number];
    draft->checkpoint = UINT64_MAX;
    if (sim->hub.revert.is_on) {
        draft->revert = sim->hub.revert.number;
        sim_revert_check(sim, draft);
        return;
    }
    sim_count(sim, SIM_TOTAL_SAID_AGAIN);
    sim_require(sim, SIM_HUB,
                draft->write_count == 1 &&
                    is_said_again(sim, &sim->oracle.writes[draft->write_first]),
                "I2 the hub writes by itself what a person decided");
}

bool sim_rulings_is_disk(struct sim *sim, enum tip_err err)
{
    struct sim_machine *machine = &sim->hub.machine;

    if (err != TIP_ESTORE_FULL && err != TIP_ESTORE_FAILED) {
        return false;
    }
    machine->incarnation++;
    return sim_machine_is_dead(machine) || machine->recovers ||
           machine->is_disk_failed || machine->expects_full;
}

/* Call @visit for each draft the ruling is about that was held back. Nobody can
 * decide about what nobody can read: that is left, which is the result. */
static bool for_each_meant(struct sim *sim,
                           void (*visit)(struct sim *, struct sim_draft *))
{
    const struct sim_ruling *ruling = &sim->hub.ruling;
    bool is_any_left = false;

    for (uint64_t seq = ruling->first; seq <= ruling->last; seq++) {
        struct sim_draft *draft =
            sim_oracle_find(&sim->oracle, SIM_HUB, ruling->origin, seq);

        if (draft == NULL || draft->held == TIP_HOLD_NONE) {
            continue;
        }
        if (draft->held == TIP_HOLD_PROGRAM) {
            is_any_left = true;
        } else {
            visit(sim, draft);
        }
    }
    return is_any_left;
}

static void mark_refusing(struct sim *sim, struct sim_draft *draft)
{
    (void)sim;
    draft->refused = SIM_REFUSING;
}

static void note_refusal(struct sim *sim, struct sim_draft *draft)
{
    draft->refused = sim_rulings_refused(sim, draft);
    sim_require(sim, SIM_HUB, draft->refused != 0,
                "what a person refuses is refused");
    sim_note(sim, "refused", draft->party, draft->seq, draft->refused);
    sim_count(sim, SIM_TOTAL_REFUSED);
}

static void take_back_refusal(struct sim *sim, struct sim_draft *draft)
{
    (void)sim;
    draft->refused = 0;
}

/* @draft should have been let in, and waits. */
static void note_left(struct sim *sim, struct sim_draft *draft)
{
    sim_count(sim, SIM_TOTAL_UNACCEPTABLE);
    sim_require(sim, SIM_HUB,
                sim->hub.ruling.first != sim->hub.ruling.last ||
                    sim_age_is_too_new(sim, draft) ||
                    !sim_member_may_accept(&sim->oracle, draft),
                "what a person may let in is let in");
}

/* What was let in is merged; was it beside something? */
static void note_let_in(struct sim *sim)
{
    const struct sim_ruling *ruling = &sim->hub.ruling;

    for (uint64_t seq = ruling->first; seq <= ruling->last; seq++) {
        const struct sim_draft *draft =
            sim_oracle_find(&sim->oracle, SIM_HUB, ruling->origin, seq);

        if (draft == NULL || !draft->is_accepted || draft->commit == 0) {
            continue;
        }
        sim_count(sim, SIM_TOTAL_ACCEPTED);
        if (draft->proven < draft->checkpoint) {
            sim_count(sim, SIM_TOTAL_LOWERED);
        }
        for (uint32_t i = 0; i < draft->write_count; i++) {
            const struct sim_write *write =
                &sim->oracle.writes[draft->write_first + i];

            sim_require(
                sim, SIM_HUB,
                !write->is_void ||
                    sim_oracle_erased(&sim->oracle, write->record) != 0 ||
                    ruling->first != ruling->last ||
                    !sim_member_stay(&sim->oracle, write->record,
                                     sim_party_of_office(write->element),
                                     UINT64_MAX)
                         .is_member,
                "a word on who holds a record that is let in is carried out");
        }
    }
}

static void decide(struct sim *sim)
{
    const struct sim_ruling *meant = &sim->hub.ruling;
    struct hub_ruling ruling = {.origin = meant->origin,
                                .first = meant->first,
                                .last = meant->last,
                                .is_accepted = meant->is_accepted,
                                .by = tip_bytes_text("salka"),
                                .reason = tip_bytes_text("called the office")};
    struct hub_ruled ruled;
    bool is_any_left = meant->is_accepted;
    enum tip_err err;

    sim_note(sim, meant->is_accepted ? "let in" : "refuse", meant->party,
             meant->first, meant->last);
    if (!meant->is_accepted) {
        is_any_left = for_each_meant(sim, mark_refusing);
    }
    err = hub_engine_rule(sim->hub.engine, &ruling, &ruled);
    if (sim_rulings_is_disk(sim, err)) {
        (void)for_each_meant(sim, take_back_refusal);
        return;
    }
    sim_require(sim, SIM_HUB,
                err == TIP_OK || (is_any_left && err == TIP_EUNACCEPTABLE),
                "a person decides what is held back");
    if (meant->is_accepted) {
        note_let_in(sim);
        (void)for_each_meant(sim, note_left);
    } else {
        (void)for_each_meant(sim, note_refusal);
    }
    if (!sim_machine_is_dead(&sim->hub.machine)) {
        sim_held_note(sim);
        sim_held_check_behind(sim, meant->party);
    }
}

void sim_work_rule(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct hub_held held[LOOK_MAX];
    const struct hub_held *chosen;
    size_t count;

    if (party != SIM_HUB ||
        (count = hub_engine_held(sim->hub.engine, held, LOOK_MAX)) == 0) {
        return;
    }
    chosen = &held[tip_prng_below(prng, (uint32_t)count)];
    sim->hub.ruling = (struct sim_ruling){
        .party = sim_oracle_party_of(&sim->oracle, chosen->origin),
        .origin = chosen->origin,
        .first = chosen->seq,
        .last =
            chosen->seq +
            (tip_prng_chance(prng, 40) ? tip_prng_below(prng, RANGE_MAX) : 0),
        .is_accepted = tip_prng_chance(prng, 50)};
    decide(sim);
    sim->hub.ruling = (struct sim_ruling){.party = SIM_NONE};
}
