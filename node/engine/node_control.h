/* Internal: what everybody must obey. */
#ifndef NODE_CONTROL_H
#define NODE_CONTROL_H

#include "node_engine_internal.h"

/** Obey the items of @body, a frame of channel CTL, and keep them. As
 * node_apply_items(). */
TIP_MUST_USE enum tip_err node_control_apply(struct node_engine *engine,
                                             const struct tip_down_body *body,
                                             uint64_t after,
                                             uint64_t checkpoint);

/** Read anew who goes on from whom; of itself this device knows it before the
 * control log says so. */
TIP_MUST_USE enum tip_err node_control_lineage(struct node_engine *engine,
                                               struct tip_txn *txn);

/** Is enough of the control log here for a checkpoint of @channel that presumes
 * @presumed entries? One of the own channel may echo what came back to a device
 * that was restored: it waits for the word that this goes on. */
bool node_control_suffices(const struct node_engine *engine,
                           const struct node_channel *channel,
                           uint64_t presumed);

#endif /* NODE_CONTROL_H */
