/*
 * What the secretariat decides: what is held back is let in or refused, what a
 * device wrote is undone. The oracle is told here what the hub then writes by
 * itself, and why it may.
 */
#ifndef SIM_RULINGS_H
#define SIM_RULINGS_H

#include "sim.h"

/* sim_rulings.c */

/** Does a person let @draft in, right now? */
bool sim_rulings_let_in(const struct sim *sim, const struct sim_draft *draft);

/** The place at which the hub's store says that @draft was refused; 0: none. */
uint64_t sim_rulings_refused(struct sim *sim, const struct sim_draft *draft);

/** The words of @draft about who holds @record, merged in @after: one that was
 * let in takes nobody out while another that adds stands beside it. */
void sim_rulings_note_words(struct sim *sim, const struct sim_draft *draft,
                            uint32_t record, const struct tip_record *after);

/** The hub has written @write of @after by itself, for a ruling or a revert:
 * note it as its next save. */
void sim_rulings_spoken(struct sim *sim, uint32_t record,
                        const struct tip_record *before,
                        const struct tip_record *after,
                        const struct tip_write *write);

/** An engine's command ended with @err: may its disk be why? Then what it had
 * taken in is gone. */
bool sim_rulings_is_disk(struct sim *sim, enum tip_err err);

/* sim_revert.c */

/** @draft was written by the revert that is on: may it? */
void sim_revert_check(struct sim *sim, const struct sim_draft *draft);

#endif /* SIM_RULINGS_H */
