/* Own work that nobody has decided yet. */
#ifndef NODE_OUTBOX_H
#define NODE_OUTBOX_H

#include <stdint.h>

#include "tip_err.h"

struct node_engine;
struct tip_change_set;

/** Call @visit for each change-set of the outbox, by seq; it may write the one
 * it is called for. Clears engine->work after each. Whatever fails ends it. */
TIP_MUST_USE enum tip_err
node_outbox_each(struct node_engine *engine,
                 enum tip_err (*visit)(struct node_engine *engine, uint64_t seq,
                                       void *context),
                 void *context);

/** Write @set in the place of the change-set with its seq. */
TIP_MUST_USE enum tip_err node_outbox_put(struct node_engine *engine,
                                          const struct tip_change_set *set);

#endif /* NODE_OUTBOX_H */
