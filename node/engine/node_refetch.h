/*
 * Internal: a frame that this disk lost comes again from the hub, of its own
 * chains and of ours as far as it has that.
 *
 * What the last reading of the store found broken off is asked for, one frame
 * at a time and some times each; then the store is read again, which finds the
 * next, or nothing. What nobody has stays told, until a later reading.
 */
#ifndef NODE_REFETCH_H
#define NODE_REFETCH_H

#include "node_engine_internal.h"

/** Ask for the next, in a session. */
void node_refetch_tell(struct node_engine *engine);

/** Is @frame what was asked for, though the chain is further? */
bool node_refetch_is(const struct node_engine *engine, struct tip_bytes frame);

/** Put it in its place, if it fits there (tip_hole.h). Errors of
 * tip_hole_fill() and of the store. Durable after flush. */
TIP_MUST_USE enum tip_err node_refetch_take(struct node_engine *engine,
                                            struct tip_bytes frame);

#endif /* NODE_REFETCH_H */
