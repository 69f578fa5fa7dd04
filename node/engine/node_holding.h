/* Internal: what an office holds, as a digest. */
#ifndef NODE_HOLDING_H
#define NODE_HOLDING_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_err.h"

struct node_channel;
struct node_engine;
struct tip_checkpoint;
struct tip_parts;
struct tip_record;
struct tip_txn;

/** Read what the audience of @channel, whose row is read, holds here, or doubt
 * it; and write it. */
TIP_MUST_USE enum tip_err node_holding_load(struct node_engine *engine,
                                            struct tip_txn *txn,
                                            struct node_channel *channel);
TIP_MUST_USE enum tip_err
node_holding_store(struct tip_txn *txn, const struct node_channel *channel);

/** The committed cells of record @ordinal (0: a new one) have changed. */
TIP_MUST_USE enum tip_err node_holding_change(struct node_engine *engine,
                                              uint32_t ordinal,
                                              const struct tip_record *before,
                                              const struct tip_record *after);

/** Note whether we hold what @checkpoint, just applied, says we do. */
void node_holding_compare(struct node_engine *engine,
                          struct node_channel *channel,
                          const struct tip_checkpoint *checkpoint);

/** Does what we hold of @channel differ from what the hub says, and can it be
 * sent again? And what it is, in parts. */
bool node_holding_may_ask(const struct node_channel *channel);
void node_holding_put_parts(const struct node_channel *channel,
                            struct tip_parts *out_parts);

#endif /* NODE_HOLDING_H */
