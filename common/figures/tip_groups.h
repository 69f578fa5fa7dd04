/* Internal: what cells add up to, group by group, while they are read. */
#ifndef TIP_GROUPS_H
#define TIP_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"
#include "tip_sum.h"

/** What one group adds up to. Plain data. */
struct tip_group {
    uint64_t id;
    uint32_t part; /* Of its first cell, which says where the group is. */
    uint32_t cell;
    uint64_t count;
    uint64_t disputed;
    uint64_t extra;
    struct tip_sum sum;
    uint32_t cell_count; /* How many cells are in it. */
    bool is_matched;     /* For whoever pairs groups. */
};

/** Caller-allocated; owns its arrays. */
struct tip_groups {
    struct tip_group *groups; /* In the order in which they came. */
    size_t count;
    size_t max;
    uint32_t *slots;   /* Place of a group plus one; 0: none. */
    size_t slot_count; /* A power of two if ids are spread. */
    bool is_spread;    /* Else the slot is the id. */
};

/** Groups have ids below @id_end. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_groups_init(struct tip_groups *groups,
                                          uint64_t id_end);

void tip_groups_deinit(struct tip_groups *groups);

/** As tip_groups_add(), for an id that may be new or not direct. */
struct tip_group *tip_groups_make(struct tip_groups *groups, uint64_t id);

/** The group @id, made if it is not there, borrowed until the next is made;
 * NULL when memory is exhausted. */
static inline struct tip_group *tip_groups_add(struct tip_groups *groups,
                                               uint64_t id)
{
    if (!groups->is_spread && groups->slots[id] != 0) {
        return &groups->groups[groups->slots[id] - 1];
    }
    return tip_groups_make(groups, id);
}

/** The group @id; NULL if there is none. */
struct tip_group *tip_groups_find(const struct tip_groups *groups, uint64_t id);

#endif /* TIP_GROUPS_H */
