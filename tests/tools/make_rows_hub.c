/* Rows of the hub's state, one store each, as the hub writes them. */
#include "fuzz_rows_of.h"
#include "hub_erasure.h"
#include "hub_invite.h"
#include "hub_row.h"
#include "make_corpus.h"

static const struct tip_head head = {.number = 40, .hash = {1, 2, 3}};

static enum tip_err put_order(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_order_row row = {.generation = 2,
                                .commit = tip_commit_make(2, 300),
                                .seq = 5,
                                .origin = 12,
                                .ceiling = {.packed = UINT64_C(1) << 60}};

    (void)arena;
    return hub_row_store_order(txn, &row);
}

static enum tip_err put_calendar(struct tip_txn *txn, struct tip_arena *arena)
{
    static struct tip_calendar row;

    (void)arena;
    (void)tip_calendar_note(&row, 20000, 0);
    (void)tip_calendar_note(&row, 20001, tip_commit_make(1, 70));
    return hub_row_store_calendar(txn, &row);
}

static enum tip_err put_recovery(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_recovery_row row = {.id = 77,
                                   .is_open = true,
                                   .follows = 250,
                                   .started_ms = 1000,
                                   .waited_ms = 60000};
    struct hub_return_row due = {.is_due = true,
                                 .is_back = true,
                                 .taken = 9,
                                 .is_ended = true,
                                 .end = 8};
    enum tip_err err = hub_row_store_recovery(txn, &row);

    (void)arena;
    if (err == TIP_OK) {
        err = hub_row_store_return(txn, FUZZ_ORIGIN, &due);
    }
    return err == TIP_OK ? hub_row_store_kept(txn, FUZZ_CHANNEL, 31) : err;
}

/* A device at work; one that was retired; two copies of one, frozen. */
static enum tip_err put_origins(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_origin_row row = {
        .device = {.origin = FUZZ_ORIGIN, .office = 50},
        .admission = {.base = 200, .given = 300},
        .head = head,
        .use = {.day = 20001, .deletions = 1, .overwrites = 2, .bytes = 4000},
        .root = FUZZ_ORIGIN};
    enum tip_err err = hub_row_store_origin(txn, &row);

    (void)arena;
    row.device.origin++;
    row.device.is_retired = true;
    row.joined = head;
    if (err == TIP_OK) {
        err = hub_row_store_origin(txn, &row);
    }
    row.device.origin++;
    row.device.is_retired = false;
    row.continues = FUZZ_ORIGIN;
    row.up_to = 8;
    row.told = 11;
    row.is_closed = true;
    row.copy = (struct hub_copy_row){.may = HUB_COPY_TURN,
                                     .is_frozen = true,
                                     .called_ms = 5000,
                                     .newest = head};
    return err == TIP_OK ? hub_row_store_origin(txn, &row) : err;
}

static enum tip_err put_channel(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_channel_row row = {.channel = FUZZ_CHANNEL,
                                  .head = head,
                                  .newest = 90,
                                  .cut = 80,
                                  .has_news = true};

    (void)arena;
    return hub_row_store_channel(txn, &row);
}

static enum tip_err put_holding(struct tip_txn *txn, struct tip_arena *arena)
{
    static struct hub_channel channel = {
        .row.channel = FUZZ_CHANNEL,
        .is_counted = true,
        .holding_is_dirty = true,
        .holding.count = 3,
        .repair = {.is_dirty = true, .is_on = true, .below = 9, .top = 12}};
    enum tip_err err = hub_holding_store(txn, &channel);

    (void)arena;
    return err == TIP_OK ? hub_repair_store(txn, &channel) : err;
}

static enum tip_err put_held(struct tip_txn *txn, struct tip_arena *arena)
{
    static const struct tip_id records[] = {{{1}}, {{2}}};
    struct hub_held_row row = {.origin = FUZZ_ORIGIN,
                               .seq = FUZZ_SEQ,
                               .reason = TIP_HOLD_BASE,
                               .proven = 150,
                               .since_ms = 1000,
                               .records = records,
                               .record_count = 2};

    return hub_row_store_held(txn, arena, &row);
}

static enum tip_err put_ruling(struct tip_txn *txn, struct tip_arena *arena)
{
    struct tip_ruling row = {.kind = TIP_RULING_REFUSED,
                             .hold = TIP_HOLD_QUOTA,
                             .origin = FUZZ_ORIGIN,
                             .first_seq = FUZZ_SEQ - 1,
                             .count = 3,
                             .unix_ms = 2000,
                             .by = tip_bytes_text("salma"),
                             .reason = tip_bytes_text("asked")};

    (void)arena;
    return hub_row_store_ruling(txn, &row, tip_commit_make(1, 75));
}

static enum tip_err put_invite(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_invite row = {.number = 4,
                             .made_ms = 1000,
                             .expires_ms = 90000,
                             .office = 50,
                             .origin = FUZZ_ORIGIN,
                             .key_epoch = 1,
                             .tries = 2,
                             .name = "nema"};

    (void)arena;
    return hub_invite_store(txn, &row);
}

/* One decision that is confirmed, and how far it is carried out. */
static enum tip_err put_erasure(struct tip_txn *txn, struct tip_arena *arena)
{
    struct hub_erasure row = {
        .number = 3,
        .state = HUB_ERASURE_CONFIRMED,
        .record = {{1}},
        .commit = 80,
        .asked = {.account = "salma", .uid = 1000, .unix_ms = 5},
        .ended = {.account = "moussa", .uid = 1001, .unix_ms = 6},
        .reason = "asked for by the person"};
    struct tip_sweep sweep = {.phase = TIP_SWEEP_READING,
                              .table = 1,
                              .key = {.hi = FUZZ_CHANNEL, .lo = 5},
                              .through = 80,
                              .done = 60};
    enum tip_err err = hub_erasure_store(txn, &row);

    (void)arena;
    return err == TIP_OK ? tip_sweep_store(txn, &sweep) : err;
}

const struct rows_seed make_rows_hub[] = {{"order", put_order},
                                          {"calendar", put_calendar},
                                          {"recovery", put_recovery},
                                          {"origins", put_origins},
                                          {"channel", put_channel},
                                          {"holding", put_holding},
                                          {"held", put_held},
                                          {"ruling", put_ruling},
                                          {"invite", put_invite},
                                          {"erasure", put_erasure},
                                          {NULL, NULL}};
