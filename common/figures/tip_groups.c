#include "tip_groups.h"

#include <stdlib.h>

#include "tip_room.h"

enum {
    /* As many slots cost less to clear than to search. */
    DIRECT_SLOTS_MAX = 16 * 1024,
    SPREAD_SLOTS_MIN = 1024
};

enum tip_err tip_groups_init(struct tip_groups *groups, uint64_t id_end)
{
    *groups = (struct tip_groups){.is_spread = id_end > DIRECT_SLOTS_MAX};
    groups->slot_count = groups->is_spread ? SPREAD_SLOTS_MIN : (size_t)id_end;
    groups->slots = calloc(groups->slot_count + 1, sizeof *groups->slots);
    return groups->slots == NULL ? TIP_ENOMEM : TIP_OK;
}

void tip_groups_deinit(struct tip_groups *groups)
{
    free(groups->groups);
    free(groups->slots);
    *groups = (struct tip_groups){.groups = NULL};
}

/* The slot of @id, or the empty one where it would be. */
static uint32_t *slot_of(const struct tip_groups *groups, uint64_t id)
{
    const size_t mask = groups->slot_count - 1;
    size_t at;

    if (!groups->is_spread) {
        return &groups->slots[id];
    }
    at = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
    while (groups->slots[at] != 0 &&
           groups->groups[groups->slots[at] - 1].id != id) {
        at = (at + 1) & mask;
    }
    return &groups->slots[at];
}

static enum tip_err double_slots(struct tip_groups *groups)
{
    size_t slot_count = groups->slot_count * 2;
    uint32_t *slots = calloc(slot_count + 1, sizeof *slots);

    if (slots == NULL) {
        return TIP_ENOMEM;
    }
    free(groups->slots);
    groups->slots = slots;
    groups->slot_count = slot_count;
    for (size_t i = 0; i < groups->count; i++) {
        *slot_of(groups, groups->groups[i].id) = (uint32_t)i + 1;
    }
    return TIP_OK;
}

static struct tip_group *append(struct tip_groups *groups, uint32_t *slot,
                                uint64_t id)
{
    struct tip_group *all =
        tip_room(groups->groups, groups->count + 1, &groups->max, sizeof *all);

    if (all == NULL) {
        return NULL;
    }
    groups->groups = all;
    all[groups->count] = (struct tip_group){.id = id};
    *slot = (uint32_t)++groups->count;
    return &all[groups->count - 1];
}

struct tip_group *tip_groups_make(struct tip_groups *groups, uint64_t id)
{
    uint32_t *slot = slot_of(groups, id);

    if (*slot != 0) {
        return &groups->groups[*slot - 1];
    }
    /* Half full at most: chains stay short. */
    if (groups->is_spread && groups->count >= groups->slot_count / 2) {
        if (double_slots(groups) != TIP_OK) {
            return NULL;
        }
        slot = slot_of(groups, id);
    }
    return append(groups, slot, id);
}

struct tip_group *tip_groups_find(const struct tip_groups *groups, uint64_t id)
{
    const uint32_t *slot = slot_of(groups, id);

    return *slot == 0 ? NULL : &groups->groups[*slot - 1];
}
