/*
 * What two copies of a disk both had, and both sent; or what is taken for it.
 */
#ifndef SIM_REWRITE_H
#define SIM_REWRITE_H

#include "sim_oracle.h"

/** @party's device writes again what it has behind its first @agreed saves. If
 * the hub has some of that by the other copy, in its first @start, it is there
 * twice then, and to the oracle all of it is other drafts. */
void sim_rewrite(struct sim_oracle *oracle, uint32_t party, uint64_t agreed,
                 uint64_t start);

/** Let the next save of @party's device behind its first @agreed be the one
 * that the hub has there. False: they do not write to the same records, or not
 * all of those were erased. */
bool sim_rewrite_take_for_same(struct sim_oracle *oracle, uint32_t party,
                               uint64_t agreed);

#endif /* SIM_REWRITE_H */
