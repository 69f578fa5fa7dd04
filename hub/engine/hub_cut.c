/*
 * From the logs of channels to frames.
 *
 * Frames are cut when somebody is there to take them, signed as one chain and
 * kept; each ends in a checkpoint, unless what one commit has to tell goes on
 * in the next. What a checkpoint claims is durable before the frame leaves, so
 * the hub can judge every base a node sends back.
 */
#include "hub_devices.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_torn.h"
#include "tip_contents.h"
#include "tip_envelope.h"
#include "tip_random.h"
#include "tip_store.h"
#include "tip_wire_channel.h"
#include "tip_wire_down.h"

uint64_t hub_cut_offer(const struct hub_channel *channel)
{
    bool more = channel->row.cut < channel->row.newest ||
                channel->row.has_news || channel->repair.is_on;

    return channel->row.head.number + (more ? 1 : 0);
}

/* Items on their way into a frame. */
struct batch {
    struct tip_item *items;
    uint64_t *positions; /* Of each in the log. */
    size_t count;
    size_t raw_bytes;    /* Of their rows. */
    size_t target_bytes; /* What the frame aims at. */
    bool is_end;         /* There is nothing behind it. */
};

/* Read the first item behind @position: what told of a record that was erased
 * has left a gap. TIP_ENOTFOUND: there is none. */
static enum tip_err load_item(struct hub_engine *engine,
                              const struct hub_channel *channel,
                              uint64_t position, struct tip_item *out_item,
                              uint64_t *out_position, size_t *out_bytes)
{
    struct tip_bytes row, copy;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(engine->txn, TIP_TABLE_CHANNEL, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY(channel->row.channel, position + 1), &key, &row);

    if (err == TIP_OK && key.hi != channel->row.channel) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        *out_position = key.lo;
        err = tip_arena_copy(&engine->arena, row, &copy);
    }
    if (err == TIP_OK) {
        err = tip_wire_channel_decode(copy, &engine->arena, out_item);
    }
    if (err == TIP_OK) {
        *out_bytes = copy.size;
    }
    return err;
}

/* Read what fits the frame: into its bytes, and at the office, which merges all
 * of it at once. */
