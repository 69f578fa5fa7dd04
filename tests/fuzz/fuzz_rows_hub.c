/* Rule: a row of the hub's own state or of an invitation is refused, or is
 * written and read the same. Input: rows for fuzz_rows_open(). */
#include "fuzz_rows.h"
#include "hub_invite.h"
#include "hub_row.h"

enum { STEPS_MAX = FUZZ_ROWS_MAX + 1, ARENA_BYTES_MAX = 1 << 22 };

static void try_order(struct tip_txn *txn)
{
    struct hub_order_row row, back;

    if (hub_row_load_order(txn, &row) != TIP_OK) {
        return;
    }
    FUZZ_RULE(hub_row_store_order(txn, &row) == TIP_OK);
    FUZZ_RULE(hub_row_load_order(txn, &back) == TIP_OK);
    FUZZ_RULE(row.commit == back.commit && row.seq == back.seq);
}

static void try_origins(struct tip_txn *txn)
{
    struct hub_origin_row row, back;
    uint32_t after = 0;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (hub_row_next_origin(txn, after, &row) != TIP_OK) {
            return;
        }
        FUZZ_RULE(row.device.origin > after);
        FUZZ_RULE(hub_row_store_origin(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_row_next_origin(txn, after, &back) == TIP_OK);
        FUZZ_RULE(row.device.office == back.device.office);
        FUZZ_RULE(row.admission.base == back.admission.base);
        after = row.device.origin;
    }
    fuzz_rule(false, "a walk over devices ends");
}

static void try_channels(struct tip_txn *txn)
{
    struct hub_channel_row row, back;
    uint64_t from = 0;
    uint32_t channel;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (hub_row_next_channel(txn, from, &channel) != TIP_OK) {
            return;
        }
        FUZZ_RULE(channel >= from);
        if (hub_row_load_channel(txn, channel, &row) == TIP_OK) {
            FUZZ_RULE(hub_row_store_channel(txn, &row) == TIP_OK);
            FUZZ_RULE(hub_row_load_channel(txn, channel, &back) == TIP_OK);
            FUZZ_RULE(row.newest == back.newest && row.cut == back.cut);
        }
        from = (uint64_t)channel + 1;
    }
}

static void try_held(struct tip_txn *txn)
{
    struct hub_held_row row = {.origin = 0}, back;
    struct tip_arena arena;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    for (int i = 0; i < STEPS_MAX; i++) {
        uint32_t origin = row.origin;
        uint64_t seq = row.seq;

        if (hub_row_next_held(txn, origin, seq, &arena, &row) != TIP_OK) {
            break;
        }
        FUZZ_RULE(row.origin > origin || row.seq > seq);
        FUZZ_RULE(hub_row_store_held(txn, &arena, &row) == TIP_OK);
        FUZZ_RULE(hub_row_next_held(txn, origin, seq, &arena, &back) == TIP_OK);
        FUZZ_RULE(row.record_count == back.record_count);
    }
    tip_arena_deinit(&arena);
}

static void try_invites(struct tip_txn *txn)
{
    struct hub_invite row, back;
    uint64_t number = 0;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (hub_invite_next(txn, number, &row) != TIP_OK) {
            return;
        }
        FUZZ_RULE(row.number > number);
        FUZZ_RULE(memchr(row.name, 0, sizeof row.name) != NULL);
        (void)hub_invite_word(&row, 1);
        (void)!hub_invite_check(&row, 1);
        FUZZ_RULE(hub_invite_store(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_invite_load(txn, row.number, &back) == TIP_OK);
        FUZZ_RULE(row.state == back.state && row.tries == back.tries);
        number = row.number;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_txn *txn;
    struct fake_store *store = fuzz_rows_open(tip_bytes(data, size), &txn);

    try_order(txn);
    try_origins(txn);
    try_channels(txn);
    try_held(txn);
    try_invites(txn);
    fuzz_rows_close(store, txn);
    return 0;
}
