/*
 * Internal: messages out, as the session machine decides.
 */
#ifndef NODE_SEND_H
#define NODE_SEND_H

#include "node_engine_internal.h"

/** Do one step; false when there is nothing more to do now. What this disk lost
 * of what is to be sent is no error: it is the trouble that is told. */
bool node_send_step(struct node_engine *engine, enum tip_err *out_err);

#endif /* NODE_SEND_H */
