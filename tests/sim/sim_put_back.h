/*
 * The hub put back to its backup.
 *
 * From then on until it has taken back what the offices have, the oracle's
 * order stays as offices know it, and nothing is asked of the hub. Then what
 * the hub has in its store is read, and must be what can be asked for: all that
 * an office was told stands where it stood, all work of offices has its place;
 * of the hub's own work what nobody was told of is gone.
 *
 * sim_put_back.c   the backup, and the way back to it
 * sim_taken_back.c what is there after that
 */
#ifndef SIM_PUT_BACK_H
#define SIM_PUT_BACK_H

#include "sim.h"

/** Is the hub to be put back, or does it take back what it lost? Until that is
 * over no office is put back, copied or given another device. */
bool sim_put_back_is_near(const struct sim *sim);

/** The store is open again, however often meanwhile; nothing is decided yet. */
void sim_put_back_open(struct sim *sim);

/** Has the hub begun to decide again? Then look at what it has. */
void sim_put_back_look(struct sim *sim);

#endif /* SIM_PUT_BACK_H */
