#include "node_row.h"

#include "tip_envelope.h"
#include "tip_reader.h"
#include "tip_state_row.h"
#include "tip_store.h"

/* Rows of TIP_TABLE_META. Numbers are on disk. */
enum {
    ROW_FEED = 1,
    ROW_CHANNEL = 2,
    ROW_HELD = 3,
    ROW_BUDGET = 4,
    ROW_ASKED = 5
};

enum {
    FEED_FORMAT = 3,
    CHANNEL_FORMAT = 4,
    HELD_FORMAT = 2,
    BUDGET_FORMAT = 1,
    ASKED_FORMAT = 1,
    ROW_BYTES_MAX = 1024,
    HELD_BYTES_MAX = 16 + TIP_WIRE_HELD_MAX * 20
};

enum tip_err node_row_load_feed(struct tip_txn *txn, uint32_t origin,
                                struct node_feed_row *out_row)
{
    struct tip_frame_header first = {.origin = origin};
    struct node_feed_row row = {.own_count = 1, .own = {{.origin = origin}}};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_FEED, 0), FEED_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        tip_envelope_start(&first, &row.framed);
        row.confirmed = row.framed;
        *out_row = row;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.saved = tip_reader_get_u64(&reader);
    row.framed = tip_state_row_get_head(&reader);
    row.confirmed = tip_state_row_get_head(&reader);
    row.decided = tip_reader_get_u64(&reader);
    row.generation = tip_reader_get_u32(&reader);
    row.ceiling.packed = tip_reader_get_u64(&reader);
    row.own_count = tip_reader_get_u32(&reader);
    if (row.own_count == 0 || row.own_count > NODE_OWN_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    for (size_t i = 0; i < row.own_count; i++) {
        row.own[i].origin = tip_reader_get_u32(&reader);
        row.own[i].start = tip_reader_get_u64(&reader);
        row.own[i].up_to = tip_reader_get_u64(&reader);
        row.own[i].continues = tip_reader_get_u32(&reader);
    }
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err node_row_store_feed(struct tip_txn *txn,
                                 const struct node_feed_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FEED_FORMAT);
    tip_buf_put_u64(&buf, row->saved);
    tip_state_row_put_head(&buf, &row->framed);
    tip_state_row_put_head(&buf, &row->confirmed);
    tip_buf_put_u64(&buf, row->decided);
    tip_buf_put_u32(&buf, row->generation);
    tip_buf_put_u64(&buf, row->ceiling.packed);
    tip_buf_put_u32(&buf, (uint32_t)row->own_count);
    for (size_t i = 0; i < row->own_count; i++) {
        tip_buf_put_u32(&buf, row->own[i].origin);
        tip_buf_put_u64(&buf, row->own[i].start);
        tip_buf_put_u64(&buf, row->own[i].up_to);
        tip_buf_put_u32(&buf, row->own[i].continues);
    }
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_FEED, 0), &buf);
}

enum tip_err node_row_load_channel(struct tip_txn *txn, uint32_t channel,
                                   struct node_channel_row *out_row)
{
    struct node_channel_row row = {.position = {.channel = channel}};
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(ROW_CHANNEL, channel),
                          CHANNEL_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = row;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.position.generation = tip_reader_get_u32(&reader);
    row.position.head = tip_state_row_get_head(&reader);
    row.position.checkpoint = tip_reader_get_u64(&reader);
    row.applied = tip_reader_get_u64(&reader);
    row.position.agreement = (enum tip_agreement)tip_reader_get_u8(&reader);
    row.differs_since_ms = tip_reader_get_u64(&reader);
    row.mends = tip_reader_get_u32(&reader);
    row.in_erased_state = tip_reader_get_u8(&reader) != 0;
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

void node_row_join(struct node_channel_row *row,
                   const struct node_identity *identity)
{
    if (row->position.head.number < identity->joined.number) {
        row->position.head = identity->joined;
        row->position.generation = identity->joined_generation;
        row->applied = identity->joined.number;
    }
}

enum tip_err node_row_store_channel(struct tip_txn *txn,
                                    const struct node_channel_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, CHANNEL_FORMAT);
    tip_buf_put_u32(&buf, row->position.generation);
    tip_state_row_put_head(&buf, &row->position.head);
    tip_buf_put_u64(&buf, row->position.checkpoint);
    tip_buf_put_u64(&buf, row->applied);
    tip_buf_put_u8(&buf, (uint8_t)row->position.agreement);
    tip_buf_put_u64(&buf, row->differs_since_ms);
    tip_buf_put_u32(&buf, row->mends);
    tip_buf_put_u8(&buf, row->in_erased_state ? 1 : 0);
    return tip_state_row_put(txn, TIP_TABLE_META,
                             TIP_KEY(ROW_CHANNEL, row->position.channel), &buf);
}

