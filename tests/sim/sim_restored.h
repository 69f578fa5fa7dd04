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

/** Copy what is on the disk of @office, with what is known of it; false: it is
 * not sound, or there is a copy of it already. */
bool sim_restored_copy(struct sim *sim, const struct sim_office *office,
                       struct sim_backup *out_copy);

/** Take the disk out of @office's machine, which is off. Put @disk in. */
struct sim_backup sim_restored_take_out(struct sim_office *office);
void sim_restored_put_in(struct sim *sim, struct sim_office *office,
                         const struct sim_backup *disk);

/** Throw the backup of @office away, if there is one. */
void sim_restored_drop(struct sim_office *office);

#endif /* SIM_RESTORED_H */
