/*
 * Change-sets of a liar that say what it may say, or what is for others to say:
 * the former are merged as anybody's, the latter wait.
 */
#include "fake_schema.h"
#include "sim_liar.h"
#include "sim_lie.h"
#include "sim_lies.h"
#include "sim_member.h"
#include "sim_people.h"

enum { BEYOND = 1000 };

/* Did nobody ever say that it does? */
static bool is_of_others(const struct sim *sim, uint32_t record)
{
    const struct sim_oracle *oracle = &sim->oracle;

    return !sim_member_is_for_all(oracle, record) &&
           oracle->drafts[oracle->records[record].birth].commit != 0 &&
           sim_member_stay(oracle, record, sim->liar.party, UINT64_MAX).last ==
               0;
}

static bool is_directive(const struct sim *sim, uint32_t record)
{
    const struct sim_oracle *oracle = &sim->oracle;

    return sim_member_is_for_all(oracle, record) &&
           oracle->drafts[oracle->records[record].birth].commit != 0;
}

static void edit(struct sim *sim, struct sim_lie *lie)
{
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_value yes = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES};
    struct sim_content *content = sim_lie_touch(sim, lie);
    uint32_t choice = tip_prng_below(prng, 100);

    sim_content_add_some(content, prng);
    if (choice < 10) {
        sim_content_add(content, TIP_FIELD_DELETED, 0, &yes);
    } else if (choice < 20) {
        sim_lie_add_office(content, sim_lie_office(sim), true);
    } else if (choice < 25) {
        sim_lie_add_office(content, sim_office_number(sim->liar.party), false);
    }
}

/* What it may write, as if it were honest; stamps may be from any time. */
bool sim_lie_work(struct sim *sim)
{
    struct sim_lie lie;

    sim_lie_begin(sim, &lie);
    if (tip_prng_chance(sim_lie_prng(sim), 30)) {
        sim_lie_bear(sim, &lie);
    } else {
        edit(sim, &lie);
    }
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* It claims to have seen what it was not given, or less than it had before. */
bool sim_lie_base(struct sim *sim)
{
    struct sim_lie lie;
    struct tip_prng *prng = sim_lie_prng(sim);
    uint64_t used = sim_liar_used(sim);

    if (used == 0) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    sim_content_add_some(sim_lie_touch(sim, &lie), prng);
    lie.due = TIP_HOLD_BASE;
    lie.base = tip_prng_chance(prng, 50)
                   ? used - 1
                   : hub_engine_seen(sim->hub.engine).commit + 1 +
                         tip_prng_below(prng, BEYOND);
    sim_lie_give(sim, &lie, 1);
    return true;
}

bool sim_lie_others(struct sim *sim)
{
    struct sim_lie lie;
    uint32_t record = sim_lie_pick(sim, is_of_others);

    if (record == SIM_NONE) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    sim_content_add_some(sim_lie_add_part(sim, &lie, record),
                         sim_lie_prng(sim));
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* What everybody reads is the hub's. */
bool sim_lie_directive(struct sim *sim)
{
    struct sim_lie lie;
    uint32_t record = sim_lie_pick(sim, is_directive);
    struct sim_content *content;

    if (record == SIM_NONE) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    content = sim_lie_add_part(sim, &lie, record);
    sim_lie_add_office(content, sim_office_number(sim->liar.party), true);
    sim_content_add_some(content, sim_lie_prng(sim));
    lie.due = TIP_HOLD_MEMBER;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* It takes another office out of a record, or answers for it. */
bool sim_lie_word(struct sim *sim)
{
    struct tip_value yes = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES};
    struct sim_lie lie;
    struct sim_content *content;
    uint32_t other = sim_lie_office(sim);
    uint32_t record = sim_lie_pick(sim, sim_lie_holds);

    if (record == SIM_NONE || other == sim_office_number(sim->liar.party)) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    content = sim_lie_add_part(sim, &lie, record);
    if (tip_prng_chance(sim_lie_prng(sim), 50)) {
        sim_lie_add_office(content, other, false);
    } else {
        sim_content_add(content, TIP_FIELD_REFERRAL, other, &yes);
    }
    lie.due = TIP_HOLD_CHANNEL;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* A record for everybody, a catalogue, or one that is not its own. */
bool sim_lie_birth(struct sim *sim)
{
    struct sim_lie lie;
    struct sim_content *content;
    uint32_t choice = tip_prng_below(sim_lie_prng(sim), 3);
    uint32_t record =
        sim_people_new_record(sim, sim->liar.party, 1U << SIM_HUB);

    sim_lie_begin(sim, &lie);
    if (choice == 0) {
        sim->oracle.records[record].type = TIP_TYPE_CATALOGUE;
    }
    content = sim_lie_add_part(sim, &lie, record);
    lie.due = choice == 2 ? TIP_HOLD_MEMBER : TIP_HOLD_CHANNEL;
    lie.is_hopeless = true;
    if (choice != 2) {
        sim_lie_add_office(content, sim_office_number(sim->liar.party), true);
    }
    if (choice == 1) {
        sim_lie_add_office(content, TIP_OFFICE_ALL, true);
    }
    sim_content_add_some(content, sim_lie_prng(sim));
    sim_lie_give(sim, &lie, 1);
    return true;
}
