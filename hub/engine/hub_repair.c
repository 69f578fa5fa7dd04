/*
 * What an office is sent again, because it does not hold what it should.
 *
 * The office says what it holds in parts; where a part differs, all records in
 * it are sent again, whole, between the beginning and the end of a roll call.
 * A cursor over the records is kept in the store: those in which people work
 * first, then all others. Records are put into the channel's log one batch at a
 * time, when what was put there before has been cut into frames: so neither the
 * channel nor what is sent again waits for more than one batch of the other.
 */
#include <string.h>

#include "hub_engine_internal.h"
#include "hub_repair.h"
#include "tip_clock.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum {
    PAUSE_MS = 10 * 60 * 1000,
    REF_PAUSE_MS = 6 * 60 * 60 * 1000,
    REPAIR_FORMAT = 3,
    ROW_BYTES = 128,
    LIVELY_DAYS = 90, /* Written in since: somebody works on it. */
    ROW_REPAIR = 1,   /* Beside what the audience holds. */
    BATCH_BYTES = 24 * 1024,
    LOOKED_AT_MAX = 20000 /* Records for one batch: 40 ms. */
};

static struct tip_key row_key(const struct hub_channel *channel)
{
    return TIP_KEY(channel->row.channel, ROW_REPAIR);
}

enum tip_err hub_repair_load(struct tip_txn *txn, struct hub_channel *channel)
{
    struct hub_repair *repair = &channel->repair;
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_HOLDING, row_key(channel), REPAIR_FORMAT, &reader);

    *repair = (struct hub_repair){.asked_ms = repair->asked_ms};
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    repair->is_on = tip_reader_get_u8(&reader) != 0;
    repair->has_begun = tip_reader_get_u8(&reader) != 0;
    repair->misses_some = tip_reader_get_u8(&reader) != 0;
    tip_reader_copy(&reader, repair->parts, sizeof repair->parts);
    repair->pass = (enum hub_repair_pass)tip_reader_get_u8(&reader);
    repair->below = tip_reader_get_u32(&reader);
    repair->top = tip_reader_get_u32(&reader);
    repair->since = tip_reader_get_u64(&reader);
    repair->old = tip_reader_get_u64(&reader);
    repair->rounds = tip_reader_get_u32(&reader);
    repair->count = tip_reader_get_u64(&reader);
    repair->sent = tip_reader_get_u64(&reader);
    repair->queued = tip_reader_get_u64(&reader);
    repair->through = tip_reader_get_u64(&reader);
    return repair->pass > HUB_REPAIR_REST ? TIP_ESTORE_DAMAGED
                                          : tip_state_row_finish(&reader);
}

enum tip_err hub_repair_store(struct tip_txn *txn,
                              const struct hub_channel *channel)
{
    const struct hub_repair *repair = &channel->repair;
    uint8_t memory[ROW_BYTES];
    struct tip_buf buf;

    if (!repair->is_dirty) {
        return TIP_OK;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, REPAIR_FORMAT);
    tip_buf_put_u8(&buf, repair->is_on ? 1 : 0);
    tip_buf_put_u8(&buf, repair->has_begun ? 1 : 0);
    tip_buf_put_u8(&buf, repair->misses_some ? 1 : 0);
    tip_buf_put(&buf, TIP_BYTES_OF(repair->parts));
    tip_buf_put_u8(&buf, (uint8_t)repair->pass);
    tip_buf_put_u32(&buf, repair->below);
    tip_buf_put_u32(&buf, repair->top);
    tip_buf_put_u64(&buf, repair->since);
    tip_buf_put_u64(&buf, repair->old);
    tip_buf_put_u32(&buf, repair->rounds);
    tip_buf_put_u64(&buf, repair->count);
    tip_buf_put_u64(&buf, repair->sent);
    tip_buf_put_u64(&buf, repair->queued);
    tip_buf_put_u64(&buf, repair->through);
    return tip_state_row_put(txn, TIP_TABLE_HOLDING, row_key(channel), &buf);
}

void hub_repair_start(struct hub_channel *channel,
                      const uint8_t parts[TIP_ROLL_BYTES])
{
    struct hub_repair repair = {.is_dirty = true,
                                .is_on = true,
                                .rounds = channel->repair.rounds,
                                .asked_ms = channel->repair.asked_ms};

    memcpy(repair.parts, parts, sizeof repair.parts);
    channel->repair = repair;
    channel->is_dirty = true;
}

