/*
 * Roll calls: records that the hub sends again.
 *
 * Between its beginning and its end every record of some parts comes whole,
 * among the rest of the channel. Which have come is kept with the channel, so
 * that a node that was switched off in between goes on. Until a record has
 * come, an old copy of it can be read and not written: nobody knows what is
 * missing in it.
 *
 * Where the disk has altered what was kept of that, and what is held here
 * differed, it may be any copy: all can be read and not written, until the hub
 * ends that roll call, begins the next, or says that nothing differs any more.
 */
#include "node_roll.h"

#include <stdlib.h>
#include <string.h>

#include "node_mend.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum { ROLL_FORMAT = 1, ROW_ROLL = 1, HEAD_BYTES_MAX = 80 };

static struct tip_key row_key(const struct node_channel *channel)
{
    return TIP_KEY(channel->row.position.channel, ROW_ROLL);
}

static void forget(struct node_roll *roll)
{
    free(roll->came);
    *roll = (struct node_roll){.is_open = false};
}

static enum tip_err make_room(struct node_roll *roll, size_t size)
{
    uint8_t *came;

    if (size <= roll->came_size) {
        return TIP_OK;
    }
    came = realloc(roll->came, size);
    if (came == NULL) {
        return TIP_ENOMEM;
    }
    memset(came + roll->came_size, 0, size - roll->came_size);
    roll->came = came;
    roll->came_size = size;
    return TIP_OK;
}

enum tip_err node_roll_load(struct tip_txn *txn, struct node_channel *channel)
{
    struct node_roll *roll = &channel->roll;
    struct tip_reader reader;
    struct tip_bytes came;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_HOLDING, row_key(channel), ROLL_FORMAT, &reader);

    forget(roll);
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    roll->is_open = tip_reader_get_u8(&reader) != 0;
    tip_reader_copy(&reader, roll->parts, sizeof roll->parts);
    roll->since = tip_reader_get_u64(&reader);
    roll->count = tip_reader_get_u64(&reader);
    roll->received = tip_reader_get_u64(&reader);
    came = tip_reader_get_sized(&reader);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        err = make_room(roll, came.size);
    }
    if (err == TIP_OK && came.size != 0) {
        memcpy(roll->came, came.data, came.size);
    }
    return err;
}

/* If nothing differed when it was last compared, no copy was in doubt. */
static void begin_again(struct node_channel *channel)
{
    struct node_roll *roll = &channel->roll;

    forget(roll);
    if (channel->row.position.agreement == TIP_AGREEMENT_DIFFERS) {
        roll->is_open = roll->is_lost = true;
        roll->since = channel->row.position.checkpoint;
        roll->count = channel->holding.count;
        memset(roll->parts, 0xff, sizeof roll->parts);
    } else {
        roll->is_dirty = channel->is_dirty = true;
    }
}

enum tip_err node_roll_open(struct node_engine *engine, struct tip_txn *txn,
                            struct node_channel *channel)
{
    enum tip_err err = node_roll_load(txn, channel);

    if (err != TIP_ESTORE_DAMAGED) {
        return err;
    }
    begin_again(channel);
    engine->remade |= NODE_REMADE_ROLL;
    node_mend_doubt(engine); /* At its end it would have been counted. */
    return TIP_OK;
}

enum tip_err node_roll_store(struct tip_txn *txn, struct tip_arena *arena,
                             const struct node_channel *channel)
{
    const struct node_roll *roll = &channel->roll;
    size_t max = HEAD_BYTES_MAX + roll->came_size;
    uint8_t *memory;
    struct tip_buf buf;

    if (!roll->is_dirty) {
        return TIP_OK;
    }
    memory = tip_arena_alloc(arena, max);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, max);
    tip_buf_put_u8(&buf, ROLL_FORMAT);
    tip_buf_put_u8(&buf, roll->is_open ? 1 : 0);
    tip_buf_put(&buf, TIP_BYTES_OF(roll->parts));
    tip_buf_put_u64(&buf, roll->since);
    tip_buf_put_u64(&buf, roll->count);
    tip_buf_put_u64(&buf, roll->received);
    tip_buf_put_sized(&buf, tip_bytes(roll->came, roll->came_size));
    return tip_state_row_put(txn, TIP_TABLE_HOLDING, row_key(channel), &buf);
}

void node_roll_close(struct node_channel *channel)
{
    forget(&channel->roll);
}

void node_roll_agree(struct node_channel *channel)
{
    if (channel->roll.is_lost) {
        forget(&channel->roll);
        channel->roll.is_dirty = true;
    }
}

