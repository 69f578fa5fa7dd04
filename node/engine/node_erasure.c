/* What is kept of an erasure: which, when, and what of ours went with it. */
#include <string.h>

#include "node_engine_internal.h"
#include "node_erase.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum { ERASURE_FORMAT = 1, ROW_BYTES_MAX = 256 };

enum tip_err node_erasure_store(struct tip_txn *txn,
                                const struct node_erasure *erasure)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, ERASURE_FORMAT);
    tip_buf_put(&buf, TIP_BYTES_OF(erasure->record.bytes));
    tip_buf_put_u64(&buf, erasure->decided_ms);
    tip_buf_put_u8(&buf, erasure->was_here ? 1 : 0);
    tip_buf_put_u64(&buf, erasure->lost_count);
    tip_buf_put_u64(&buf, erasure->lost_first.packed);
    tip_buf_put_u64(&buf, erasure->lost_last.packed);
    tip_buf_put_sized(&buf, tip_bytes_text(erasure->author));
    return tip_state_row_put(txn, TIP_TABLE_ERASURE,
                             TIP_KEY(erasure->commit, 0), &buf);
}

static enum tip_err read_erasure(struct tip_bytes row, uint64_t commit,
                                 struct node_erasure *out_erasure)
{
    struct node_erasure erasure = {.commit = commit};
    struct tip_reader reader;
    struct tip_bytes author;
    enum tip_err err = tip_state_row_open(row, ERASURE_FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    tip_reader_copy(&reader, erasure.record.bytes, sizeof erasure.record.bytes);
    erasure.decided_ms = tip_reader_get_u64(&reader);
    erasure.was_here = tip_reader_get_u8(&reader) != 0;
    erasure.lost_count = tip_reader_get_u64(&reader);
    erasure.lost_first.packed = tip_reader_get_u64(&reader);
    erasure.lost_last.packed = tip_reader_get_u64(&reader);
    author = tip_reader_get_sized(&reader);
    if (author.size > TIP_AUTHOR_BYTES_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    if (author.size != 0) {
        memcpy(erasure.author, author.data, author.size);
    }
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_erasure = erasure;
    }
    return err;
}

enum tip_err node_engine_next_erasure(struct node_engine *engine,
                                      uint64_t after,
                                      struct node_erasure *out_erasure)
{
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_key key;
    enum tip_err err = node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_seek(txn, TIP_TABLE_ERASURE, TIP_SEEK_AT_OR_AFTER,
                           TIP_KEY(after + 1, 0), &key, &row);
    }
    return err == TIP_OK ? read_erasure(row, key.hi, out_erasure) : err;
}
