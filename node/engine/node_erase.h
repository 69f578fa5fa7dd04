/* Internal: what an erasure asks of the rest of the node's engine. */
#ifndef NODE_ERASE_H
#define NODE_ERASE_H

#include "node_engine_internal.h"

struct node_erasure;

/** The control log says that a record was erased, by @commit: erase it here. An
 * error loses the transaction. */
TIP_MUST_USE enum tip_err node_erase(struct node_engine *engine,
                                     const struct tip_ctl_erase *erase,
                                     uint64_t commit);

/** Record @ordinal is here: leave its name alone, and say so in @erasure.
 * Works in engine->work. An error loses the transaction. */
TIP_MUST_USE enum tip_err node_erase_record(struct node_engine *engine,
                                            uint32_t ordinal,
                                            struct node_erasure *erasure);

/** Erase again what is here though the control log says that it was erased, and
 * note the names of what this disk has lost; then all frames are swept again.
 * An error loses the transaction. */
TIP_MUST_USE enum tip_err node_erase_again(struct node_engine *engine);

/** Does @set name a record that was erased? Works in engine->work. */
TIP_MUST_USE enum tip_err node_erase_is_named(struct node_engine *engine,
                                              const struct tip_change_set *set,
                                              bool *out_is);

/** Keep what is known of @erasure, to be read. */
TIP_MUST_USE enum tip_err
node_erasure_store(struct tip_txn *txn, const struct node_erasure *erasure);

/** Store @frame, number @index of @channel, whose @body is read; without what
 * it says of records that were erased before it came. An error loses the
 * transaction. */
TIP_MUST_USE enum tip_err node_erase_keep(struct node_engine *engine,
                                          struct node_channel *channel,
                                          uint64_t index,
                                          const struct tip_down_body *body,
                                          struct tip_bytes frame);

/** Read how far that is. Where the disk has altered it, all frames are swept
 * again for all that was ever erased. */
TIP_MUST_USE enum tip_err node_erase_load(struct node_engine *engine,
                                          struct tip_txn *txn);

/** Do the next slice of what an erasure leaves to do, if there is any: in a
 * transaction of its own. Flushes. */
TIP_MUST_USE enum tip_err node_erase_work(struct node_engine *engine);

#endif /* NODE_ERASE_H */
