/*
 * People: what they know, what they saw, what they may do.
 */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include "sim.h"

/* sim_people.c */

/** Open @form on some record that people there may write. */
bool sim_people_open(struct sim *sim, uint32_t party, struct sim_form *form);

/** Some record people there know: one of the few big cases everybody is busy
 * with, for the secretariat those of some office, or any. SIM_NONE: none. */
uint32_t sim_people_pick(struct sim *sim, uint32_t party);

/** A record that @party is about to make for the parties of @holders, a bit
 * each. */
uint32_t sim_people_new_record(struct sim *sim, uint32_t party,
                               uint32_t holders);

/** Add @record to what people there know of. */
void sim_people_learn(struct sim *sim, uint32_t party, uint32_t record);

/* sim_moves.c */

/** Count what the newest commits at the hub did to who holds what. */
void sim_moves_count(struct sim *sim, const struct sim_draft *draft);

/* sim_form.c */

/** Read @record there as people see it, in sim->arena; false: not there. */
bool sim_form_look(struct sim *sim, uint32_t party, uint32_t record,
                   struct tip_record *out_view);

/** Read the row of @record there in sim->arena; false: there is none. */
bool sim_form_read(struct sim *sim, uint32_t party, uint32_t record,
                   struct tip_record *out_view);

/** Is it known there that @record was erased, and nothing else of it? */
bool sim_form_is_stub(struct sim *sim, uint32_t party, uint32_t record);

/** Open @form on @record. False: it is not to be seen. */
bool sim_form_open(struct sim *sim, uint32_t party, uint32_t record,
                   struct sim_form *form);

/** Was every live sibling of the cell in @form, which is of @party? */
bool sim_form_covers(const struct sim *sim, uint32_t party,
                     const struct sim_form *form, const struct tip_record *view,
                     struct tip_cell cell);

#endif /* SIM_PEOPLE_H */
