/* Own work that nobody has decided yet. */
#ifndef NODE_OUTBOX_H
#define NODE_OUTBOX_H

#include <stdint.h>

#include "tip_err.h"

struct node_engine;

/** Call @visit for each change-set of the outbox, by seq; it may write the one
 * it is called for. Clears engine->work after each. Whatever fails ends it. */
TIP_MUST_USE enum tip_err
node_outbox_each(struct node_engine *engine,
                 enum tip_err (*visit)(struct node_engine *engine, uint64_t seq,
                                       void *context),
                 void *context);

#endif /* NODE_OUTBOX_H */
