/*
 * From the hub's frames to committed state.
 *
 * A frame is stored first and applied at a checkpoint, all since the last one
 * in one transaction: what the hub committed together becomes visible together.
 */
#include "node_control.h"
#include "node_decided.h"
#include "node_engine_internal.h"
#include "node_erase.h"
#include "node_mend.h"
#include "node_rewind.h"
#include "node_room.h"
#include "node_row.h"
#include "tip_envelope.h"
#include "tip_store.h"
#include "tip_wire_down.h"

/* A frame of the hub on its way in. */
struct incoming {
    struct node_channel *channel;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head; /* Behind it. */
    struct tip_down_body body;
    bool is_unread; /* Made by a newer program: kept for the one to come. */
};

static enum tip_err open_body(struct node_engine *engine,
                              struct incoming *incoming)
{
    struct tip_bytes packed;
    enum tip_err err =
        tip_envelope_open(&incoming->channel->key, &incoming->header,
                          &incoming->parts, &engine->arena, &packed);

    return err != TIP_OK
               ? err
               : tip_wire_down_decode(engine->codec, &incoming->header, packed,
                                      &engine->arena, &incoming->body);
}

/* Read frame @index of @channel, which was stored before. */
static enum tip_err load_stored(struct node_engine *engine,
                                struct node_channel *channel, uint64_t index,
                                struct incoming *out_stored)
{
    struct tip_bytes frame, copy;
    enum tip_err err =
        tip_txn_get(engine->txn, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(channel->row.position.channel, index), &frame);

    *out_stored = (struct incoming){.channel = channel, .head.number = index};
    if (err == TIP_OK) {
        err = tip_arena_copy(&engine->arena, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &out_stored->parts, &out_stored->header);
    }
    return err == TIP_OK ? open_body(engine, out_stored) : err;
}

/* Apply what @incoming says, all of which lies before @checkpoint. */
static enum tip_err apply_body(struct node_engine *engine,
                               const struct incoming *incoming,
                               uint64_t checkpoint)
{
    const struct tip_channel_position *position =
        &incoming->channel->row.position;

    node_room_note(engine, &incoming->body);
    node_whole_enter(engine, incoming->header.generation,
                     tip_wire_frame_is_redacted(&incoming->parts));
    return position->channel == TIP_CHANNEL_CTL
               ? node_control_apply(engine, &incoming->body,
                                    position->checkpoint, checkpoint)
               : node_apply_items(engine, incoming->channel, &incoming->body,
                                  checkpoint);
}

/* Apply a frame that was stored before its checkpoint came. */
static enum tip_err apply_stored(struct node_engine *engine,
                                 struct node_channel *channel, uint64_t index,
                                 uint64_t checkpoint)
{
    struct incoming stored;
    enum tip_err err = load_stored(engine, channel, index, &stored);

    return err == TIP_OK ? apply_body(engine, &stored, checkpoint) : err;
}

/* What was lost, and what came again, in a state that fits together. */
static enum tip_err mend(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (engine->whole.has_anew) {
        err = node_mend_overlays(engine);
    }
    return err == TIP_OK && engine->is_in_doubt ? node_mend(engine) : err;
}

/* Make everything up to the checkpoint of @incoming visible at once. */
static enum tip_err apply_checkpoint(struct node_engine *engine,
                                     struct incoming *incoming)
{
    struct node_channel_row *row = &incoming->channel->row;
    uint64_t checkpoint = incoming->body.checkpoint.commit;
    enum tip_err err = TIP_OK;

    if (checkpoint < row->position.checkpoint) {
        return TIP_EDIVERGED;
    }
    node_whole_begin(engine);
    while (row->applied + 1 < incoming->head.number && err == TIP_OK) {
        err = apply_stored(engine, incoming->channel, row->applied + 1,
                           checkpoint);
        row->applied++;
    }
    if (err == TIP_OK) {
        err = apply_body(engine, incoming, checkpoint);
    }
    if (err == TIP_OK && node_whole_is_open(engine)) {
        err = TIP_EDIVERGED;
    }
    if (err == TIP_OK) {
        err = mend(engine);
    }
    if (err == TIP_OK) {
        err = node_decided_note(engine, &incoming->body.checkpoint);
    }
    node_holding_compare(engine, incoming->channel, &incoming->body.checkpoint);
    row->applied = incoming->head.number;
    row->position.checkpoint = checkpoint;
    incoming->channel->is_dirty = true;
    return err;
}

