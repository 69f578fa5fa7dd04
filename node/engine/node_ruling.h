/*
 * What people decided about own change-sets that the hub had held back.
 */
#ifndef NODE_RULING_H
#define NODE_RULING_H

#include "node_engine_internal.h"

/** The hub refused own change-sets: they leave the overlay for the history, and
 * are kept to be read. An error loses the transaction. */
TIP_MUST_USE enum tip_err node_ruling_refuse(struct node_engine *engine,
                                             const struct tip_item *item);

/** Read which ruling was the newest. */
TIP_MUST_USE enum tip_err node_ruling_load(struct node_engine *engine,
                                           struct tip_txn *txn);

/** Has a ruling behind @seen changed what stands in @record, as it is stored?
 * What was on the screen then may have hidden what stands there again. */
TIP_MUST_USE enum tip_err
node_ruling_has_changed(struct node_engine *engine,
                        const struct tip_record *record, uint64_t seen,
                        bool *out_has);

struct tip_redactor;

/** Take out of what is kept of decided change-sets what was erased, as
 * @redactor says, which works in engine->work. */
TIP_MUST_USE enum tip_err node_ruling_redact(struct node_engine *engine,
                                             struct tip_redactor *redactor);

/** Keep @ruling of @item about own change-set @seq, and what is in it. */
TIP_MUST_USE enum tip_err node_ruling_keep(struct node_engine *engine,
                                           const struct tip_item *item,
                                           uint64_t seq);

#endif /* NODE_RULING_H */
