#include "sim_branches.h"

#include <assert.h>

uint32_t sim_branch_add(struct sim_oracle *oracle, uint32_t before,
                        uint32_t end)
{
    assert(oracle->branch_count < SIM_BRANCHES_MAX);
    oracle->branches[oracle->branch_count] =
        (struct sim_branch){.before = before, .end = end};
    return oracle->branch_count++;
}

bool sim_branch_has(const struct sim_oracle *oracle, uint32_t branch,
                    uint32_t end, uint32_t number)
{
    uint32_t on = oracle->drafts[number].branch;

    while (branch != on) {
        if (oracle->branches[branch].before == SIM_NONE) {
            return false;
        }
        end = oracle->branches[branch].end;
        branch = oracle->branches[branch].before;
    }
    return number < end;
}

uint32_t sim_branch_off(struct sim_oracle *oracle, const struct sim_feed *feed,
                        uint64_t seq)
{
    uint32_t end = 0;

    for (size_t i = 0; i < seq; i++) {
        uint32_t number = feed->places[i].draft;

        if (number >= end &&
            sim_branch_has(oracle, feed->branch, SIM_NONE, number)) {
            end = number + 1;
        }
    }
    return sim_branch_add(oracle, feed->branch, end);
}

bool sim_oracle_is_on_disk(const struct sim_oracle *oracle,
                           const struct sim_draft *draft)
{
    return sim_branch_has(oracle, oracle->feeds[draft->party].branch, SIM_NONE,
                          (uint32_t)(draft - oracle->drafts));
}

bool sim_oracle_has_past(const struct sim_oracle *oracle,
                         const struct sim_draft *by,
                         const struct sim_draft *past)
{
    uint32_t number =
        past->is_part ? past->whole : (uint32_t)(past - oracle->drafts);

    return past->party == by->party && past->seq != 0 &&
           sim_branch_has(oracle, by->branch, (uint32_t)(by - oracle->drafts),
                          number);
}

uint32_t sim_origin_slot(const struct sim_oracle *oracle, uint32_t origin)
{
    if (origin < SIM_ORIGINS_NEAR) {
        return origin;
    }
    for (uint32_t i = 0; i < oracle->far_count; i++) {
        if (oracle->far[i] == origin) {
            return SIM_ORIGINS_NEAR + i;
        }
    }
    return SIM_ORIGINS_MAX;
}

uint32_t sim_origin_add(struct sim_oracle *oracle, uint32_t origin)
{
    uint32_t slot = sim_origin_slot(oracle, origin);

    if (slot == SIM_ORIGINS_MAX) {
        assert(oracle->far_count < SIM_ORIGINS_MAX - SIM_ORIGINS_NEAR);
        slot = SIM_ORIGINS_NEAR + oracle->far_count;
        oracle->far[oracle->far_count++] = origin;
    }
    return slot;
}

bool sim_oracle_continues(const struct sim_oracle *oracle, uint32_t origin,
                          uint32_t past)
{
    while (origin != past && origin != 0) {
        origin = oracle->continues[sim_origin_slot(oracle, origin)];
    }
    return origin == past;
}

bool sim_oracle_is_behind_unread(const struct sim_oracle *oracle,
                                 const struct sim_draft *draft)
{
    for (size_t i = 0; i < oracle->draft_count; i++) {
        const struct sim_draft *other = &oracle->drafts[i];

        if (other->is_unread && other->held == TIP_HOLD_PROGRAM &&
            !other->is_lost && other->seq < draft->seq &&
            sim_oracle_continues(oracle, draft->origin, other->origin)) {
            return true;
        }
    }
    return false;
}
