/*
 * What two copies of a disk both had, and both sent.
 */
#ifndef SIM_REWRITE_H
#define SIM_REWRITE_H

#include "sim_oracle.h"

/** @party's device writes again what it has behind its first @agreed saves. If
 * the hub has some of that by the other copy, in its first @start, it is there
 * twice then, and to the oracle all of it is other drafts. */
void sim_rewrite(struct sim_oracle *oracle, uint32_t party, uint64_t agreed,
                 uint64_t start);

#endif /* SIM_REWRITE_H */
