/*
 * Change-sets of a liar that no program of ours would save: each waits, and
 * nobody can let it in.
 */
#include "fake_schema.h"
#include "sim_liar.h"
#include "sim_lie.h"
#include "sim_lies.h"
#include "sim_people.h"

enum {
    LARGE_CHANGES = 13,
    LARGE_BYTES = 2000,
    FIELD_NONE = 900, /* No catalogue has it. */
    NEVER = 1000000   /* No seed has so many commits. */
};

/* A record by a birth nobody was told of. */
bool sim_lie_unborn(struct sim *sim)
{
    struct sim_lie lie;
    struct sim_lie_part *part = &lie.parts[0];

    sim_lie_begin(sim, &lie);
    lie.count = 1;
    part->record = SIM_NONE;
    part->ref = (struct tip_record_ref){
        .birth_commit = hub_engine_seen(sim->hub.engine).commit + NEVER};
    part->content.count = 0;
    part->content.byte_count = 0;
    sim_content_add_some(&part->content, sim_lie_prng(sim));
    lie.due = TIP_HOLD_BASE;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* One record, by its id and by its birth. */
bool sim_lie_twice(struct sim *sim)
{
    struct sim_lie lie;
    struct tip_record view;
    uint32_t record = sim_lie_pick(sim, sim_lie_holds);

    if (record == SIM_NONE || !sim_form_look(sim, SIM_HUB, record, &view)) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    sim_lie_add_code(sim_lie_add_part(sim, &lie, record), FAKE_LATEST, 1);
    sim_lie_add_code(sim_lie_add_part(sim, &lie, record), FAKE_REVIEW, 1);
    lie.parts[1].ref = (struct tip_record_ref){
        .birth_commit = view.birth_commit, .birth_index = view.birth_index};
    lie.due = TIP_HOLD_VALUE;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* A record that is not is named, and nothing is written to it. */
bool sim_lie_nothing(struct sim *sim)
{
    struct sim_lie lie;
    struct sim_lie_part *part = &lie.parts[1];
    uint32_t record = sim_lie_pick(sim, sim_lie_holds);

    if (record == SIM_NONE || sim_oracle_erased(&sim->oracle, record) != 0) {
        return false;
    }
    sim_lie_begin(sim, &lie);
    sim_content_add_some(sim_lie_add_part(sim, &lie, record),
                         sim_lie_prng(sim));
    lie.count++;
    part->record = SIM_NONE;
    part->ref = (struct tip_record_ref){.type = FAKE_TYPE};
    sim_lie_prng(sim)->base.fill(&sim_lie_prng(sim)->base, part->ref.id.bytes,
                                 sizeof part->ref.id.bytes);
    part->content.count = 0;
    lie.due = TIP_HOLD_VALUE;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

bool sim_lie_large(struct sim *sim)
{
    static const uint8_t bytes[LARGE_BYTES];
    struct tip_value value = {.kind = TIP_VALUE_OPAQUE,
                              .bytes = TIP_BYTES_OF(bytes)};
    struct sim_lie lie;
    struct sim_content *content;

    sim_lie_begin(sim, &lie);
    content = sim_lie_touch(sim, &lie);
    for (uint64_t i = 0; i < LARGE_CHANGES; i++) {
        sim_content_add(content, FAKE_SET + 3, i, &value);
    }
    lie.due = TIP_HOLD_TOO_LARGE;
    lie.is_hopeless = true;
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* What no catalogue allows, or none knows. */
static void add_bad_value(struct sim *sim, struct sim_lie *lie,
                          struct sim_content *content)
{
    uint32_t choice = tip_prng_below(sim_lie_prng(sim), 5);

    lie->is_hopeless = true;
    lie->due = choice < 2 ? TIP_HOLD_VALUE : TIP_HOLD_TOO_NEW;
    switch (choice) {
    case 0:
        sim_lie_add_code(content, FAKE_LATEST + 6, FAKE_CODE_BAD);
        break;
    case 1:
        sim_lie_add_code(content, TIP_FIELD_DELETED, 1);
        break;
    case 2:
        sim_lie_add_code(content, FIELD_NONE, 1);
        break;
    case 3:
        sim_lie_add_code(content, TIP_FIELD_FIRST - 1, 1);
        break;
    default:
        sim_lie_add_office(content, UINT64_C(1) << 40, true);
        break;
    }
}

bool sim_lie_value(struct sim *sim)
{
    struct sim_lie lie;

    sim_lie_begin(sim, &lie);
    add_bad_value(sim, &lie, sim_lie_touch(sim, &lie));
    sim_lie_give(sim, &lie, 1);
    return true;
}

/* Very many small ones in one record; if the first waits, so do all. */
bool sim_lie_flood(struct sim *sim)
{
    static struct sim_lie lies[SIM_LIES_MAX];
    uint32_t record = sim_lie_pick(sim, sim_lie_holds);
    bool waits = tip_prng_chance(sim_lie_prng(sim), 50);

    if (record == SIM_NONE) {
        return false;
    }
    for (size_t i = 0; i < SIM_LIES_MAX; i++) {
        struct sim_content *content;

        sim_lie_begin(sim, &lies[i]);
        content = sim_lie_add_part(sim, &lies[i], record);
        if (i == 0 && waits) {
            add_bad_value(sim, &lies[i], content);
        } else {
            sim_lie_add_code(content, FAKE_LATEST + 7, 1 + (uint32_t)i % 8);
        }
    }
    sim_lie_give(sim, lies, SIM_LIES_MAX);
    return true;
}
