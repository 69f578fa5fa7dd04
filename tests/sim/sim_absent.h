/*
 * An office that is away from before a backup of the hub until the hub was put
 * back to it, and went on without that office.
 *
 * It was told nothing that the hub has lost, but works on. Nothing comes from
 * it or goes to it meanwhile, by no line and by no stick.
 */
#ifndef SIM_ABSENT_H
#define SIM_ABSENT_H

#include "sim.h"

/** Is @party away now? */
bool sim_absent_is(const struct sim *sim, uint32_t party);

/** Is somebody, or still to be taken up by the hub? */
bool sim_absent_is_near(const struct sim *sim);

/** The hub has a backup: perhaps somebody leaves. */
void sim_absent_begin(struct sim *sim);

/** The hub was put back: a person lets it go on when all others are back. */
void sim_absent_wait(struct sim *sim);

/** Whoever is away has a line again. */
void sim_absent_call(struct sim *sim);

/** The hub has made something durable: has it taken up who was away? Until then
 * it keeps what comes from there, and judges nothing of it. */
void sim_absent_look(struct sim *sim);

#endif /* SIM_ABSENT_H */