/* Is there a checkpoint, and all here that it presumes? */
static bool is_ready(const struct node_engine *engine,
                     const struct incoming *incoming)
{
    uint64_t unread = incoming->channel->unread;

    return incoming->body.has_checkpoint &&
           (unread == 0 || unread > incoming->head.number) &&
           node_control_suffices(engine, incoming->channel,
                                 incoming->body.checkpoint.control);
}

/* Does one before it wait? Then it does, whatever it presumes itself. */
static bool is_behind(const struct incoming *incoming)
{
    return incoming->channel->row.applied + 1 < incoming->head.number;
}

/* @channel does not fit: lose the transaction, and take no more of it. */
static void fail(struct node_engine *engine, struct node_channel *channel,
                 enum tip_err err)
{
    engine->failure = err;
    engine->trouble = err;
    if (err == TIP_ESTORE_DAMAGED) {
        node_mend_doubt(engine);
    }
    channel->is_frozen = !tip_store_is_at_fault(err);
    node_engine_give_up(engine);
}

/* Keep the frame; from here on an error loses the transaction. */
static enum tip_err take(struct node_engine *engine, struct incoming *incoming,
                         struct tip_bytes frame)
{
    struct tip_channel_position *position = &incoming->channel->row.position;
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    if (err != TIP_OK) {
        return err;
    }
    err = node_erase_keep(engine, incoming->channel, incoming->head.number,
                          &incoming->body, frame);
    position->generation = incoming->header.generation;
    position->head = incoming->head;
    incoming->channel->is_dirty = true;
    if (incoming->is_unread && incoming->channel->unread == 0) {
        incoming->channel->unread = incoming->head.number;
    }
    if (err == TIP_OK && !is_behind(incoming) && is_ready(engine, incoming)) {
        err = apply_checkpoint(engine, incoming);
    }
    if (err != TIP_OK) {
        fail(engine, incoming->channel, err);
    }
    return err;
}

/* Frame @index of @channel waits and cannot be read, because of @why: so does
 * all behind it, until it has come again. For that all is read at once. */
static bool is_missed(struct node_engine *engine, struct node_channel *channel,
                      uint64_t index, enum tip_err why)
{
    bool is_lost = why == TIP_ENOTFOUND || why == TIP_ESTORE_DAMAGED;

    if (is_lost && channel->missed != index) {
        channel->missed = index;
        tip_scrub_ask(&engine->scrub.base);
    }
    return is_lost;
}

/* The next checkpoint of @channel that was stored, but could not be applied
 * then. TIP_ENOTFOUND: there is none that can be now. */
static enum tip_err find_ready(struct node_engine *engine,
                               struct node_channel *channel,
                               struct incoming *out_stored)
{
    uint64_t newest = channel->row.position.head.number;

    for (uint64_t i = channel->row.applied + 1; i <= newest; i++) {
        enum tip_err err = load_stored(engine, channel, i, out_stored);

        if (err != TIP_OK) {
            channel->unread = tip_wire_is_too_new(err) ? i : channel->unread;
            return tip_wire_is_too_new(err) ||
                           is_missed(engine, channel, i, err)
                       ? TIP_ENOTFOUND
                       : err;
        }
        if (out_stored->body.has_checkpoint) {
            return is_ready(engine, out_stored) ? TIP_OK : TIP_ENOTFOUND;
        }
    }
    return TIP_ENOTFOUND;
}

