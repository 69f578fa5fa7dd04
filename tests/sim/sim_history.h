/* What the hub keeps of values that were superseded. */
#ifndef SIM_HISTORY_H
#define SIM_HISTORY_H

#include "sim.h"

/** One row: @record has the siblings that died in it, which are borrowed. */
typedef void sim_history_fn(void *context, const struct tip_record *record);

/** Call @visit with each row of the history of @record, which the hub has. */
void sim_history_walk(struct sim *sim, uint32_t record, sim_history_fn *visit,
                      void *context);

#endif /* SIM_HISTORY_H */