static enum tip_err collect(struct hub_engine *engine,
                            const struct hub_channel *channel,
                            size_t target_bytes, struct batch *batch)
{
    uint64_t available = channel->row.newest - channel->row.cut;
    size_t sets_max = hub_devices_sets_max(engine, channel->row.channel);
    size_t max = available < sets_max ? (size_t)available : sets_max;
    size_t raw_max = tip_wire_cut_guess(&engine->cut, target_bytes);
    uint64_t position = channel->row.cut;
    size_t sets = 0;
    enum tip_err err = TIP_OK;

    *batch = (struct batch){.items = tip_arena_alloc_array(
                                &engine->arena, max, sizeof *batch->items),
                            .positions = tip_arena_alloc_array(
                                &engine->arena, max, sizeof *batch->positions),
                            .target_bytes = target_bytes};
    if (batch->items == NULL || batch->positions == NULL) {
        return TIP_ENOMEM;
    }
    while (batch->count < max && batch->raw_bytes < raw_max && err == TIP_OK) {
        struct tip_item *item = &batch->items[batch->count];
        size_t bytes = 0;

        err = load_item(engine, channel, position, item, &position, &bytes);
        sets += err == TIP_OK ? tip_item_sets(item) : 0;
        if (err == TIP_OK && batch->count > 0 && sets > sets_max) {
            return TIP_OK;
        }
        if (err == TIP_OK) {
            batch->raw_bytes += bytes;
            batch->positions[batch->count++] = position;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* The position behind which the log goes on after @batch. */
static uint64_t end_of(const struct hub_channel *channel,
                       const struct batch *batch)
{
    return batch->count == 0 ? channel->row.newest
                             : batch->positions[batch->count - 1];
}

/* Of each device of the office: what is decided. */
static enum tip_err decide(struct hub_engine *engine, uint32_t office,
                           struct tip_checkpoint *checkpoint)
{
    size_t room = TIP_WIRE_HELD_MAX;
    struct tip_decided *decided = tip_arena_alloc_array(
        &engine->arena, engine->origin_count, sizeof *decided);

    if (decided == NULL) {
        return TIP_ENOMEM;
    }
    checkpoint->decided = decided;
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *origin = engine->origins[i];
        struct tip_decided *entry = &decided[checkpoint->decided_count];
        enum tip_err err;

        if (origin->row.device.office != office ||
            hub_device_is_out(&origin->row.device)) {
            continue;
        }
        err = hub_hold_name(engine, origin, room, entry);
        if (err != TIP_OK) {
            return err;
        }
        room -= entry->run_count;
        checkpoint->decided_count++;
    }
    return TIP_OK;
}

static uint64_t last_commit(const struct tip_item *item)
{
    return item->kind == TIP_ITEM_ECHO
               ? item->echo.first_commit + item->echo.count - 1
               : item->commit;
}

static uint64_t first_commit(const struct tip_item *item)
{
    return item->kind == TIP_ITEM_ECHO ? item->echo.first_commit : item->commit;
}

/* Say how far @batch reaches if it is not all of the log, TIP_ENOTFOUND. What
 * one commit has to tell becomes visible at once: no checkpoint in the middle
 * of it. */
static enum tip_err reach(struct hub_engine *engine,
                          const struct hub_channel *channel,
                          struct batch *batch, struct tip_down_body *body)
{
    struct tip_item next;
    uint64_t position;
    uint64_t commit;
    size_t bytes;
    enum tip_err err = load_item(engine, channel, end_of(channel, batch), &next,
                                 &position, &bytes);

    if (err == TIP_OK) {
        commit = last_commit(&batch->items[batch->count - 1]);
        body->has_checkpoint = first_commit(&next) != commit;
        body->checkpoint.commit = commit;
    }
    batch->is_end = err == TIP_ENOTFOUND;
    return err;
}

/* What the frame of @batch says: its items, and how far they reach. At the end
 * of the log that is everything the hub has committed. */
static enum tip_err make_body(struct hub_engine *engine,
                              struct hub_channel *channel, struct batch *batch,
                              struct tip_down_body *out_body)
{
    enum tip_err err;

    *out_body = (struct tip_down_body){.items = batch->items,
                                       .item_count = batch->count,
                                       .has_checkpoint = true};
    if (channel->row.channel != TIP_CHANNEL_CTL) {
        /* More than it may need; but never less, and there it is anyway. */
        out_body->checkpoint.control =
            engine->channels[HUB_CHANNEL_CTL].row.newest;
    }
    err = reach(engine, channel, batch, out_body);
    if (!batch->is_end) {
        return err;
    }
    out_body->checkpoint.commit = engine->order.commit;
    if (channel->row.channel == TIP_CHANNEL_CTL) {
        return TIP_OK; /* No work is decided by it, and no record held. */
    }
    err = decide(engine, channel->row.channel, &out_body->checkpoint);
    return err == TIP_OK
               ? hub_holding_say(engine, channel, &out_body->checkpoint)
               : err;
}

static struct tip_frame_header make_header(struct hub_engine *engine,
                                           const struct hub_channel *channel)
{
    struct tip_frame_header header = {.format = TIP_FORMAT,
                                      .origin = HUB_ORIGIN,
                                      .is_down = true,
                                      .channel = channel->row.channel,
                                      .generation = engine->order.generation,
                                      .first = channel->row.head.number + 1,
                                      .count = 1,
                                      .key_epoch = channel->key_epoch,
                                      .catalogue = engine->opts.catalogue};

    engine->opts.random->fill(engine->opts.random, header.salt,
                              sizeof header.salt);
    return header;
}

/* Close @body as the next frame of @channel. */
static enum tip_err close_body(struct hub_engine *engine,
                               const struct hub_channel *channel,
                               const struct tip_down_body *body,
                               struct tip_buf *out, struct tip_head *out_head)
{
    struct tip_frame_header header = make_header(engine, channel);
    struct tip_head previous = channel->row.head;
    TIP_BUF_ROOM uint8_t packed_memory[TIP_FRAME_BYTES_MAX];
    size_t gone_bytes;
    struct tip_buf buf;
    enum tip_err err = tip_contents_note(&channel->key, body, &engine->arena,
                                         &header, &gone_bytes);

    if (previous.number == 0) {
        tip_envelope_start(&header, &previous);
    }
    tip_buf_init(&buf, packed_memory, sizeof packed_memory);
    if (err == TIP_OK) {
        err =
            tip_wire_down_encode(engine->codec, body, &buf, &header.dictionary);
    }
    if (err == TIP_OK && body->item_count > 1 &&
        buf.size + gone_bytes > TIP_WIRE_FRAME_CUT_BYTES_MAX) {
        err = TIP_ETOOBIG; /* Room for what it would say if all were erased. */
    }
    return err != TIP_OK
               ? err
               : tip_envelope_close(engine->opts.keys, &channel->key, &header,
                                    &previous, tip_bytes(buf.data, buf.size),
                                    out, out_head);
}

/* Put as many items of @batch as fit into one frame. */
static enum tip_err close_fitting(struct hub_engine *engine,
                                  struct hub_channel *channel,
                                  struct batch *batch, struct tip_buf *out,
                                  struct tip_head *out_head,
                                  uint64_t *out_commit)
{
    for (;;) {
        struct tip_down_body body;
        enum tip_err err = make_body(engine, channel, batch, &body);

        if (err == TIP_OK) {
            tip_buf_clear(out);
            err = close_body(engine, channel, &body, out, out_head);
            *out_commit = body.has_checkpoint ? body.checkpoint.commit : 0;
        }
        if (err == TIP_OK) {
            tip_wire_cut_learn(&engine->cut, batch->raw_bytes, out->size);
        }
        if (batch->count <= 1 || (err != TIP_OK && err != TIP_ETOOBIG) ||
            (err == TIP_OK && out->size <= batch->target_bytes)) {
            return err;
        }
        batch->raw_bytes /= 2;
        batch->count /= 2;
    }
}

/* The checkpoint of an office's own channel is what its devices may claim to
 * have seen. */
void hub_cut_note_given(struct hub_engine *engine, uint32_t channel,
                        uint64_t commit)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *origin = engine->origins[i];

        if (origin->row.device.office == channel &&
            !hub_device_is_out(&origin->row.device)) {
            origin->row.admission.given = commit;
            origin->is_dirty = true;
        }
    }
}