/* Apply what waited for more of the control log. */
static enum tip_err catch_up(struct node_engine *engine,
                             struct node_channel *channel)
{
    struct incoming stored;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && !channel->is_frozen) {
        tip_arena_clear(&engine->arena);
        err = node_room_go_on(engine);
        if (err != TIP_OK) {
            return err; /* What was taken is lost, and noted. */
        }
        err = find_ready(engine, channel, &stored);
        if (err == TIP_OK) {
            err = apply_checkpoint(engine, &stored);
        }
        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            fail(engine, channel, err);
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err catch_up_all(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        err = catch_up(engine, &engine->channels[i]);
    }
    return err;
}

enum tip_err node_follow_resume(struct node_engine *engine)
{
    struct incoming stored;
    bool is_due = false;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        err = find_ready(engine, &engine->channels[i], &stored);
        is_due = is_due || err == TIP_OK;
        err = err == TIP_ENOTFOUND ? TIP_OK : err;
        tip_arena_clear(&engine->arena);
    }
    if (err != TIP_OK || !is_due) {
        return err;
    }
    err = catch_up_all(engine);
    err = err == TIP_OK ? node_engine_flush(engine) : err;
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->work);
    /* It can wait if there is no room: the next start tries again. */
    return tip_store_is_at_fault(err) ? TIP_OK : err;
}

/* Is the frame one of ours to follow, and the next? */
static enum tip_err check_place(struct node_engine *engine,
                                struct incoming *incoming)
{
    const struct tip_frame_header *header = &incoming->header;
    const struct tip_channel_position *position;
    enum tip_feed_place place;

    if (!header->is_down || header->origin != engine->identity.hub_origin) {
        return TIP_EPROTOCOL;
    }
    incoming->channel = node_engine_channel(engine, header->channel);
    if (incoming->channel == NULL) {
        return TIP_EPROTOCOL;
    }
    if (incoming->channel->is_frozen) {
        return TIP_EDIVERGED;
    }
    position = &incoming->channel->row.position;
    /* The first of a new generation follows the newest of an older one, once
     * the hub has greeted us in it, or a later one. */
    if (position->head.number != 0 &&
        header->generation != position->generation &&
        (header->generation < position->generation ||
         header->generation > engine->feed.generation)) {
        return TIP_EBUNDLE_RESTORED; /* By the link it does not come. */
    }
    place = tip_feed_place(position->head.number, header);
    if (place == TIP_FEED_GAP) {
        return TIP_EAGAIN;
    }
    return place == TIP_FEED_NEXT ? TIP_OK : TIP_EEXISTS;
}

static enum tip_err verify(struct node_engine *engine,
                           struct incoming *incoming)
{
    struct tip_head previous = incoming->channel->row.position.head;

    if (previous.number == 0) {
        tip_envelope_start(&incoming->header, &previous);
    }
    return tip_envelope_verify_left(
        &engine->identity.hub_sign, &engine->identity.hub_sign,
        &incoming->header, &incoming->parts, &previous, &incoming->head);
}

enum tip_err node_follow_frame(struct node_engine *engine,
                               struct tip_bytes frame)
{
    struct incoming incoming = {.channel = NULL};
    enum tip_err err =
        tip_envelope_read(frame, &incoming.parts, &incoming.header);

    if (err == TIP_OK) {
        err = node_rewind(engine, &incoming.header);
    }
    if (err == TIP_OK) {
        err = check_place(engine, &incoming);
    }
    if (err == TIP_OK) {
        err = verify(engine, &incoming);
    }
    if (err == TIP_OK) {
        err = open_body(engine, &incoming);
        if (tip_wire_is_too_new(err)) {
            incoming.is_unread = true;
            incoming.body = (struct tip_down_body){.has_checkpoint = false};
            err = TIP_OK;
        }
    }
    /* Should the frame not apply, nobody's save is to be lost with it. */
    if (err == TIP_OK) {
        err = node_room_settle(engine);
    }
    if (err == TIP_OK) {
        err = take(engine, &incoming, frame);
    }
    if (err == TIP_OK &&
        (incoming.header.channel == TIP_CHANNEL_CTL || is_behind(&incoming))) {
        err = catch_up_all(engine);
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->work);
    return err;
}
