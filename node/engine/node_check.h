/*
 * Is what the engine keeps in its store what it must be?
 */
#ifndef NODE_CHECK_H
#define NODE_CHECK_H

#include "node_engine.h"
#include "tip_inspect.h"

/** Check records, their history, the outbox, the feed, signed by @own, every
 * channel and what the office holds. Of an office that is not enrolled, whose
 * origin is 0, there is only the first. What is found is told by @check. */
TIP_MUST_USE enum tip_err node_check(struct tip_inspect *check,
                                     const struct node_identity *identity,
                                     const struct tip_sign_public *own);

#endif /* NODE_CHECK_H */