static bool has_come(const struct node_roll *roll, uint32_t ordinal)
{
    return ordinal / 8 < roll->came_size &&
           (roll->came[ordinal / 8] >> ordinal % 8 & 1) != 0;
}

enum tip_err node_roll_note(struct node_channel *channel, uint32_t ordinal)
{
    struct node_roll *roll = &channel->roll;
    enum tip_err err;

    if (!roll->is_open || roll->is_lost) {
        return TIP_OK;
    }
    err = make_room(roll, ordinal / 8 + 1);
    if (err == TIP_OK && !has_come(roll, ordinal)) {
        roll->came[ordinal / 8] |= (uint8_t)(1U << ordinal % 8);
        roll->received++;
    }
    roll->is_dirty = true;
    return err;
}

/* Is record @ordinal one of @parts that has not come yet? What was born since
 * comes as it is written. */
static bool is_missing(const struct node_channel *channel,
                       const uint8_t parts[TIP_ROLL_BYTES], uint32_t ordinal,
                       const struct tip_record *record)
{
    const struct node_roll *roll = &channel->roll;

    return roll->is_open && record->birth_commit != 0 &&
           record->birth_commit <= roll->since &&
           tip_roll_has(parts, tip_holding_part(&record->id)) &&
           tip_holding_has(record, channel->row.position.channel) &&
           !has_come(roll, ordinal);
}

bool node_roll_is_awaited(const struct node_engine *engine, uint32_t ordinal,
                          const struct tip_record *record)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct node_channel *channel = &engine->channels[i];

        if (is_missing(channel, channel->roll.parts, ordinal, record)) {
            return true;
        }
    }
    return false;
}

bool node_roll_is_of_all(const struct node_engine *engine)
{
    uint8_t all[TIP_ROLL_BYTES];

    memset(all, 0xff, sizeof all);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct node_roll *roll = &engine->channels[i].roll;

        if (roll->is_open && !roll->is_lost &&
            memcmp(roll->parts, all, sizeof all) == 0) {
            return true;
        }
    }
    return false;
}

/* The hub knows nothing of this office holding @stored: take it away, but for
 * work of our own that is not decided. */
static enum tip_err drop(struct node_engine *engine, uint32_t ordinal,
                         struct tip_wire_record *stored)
{
    struct tip_record before = stored->record;
    struct tip_record *record = &stored->record;
    enum tip_err err;

    tip_record_init(record, &before.id, before.type, before.maker);
    record->birth_commit = before.birth_commit;
    record->birth_index = before.birth_index;
    err = node_holding_change(engine, ordinal, &before, record);
    if (err != TIP_OK) {
        return err;
    }
    return stored->overlay_count == 0
               ? tip_record_table_remove(engine->txn, ordinal)
               : tip_record_table_put(&engine->records, engine->txn, ordinal,
                                      stored, true);
}

/* Take away what is in @parts and has not come. */
static enum tip_err drop_missing(struct node_engine *engine,
                                 struct node_channel *channel,
                                 const uint8_t parts[TIP_ROLL_BYTES])
{
    enum tip_err err = TIP_OK;

    for (uint32_t i = 1; i < engine->records.next_ordinal && err == TIP_OK;
         i++) {
        struct tip_wire_record stored;

        err = tip_record_table_load(&engine->records, engine->txn, i,
                                    &engine->work, &stored);
        if (err == TIP_OK && is_missing(channel, parts, i, &stored.record)) {
            err = drop(engine, i, &stored);
            channel->row.mends++;
        }
        err = err == TIP_ENOTFOUND ? TIP_OK : err;
        tip_arena_clear(&engine->work);
        tip_txn_forget(engine->txn);
    }
    return err;
}

enum tip_err node_roll_take(struct node_engine *engine,
                            struct node_channel *channel,
                            const struct tip_item *item)
{
    struct node_roll *roll = &channel->roll;
    enum tip_err err = TIP_OK;

    if (!item->roll.is_end) {
        forget(roll);
        *roll = (struct node_roll){.is_open = true,
                                   .is_dirty = true,
                                   .since = item->commit,
                                   .count = item->roll.count};
        memcpy(roll->parts, item->roll.parts, sizeof roll->parts);
        return TIP_OK;
    }
    if (!roll->is_open) {
        return TIP_OK; /* It began before a backup was taken. */
    }
    /* Else what should go is what differs then, and is asked about. */
    if (!roll->is_lost) {
        err = drop_missing(engine, channel, item->roll.parts);
    }
    node_mend_doubt(engine); /* What was counted before was not so. */
    roll->is_open = roll->is_lost = false;
    roll->is_dirty = true;
    return err;
}
