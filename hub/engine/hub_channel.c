/*
 * What channels are told.
 *
 * A channel's log says what its audience is to be told, in commit order:
 * change-sets of others, where in the order their own came, records that are
 * new to them. Frames are cut from it in hub_cut.c.
 */
#include "hub_engine_internal.h"
#include "tip_store.h"
#include "tip_wire_channel.h"
#include "tip_wire_record.h"

enum tip_err hub_channel_put(struct hub_engine *engine,
                             const struct hub_channel *channel, uint64_t number,
                             const struct tip_item *item)
{
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, engine->row, sizeof engine->row);
    err = tip_wire_channel_encode(item, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    return err == TIP_OK
               ? tip_txn_put(engine->txn, TIP_TABLE_CHANNEL,
                             TIP_KEY(channel->row.channel, number), row)
               : err;
}

/* Write @item as the channel's next row. */
static enum tip_err row_put(struct hub_engine *engine,
                            struct hub_channel *channel,
                            const struct tip_item *item)
{
    enum tip_err err =
        hub_channel_put(engine, channel, channel->row.newest + 1, item);

    if (err == TIP_OK) {
        channel->row.newest++;
        channel->is_dirty = true;
    }
    return err;
}

enum tip_err hub_channel_settle(struct hub_engine *engine,
                                struct hub_channel *channel)
{
    struct tip_item run = {.kind = TIP_ITEM_ECHO, .echo = channel->echo};

    if (channel->echo.count == 0) {
        return TIP_OK;
    }
    channel->echo.count = 0;
    return row_put(engine, channel, &run);
}

/* Was the next thing of @commit told before the restore? What it wrote comes
 * back in as many pieces as there are who tell of it. Records that came whole
 * with a commit that was only begun are told once more: in which order they
 * come back nobody knows, and to be told twice harms nobody. */
static bool was_told(const struct hub_channel *channel, enum tip_item_kind kind,
                     uint64_t commit)
{
    if (commit == 0) {
        return false;
    }
    return commit <= channel->told ||
           (commit == channel->begun_commit && channel->has_begun &&
            kind != TIP_ITEM_STATE);
}

enum tip_err hub_channel_append(struct hub_engine *engine,
                                struct hub_channel *channel,
                                const struct tip_item *item)
{
    enum tip_err err = TIP_OK;

    if (was_told(channel, item->kind, item->commit)) {
        return TIP_OK;
    }
    if (item->kind != TIP_ITEM_ECHO) {
        err = hub_channel_settle(engine, channel);
    }
    return err == TIP_OK ? row_put(engine, channel, item) : err;
}

enum tip_err hub_channel_append_state(struct hub_engine *engine,
                                      struct hub_channel *channel,
                                      const struct tip_record *record,
                                      uint64_t commit)
{
    const struct tip_wire_record whole = {.record = *record};
    size_t max = tip_record_bytes(record);
    uint8_t *memory = tip_arena_alloc(&engine->work, max);
    struct tip_item item = {.kind = TIP_ITEM_STATE, .commit = commit};
    struct tip_buf buf;
    enum tip_err err;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, max);
    err = tip_wire_record_encode(&whole, &buf);
    while (err == TIP_OK && item.state.offset < buf.size) {
        size_t left = buf.size - item.state.offset;

        item.state.total = (uint32_t)buf.size;
        item.state.bytes = tip_bytes(
            buf.data + item.state.offset,
            left < TIP_STATE_PART_BYTES_MAX ? left : TIP_STATE_PART_BYTES_MAX);
        err = hub_channel_append(engine, channel, &item);
        item.state.offset += (uint32_t)item.state.bytes.size;
    }
    return err;
}

enum tip_err hub_channel_settle_all(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        err = hub_channel_settle(engine, &engine->channels[i]);
    }
    return err;
}

enum tip_err hub_channel_echo(struct hub_engine *engine,
                              struct hub_channel *channel, uint32_t origin,
                              uint64_t seq, uint64_t commit,
                              enum tip_verdict verdict)
{
    struct tip_echo *echo = &channel->echo;
    bool continues = echo->count > 0 && echo->origin == origin &&
                     echo->first_seq + echo->count == seq &&
                     echo->first_commit + echo->count == commit &&
                     echo->verdict == verdict &&
                     echo->count < TIP_DOWN_SETS_SMALL;
    enum tip_err err = TIP_OK;

    if (was_told(channel, TIP_ITEM_ECHO, commit)) {
        return TIP_OK;
    }
    if (continues) {
        echo->count++;
        return TIP_OK;
    }
    err = hub_channel_settle(engine, channel);
    *echo = (struct tip_echo){.origin = origin,
                              .first_seq = seq,
                              .count = 1,
                              .first_commit = commit,
                              .verdict = verdict};
    return err;
}
