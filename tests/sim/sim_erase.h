/*
 * Records that are erased by law: two persons at the hub decide it, every
 * office carries it out, nothing of it ever comes back.
 */
#ifndef SIM_ERASE_H
#define SIM_ERASE_H

#include "sim.h"

/** Has @party carried out the erasure of @record, durably or not yet? */
bool sim_erase_is_done(const struct sim *sim, uint32_t party, uint32_t record);

/** What is durable at @office, whose checkpoint is @checkpoint, has just been
 * made so, or was read anew. */
void sim_erase_note(struct sim *sim, struct sim_office *office,
                    uint64_t checkpoint);

/** Was a record erased that a change-set @first to @last of @party touches? */
bool sim_erase_has_touched(const struct sim *sim, uint32_t party,
                           uint64_t first, uint64_t last);

#endif /* SIM_ERASE_H */