/* What was sent again is in the newest frame of @channel, if it is cut. */
static void note_repair(struct hub_channel *channel)
{
    struct hub_repair *repair = &channel->repair;

    if (repair->queued != 0 && repair->queued <= channel->row.cut) {
        repair->queued = 0;
        repair->through = channel->row.head.number;
        repair->is_dirty = true;
    }
}

static enum tip_err cut(struct hub_engine *engine, struct hub_channel *channel,
                        size_t target_bytes)
{
    uint8_t *memory = tip_arena_alloc(&engine->arena, TIP_FRAME_BYTES_MAX);
    uint64_t commit = 0;
    struct tip_bytes frame;
    struct tip_head head;
    struct batch batch;
    struct tip_buf buf;
    enum tip_err err = collect(engine, channel, target_bytes, &batch);

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, TIP_FRAME_BYTES_MAX);
    if (err == TIP_OK) {
        err = close_fitting(engine, channel, &batch, &buf, &head, &commit);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &frame);
    }
    if (err == TIP_OK) {
        err = hub_torn_note_border(engine, channel, engine->order.generation);
    }
    if (err == TIP_OK) {
        err = tip_txn_put(engine->txn, TIP_TABLE_FRAME_DOWN,
                          TIP_KEY(channel->row.channel, head.number), frame);
    }
    if (err == TIP_OK) {
        channel->row.head = head;
        channel->row.cut =
            batch.is_end ? channel->row.newest : end_of(channel, &batch);
        channel->row.has_news =
            channel->row.has_news && channel->row.cut < channel->row.newest;
        channel->is_dirty = true;
        note_repair(channel);
        if (commit != 0) {
            hub_cut_note_given(engine, channel->row.channel, commit);
        }
    }
    return err;
}

/* What the office is still to hand back must follow what is here; a stick would
 * be filled behind that. */
static bool must_wait(struct hub_engine *engine,
                      const struct hub_channel *channel)
{
    const struct hub_device *device =
        hub_engine_in_use(engine, channel->row.channel);
    const struct hub_origin *origin =
        device == NULL ? NULL : hub_engine_origin(engine, device->origin);

    return engine->recovery.is_open ||
           (origin != NULL && hub_recovery_waits(engine, origin));
}

enum tip_err hub_cut(struct hub_engine *engine, struct hub_channel *channel,
                     uint64_t index, size_t target_bytes)
{
    enum tip_err err;

    if (index <= channel->row.head.number) {
        return TIP_OK;
    }
    if (index > hub_cut_offer(channel) || must_wait(engine, channel)) {
        return TIP_ENOTFOUND;
    }
    err = hub_engine_write(engine);
    if (err == TIP_OK) {
        err = hub_channel_settle(engine, channel);
    }
    if (err == TIP_OK) {
        err = hub_repair_feed(engine, channel);
    }
    if (err == TIP_OK) {
        err = cut(engine, channel, target_bytes);
    }
    if (err != TIP_OK && engine->is_writing) {
        engine->failure = err;
    }
    tip_arena_clear(&engine->arena);
    return err;
}
