/* Internal: a set of pairs of numbers: a bit each where that is little memory,
 * else a hash table of those that are in. */
#ifndef TIP_PAIRS_H
#define TIP_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"

/** Caller-allocated; owns its memory. */
struct tip_pairs {
    uint64_t *bits; /* NULL: slots are used. */
    size_t second_end;
    uint64_t *slots; /* The pair plus one; 0: empty. */
    size_t slot_count;
    size_t used_count;
};

/** Start empty, for numbers below @first_end and @second_end. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_pairs_init(struct tip_pairs *pairs,
                                         size_t first_end, size_t second_end);

void tip_pairs_deinit(struct tip_pairs *pairs);

/** Add (@first, @second). @out_is_new: it was not there. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_pairs_add(struct tip_pairs *pairs, uint32_t first,
                                        uint32_t second, bool *out_is_new);

#endif /* TIP_PAIRS_H */
