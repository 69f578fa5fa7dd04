/*
 * What a device may destroy in a day, counted from what people were shown.
 *
 * A deletion counts one, and so does each cell in which a value of another
 * office gives way to something else. Values that are old for their age do not
 * occur: no seed is as long.
 */
#ifndef SIM_QUOTA_H
#define SIM_QUOTA_H

#include "sim.h"

enum { SIM_OLD_DAYS = 100000 }; /* From 1970 to 2099 is less. */

/** Something of @party came: it may be another day. */
void sim_quota_turn(struct sim *sim, uint32_t party);

/** @draft is merged because it fits the budget of its device: take it out.
 * False: it does not. */
bool sim_quota_take(struct sim *sim, struct sim_draft *draft);

/** Is @draft beyond what is left of the budget? */
bool sim_quota_is_over(struct sim *sim, const struct sim_draft *draft);

/** What is used is durable; or what is not is gone. */
void sim_quota_keep(struct sim *sim);
void sim_quota_take_back(struct sim *sim);

/** @draft was kept, though its commit seemed to fail; the hub is open anew. */
void sim_quota_kept(struct sim *sim, const struct sim_draft *draft);
void sim_quota_reopened(struct sim *sim);

/** Believe what the hub's store says that is used. */
void sim_quota_take_over(struct sim *sim);

#endif /* SIM_QUOTA_H */
