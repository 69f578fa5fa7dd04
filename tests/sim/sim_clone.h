/*
 * Disks of which there are two.
 */
#ifndef SIM_CLONE_H
#define SIM_CLONE_H

#include "sim.h"

/** Is there another copy of the disk of @office? */
bool sim_clone_is(const struct sim_office *office);

/** @office says @status: of another copy only if there is one. */
void sim_clone_check(struct sim *sim, const struct sim_office *office,
                     const struct node_status *status);

/** Throw the other copy of the disk of @office away, if there is one. */
void sim_clone_drop(struct sim_office *office);

#endif /* SIM_CLONE_H */
