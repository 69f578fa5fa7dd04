/*
 * What an office may miss because its disk rots; the hub may miss nothing.
 */
#ifndef SIM_ROT_H
#define SIM_ROT_H

#include "sim.h"

/** May @record be missing there? */
bool sim_rot_excuses(const struct sim *sim, uint32_t party, uint32_t record);

/** @party has a new disk, with nothing. */
void sim_rot_lose_all(struct sim *sim, uint32_t party);

/** It is there: from now on it must be. */
void sim_rot_seen(struct sim *sim, uint32_t party, uint32_t record);

/** The hub is open again: what its disk had lost is there as it was. */
void sim_rot_mended(struct sim *sim);

#endif /* SIM_ROT_H */
