/*
 * Catalogues of different age: in some seeds one field is new, and every
 * machine comes to know it on a day of its own, if it does not from the start.
 * Whoever knows it writes it, whether the others do or not.
 */
#ifndef SIM_AGE_H
#define SIM_AGE_H

#include "sim.h"
#include "sim_content.h"

/** Draw whether this seed has such a field, and who knows it. */
void sim_age_draw(struct sim *sim);

/** Give @machine, which begins, its catalogue. */
void sim_age_init(struct sim *sim, struct sim_machine *machine);

/** Let the newer one come to those who lack it. */
void sim_age_begin(struct sim *sim);

/** @machine was put back to a disk whose catalogue was, or was not, the old
 * one. */
void sim_age_put_back(struct sim *sim, struct sim_machine *machine,
                      bool is_old);

/** The number of the catalogue of @machine. */
uint32_t sim_age_number(const struct sim_machine *machine);

/** Have the hub try again what waits for its catalogue, as its program does
 * when it starts and when a recovery is over. */
void sim_age_release(struct sim *sim);

/** Is @draft more than the hub's catalogue knows? */
bool sim_age_is_too_new(const struct sim *sim, const struct sim_draft *draft);

/** Is @content more than the catalogue of @party knows? */
bool sim_age_is_unknown(struct sim *sim, uint32_t party,
                        const struct sim_content *content);

/** Have people at @party write the new field into @content now and then. */
void sim_age_write(struct sim *sim, uint32_t party,
                   struct sim_content *content);

/** People at @party are shown @draft: count it if their catalogue is too old
 * for it. */
void sim_age_shown(struct sim *sim, uint32_t party,
                   const struct sim_draft *draft);

#endif /* SIM_AGE_H */
