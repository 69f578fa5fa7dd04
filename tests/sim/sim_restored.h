/*
 * Offices that are put back to a backup of their store.
 */
#ifndef SIM_RESTORED_H
#define SIM_RESTORED_H

#include "sim.h"

/** Its line is up again: the hub hears no more of what @party sent before. */
void sim_restored_connected(struct sim *sim, uint32_t party);

/** Its engine has done something: has it gone on under another origin? */
void sim_restored_look(struct sim *sim, struct sim_office *office);

/** What @office says of itself: it says that it was restored while it looks for
 * its way back, and at no other time. */
void sim_restored_check(struct sim *sim, struct sim_office *office,
                        const struct node_status *status);

/** Throw the backup of @office away, if there is one. */
void sim_restored_drop(struct sim_office *office);

#endif /* SIM_RESTORED_H */
