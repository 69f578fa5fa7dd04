/*
 * Parts of the rows in which an engine keeps its own state: how far chains go,
 * what was given out. Each row begins with a byte that says its format.
 */
#ifndef TIP_STATE_ROW_H
#define TIP_STATE_ROW_H

#include <stdint.h>

#include "tip_buf.h"
#include "tip_frame.h"
#include "tip_reader.h"
#include "tip_store.h"

void tip_state_row_put_head(struct tip_buf *buf, const struct tip_head *head);

/** Read it; @reader fails if it is not there. */
struct tip_head tip_state_row_get_head(struct tip_reader *reader);

/** Begin to read @row, which @out_reader borrows and stands in behind the
 * format. TIP_ESTORE_VERSION: the format is not @format, so another version
 * wrote it; a sealed row is never altered unseen. TIP_ESTORE_DAMAGED: there is
 * nothing in it. */
TIP_MUST_USE enum tip_err tip_state_row_open(struct tip_bytes row,
                                             uint8_t format,
                                             struct tip_reader *out_reader);

/** The same with the row at @key. TIP_ENOTFOUND too, errors of the store. */
TIP_MUST_USE enum tip_err tip_state_row_get(struct tip_txn *txn,
                                            enum tip_table table,
                                            struct tip_key key, uint8_t format,
                                            struct tip_reader *out_reader);

/** TIP_ESTORE_DAMAGED unless the whole row was read: one that does not read
 * back was altered on its way to the disk. */
TIP_MUST_USE enum tip_err tip_state_row_finish(const struct tip_reader *reader);

/** Store what is in @buf. TIP_ETOOBIG, errors of the store. */
TIP_MUST_USE enum tip_err tip_state_row_put(struct tip_txn *txn,
                                            enum tip_table table,
                                            struct tip_key key,
                                            const struct tip_buf *buf);

#endif /* TIP_STATE_ROW_H */
