/* Rule: a row of the node's own state is refused, or is written and read the
 * same. Input: rows for fuzz_rows_open(). */
#include "fuzz_rows.h"
#include "node_row.h"
#include "tip_frame_row.h"

enum { CHANNELS = 3, ORIGIN = 10 };

static void try_feed(struct tip_txn *txn)
{
    struct node_feed_row row, back;

    if (node_row_load_feed(txn, ORIGIN, &row) != TIP_OK) {
        return;
    }
    FUZZ_RULE(node_row_store_feed(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_feed(txn, ORIGIN, &back) == TIP_OK);
    FUZZ_RULE(row.saved == back.saved && row.decided == back.decided);
    FUZZ_RULE(row.framed.number == back.framed.number);
}

static void try_channel(struct tip_txn *txn, uint32_t channel)
{
    struct node_channel_row row, back;

    if (node_row_load_channel(txn, channel, &row) != TIP_OK) {
        return;
    }
    FUZZ_RULE(row.position.channel == channel);
    FUZZ_RULE(node_row_store_channel(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_channel(txn, channel, &back) == TIP_OK);
    FUZZ_RULE(row.position.checkpoint == back.position.checkpoint);
    FUZZ_RULE(row.applied == back.applied);
}

static void try_held(struct tip_txn *txn)
{
    static struct node_held_row row, back;

    if (node_row_load_held(txn, &row) != TIP_OK) {
        return;
    }
    FUZZ_RULE(node_row_store_held(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_held(txn, &back) == TIP_OK);
    FUZZ_RULE(row.total == back.total && row.run_count == back.run_count);
}

static void try_frame(struct tip_txn *txn)
{
    struct tip_bytes frame;
    struct tip_head head;
    uint64_t first;

    if (tip_frame_row_find(txn, ORIGIN, 7, &first, &head, &frame) == TIP_OK) {
        FUZZ_RULE(first <= 7);
        FUZZ_RULE(frame.size < FUZZ_ROWS_STORE_BYTES);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_txn *txn;
    struct fake_store *store = fuzz_rows_open(tip_bytes(data, size), &txn);

    try_feed(txn);
    for (uint32_t channel = 0; channel < CHANNELS; channel++) {
        try_channel(txn, channel);
    }
    try_held(txn);
    try_frame(txn);
    fuzz_rows_close(store, txn);
    return 0;
}
