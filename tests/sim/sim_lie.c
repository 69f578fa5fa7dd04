#include "sim_lie.h"

#include "sim_liar.h"
#include "sim_member.h"
#include "sim_people.h"

enum { DRAWS = 40 /* For a record of some kind. */ };

struct tip_prng *sim_lie_prng(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_LIES];
}

/* Does the liar hold @record, for all it was told? */
bool sim_lie_holds(const struct sim *sim, uint32_t record)
{
    const struct sim_oracle *oracle = &sim->oracle;

    return !oracle->records[record].is_lost &&
           !sim_member_is_for_all(oracle, record) &&
           sim_member_stay(oracle, record, sim->liar.party, sim->liar.heard)
               .is_member;
}

/* A record that is @such, or SIM_NONE. */
uint32_t sim_lie_pick(struct sim *sim,
                      bool (*such)(const struct sim *sim, uint32_t record))
{
    for (int i = 0; i < DRAWS && sim->oracle.record_count != 0; i++) {
        uint32_t record = tip_prng_below(sim_lie_prng(sim),
                                         (uint32_t)sim->oracle.record_count);

        if (!sim->oracle.records[record].is_lost &&
            sim->oracle.records[record].newest != SIM_NONE &&
            such(sim, record)) {
            return record;
        }
    }
    return SIM_NONE;
}

void sim_lie_begin(struct sim *sim, struct sim_lie *lie)
{
    static const uint64_t far[] = {0, 1, UINT64_MAX, UINT64_MAX / 2};
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_clock *clock = &sim->hub.machine.clock.base;

    lie->count = 0;
    lie->base = sim->liar.heard;
    lie->stamp = tip_stamp_make(clock->now_ms(clock), 0);
    lie->due = TIP_HOLD_NONE;
    lie->is_hopeless = false;
    if (tip_prng_chance(prng, 20)) {
        lie->stamp.packed = far[tip_prng_below(prng, sizeof far / sizeof *far)];
    }
}

struct sim_content *sim_lie_add_part(struct sim *sim, struct sim_lie *lie,
                                     uint32_t record)
{
    struct sim_lie_part *part = &lie->parts[lie->count++];

    part->record = record;
    part->ref =
        (struct tip_record_ref){.id = sim->oracle.records[record].id,
                                .type = sim->oracle.records[record].type};
    part->content.count = 0;
    part->content.byte_count = 0;
    return &part->content;
}

void sim_lie_add_office(struct sim_content *content, uint64_t office,
                        bool is_member)
{
    struct tip_value value = {.kind = is_member ? TIP_VALUE_MEMBER
                                                : TIP_VALUE_NONE};

    sim_content_add(content, TIP_FIELD_OFFICES, office, &value);
}

void sim_lie_add_code(struct sim_content *content, uint32_t field,
                      uint32_t code)
{
    struct tip_value value = {.kind = TIP_VALUE_CODE, .code = code};

    sim_content_add(content, field, 0, &value);
}

uint32_t sim_lie_office(struct sim *sim)
{
    return sim_office_number(1 +
                             tip_prng_below(sim_lie_prng(sim), SIM_OFFICES));
}

/* A new record of the liar's, and of another office. */
void sim_lie_bear(struct sim *sim, struct sim_lie *lie)
{
    uint32_t other = sim_lie_office(sim);
    uint32_t record = sim_people_new_record(
        sim, sim->liar.party, 1U << SIM_HUB | 1U << sim->liar.party);
    struct sim_content *content = sim_lie_add_part(sim, lie, record);

    sim_lie_add_office(content, sim_office_number(sim->liar.party), true);
    if (tip_prng_chance(sim_lie_prng(sim), 60)) {
        sim_lie_add_office(content, other, true);
    }
    for (int i = 0; i < 4; i++) {
        sim_content_add_some(content, sim_lie_prng(sim));
    }
}

/* Begin a change to a record it sim_lie_holds, or a new one if it has none. */
struct sim_content *sim_lie_touch(struct sim *sim, struct sim_lie *lie)
{
    uint32_t record = sim_lie_pick(sim, sim_lie_holds);

    if (record == SIM_NONE) {
        sim_lie_bear(sim, lie);
        return &lie->parts[0].content;
    }
    return sim_lie_add_part(sim, lie, record);
}

/* Give the hub @count change-sets in one frame. */
void sim_lie_give(struct sim *sim, const struct sim_lie *lies, size_t count)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    static struct sim_forged forged;
    struct tip_bytes body;
    struct tip_buf buf;

    sim_forge_begin(sim, &forged);
    tip_buf_init(&buf, memory, sizeof memory);
    sim_require(sim, sim->liar.party,
                sim_forge_pack(sim, &forged, lies, count, &buf) &&
                    tip_buf_finish(&buf, &body) == TIP_OK &&
                    sim_forge_close(sim, &forged, body),
                "a lie can be written down");
    sim_liar_give(sim, &forged, lies, count);
}
