/*
 * The control log as rows of the store, the same at node and hub: entry N is
 * row N of channel CTL in TIP_TABLE_CHANNEL, from 1 on without a hole, as an
 * item with its commit (tip_wire_channel.h).
 */
#ifndef TIP_CTL_LOG_H
#define TIP_CTL_LOG_H

#include "tip_arena.h"
#include "tip_ctl.h"
#include "tip_err.h"
#include "tip_lineage.h"
#include "tip_store.h"

/** One entry as it is kept. Plain data that borrows. */
struct tip_ctl_entry {
    uint64_t number; /* Its place in the log. */
    uint64_t commit;
    struct tip_bytes bytes; /* As they came. */
    bool is_known;          /* This version can read it: */
    struct tip_ctl control; /* …then this is what it says. */
};

/** How many entries there are. Errors of the store. */
TIP_MUST_USE enum tip_err tip_ctl_log_count(struct tip_txn *txn,
                                            uint64_t *out_count);

/** Read entry @number in @arena. TIP_ENOTFOUND; TIP_ESTORE_DAMAGED. */
TIP_MUST_USE enum tip_err tip_ctl_log_get(struct tip_txn *txn, uint64_t number,
                                          struct tip_arena *arena,
                                          struct tip_ctl_entry *out);

/** Write @item, of kind TIP_ITEM_CONTROL, as entry @number. TIP_EINVAL. */
TIP_MUST_USE enum tip_err tip_ctl_log_put(struct tip_txn *txn, uint64_t number,
                                          const struct tip_item *item);

/** Note in @lineage what @control says of it, if anything. TIP_EDIVERGED: it
 * contradicts what was said before. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_ctl_log_note_lineage(const struct tip_ctl *control,
                         struct tip_lineage *lineage);

/** Read anew who goes on from whom, from all entries. TIP_ESTORE_DAMAGED: some
 * could not be read; what the others say is there. */
TIP_MUST_USE enum tip_err tip_ctl_log_read_lineage(struct tip_txn *txn,
                                                   struct tip_lineage *lineage);

#endif /* TIP_CTL_LOG_H */
