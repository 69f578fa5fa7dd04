/*
 * An office that is taken over: from some day on somebody else has its keys,
 * and says to the hub what they like (sim_lies.h). It was honest until then, so
 * it holds records of others, and they work with its own. In a third of the
 * seeds; in none of those that must not depend on sizes.
 */
#ifndef SIM_LIAR_H
#define SIM_LIAR_H

#include "sim.h"
#include "sim_forge.h"

/** Is @party in other hands by now? It is honest no more: no rule of an office
 * holds for it. */
bool sim_liar_is(const struct sim *sim, uint32_t party);

/** Draw whether an office of this seed is taken over, which and when. */
void sim_liar_begin(struct sim *sim);
void sim_liar_end(struct sim *sim);

/** The hub says @message to it. */
void sim_liar_hear(struct sim *sim, struct tip_bytes message);

/** What the hub has of its feed is durable: what it has not never was. */
void sim_liar_settle(struct sim *sim);

/* For sim_lies.c: */

/** The newest base it has claimed and was believed; 0: none. */
uint64_t sim_liar_used(const struct sim *sim);

/** Tell the oracle that @lie is the next change-set of its feed. */
void sim_liar_note(struct sim *sim, const struct sim_lie *lie);

/** Say @message, with its proof. False: before the hub has answered. */
bool sim_liar_say(struct sim *sim, const struct tip_message *message);

/** Give the hub @forged with the @count change-sets @lies in their place: they
 * are noted, and what must not be merged waits. On the line or by stick. */
void sim_liar_give(struct sim *sim, const struct sim_forged *forged,
                   const struct sim_lie *lies, size_t count);

/** Give it @forged, which changes nothing and is named @trouble; TIP_OK: it is
 * nothing new, or comes too early. */
void sim_liar_try(struct sim *sim, const struct sim_forged *forged,
                  enum tip_err trouble);

#endif /* SIM_LIAR_H */
