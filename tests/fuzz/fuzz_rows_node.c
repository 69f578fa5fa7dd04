/* Rule: a row of the node's own state is refused, or is written and read the
 * same. Input: rows for fuzz_rows_open(). */
#include "fake_clock.h"
#include "fuzz_rows.h"
#include "fuzz_rows_of.h"
#include "node_roll.h"
#include "node_row.h"
#include "tip_frame_row.h"

enum { CHANNELS = 3, ARENA_BYTES_MAX = 1 << 22 };

static void try_feed(struct tip_txn *txn)
{
    struct node_feed_row row, back;

    if (!fuzz_rows_is_read(node_row_load_feed(txn, FUZZ_ORIGIN, &row))) {
        return;
    }
    FUZZ_RULE(node_row_store_feed(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_feed(txn, FUZZ_ORIGIN, &back) == TIP_OK);
    FUZZ_RULE(row.saved == back.saved && row.decided == back.decided);
    FUZZ_RULE(row.framed.number == back.framed.number);
}

static void try_channel(struct tip_txn *txn, uint32_t channel)
{
    struct node_channel_row row, back;

    if (!fuzz_rows_is_read(node_row_load_channel(txn, channel, &row))) {
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

    if (!fuzz_rows_is_read(node_row_load_held(txn, &row))) {
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

    if (fuzz_rows_is_read(tip_frame_row_find(txn, FUZZ_ORIGIN, FUZZ_SEQ, &first,
                                             &head, &frame))) {
        FUZZ_RULE(first <= FUZZ_SEQ);
        FUZZ_RULE(frame.size < FUZZ_ROWS_STORE_BYTES);
    }
}

static void try_budget(struct tip_txn *txn)
{
    struct tip_budget_row row, back;

    if (!fuzz_rows_is_read(node_row_load_budget(txn, &row))) {
        return;
    }
    FUZZ_RULE(node_row_store_budget(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_budget(txn, &back) == TIP_OK);
    FUZZ_RULE(row.day == back.day && row.spent_bytes == back.spent_bytes);
}

static void try_asked(struct tip_txn *txn)
{
    struct node_asked_row row, back;

    if (!fuzz_rows_is_read(node_row_load_asked(txn, &row)) || !row.is_there) {
        return;
    }
    FUZZ_RULE(node_row_store_asked(txn, &row) == TIP_OK);
    FUZZ_RULE(node_row_load_asked(txn, &back) == TIP_OK);
    FUZZ_RULE(row.from == back.from && row.asked.up_to == back.asked.up_to);
}

static void try_roll(struct tip_txn *txn)
{
    static struct node_channel row, back;
    struct tip_arena arena;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    row.row.position.channel = back.row.position.channel = FUZZ_CHANNEL;
    if (fuzz_rows_is_read(node_roll_load(txn, &row))) {
        row.roll.is_dirty = true;
        FUZZ_RULE(node_roll_store(txn, &arena, &row) == TIP_OK);
        FUZZ_RULE(node_roll_load(txn, &back) == TIP_OK);
        FUZZ_RULE(row.roll.received == back.roll.received);
        FUZZ_RULE(
            tip_bytes_equal(tip_bytes(row.roll.came, row.roll.came_size),
                            tip_bytes(back.roll.came, back.roll.came_size)));
    }
    free(row.roll.came);
    free(back.roll.came);
    row.roll = back.roll = (struct node_roll){.is_open = false};
    tip_arena_deinit(&arena);
}

/* What is kept of a digest that does not read is doubted, and counted anew. */
static void try_holding(struct tip_txn *txn)
{
    static struct node_engine engine;
    static struct node_channel row, back;
    struct fake_clock clock = FAKE_CLOCK_AT(1000);

    engine.opts.clock = &clock.base;
    engine.identity.office = FUZZ_CHANNEL;
    engine.is_in_doubt = false;
    row.row.position.channel = back.row.position.channel = FUZZ_CHANNEL;
    if (fuzz_rows_is_read(node_holding_load(&engine, txn, &row))) {
        FUZZ_RULE(node_holding_store(txn, &row) == TIP_OK);
        FUZZ_RULE(node_holding_load(&engine, txn, &back) == TIP_OK);
        FUZZ_RULE(memcmp(&row.holding, &back.holding, sizeof row.holding) == 0);
    }
    (void)fuzz_rows_is_read(node_scrub_load(&engine, txn));
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
    try_budget(txn);
    try_asked(txn);
    try_roll(txn);
    try_holding(txn);
    try_frame(txn);
    fuzz_rows_try_sweep(txn);
    fuzz_rows_close(store, txn);
    return 0;
}
