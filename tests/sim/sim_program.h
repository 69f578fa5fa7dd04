/*
 * Programs of different age: what a newer one writes an older one cannot read.
 *
 * Whoever has the newer program now and then writes a field that an older one
 * refuses as it refuses a kind of change that it does not know: the whole
 * frame waits. What a newer catalogue knows is another matter: sim_age.h.
 *
 * The decoders are replaced. They are told apart by their codec, which an
 * engine makes as it is opened.
 */
#ifndef SIM_PROGRAM_H
#define SIM_PROGRAM_H

#include "sim.h"
#include "sim_content.h"

/** Draw whether there is a newer program in this seed; and who has the older
 * one; and when each of them gets the newer one. */
void sim_program_draw(struct sim *sim);
void sim_program_init(struct sim *sim, struct sim_machine *machine);
void sim_program_begin(struct sim *sim);

/** The engine of @party is about to be opened. */
void sim_program_opens(struct sim *sim, uint32_t party);

/** Perhaps people at @party also write what an older program cannot read. */
void sim_program_write(struct sim *sim, uint32_t party,
                       struct sim_content *content);

/** Is @draft in a frame that the hub cannot read yet? */
bool sim_program_is_unread(const struct sim *sim,
                           const struct sim_draft *draft);

#endif /* SIM_PROGRAM_H */