/* Set in @out_parts which parts of @channel are not as @said; how many. */
static size_t locate(const struct hub_channel *channel,
                     const struct tip_parts *said,
                     uint8_t out_parts[TIP_ROLL_BYTES])
{
    struct tip_parts own;
    size_t count = 0;

    tip_holding_say(&channel->holding, own.sums);
    memset(out_parts, 0, TIP_ROLL_BYTES);
    for (size_t i = 0; i < TIP_PARTS; i++) {
        if (memcmp(own.sums + i * TIP_PART_SUM_SIZE,
                   said->sums + i * TIP_PART_SUM_SIZE,
                   TIP_PART_SUM_SIZE) != 0) {
            out_parts[i / 8] |= (uint8_t)(1U << i % 8);
            count++;
        }
    }
    return count;
}

/* Has whoever has @number of @channel all there is? */
static bool is_newest(const struct hub_channel *channel, uint64_t number)
{
    return number == channel->row.head.number &&
           channel->row.cut == channel->row.newest && channel->echo.count == 0;
}

/* It is asked of a channel for everybody too: not for each who asks. */
static bool is_too_soon(const struct hub_engine *engine,
                        const struct hub_channel *channel)
{
    uint64_t now = engine->opts.clock->elapsed_ms(engine->opts.clock);
    uint64_t pause =
        channel->row.channel == TIP_CHANNEL_REF ? REF_PAUSE_MS : PAUSE_MS;

    return channel->repair.asked_ms != 0 &&
           now - channel->repair.asked_ms < pause;
}

/* Is what was sent again still on its way to who has @number? What that office
 * says, perhaps on a stick of weeks ago, says nothing of whether it helped. */
static bool is_on_its_way(const struct hub_channel *channel, uint64_t number)
{
    return channel->repair.is_on || channel->repair.queued > channel->row.cut ||
           number < channel->repair.through;
}

