/*
 * Which copy of a disk has what: a tree of copies for each device.
 */
#ifndef SIM_BRANCHES_H
#define SIM_BRANCHES_H

#include "sim_oracle.h"

/** A disk begins, as a copy of @before with its drafts before @end; or new,
 * with SIM_NONE. */
uint32_t sim_branch_add(struct sim_oracle *oracle, uint32_t before,
                        uint32_t end);

/** Begin the copy of the disk with @feed that has its saves up to @seq. */
uint32_t sim_branch_off(struct sim_oracle *oracle, const struct sim_feed *feed,
                        uint64_t seq);

/** Has copy @branch of a disk, as far as before draft @end, draft @number? */
bool sim_branch_has(const struct sim_oracle *oracle, uint32_t branch,
                    uint32_t end, uint32_t number);

#endif /* SIM_BRANCHES_H */
