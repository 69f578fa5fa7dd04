/*
 * What each office holds, as the digest its checkpoints carry.
 *
 * Kept with every commit, so that equality is free to check. It is counted
 * from the records only where it was not kept: an office was written to before
 * it had a device, and so a key; or where the disk has altered it. Nothing is
 * shared by it: who holds a record stands in the record.
 */
#include <string.h>

#include "hub_engine_internal.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum { HOLDING_FORMAT = 1, ROW_BYTES = 1 + TIP_HOLDING_BYTES };

enum tip_err hub_holding_load(struct tip_txn *txn, struct hub_channel *channel)
{
    struct tip_holding *holding = &channel->holding;
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(txn, TIP_TABLE_HOLDING,
                                         TIP_KEY(channel->row.channel, 0),
                                         HOLDING_FORMAT, &reader);

    channel->holding_is_dirty = false;
    *holding = (struct tip_holding){.parts = {{0}}};
    if (err == TIP_ENOTFOUND) {
        /* Whatever it holds went through its log. */
        channel->is_counted = channel->row.newest == 0;
        return TIP_OK;
    }
    if (err == TIP_OK) {
        tip_holding_get(&reader, holding);
        err = tip_state_row_finish(&reader);
    }
    channel->is_counted = err == TIP_OK;
    return err;
}

/* What was to be sent again nobody knows any more, so it is all that the office
 * holds: if its own roll call is open, it waits for an end. */
static void call_all_again(struct hub_engine *engine,
                           struct hub_channel *channel)
{
    uint8_t parts[TIP_ROLL_BYTES];

    channel->repair = (struct hub_repair){.asked_ms = channel->repair.asked_ms};
    if (channel->has_key) {
        memset(parts, 0xff, sizeof parts);
        hub_repair_start(channel, parts);
        engine->scrub.recalled++;
    }
}

enum tip_err hub_holding_open(struct hub_engine *engine, struct tip_txn *txn,
                              struct hub_channel *channel)
{
    enum tip_err err = hub_holding_load(txn, channel);

    channel->holding_is_lost = err == TIP_ESTORE_DAMAGED;
    if (err == TIP_OK || channel->holding_is_lost) {
        err = hub_repair_load(txn, channel);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        call_all_again(engine, channel);
        err = TIP_OK;
    }
    return err;
}

enum tip_err hub_holding_store(struct tip_txn *txn, struct hub_channel *channel)
{
    TIP_BUF_ROOM uint8_t memory[ROW_BYTES];
    struct tip_buf buf;

    if (!channel->holding_is_dirty || !channel->is_counted) {
        return TIP_OK;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, HOLDING_FORMAT);
    tip_holding_put(&buf, &channel->holding);
    return tip_state_row_put(txn, TIP_TABLE_HOLDING,
                             TIP_KEY(channel->row.channel, 0), &buf);
}

/* A record before and after a commit. */
struct change {
    uint32_t ordinal;
    const struct tip_record *before; /* NULL: it is new. */
    const struct tip_record *after;
    struct tip_held_record was, is;
};

/* The record counts as @held, or no more. */
static void count_one(struct hub_engine *engine, struct hub_channel *channel,
                      uint32_t ordinal, const struct tip_held_record *held,
                      bool is_added)
{
    hub_sums_change(engine, ordinal, (size_t)(channel - engine->channels), held,
                    is_added);
    if (channel->is_counted) {
        (is_added ? tip_holding_add : tip_holding_remove)(
            &channel->holding, &channel->digest_key, held);
    }
}

static void change_channel(struct hub_engine *engine,
                           struct hub_channel *channel,
                           const struct change *change)
{
    uint32_t number = channel->row.channel;

    if (!channel->has_key) {
        channel->is_counted = false;
    }
    if (change->before != NULL && tip_holding_has(change->before, number)) {
        count_one(engine, channel, change->ordinal, &change->was, false);
    }
    if (tip_holding_has(change->after, number)) {
        count_one(engine, channel, change->ordinal, &change->is, true);
    }
    channel->holding_is_dirty =
        channel->holding_is_dirty || channel->is_counted;
}

