/*
 * A machine that runs an engine: it stirs, takes turns, loses power, boots.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "sim.h"

void sim_machine_init(struct sim *sim, struct sim_machine *machine,
                      uint32_t party);

/** Something happened to its engine: flush and pump now, or soon. */
void sim_machine_stir(struct sim *sim, struct sim_machine *machine);

/** Something an engine does that makes durable what was written. */
typedef enum tip_err sim_machine_step(struct sim *sim,
                                      const struct sim_machine *machine);

/** Have @machine's engine do @step, and tell the people what became of their
 * saves. False: power went meanwhile. */
bool sim_machine_does(struct sim *sim, struct sim_machine *machine,
                      sim_machine_step *step);

void sim_machine_crash(struct sim *sim, struct sim_machine *machine);

/** Does its program stand still? */
bool sim_machine_is_stopped(const struct sim *sim,
                            const struct sim_machine *machine);

/** Can people work at it? Not at a hub that takes back what it has lost. */
bool sim_machine_serves(const struct sim *sim,
                        const struct sim_machine *machine);

/** Have @event happen again when @machine's program goes on; false: now. */
bool sim_machine_puts_off(struct sim *sim, const struct sim_machine *machine,
                          const struct sim_event *event);

/** Its power goes soon, at a seam that is drawn. */
void sim_machine_arm(struct sim *sim, const struct sim_event *event);

/** Did power go while the engine worked? What it says no longer counts. */
bool sim_machine_is_dead(const struct sim_machine *machine);

/** Take @saved as the newest of the machine's own seqs that exist; those
 * behind are lost, and none of them may have been acknowledged. */
void sim_machine_reconcile(struct sim *sim, struct sim_machine *machine,
                           uint64_t saved);

/** Does its program run, and take things in? */
bool sim_machine_is_there(const struct sim *sim,
                          const struct sim_machine *machine);

/** Can its disk not be why something is not taken? */
bool sim_machine_is_sound(const struct sim_machine *machine);

/** Are its disk and its power as they should be? */
bool sim_machine_is_well(const struct sim_machine *machine);

/** …and is no fault of them on its way? */
bool sim_machine_is_calm(const struct sim_machine *machine);

#endif /* SIM_MACHINE_H */
