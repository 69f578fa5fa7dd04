#include "node_starts.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_store.h"

#define DAY_MS (UINT64_C(24) * 3600 * 1000)

enum { FORMAT = 1, ROW_BYTES_MAX = 3 + NODE_STARTS_MAX * 9 };

void node_starts_add(struct node_starts *starts, uint64_t now_ms)
{
    if (starts->count == NODE_STARTS_MAX) {
        memmove(starts->items, starts->items + 1,
                (NODE_STARTS_MAX - 1) * sizeof *starts->items);
        starts->count--;
    }
    starts->items[starts->count].at_ms = now_ms;
    starts->items[starts->count].was_cut = starts->is_running;
    starts->count++;
    starts->is_running = true;
}

void node_starts_count(const struct node_starts *starts, uint64_t now_ms,
                       uint32_t *out_starts, uint32_t *out_cuts)
{
    *out_starts = 0;
    *out_cuts = 0;
    for (size_t i = 0; i < starts->count; i++) {
        uint64_t at_ms = starts->items[i].at_ms;

        if (at_ms <= now_ms && now_ms - at_ms < DAY_MS) {
            *out_starts += 1;
            *out_cuts += starts->items[i].was_cut ? 1 : 0;
        }
    }
}

static enum tip_err read_row(struct tip_bytes row,
                             struct node_starts *out_starts)
{
    struct node_starts starts = {.count = 0};
    struct tip_reader reader;
    size_t count;

    tip_reader_init(&reader, row);
    if (tip_reader_get_u8(&reader) != FORMAT) {
        return TIP_ESTORE_VERSION;
    }
    starts.is_running = tip_reader_get_u8(&reader) != 0;
    count = tip_reader_get_u8(&reader);
    for (; starts.count < count && starts.count < NODE_STARTS_MAX;
         starts.count++) {
        starts.items[starts.count].at_ms = tip_reader_get_u64(&reader);
        starts.items[starts.count].was_cut = tip_reader_get_u8(&reader) != 0;
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_ESTORE_DAMAGED;
    }
    *out_starts = starts;
    return TIP_OK;
}

enum tip_err node_starts_load(struct tip_home *home,
                              struct node_starts *out_starts)
{
    struct tip_bytes row;
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_READ, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err =
        tip_txn_get(txn, TIP_TABLE_META, TIP_KEY(TIP_HOME_ROW_STARTS, 0), &row);
    if (err == TIP_OK) {
        err = read_row(row, out_starts);
    } else if (err == TIP_ENOTFOUND) {
        *out_starts = (struct node_starts){.count = 0};
        err = TIP_OK;
    }
    tip_txn_abort(txn);
    return err;
}

static enum tip_err put(struct tip_txn *txn, const struct node_starts *starts)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put_u8(&buf, starts->is_running ? 1 : 0);
    tip_buf_put_u8(&buf, (uint8_t)starts->count);
    for (size_t i = 0; i < starts->count; i++) {
        tip_buf_put_u64(&buf, starts->items[i].at_ms);
        tip_buf_put_u8(&buf, starts->items[i].was_cut ? 1 : 0);
    }
    err = tip_buf_finish(&buf, &row);
    return err != TIP_OK ? err
                         : tip_txn_put(txn, TIP_TABLE_META,
                                       TIP_KEY(TIP_HOME_ROW_STARTS, 0), row);
}

enum tip_err node_starts_save(struct tip_home *home,
                              const struct node_starts *starts)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = put(txn, starts);
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}