enum tip_err node_engine_read_extent(struct tip_txn *txn, uint32_t origin,
                                     uint32_t office, struct node_extent *out)
{
    struct node_channel_row channel;
    struct node_feed_row feed;
    enum tip_err err = node_row_load_feed(txn, origin, &feed);

    if (err == TIP_OK) {
        err = node_row_load_channel(txn, office, &channel);
    }
    if (err == TIP_OK) {
        *out = (struct node_extent){.generation = feed.generation,
                                    .checkpoint = channel.position.checkpoint,
                                    .saved = feed.saved,
                                    .delivered =
                                        feed.decided > feed.confirmed.number
                                            ? feed.decided
                                            : feed.confirmed.number};
    }
    return err;
}

enum tip_err node_row_load_held(struct tip_txn *txn,
                                struct node_held_row *out_row)
{
    struct node_held_row row = {.total = 0};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_HELD, 0), HELD_FORMAT, &reader);

    out_row->total = 0;
    out_row->run_count = 0;
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    row.total = tip_reader_get_u64(&reader);
    row.run_count = tip_reader_get_u32(&reader);
    if (row.run_count > TIP_WIRE_HELD_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    for (size_t i = 0; i < row.run_count; i++) {
        struct tip_held_run *run = &row.runs[i];

        run->first = tip_reader_get_u64(&reader);
        run->count = tip_reader_get_u64(&reader);
        run->reason = (enum tip_hold)tip_reader_get_u32(&reader);
    }
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err node_row_store_held(struct tip_txn *txn,
                                 const struct node_held_row *row)
{
    TIP_BUF_ROOM uint8_t memory[HELD_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, HELD_FORMAT);
    tip_buf_put_u64(&buf, row->total);
    tip_buf_put_u32(&buf, (uint32_t)row->run_count);
    for (size_t i = 0; i < row->run_count; i++) {
        tip_buf_put_u64(&buf, row->runs[i].first);
        tip_buf_put_u64(&buf, row->runs[i].count);
        tip_buf_put_u32(&buf, (uint32_t)row->runs[i].reason);
    }
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_HELD, 0), &buf);
}

enum tip_err node_row_load_budget(struct tip_txn *txn,
                                  struct tip_budget_row *out_row)
{
    struct tip_budget_row row = {.day = 0};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_BUDGET, 0), BUDGET_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = row;
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.day = tip_reader_get_u64(&reader);
    row.spent_bytes = tip_reader_get_u64(&reader);
    row.passed_ms = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

static enum tip_err remake(struct node_engine *engine, enum tip_err err,
                           uint32_t what)
{
    engine->remade |= err == TIP_ESTORE_DAMAGED ? what : 0;
    return err == TIP_ESTORE_DAMAGED ? TIP_OK : err;
}

enum tip_err node_row_open(struct node_engine *engine, struct tip_txn *txn)
{
    enum tip_err err = remake(engine, node_row_load_held(txn, &engine->held),
                              NODE_REMADE_HELD);

    /* After a loss memory knows better: those bytes are gone all the same. */
    if (err == TIP_OK && engine->budget.row.spent_bytes == 0) {
        err = remake(engine, node_row_load_budget(txn, &engine->budget.row),
                     NODE_REMADE_BUDGET);
    }
    return err;
}

enum tip_err node_row_load_asked(struct tip_txn *txn,
                                 struct node_asked_row *out_row)
{
    struct node_asked_row row = {.is_there = true};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_ASKED, 0), ASKED_FORMAT, &reader);

    if (err == TIP_ENOTFOUND) {
        *out_row = (struct node_asked_row){.is_there = false};
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err;
    }
    row.asked.head = tip_state_row_get_head(&reader);
    row.asked.up_to = tip_reader_get_u64(&reader);
    tip_reader_copy(&reader, row.asked.token, sizeof row.asked.token);
    row.from = tip_reader_get_u64(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        *out_row = row;
    }
    return err;
}

enum tip_err node_row_store_budget(struct tip_txn *txn,
                                   const struct tip_budget_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, BUDGET_FORMAT);
    tip_buf_put_u64(&buf, row->day);
    tip_buf_put_u64(&buf, row->spent_bytes);
    tip_buf_put_u64(&buf, row->passed_ms);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_BUDGET, 0), &buf);
}

enum tip_err node_row_store_asked(struct tip_txn *txn,
                                  const struct node_asked_row *row)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    if (!row->is_there) {
        enum tip_err err =
            tip_txn_remove(txn, TIP_TABLE_META, TIP_KEY(ROW_ASKED, 0));

        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, ASKED_FORMAT);
    tip_state_row_put_head(&buf, &row->asked.head);
    tip_buf_put_u64(&buf, row->asked.up_to);
    tip_buf_put(&buf, TIP_BYTES_OF(row->asked.token));
    tip_buf_put_u64(&buf, row->from);
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_ASKED, 0), &buf);
}
