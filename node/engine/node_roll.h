/* Internal: records that the hub sends again. */
#ifndef NODE_ROLL_H
#define NODE_ROLL_H

#include "node_engine_internal.h"

/** Read how far a roll call of @channel, of which all else is read, has come.
 * What the disk has altered of it is begun again. */
TIP_MUST_USE enum tip_err node_roll_open(struct node_engine *engine,
                                         struct tip_txn *txn,
                                         struct node_channel *channel);

/** Read that, or TIP_ESTORE_DAMAGED; write it if it changed. The memory of it
 * is given back by node_roll_close(). */
TIP_MUST_USE enum tip_err node_roll_load(struct tip_txn *txn,
                                         struct node_channel *channel);
TIP_MUST_USE enum tip_err node_roll_store(struct tip_txn *txn,
                                          struct tip_arena *arena,
                                          const struct node_channel *channel);
void node_roll_close(struct node_channel *channel);

/** A roll call begins or ends. An error loses the transaction. */
TIP_MUST_USE enum tip_err node_roll_take(struct node_engine *engine,
                                         struct node_channel *channel,
                                         const struct tip_item *item);

/** We hold of @channel what the hub says: no copy is in doubt. */
void node_roll_agree(struct node_channel *channel);

/** Record @ordinal has come whole on @channel. */
TIP_MUST_USE enum tip_err node_roll_note(struct node_channel *channel,
                                         uint32_t ordinal);

/** Is record @ordinal, of which @record is committed, still to be sent again,
 * so that nobody may write to it? */
bool node_roll_is_awaited(const struct node_engine *engine, uint32_t ordinal,
                          const struct tip_record *record);

/** Is all of a channel being sent? What is not here yet will be, and at the end
 * everything is read and counted. */
bool node_roll_is_of_all(const struct node_engine *engine);

#endif /* NODE_ROLL_H */
