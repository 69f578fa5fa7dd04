/* Internal: a set of pairs of numbers. */
#ifndef TIP_PAIRS_H
#define TIP_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"

/** Caller-allocated; owns its slots. */
struct tip_pairs {
    uint64_t *slots; /* The pair plus one; 0: empty. */
    size_t slot_count;
    size_t used_count;
};

/** Start empty; allocates nothing yet. */
void tip_pairs_init(struct tip_pairs *pairs);

void tip_pairs_deinit(struct tip_pairs *pairs);

/** Add (@first, @second), which is not (UINT32_MAX, UINT32_MAX). @out_is_new:
 * it was not there. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_pairs_add(struct tip_pairs *pairs, uint32_t first,
                                        uint32_t second, bool *out_is_new);

#endif /* TIP_PAIRS_H */
