/*
 * Records as they are, compared with what the oracle says.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "sim.h"

/** Compare one record there with the oracle. */
void sim_check_record(struct sim *sim, uint32_t party, uint32_t record);

/** The hub's store or that of @party, for reading. */
struct tip_txn *sim_check_reading(struct sim *sim, uint32_t party);

#endif /* SIM_CHECK_H */
