/* Internal: the engine's single rows in the store and their bytes. */
#ifndef NODE_ROW_H
#define NODE_ROW_H

#include "node_engine_internal.h"

/** Read the feed row; a new one, without a frame, for a new store. */
TIP_MUST_USE enum tip_err node_row_load_feed(struct tip_txn *txn,
                                             uint32_t origin,
                                             struct node_feed_row *out_row);
TIP_MUST_USE enum tip_err node_row_store_feed(struct tip_txn *txn,
                                              const struct node_feed_row *row);

/** Read the row of @channel; an empty one if nothing of it came yet. */
TIP_MUST_USE enum tip_err
node_row_load_channel(struct tip_txn *txn, uint32_t channel,
                      struct node_channel_row *out_row);
TIP_MUST_USE enum tip_err
node_row_store_channel(struct tip_txn *txn, const struct node_channel_row *row);

/** Let @row, of the own channel, begin where that of @identity does: a device
 * that takes the place of another does not get what that one got. */
void node_row_join(struct node_channel_row *row,
                   const struct node_identity *identity);

/** Read what was spent of the day's bytes; nothing if it was never kept. */
TIP_MUST_USE enum tip_err node_row_load_budget(struct tip_txn *txn,
                                               struct tip_budget_row *out_row);
TIP_MUST_USE enum tip_err
node_row_store_budget(struct tip_txn *txn, const struct tip_budget_row *row);

/** Read what the hub holds back; nothing if no checkpoint said so yet. Nothing
 * of a row that is TIP_ESTORE_DAMAGED is taken. */
TIP_MUST_USE enum tip_err node_row_load_held(struct tip_txn *txn,
                                             struct node_held_row *out_row);
TIP_MUST_USE enum tip_err node_row_store_held(struct tip_txn *txn,
                                              const struct node_held_row *row);

/** Read both, of which the hub says the one again, and the other is as of a new
 * day, where the disk has altered them. */
TIP_MUST_USE enum tip_err node_row_open(struct node_engine *engine,
                                        struct tip_txn *txn);

/** Read what a restored device asked for, if it did; write or remove it. */
TIP_MUST_USE enum tip_err node_row_load_asked(struct tip_txn *txn,
                                              struct node_asked_row *out_row);
TIP_MUST_USE enum tip_err
node_row_store_asked(struct tip_txn *txn, const struct node_asked_row *row);

#endif /* NODE_ROW_H */
