/* Internal: what an erasure asks of the rest of the node's engine. */
#ifndef NODE_ERASE_H
#define NODE_ERASE_H

#include "node_engine_internal.h"

/** The control log says that a record was erased, by @commit: erase it here. An
 * error loses the transaction. */
TIP_MUST_USE enum tip_err node_erase(struct node_engine *engine,
                                     const struct tip_ctl_erase *erase,
                                     uint64_t commit);

/** Does @set name a record that was erased? Works in engine->work. */
TIP_MUST_USE enum tip_err node_erase_is_named(struct node_engine *engine,
                                              const struct tip_change_set *set,
                                              bool *out_is);

struct node_erasure;

/** Keep what is known of @erasure, to be read. */
TIP_MUST_USE enum tip_err
node_erasure_store(struct tip_txn *txn, const struct node_erasure *erasure);

/** Store @frame, number @index of @channel, whose @body is read; without what
 * it says of records that were erased before it came. An error loses the
 * transaction. */
TIP_MUST_USE enum tip_err node_erase_keep(struct node_engine *engine,
                                          struct node_channel *channel,
                                          uint64_t index,
                                          const struct tip_down_body *body,
                                          struct tip_bytes frame);

/** Do the next slice of what an erasure leaves to do, if there is any: in a
 * transaction of its own. Flushes. */
TIP_MUST_USE enum tip_err node_erase_work(struct node_engine *engine);

#endif /* NODE_ERASE_H */
