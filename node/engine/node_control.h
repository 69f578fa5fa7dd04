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

#endif /* NODE_CONTROL_H */
