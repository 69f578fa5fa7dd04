/* Rows of a node's state, one store each, as the node writes them. */
#include "fuzz_rows_of.h"
#include "make_corpus.h"
#include "node_roll.h"
#include "node_row.h"
#include "tip_frame_row.h"

static const struct tip_head head = {.number = 40, .hash = {1, 2, 3}};

static enum tip_err put_feed(struct tip_txn *txn, struct tip_arena *arena)
{
    struct node_feed_row row = {
        .saved = 45,
        .framed = head,
        .confirmed = head,
        .decided = 38,
        .generation = 2,
        .ceiling = {.packed = UINT64_C(1) << 60},
        .own_count = 2,
        .own = {{.origin = FUZZ_ORIGIN},
                {.origin = 110, .start = 40, .up_to = 40, .continues = 10}}};

    (void)arena;
    return node_row_store_feed(txn, &row);
}

static enum tip_err put_channel(struct tip_txn *txn, struct tip_arena *arena)
{
    struct node_channel_row row = {
        .position = {.channel = FUZZ_CHANNEL,
                     .generation = 2,
                     .head = head,
                     .checkpoint = tip_commit_make(2, 300),
                     .agreement = TIP_AGREEMENT_EQUAL},
        .applied = 40,
        .mends = 1};

    (void)arena;
    return node_row_store_channel(txn, &row);
}

static enum tip_err put_held(struct tip_txn *txn, struct tip_arena *arena)
{
    static struct node_held_row row = {
        .total = 5,
        .run_count = 2,
        .runs = {{.first = 3, .count = 1, .reason = TIP_HOLD_BASE},
                 {.first = 9, .count = 4, .reason = TIP_HOLD_BEHIND}}};

    (void)arena;
    return node_row_store_held(txn, &row);
}

static enum tip_err put_budget(struct tip_txn *txn, struct tip_arena *arena)
{
    struct tip_budget_row row = {
        .day = 20001, .spent_bytes = 4000, .passed_ms = 60000};

    (void)arena;
    return node_row_store_budget(txn, &row);
}

static enum tip_err put_asked(struct tip_txn *txn, struct tip_arena *arena)
{
    struct node_asked_row row = {
        .is_there = true, .asked = {.head = head, .up_to = 40}, .from = 33};

    (void)arena;
    return node_row_store_asked(txn, &row);
}

static enum tip_err put_holding(struct tip_txn *txn, struct tip_arena *arena)
{
    static uint8_t came[] = {0x06, 0x01};
    static struct node_channel channel = {.row.position.channel = FUZZ_CHANNEL,
                                          .holding.count = 3,
                                          .roll = {.is_open = true,
                                                   .is_dirty = true,
                                                   .since = 70,
                                                   .count = 12,
                                                   .received = 3,
                                                   .came = came,
                                                   .came_size = sizeof came}};
    enum tip_err err = node_holding_store(txn, &channel);

    return err == TIP_OK ? node_roll_store(txn, arena, &channel) : err;
}

static enum tip_err put_sweep(struct tip_txn *txn, struct tip_arena *arena)
{
    struct tip_sweep row = {
        .phase = TIP_SWEEP_PURGING, .through = 80, .done = 60};

    (void)arena;
    return tip_sweep_store(txn, &row);
}

const struct rows_seed make_rows_node[] = {
    {"feed", put_feed},   {"channel", put_channel},
    {"held", put_held},   {"budget", put_budget},
    {"asked", put_asked}, {"holding", put_holding},
    {"sweep", put_sweep}, {NULL, NULL}};
