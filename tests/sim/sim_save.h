/* Saving at a machine, with the oracle watching: what must be refused is, and
 * what is taken is noted with what its author was shown. */
#ifndef SIM_SAVE_H
#define SIM_SAVE_H

#include "sim.h"
#include "sim_content.h"

/** One record of a save. */
struct sim_entry {
    uint32_t record;
    const struct sim_form *form; /* What its author saw; NULL: a new one. */
    struct sim_content content;
};

/** Save @count entries at @party's machine as one change-set. True: saved. */
bool sim_save(struct sim *sim, uint32_t party, const struct sim_entry *entries,
              size_t count, const char *reason);

/** The same of a record that is not theirs: it must be refused. */
void sim_save_forbidden(struct sim *sim, uint32_t party,
                        const struct sim_entry *entry);

#endif /* SIM_SAVE_H */
