/* Does each row decode of which only the engine knows how? */
#include "hub_check.h"
#include "hub_erasure.h"
#include "hub_row.h"
#include "hub_said.h"
#include "tip_secret.h"
#include "tip_sweep.h"

/* A row of a device: its own, or what it said. */
static enum tip_err check_device_row(struct tip_txn *txn, struct tip_key key,
                                     struct tip_arena *arena)
{
    const uint32_t number = (uint32_t)key.hi;
    struct hub_origin *origin = tip_arena_alloc(arena, sizeof *origin);
    enum tip_err err;

    if (origin == NULL) {
        return TIP_ENOMEM;
    }
    *origin = (struct hub_origin){.row.device.origin = number};
    err = key.lo == 0 ? hub_row_next_origin(txn, number - 1, &origin->row)
                      : hub_said_load(txn, arena, origin);
    tip_secret_wipe(origin, sizeof *origin);
    return err;
}

/* How far records are sent again on a channel. */
static enum tip_err check_roll_call(struct tip_txn *txn, uint32_t channel,
                                    struct tip_arena *arena)
{
    struct hub_channel *row = tip_arena_alloc(arena, sizeof *row);

    if (row == NULL) {
        return TIP_ENOMEM;
    }
    *row = (struct hub_channel){.row.channel = channel};
    return hub_repair_load(txn, row);
}

static enum tip_err check_erasure(struct tip_txn *txn, uint64_t number)
{
    struct hub_erasure erasure;
    struct tip_sweep sweep;

    /* Row 0 says how far the sweep is. */
    return number == 0 ? tip_sweep_load(txn, &sweep)
                       : hub_erasure_load(txn, number, &erasure);
}

enum tip_err hub_check_row(struct tip_txn *txn, enum tip_table table,
                           struct tip_key key, struct tip_arena *arena)
{
    const uint32_t number = (uint32_t)key.hi;
    struct hub_channel_row channel;
    struct hub_held_row held;
    struct tip_ruling ruling;
    uint64_t commit;
    enum tip_err err = TIP_OK;

    if (table == TIP_TABLE_HELD) {
        err = hub_row_next_held(txn, number, key.lo - 1, arena, &held);
    } else if (table == TIP_TABLE_RULING) {
        err = hub_row_find_ruling(txn, number, key.lo, arena, &ruling, &commit);
    } else if (table == TIP_TABLE_ORIGIN) {
        err = check_device_row(txn, key, arena);
    } else if (table == TIP_TABLE_HOLDING && key.lo != 0) {
        err = check_roll_call(txn, number, arena);
    } else if (table == TIP_TABLE_CHANNEL && key.lo == 0) {
        err = hub_row_load_channel(txn, number, &channel);
    } else if (table == TIP_TABLE_ERASURE) {
        err = check_erasure(txn, key.hi);
    }
    return err;
}
