/* Rule: a row of the hub's own state, of an invitation or a decision is
 * refused, or is written and read the same. Input: rows for fuzz_rows_open().
 */
#include "fuzz_rows.h"
#include "fuzz_rows_of.h"
#include "hub_erasure.h"
#include "hub_invite.h"
#include "hub_row.h"

enum { STEPS_MAX = FUZZ_ROWS_MAX + 1, ARENA_BYTES_MAX = 1 << 22 };

static void try_order(struct tip_txn *txn)
{
    struct hub_order_row row, back;

    if (!fuzz_rows_is_read(hub_row_load_order(txn, &row))) {
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
        if (!fuzz_rows_is_read(hub_row_next_origin(txn, after, &row))) {
            return;
        }
        FUZZ_RULE(row.device.origin > after);
        FUZZ_RULE(hub_row_store_origin(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_row_next_origin(txn, after, &back) == TIP_OK);
        FUZZ_RULE(row.device.office == back.device.office);
        FUZZ_RULE(row.admission.base == back.admission.base);
        FUZZ_RULE(row.use.bytes == back.use.bytes);
        FUZZ_RULE(row.device.is_retired == back.device.is_retired);
        FUZZ_RULE(row.joined.number == back.joined.number);
        FUZZ_RULE(row.copy.may == back.copy.may);
        FUZZ_RULE(row.copy.newest.number == back.copy.newest.number);
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
        if (!fuzz_rows_is_read(hub_row_next_channel(txn, from, &channel))) {
            return;
        }
        FUZZ_RULE(channel >= from);
        if (fuzz_rows_is_read(hub_row_load_channel(txn, channel, &row))) {
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

        if (!fuzz_rows_is_read(
                hub_row_next_held(txn, origin, seq, &arena, &row))) {
            break;
        }
        FUZZ_RULE(row.origin > origin || row.seq > seq);
        FUZZ_RULE(hub_row_store_held(txn, &arena, &row) == TIP_OK);
        FUZZ_RULE(hub_row_next_held(txn, origin, seq, &arena, &back) == TIP_OK);
        FUZZ_RULE(row.record_count == back.record_count);
    }
    tip_arena_deinit(&arena);
}

static void try_calendar(struct tip_txn *txn)
{
    struct tip_calendar row, back;

    if (!fuzz_rows_is_read(hub_row_load_calendar(txn, &row))) {
        return;
    }
    FUZZ_RULE(row.count <= TIP_CALENDAR_DAYS);
    FUZZ_RULE(hub_row_store_calendar(txn, &row) == TIP_OK);
    FUZZ_RULE(hub_row_load_calendar(txn, &back) == TIP_OK);
    FUZZ_RULE(tip_calendar_today(&row) == tip_calendar_today(&back));
    FUZZ_RULE(tip_calendar_old(&row, 1) == tip_calendar_old(&back, 1));
}

static void try_recovery(struct tip_txn *txn)
{
    struct hub_recovery_row row, back;
    struct hub_return_row due, due_back;
    uint64_t kept, kept_back;

    if (fuzz_rows_is_read(hub_row_load_recovery(txn, &row))) {
        FUZZ_RULE(hub_row_store_recovery(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_row_load_recovery(txn, &back) == TIP_OK);
        FUZZ_RULE(row.id == back.id && row.is_open == back.is_open);
        FUZZ_RULE(row.follows == back.follows);
    }
    if (fuzz_rows_is_read(hub_row_load_return(txn, FUZZ_ORIGIN, &due)) &&
        due.is_due) {
        FUZZ_RULE(hub_row_store_return(txn, FUZZ_ORIGIN, &due) == TIP_OK);
        FUZZ_RULE(hub_row_load_return(txn, FUZZ_ORIGIN, &due_back) == TIP_OK);
        FUZZ_RULE(due.is_back == due_back.is_back);
        FUZZ_RULE(due.is_ended == due_back.is_ended && due.end == due_back.end);
        FUZZ_RULE(due.taken == due_back.taken);
    }
    if (fuzz_rows_is_read(hub_row_load_kept(txn, FUZZ_CHANNEL, &kept))) {
        FUZZ_RULE(hub_row_store_kept(txn, FUZZ_CHANNEL, kept) == TIP_OK);
        FUZZ_RULE(hub_row_load_kept(txn, FUZZ_CHANNEL, &kept_back) == TIP_OK);
        FUZZ_RULE(kept == kept_back);
    }
}

static void try_ruling(struct tip_txn *txn)
{
    struct tip_ruling row, back;
    struct tip_arena arena;
    uint64_t commit, commit_back;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (fuzz_rows_is_read(hub_row_find_ruling(txn, FUZZ_ORIGIN, FUZZ_SEQ,
                                              &arena, &row, &commit))) {
        FUZZ_RULE(row.origin == FUZZ_ORIGIN && row.first_seq <= FUZZ_SEQ);
        FUZZ_RULE(hub_row_store_ruling(txn, &row, commit) == TIP_OK);
        FUZZ_RULE(hub_row_find_ruling(txn, FUZZ_ORIGIN, FUZZ_SEQ, &arena, &back,
                                      &commit_back) == TIP_OK);
        FUZZ_RULE(commit == commit_back && row.kind == back.kind);
        FUZZ_RULE(tip_bytes_equal(row.reason, back.reason));
    }
    tip_arena_deinit(&arena);
}

static void try_holding(struct tip_txn *txn)
{
    static struct hub_channel row, back;

    row.row.channel = back.row.channel = FUZZ_CHANNEL;
    if (fuzz_rows_is_read(hub_holding_load(txn, &row)) && row.is_counted) {
        row.holding_is_dirty = true;
        FUZZ_RULE(hub_holding_store(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_holding_load(txn, &back) == TIP_OK);
        FUZZ_RULE(memcmp(&row.holding, &back.holding, sizeof row.holding) == 0);
    }
    if (fuzz_rows_is_read(hub_repair_load(txn, &row))) {
        row.repair.is_dirty = true;
        FUZZ_RULE(hub_repair_store(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_repair_load(txn, &back) == TIP_OK);
        FUZZ_RULE(row.repair.pass == back.repair.pass);
        FUZZ_RULE(row.repair.pass <= HUB_REPAIR_REST);
        FUZZ_RULE(row.repair.queued == back.repair.queued);
        FUZZ_RULE(memcmp(row.repair.parts, back.repair.parts,
                         sizeof row.repair.parts) == 0);
    }
}

static void try_erasures(struct tip_txn *txn)
{
    struct hub_erasure row, back;
    uint64_t number = 0;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (!fuzz_rows_is_read(hub_erasure_next(txn, number, &row))) {
            return;
        }
        FUZZ_RULE(row.number > number);
        FUZZ_RULE(row.state <= HUB_ERASURE_WITHDRAWN);
        (void)!hub_erasure_check(&row, "salma", 1000);
        FUZZ_RULE(hub_erasure_store(txn, &row) == TIP_OK);
        FUZZ_RULE(hub_erasure_load(txn, row.number, &back) == TIP_OK);
        FUZZ_RULE(strcmp(row.reason, back.reason) == 0);
        FUZZ_RULE(row.ended.uid == back.ended.uid);
        number = row.number;
    }
}

static void try_invites(struct tip_txn *txn)
{
    struct hub_invite row, back;
    uint64_t number = 0;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (!fuzz_rows_is_read(hub_invite_next(txn, number, &row))) {
            return;
        }
        FUZZ_RULE(row.number > number);
        FUZZ_RULE(memchr(row.name, 0, sizeof row.name) != NULL);
        FUZZ_RULE(row.state <= HUB_INVITE_BURNT);
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
    try_calendar(txn);
    try_recovery(txn);
    try_origins(txn);
    try_channels(txn);
    try_holding(txn);
    try_held(txn);
    try_ruling(txn);
    try_invites(txn);
    try_erasures(txn);
    fuzz_rows_try_sweep(txn);
    fuzz_rows_close(store, txn);
    return 0;
}
