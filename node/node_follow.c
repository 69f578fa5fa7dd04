/*
 * From the hub's frames to committed state.
 *
 * A frame is stored first and applied at a checkpoint, all frames since the
 * last one in one transaction: what the hub committed together becomes visible
 * together.
 */
#include "node_engine_internal.h"
#include "node_row.h"
#include "tip_envelope.h"
#include "tip_store.h"
#include "tip_wire_down.h"

static struct node_channel *channel_of(struct node_engine *engine,
                                       uint32_t channel)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].row.position.channel == channel) {
            return &engine->channels[i];
        }
    }
    return NULL;
}

static enum tip_err note_held(struct node_engine *engine,
                              const struct tip_decided *decided)
{
    struct node_held_row *held = &engine->held;

    held->total = decided->unnamed;
    held->run_count = decided->run_count; /* The reader of it saw to that. */
    for (size_t i = 0; i < decided->run_count; i++) {
        held->runs[i] = decided->runs[i];
        held->total += decided->runs[i].count;
    }
    return node_row_store_held(engine->txn, held);
}

/* Take note of what the hub has decided of our feed, and what it holds back. */
static enum tip_err note_decided(struct node_engine *engine,
                                 const struct tip_checkpoint *checkpoint)
{
    for (size_t i = 0; i < checkpoint->decided_count; i++) {
        const struct tip_decided *decided = &checkpoint->decided[i];

        if (decided->origin != engine->identity.origin) {
            continue;
        }
        if (decided->bound > engine->feed.framed.number) {
            return TIP_EDIVERGED; /* It was never sent. */
        }
        engine->feed.decided = decided->bound;
        engine->feed_is_dirty = true;
        return note_held(engine, decided);
    }
    return TIP_OK;
}

/* A frame of the hub on its way in. */
struct incoming {
    struct node_channel *channel;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head; /* Behind it. */
    struct tip_down_body body;
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

/* Apply a frame that was stored before its checkpoint came. */
static enum tip_err apply_stored(struct node_engine *engine,
                                 struct node_channel *channel, uint64_t index,
                                 uint64_t checkpoint)
{
    struct incoming stored = {.channel = channel};
    struct tip_bytes frame, copy;
    enum tip_err err =
        tip_txn_get(engine->txn, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(channel->row.position.channel, index), &frame);

    if (err == TIP_OK) {
        err = tip_arena_copy(&engine->arena, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &stored.parts, &stored.header);
    }
    if (err == TIP_OK) {
        err = open_body(engine, &stored);
    }
    return err != TIP_OK
               ? err
               : node_apply_items(engine, &stored.body,
                                  channel->row.position.checkpoint, checkpoint);
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
        err = node_apply_items(engine, &incoming->body,
                               row->position.checkpoint, checkpoint);
    }
    if (err == TIP_OK && node_whole_is_open(engine)) {
        err = TIP_EDIVERGED;
    }
    if (err == TIP_OK) {
        err = note_decided(engine, &incoming->body.checkpoint);
    }
    node_holding_compare(incoming->channel, &incoming->body.checkpoint);
    row->applied = incoming->head.number;
    row->position.checkpoint = checkpoint;
    return err;
}

/* Keep the frame; from here on an error loses the transaction. */
static enum tip_err take(struct node_engine *engine, struct incoming *incoming,
                         struct tip_bytes frame)
{
    struct tip_channel_position *position = &incoming->channel->row.position;
    enum tip_err err =
        tip_txn_put(engine->txn, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(position->channel, incoming->head.number), frame);

    position->generation = incoming->header.generation;
    position->head = incoming->head;
    incoming->channel->is_dirty = true;
    if (err == TIP_OK && incoming->body.has_checkpoint) {
        err = apply_checkpoint(engine, incoming);
    }
    if (err != TIP_OK) {
        engine->failure = err;
        engine->trouble = err;
        incoming->channel->is_frozen = !tip_store_is_at_fault(err);
        node_engine_give_up(engine);
    }
    return err;
}

/* Is the frame one of ours to follow, and the next? */
static enum tip_err check_place(struct node_engine *engine,
                                struct incoming *incoming)
{
    const struct tip_frame_header *header = &incoming->header;
    const struct tip_channel_position *position;

    if (!header->is_down || header->origin != engine->identity.hub_origin) {
        return TIP_EPROTOCOL;
    }
    incoming->channel = channel_of(engine, header->channel);
    if (incoming->channel == NULL) {
        return TIP_EPROTOCOL;
    }
    if (incoming->channel->is_frozen) {
        return TIP_EDIVERGED;
    }
    position = &incoming->channel->row.position;
    if (position->head.number != 0 &&
        header->generation != position->generation) {
        return TIP_EUNSUPPORTED;
    }
    switch (tip_feed_place(position->head.number, header)) {
    case TIP_FEED_NEXT:
        return TIP_OK;
    case TIP_FEED_GAP:
        return TIP_EAGAIN;
    case TIP_FEED_DUPLICATE:
    case TIP_FEED_FORK:
        break;
    }
    return TIP_EEXISTS;
}

static enum tip_err verify(struct node_engine *engine,
                           struct incoming *incoming)
{
    struct tip_head previous = incoming->channel->row.position.head;

    if (previous.number == 0) {
        tip_envelope_start(&incoming->header, &previous);
    }
    return tip_envelope_verify(&engine->identity.hub_sign, &incoming->header,
                               &incoming->parts, &previous, &incoming->head);
}

enum tip_err node_follow_frame(struct node_engine *engine,
                               struct tip_bytes frame)
{
    struct incoming incoming = {.channel = NULL};
    enum tip_err err =
        tip_envelope_read(frame, &incoming.parts, &incoming.header);

    if (err == TIP_OK) {
        err = check_place(engine, &incoming);
    }
    if (err == TIP_OK) {
        err = verify(engine, &incoming);
    }
    if (err == TIP_OK) {
        err = open_body(engine, &incoming);
    }
    /* Should the frame not apply, nobody's save is to be lost with it. */
    if (err == TIP_OK) {
        err = node_engine_settle(engine);
    }
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err == TIP_OK) {
        err = take(engine, &incoming, frame);
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->work);
    return err;
}
