/*
 * Own work that waits though later work of ours on the same record is merged:
 * the hub was put back, and has lost that a person had refused what waits.
 */
#ifndef NODE_OVERTAKEN_H
#define NODE_OVERTAKEN_H

#include <stdint.h>

#include "tip_err.h"

struct node_engine;
struct tip_wire_record;
struct tip_write;

/** Own @later has just been merged into @stored, which is record @ordinal. What
 * older own work still lays over it in the cells that @later wrote leaves the
 * outbox for the history: whoever wrote @later had seen it. Uses
 * engine->work. */
TIP_MUST_USE enum tip_err
node_overtaken_bury(struct node_engine *engine, uint32_t ordinal,
                    const struct tip_wire_record *stored,
                    const struct tip_write *later);

#endif /* NODE_OVERTAKEN_H */
