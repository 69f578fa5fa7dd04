/* Internal: own work that this disk lost before anybody else had it. */
#ifndef NODE_STAND_IN_H
#define NODE_STAND_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_err.h"

struct node_engine;

/**
 * Put a change-set that says nothing in the place of each own one that is in no
 * frame yet and cannot be read, or is gone: else nothing that was saved behind
 * it could ever be sent. It names the records that it lay over, so the hub
 * holds it back, and what was written to them later, until a person decides.
 * What lies behind the newest seq, where nothing was saved, is taken away: it
 * would keep people from saving. A transaction to write in is open; clears
 * engine->work.
 */
TIP_MUST_USE enum tip_err node_stand_in(struct node_engine *engine);

/** Is @err what becomes of reading own change-set @seq if node_stand_in() has
 * to do something? */
bool node_stand_in_is_due(const struct node_engine *engine, uint64_t seq,
                          enum tip_err err);

#endif /* NODE_STAND_IN_H */
