/* Figures as a catalogue's would be, kept with each change and counted anew. */
#ifndef SIM_COUNTS_H
#define SIM_COUNTS_H

#include "sim.h"

/** @before has become @after; NULL: it is new. */
void sim_counts_change(struct sim *sim, const struct tip_record *before,
                       const struct tip_record *after);

/** Count anew what the hub has; only what it really holds. */
struct sim_counts sim_counts_recount(struct sim *sim);

#endif /* SIM_COUNTS_H */
