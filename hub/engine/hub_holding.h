/* Internal: what an office holds, as a digest. */
#ifndef HUB_HOLDING_H
#define HUB_HOLDING_H

#include <stdint.h>

#include "tip_err.h"

struct hub_channel;
struct hub_engine;
struct tip_checkpoint;
struct tip_record;
struct tip_txn;

/** Read what @channel's audience holds; and write it if it has changed. */
TIP_MUST_USE enum tip_err hub_holding_load(struct tip_txn *txn,
                                           struct hub_channel *channel);
TIP_MUST_USE enum tip_err hub_holding_store(struct tip_txn *txn,
                                            struct hub_channel *channel);

/** Read that, and how far records are sent again on @channel. What the disk has
 * altered of it keeps nobody from going on: the one is counted again, the other
 * begins again, with all that the audience holds. */
TIP_MUST_USE enum tip_err hub_holding_open(struct hub_engine *engine,
                                           struct tip_txn *txn,
                                           struct hub_channel *channel);

/** Record @ordinal has changed; @before: NULL if it is new. */
TIP_MUST_USE enum tip_err hub_holding_change(struct hub_engine *engine,
                                             uint32_t ordinal,
                                             const struct tip_record *before,
                                             const struct tip_record *after);

/** Make sure that what @channel's audience holds is counted, from all records
 * if it was not kept. A transaction to write in is open. */
TIP_MUST_USE enum tip_err hub_holding_count(struct hub_engine *engine,
                                            struct hub_channel *channel);

/** Count, and keep, what could not be read of what any channel's audience
 * holds. All records are there. */
TIP_MUST_USE enum tip_err hub_holding_mend(struct hub_engine *engine);

/** Say in @checkpoint what @channel's audience holds once it has everything;
 * counted from all records if it was not kept. A transaction is open. */
TIP_MUST_USE enum tip_err hub_holding_say(struct hub_engine *engine,
                                          struct hub_channel *channel,
                                          struct tip_checkpoint *checkpoint);

#endif /* HUB_HOLDING_H */
