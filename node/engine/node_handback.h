/* Internal: frames of the hub that it has lost, since it was restored. */
#ifndef NODE_HANDBACK_H
#define NODE_HANDBACK_H

#include "node_engine_internal.h"
#include "tip_session.h"

/** The hub has greeted: which of its frames has it lost? */
void node_handback_note(struct node_engine *engine,
                        const struct tip_welcome *welcome);

/** Put the next of them into @message, borrowed from the open transaction;
 * false: there is none to be sent now. What the disk has lost is left out, with
 * all that follows it on its channel, and is the trouble that is told. */
bool node_handback_next(struct node_engine *engine, struct tip_message *message,
                        enum tip_err *out_err);

/** It was handed to the link. */
void node_handback_sent(struct node_engine *engine, size_t bytes);

#endif /* NODE_HANDBACK_H */