static enum tip_err begin(struct hub_engine *engine,
                          struct hub_channel *channel,
                          const struct tip_parts *said)
{
    uint8_t parts[TIP_ROLL_BYTES];
    enum tip_err err = hub_engine_write(engine);

    /* It did not help once: it may be our own count that is wrong. */
    channel->is_counted = channel->is_counted && channel->repair.rounds == 0;
    if (err == TIP_OK) {
        err = hub_holding_count(engine, channel);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (locate(channel, said, parts) == 0) {
        if (!is_newest(channel, said->number)) {
            channel->row.has_news = true; /* Let it compare once more. */
            channel->is_dirty = true;
            return TIP_OK;
        }
        memset(parts, 0xff, sizeof parts);
    }
    hub_repair_start(channel, parts);
    channel->repair.rounds++;
    channel->repair.asked_ms =
        engine->opts.clock->elapsed_ms(engine->opts.clock);
    return TIP_OK;
}

enum tip_err hub_repair_ask(struct hub_engine *engine,
                            struct hub_channel *channel,
                            const struct tip_parts *said)
{
    const struct hub_repair *repair = &channel->repair;

    if (is_on_its_way(channel, said->number) ||
        repair->rounds >= HUB_REPAIR_ROUNDS_MAX ||
        is_too_soon(engine, channel)) {
        return TIP_OK;
    }
    return begin(engine, channel, said);
}

void hub_repair_agreed(struct hub_channel *channel)
{
    struct hub_repair *repair = &channel->repair;

    if (!repair->is_on && repair->rounds != 0) {
        repair->rounds = 0;
        repair->is_dirty = true;
    }
}

static enum tip_err append_roll(struct hub_engine *engine,
                                struct hub_channel *channel, bool is_end)
{
    const struct hub_repair *repair = &channel->repair;
    struct tip_item item = {
        .kind = TIP_ITEM_ROLL,
        .commit = engine->order.commit,
        .roll = {.is_end = is_end, .count = is_end ? 0 : repair->count}};

    /* A record that cannot be read here is not one nobody holds. */
    if (!is_end || !repair->misses_some) {
        memcpy(item.roll.parts, repair->parts, sizeof item.roll.parts);
    }
    return hub_channel_append(engine, channel, &item);
}

/* About how many records a roll call over @parts of @channel has. */
static uint64_t estimate(const struct hub_channel *channel)
{
    uint64_t parts = 0;

    for (size_t i = 0; i < TIP_PARTS; i++) {
        parts += tip_roll_has(channel->repair.parts, (uint32_t)i) ? 1 : 0;
    }
    return (channel->holding.count * parts + TIP_PARTS - 1) / TIP_PARTS;
}

/* The newest commit of @record. */
static uint64_t newest_of(const struct tip_record *record)
{
    uint64_t newest = record->birth_commit;

    for (size_t i = 0; i < record->write_count; i++) {
        newest = record->writes[i].commit > newest ? record->writes[i].commit
                                                   : newest;
    }
    return newest;
}

/* Has a cell of @record several live values, for a person to look at? */
static bool is_disputed(const struct tip_record *record)
{
    for (size_t i = 1; i < record->sibling_count; i++) {
        if (record->siblings[i].field == record->siblings[i - 1].field &&
            record->siblings[i].element == record->siblings[i - 1].element) {
            return true;
        }
    }
    return false;
}

/* Is it the turn of @record? One that was written in since the beginning may
 * have been among the others when the lively ones had their turn: it comes,
 * once more perhaps. */
static bool is_due(const struct hub_repair *repair,
                   const struct tip_record *record)
{
    uint64_t newest = newest_of(record);
    bool is_lively = newest > repair->old || is_disputed(record);

    return repair->pass == HUB_REPAIR_LIVELY
               ? is_lively
               : !is_lively || newest > repair->since;
}

/* Send the record of @value again if it is one of those. */
static enum tip_err send_record(struct hub_engine *engine,
                                struct hub_channel *channel,
                                struct tip_bytes value, size_t *bytes)
{
    struct tip_wire_record_peek head;
    struct tip_wire_record stored;
    struct tip_bytes copy;
    enum tip_err err = tip_wire_record_peek(value, &head);

    if (err != TIP_OK ||
        !tip_roll_has(channel->repair.parts, tip_holding_part(&head.id))) {
        return err;
    }
    err = tip_arena_copy(&engine->work, value, &copy);
    if (err == TIP_OK) {
        err = tip_wire_record_decode(copy, &engine->work, &stored);
    }
    if (err == TIP_OK &&
        tip_holding_has(&stored.record, channel->row.channel) &&
        is_due(&channel->repair, &stored.record)) {
        *bytes += copy.size;
        channel->repair.sent++;
        err = hub_channel_append_state(engine, channel, &stored.record,
                                       engine->order.commit);
    }
    tip_arena_clear(&engine->work);
    return err;
}

/* The lively ones are through: begin with the others. TIP_ENOTFOUND: they are,
 * too. */
static enum tip_err turn(struct hub_repair *repair)
{
    if (repair->pass == HUB_REPAIR_REST) {
        return TIP_ENOTFOUND;
    }
    repair->pass = HUB_REPAIR_REST;
    repair->below = repair->top;
    return TIP_OK;
}

/* Go on one record; TIP_ENOTFOUND: that was the last. */
static enum tip_err go_on(struct hub_engine *engine,
                          struct hub_channel *channel, size_t *bytes)
{
    struct hub_repair *repair = &channel->repair;
    struct tip_bytes value;
    enum tip_err err;

    if (repair->below <= 1) {
        return turn(repair);
    }
    repair->below--;
    err = tip_txn_get(engine->txn, TIP_TABLE_RECORD, TIP_KEY(repair->below, 0),
                      &value);
    if (err == TIP_OK) {
        err = send_record(engine, channel, value, bytes);
    } else if (err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND) {
        repair->misses_some = true; /* The hub takes no record away. */
        err = TIP_OK;
    }
    tip_txn_forget(engine->txn);
    return err;
}

enum tip_err hub_repair_feed(struct hub_engine *engine,
                             struct hub_channel *channel)
{
    struct hub_repair *repair = &channel->repair;
    size_t bytes = 0;
    enum tip_err err = TIP_OK;

    if (!repair->is_on || repair->queued > channel->row.cut) {
        return TIP_OK;
    }
    repair->is_dirty = true;
    if (!repair->has_begun) {
        repair->has_begun = true;
        repair->below = engine->records.next_ordinal;
        repair->top = repair->below;
        repair->since = engine->order.commit;
        repair->old = tip_calendar_old(&engine->calendar, LIVELY_DAYS);
        repair->count = estimate(channel);
        err = append_roll(engine, channel, false);
    }
    for (int i = 0; i < LOOKED_AT_MAX && bytes < BATCH_BYTES && err == TIP_OK;
         i++) {
        err = go_on(engine, channel, &bytes);
    }
    if (err == TIP_ENOTFOUND) {
        repair->is_on = false;
        err = append_roll(engine, channel, true);
    }
    repair->queued = channel->row.newest;
    return err;
}

enum tip_err hub_repair_all(struct hub_engine *engine,
                            struct hub_channel *channel)
{
    uint8_t parts[TIP_ROLL_BYTES];
    enum tip_err err = hub_holding_count(engine, channel);

    if (err == TIP_OK) {
        memset(parts, 0xff, sizeof parts);
        hub_repair_start(channel, parts);
        channel->repair.rounds = 0;
    }
    return err;
}

enum tip_err hub_engine_send_again(struct hub_engine *engine, uint32_t number)
{
    struct hub_channel *channel = hub_engine_channel(engine, number);
    enum tip_err err;

    if (channel == NULL || !channel->has_key) {
        return TIP_ENOTFOUND;
    }
    err = hub_engine_write(engine);
    return err == TIP_OK ? hub_repair_all(engine, channel) : err;
}
