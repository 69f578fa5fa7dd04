/*
 * How much of what the hub sends goes into one transaction.
 *
 * A store writes every page it touches to a new place, so a transaction needs
 * more room than it adds. Frames that come together are made durable together,
 * as long as there is room for all of them; near the end of the store each
 * checkpoint is a transaction of its own.
 */
#ifndef NODE_ROOM_H
#define NODE_ROOM_H

#include "node_engine.h"

struct tip_down_body;

/** Before a frame is taken: make durable what people saved, and what was taken
 * before if this one might not fit beside it. As node_engine_settle(). */
TIP_MUST_USE enum tip_err node_room_settle(struct node_engine *engine);

/** The same before a checkpoint that waited; a transaction to write in is open
 * behind it. On an error what was taken before is lost. */
TIP_MUST_USE enum tip_err node_room_go_on(struct node_engine *engine);

/** Note that @body is applied with the transaction that is open. */
void node_room_note(struct node_engine *engine,
                    const struct tip_down_body *body);

#endif /* NODE_ROOM_H */
