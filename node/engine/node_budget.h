/* Internal: the bytes of a day, which the line may cost. */
#ifndef NODE_BUDGET_H
#define NODE_BUDGET_H

#include "node_engine_internal.h"

/** A message of @bytes went over the line. */
void node_budget_spend(struct node_engine *engine, size_t bytes);

/** Is nothing to be sent, because the day's bytes are used; is there to be no
 * session, because nothing is under way any more? The third is for a pump: it
 * ends a session that is on. */
bool node_budget_is_used(struct node_engine *engine);
bool node_budget_is_resting(struct node_engine *engine);
TIP_MUST_USE enum tip_err node_budget_pump(struct node_engine *engine,
                                           bool *out_is_used);

/** Put what was spent into the transaction that is being made durable. */
TIP_MUST_USE enum tip_err node_budget_store(struct node_engine *engine);

/* node_waiting.c */

/** How the node is, with what waits now. */
struct tip_health node_health_now(struct node_engine *engine);

/** The hub was told how it is; and tell it again, if a session is on and it is
 * time. */
void node_health_told(struct node_engine *engine);
void node_health_tell(struct node_engine *engine);

/** The hub said in its WELCOME that its clock shows @hub_ms. */
void node_clock_note(struct node_engine *engine, uint64_t hub_ms);

#endif /* NODE_BUDGET_H */
