/*
 * What each device has written: the oracle's map from (device, seq) and from
 * (origin, seq) to a draft.
 */
#ifndef SIM_FEEDS_H
#define SIM_FEEDS_H

#include "sim_oracle.h"

/** Nobody has written anything; each party has one origin. */
void sim_feeds_clear(struct sim_oracle *oracle);

void sim_feeds_deinit(struct sim_oracle *oracle);

#endif /* SIM_FEEDS_H */
