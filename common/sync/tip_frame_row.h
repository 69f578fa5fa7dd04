/*
 * A frame of a feed as a row of the store, the same at node and hub: the head
 * of the chain behind it, then the frame as it travels.
 */
#ifndef TIP_FRAME_ROW_H
#define TIP_FRAME_ROW_H

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_store.h"

enum { TIP_FRAME_ROW_PREFIX_SIZE = 8 + TIP_HEAD_SIZE };

/** Write @head into the first bytes of @row, which has at least so many. */
void tip_frame_row_put_head(uint8_t row[TIP_FRAME_ROW_PREFIX_SIZE],
                            const struct tip_head *head);

/** Take a row apart; borrows. TIP_ESTORE_DAMAGED. */
TIP_MUST_USE enum tip_err tip_frame_row_read(struct tip_bytes row,
                                             struct tip_head *out_head,
                                             struct tip_bytes *out_frame);

/** Find the frame of @origin that holds change-set @seq.
 * Borrows as tip_txn_seek(). TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err tip_frame_row_find(struct tip_txn *txn,
                                             uint32_t origin, uint64_t seq,
                                             uint64_t *out_first,
                                             struct tip_head *out_head,
                                             struct tip_bytes *out_frame);

#endif /* TIP_FRAME_ROW_H */