enum tip_err hub_holding_change(struct hub_engine *engine, uint32_t ordinal,
                                const struct tip_record *before,
                                const struct tip_record *after)
{
    struct change change = {
        .ordinal = ordinal, .before = before, .after = after};
    /* Who held it before still has a cell in it, unless it was erased. */
    struct tip_cell offices =
        tip_record_field(after->erased != 0 && before != NULL ? before : after,
                         TIP_FIELD_OFFICES);
    enum tip_err err = tip_holding_prepare(after, &engine->work, &change.is);

    if (err == TIP_OK && before != NULL) {
        err = tip_holding_prepare(before, &engine->work, &change.was);
    }
    for (size_t i = 0; i < offices.count && err == TIP_OK; i++) {
        uint64_t office = offices.siblings[i].element;
        struct hub_channel *channel;

        if (office > TIP_OFFICE_MAX ||
            (i > 0 && offices.siblings[i - 1].element == office)) {
            continue;
        }
        channel = hub_engine_channel(engine, (uint32_t)office);
        if (channel != NULL) {
            change_channel(engine, channel, &change);
        }
    }
    return err;
}

/* Add the record of @value if @channel's audience holds it. */
static enum tip_err count_record(struct hub_engine *engine,
                                 struct hub_channel *channel,
                                 struct tip_bytes value)
{
    struct tip_wire_record stored;
    struct tip_held_record held;
    enum tip_err err = tip_wire_record_decode(value, &engine->work, &stored);

    if (err == TIP_OK &&
        tip_holding_has(&stored.record, channel->row.channel)) {
        err = tip_holding_prepare(&stored.record, &engine->work, &held);
        if (err == TIP_OK) {
            tip_holding_add(&channel->holding, &channel->digest_key, &held);
        }
    }
    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    return err;
}

static enum tip_err count_all(struct hub_engine *engine,
                              struct hub_channel *channel)
{
    struct tip_key key = TIP_KEY(0, 0);

    channel->holding = (struct tip_holding){.parts = {{0}}};
    for (;;) {
        struct tip_bytes value;
        enum tip_err err =
            tip_txn_seek(engine->txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER,
                         key, &key, &value);

        if (err == TIP_OK) {
            err = count_record(engine, channel, value);
        }
        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        key = tip_key_next(key);
    }
}

enum tip_err hub_holding_count(struct hub_engine *engine,
                               struct hub_channel *channel)
{
    enum tip_err err = TIP_OK;

    if (!channel->is_counted) {
        err = count_all(engine, channel);
        channel->is_counted = err == TIP_OK;
        channel->holding_is_dirty = true;
        channel->is_dirty = true;
    }
    if (err == TIP_OK && channel->holding_is_lost) {
        channel->holding_is_lost = false;
        engine->scrub.recounted++;
    }
    return err;
}

enum tip_err hub_holding_mend(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;
    bool has_counted = false;

    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        struct hub_channel *channel = &engine->channels[i];

        if (channel->holding_is_lost && channel->has_key) {
            err = hub_engine_write_reserve(engine);
            if (err == TIP_OK) {
                err = hub_holding_count(engine, channel);
            }
            has_counted = true;
        }
    }
    return err == TIP_OK && has_counted ? hub_engine_flush(engine) : err;
}

enum tip_err hub_holding_say(struct hub_engine *engine,
                             struct hub_channel *channel,
                             struct tip_checkpoint *checkpoint)
{
    struct tip_digest digest;
    enum tip_err err;

    if (channel->repair.is_on) {
        return TIP_OK; /* There is more to come. */
    }
    err = hub_holding_count(engine, channel);
    if (err == TIP_OK) {
        digest = tip_holding_digest(&channel->holding);
        memcpy(checkpoint->digest, digest.bytes, sizeof checkpoint->digest);
        checkpoint->has_digest = true;
    }
    return err;
}
