/*
 * How a lie is made up: what it is about, what it says, and giving it.
 */
#ifndef SIM_LIE_H
#define SIM_LIE_H

#include "sim_forge.h"

/** Where lies draw from. */
struct tip_prng *sim_lie_prng(struct sim *sim);

/** Does the liar hold @record, for all it was told? */
bool sim_lie_holds(const struct sim *sim, uint32_t record);

/** A record that is @such, or SIM_NONE. */
uint32_t sim_lie_pick(struct sim *sim,
                      bool (*such)(const struct sim *sim, uint32_t record));

/** The number of some office. */
uint32_t sim_lie_office(struct sim *sim);

/** Begin a change-set of the next seq, with a base it was given; its stamp may
 * be from any time. */
void sim_lie_begin(struct sim *sim, struct sim_lie *lie);

/** Have it name @record; what it writes there goes into the result. */
struct sim_content *sim_lie_add_part(struct sim *sim, struct sim_lie *lie,
                                     uint32_t record);

/** Have it make a record of the liar's, and sometimes of another office too. */
void sim_lie_bear(struct sim *sim, struct sim_lie *lie);

/** Have it name a record the liar holds, or make one if it has none. */
struct sim_content *sim_lie_touch(struct sim *sim, struct sim_lie *lie);

void sim_lie_add_office(struct sim_content *content, uint64_t office,
                        bool is_member);
void sim_lie_add_code(struct sim_content *content, uint32_t field,
                      uint32_t code);

/** Give the hub the @count change-sets @lies in one frame. */
void sim_lie_give(struct sim *sim, const struct sim_lie *lies, size_t count);

#endif /* SIM_LIE_H */
