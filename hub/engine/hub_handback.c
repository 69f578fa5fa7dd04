/*
 * Frames of the hub that it has lost, handed back by a node.
 *
 * They are the hub's own: nobody else can sign them. They go back to where they
 * were, so that each channel goes on as its audience knows it.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_erase.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_torn.h"
#include "tip_ctl_log.h"
#include "tip_envelope.h"
#include "tip_secret.h"
#include "tip_store.h"
#include "tip_wire_channel.h"
#include "tip_wire_ctl.h"
#include "tip_wire_down.h"

/* A frame on its way back. */
struct incoming {
    struct hub_channel *channel;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head; /* Behind it. */
    struct tip_down_body body;
    bool is_proven; /* All of it has our signature. */
};

static enum tip_err check_place(struct hub_engine *engine,
                                const struct hub_origin *origin,
                                struct incoming *incoming)
{
    const struct tip_frame_header *header = &incoming->header;

    incoming->channel = header->channel == origin->row.device.office ||
                                header->channel == TIP_CHANNEL_REF ||
                                header->channel == TIP_CHANNEL_CTL
                            ? hub_engine_channel(engine, header->channel)
                            : NULL;
    if (header->origin != HUB_ORIGIN || incoming->channel == NULL ||
        !incoming->channel->has_key || !origin->back.is_due ||
        header->generation >= engine->order.generation) {
        return TIP_EPROTOCOL;
    }
    switch (tip_feed_place(incoming->channel->row.head.number, header)) {
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

enum tip_err hub_handback_verify(const struct hub_engine *engine,
                                 const struct hub_origin *origin,
                                 const struct tip_frame_header *header,
                                 const struct tip_wire_frame *parts,
                                 const struct tip_head *previous,
                                 struct tip_head *out_head, bool *out_is_proven)
{
    const struct tip_sign_public *own =
        &tip_device_keys_public(engine->opts.keys)->sign;
    struct tip_head start = *previous;
    enum tip_err err;

    if (start.number == 0) {
        tip_envelope_start(header, &start);
    }
    err = tip_envelope_verify_left(own, own, header, parts, &start, out_head);
    *out_is_proven = err == TIP_OK;
    return err == TIP_ESIGNATURE && header->channel != TIP_CHANNEL_CTL
               ? tip_envelope_verify_left(own, &origin->row.device.keys.sign,
                                          header, parts, &start, out_head)
               : err;
}

/* What an office has left of a frame of ours is what we had said, and what it
 * took out was erased. */
static enum tip_err prove(struct hub_engine *engine,
                          const struct incoming *incoming)
{
    struct tip_frame_key old;
    const struct tip_frame_key *key;
    enum tip_err err;

    if (incoming->is_proven) {
        return TIP_OK;
    }
    key = hub_retire_down_key(engine, incoming->channel,
                              incoming->header.key_epoch, &old);
    err = key == NULL
              ? TIP_EUNSEAL
              : hub_erase_prove(engine, key, &incoming->parts, &incoming->body);
    tip_secret_wipe(&old, sizeof old);
    return err;
}

enum tip_err hub_handback_open(struct hub_engine *engine,
                               const struct hub_channel *channel,
                               const struct tip_frame_header *header,
                               const struct tip_wire_frame *parts,
                               struct tip_arena *arena,
                               struct tip_down_body *out_body)
{
    struct tip_frame_key old;
    const struct tip_frame_key *key =
        hub_retire_down_key(engine, channel, header->key_epoch, &old);
    struct tip_bytes packed;
    enum tip_err err =
        key == NULL ? TIP_EUNSEAL
                    : tip_envelope_open(key, header, parts, arena, &packed);

    tip_secret_wipe(&old, sizeof old);
    return err == TIP_OK ? tip_wire_down_decode(engine->codec, header, packed,
                                                arena, out_body)
                         : err;
}

enum tip_err hub_handback_load(struct hub_engine *engine,
                               const struct hub_channel *channel,
                               uint64_t index, struct tip_arena *arena,
                               struct tip_down_body *out_body)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes frame, copy;
    enum tip_err err =
        tip_txn_get(engine->txn, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(channel->row.channel, index), &frame);

    if (err == TIP_OK) {
        err = tip_arena_copy(arena, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &parts, &header);
    }
    tip_txn_forget(engine->txn);
    return err == TIP_OK ? hub_handback_open(engine, channel, &header, &parts,
                                             arena, out_body)
                         : err;
}

/* What @control, of @commit, means for the hub itself. */
static enum tip_err carry_out(struct hub_engine *engine,
                              const struct tip_ctl *control, uint64_t commit)
{
    switch (control->kind) {
    case TIP_CTL_OPEN:
        hub_offices_note_origin(engine, control->open.origin);
        return hub_continue_reopen(engine, &control->open);
    case TIP_CTL_RETIRE:
        return hub_retire_replay(engine, control->retire.origin);
    case TIP_CTL_ERASE:
        return hub_erase_obey(engine, &control->erase, commit);
    case TIP_CTL_CLOSE:
        return hub_continue_note_end(engine, &control->close);
    case TIP_CTL_REVOKE:
    case TIP_CTL_GENERATION:
        break;
    }
    return TIP_OK;
}

/* Obey at once what the rest of the way back rests on. */
static enum tip_err obey(struct hub_engine *engine, const struct tip_item *item)
{
    struct tip_ctl control;
    enum tip_err err = tip_wire_ctl_decode(item->control, &control);

    if (err == TIP_EUNSUPPORTED) {
        return TIP_OK; /* A later version will. */
    }
    if (err == TIP_OK) {
        err = carry_out(engine, &control, item->commit);
    }
    return err == TIP_OK ? tip_ctl_log_note_lineage(&control, &engine->lineage)
                         : err;
}

/* The control log is the log of its channel: an entry that was lost goes back
 * into it, one that was only not cut yet is now. */
static enum tip_err take_controls(struct hub_engine *engine,
                                  const struct incoming *incoming)
{
    struct hub_channel *channel = incoming->channel;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < incoming->body.item_count && err == TIP_OK; i++) {
        if (channel->row.cut == channel->row.newest) {
            err = hub_channel_append(engine, channel, &incoming->body.items[i]);
        }
        if (err == TIP_OK) {
            err = obey(engine, &incoming->body.items[i]);
        }
        channel->row.cut++;
    }
    return err;
}

/* What is left of it is our word from now on: offices that get it from us, and
 * we when we look through our store, believe nobody else. */
static enum tip_err vouch(struct hub_engine *engine,
                          const struct incoming *incoming,
                          struct tip_bytes *frame)
{
    uint8_t *memory;
    struct tip_buf buf;
    enum tip_err err;

    if (!tip_wire_frame_is_redacted(&incoming->parts)) {
        return TIP_OK;
    }
    memory = tip_arena_alloc(&engine->arena, TIP_FRAME_BYTES_MAX);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, TIP_FRAME_BYTES_MAX);
    err = tip_envelope_vouch(engine->opts.keys, &incoming->parts, &buf);
    return err == TIP_OK ? tip_buf_finish(&buf, frame) : err;
}

/* Put it back; an error loses the transaction. */
static enum tip_err take(struct hub_engine *engine,
                         const struct incoming *incoming,
                         struct tip_bytes frame)
{
    struct hub_channel *channel = incoming->channel;
    enum tip_err err =
        hub_torn_note_border(engine, channel, incoming->header.generation);

    if (err == TIP_OK) {
        err = tip_txn_put(engine->txn, TIP_TABLE_FRAME_DOWN,
                          TIP_KEY(channel->row.channel, incoming->head.number),
                          frame);
    }
    if (err == TIP_OK && channel->row.channel == TIP_CHANNEL_CTL) {
        err = take_controls(engine, incoming);
    }
    channel->row.head = incoming->head;
    channel->is_dirty = true;
    if (err == TIP_OK && incoming->body.has_checkpoint) {
        hub_cut_note_given(engine, channel->row.channel,
                           incoming->body.checkpoint.commit);
    }
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    return err;
}

/* Has the channel gone on in our generation? Then nothing can follow what was
 * lost of it. */
static enum tip_err check_open(struct hub_engine *engine,
                               const struct hub_channel *channel)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes frame;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err != TIP_OK || channel->row.head.number == 0) {
        return err;
    }
    err = tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                      TIP_KEY(channel->row.channel, channel->row.head.number),
                      &frame);
    if (err == TIP_OK) {
        err = tip_envelope_read(frame, &parts, &header);
    }
    return err == TIP_OK && header.generation == engine->order.generation
               ? TIP_EFORK
               : err;
}

/* Was @set with the hub whose store this is, when that was put back? */
static bool was_here(struct hub_engine *engine, uint64_t commit,
                     uint32_t origin, uint64_t seq)
{
    const uint64_t follows = engine->recovery.follows;
    const struct hub_origin *feed = hub_engine_origin(engine, origin);

    return feed == NULL || commit > follows ||
           tip_commit_generation(commit) != tip_commit_generation(follows) ||
           seq <= feed->back.taken;
}

/* A commit that this store was behind already, of what it never had: somebody
 * else gave it. The store was copied, both copies ran, and what this one gave
 * under the same numbers is told to others. */
static enum tip_err check_order(struct hub_engine *engine,
                                const struct tip_down_body *body)
{
    bool is_ours = true;

    for (size_t i = 0; i < body->item_count && is_ours; i++) {
        const struct tip_item *item = &body->items[i];

        if (item->kind == TIP_ITEM_SET) {
            is_ours =
                was_here(engine, item->commit, item->set.origin, item->set.seq);
        }
        for (uint32_t n = 0;
             item->kind == TIP_ITEM_ECHO && n < item->echo.count && is_ours;
             n++) {
            is_ours = was_here(engine, item->echo.first_commit + n,
                               item->echo.origin, item->echo.first_seq + n);
        }
    }
    return is_ours ? TIP_OK : TIP_EHUB_TWICE;
}

enum tip_err hub_handback_frame(struct hub_engine *engine,
                                struct hub_origin *origin,
                                struct tip_bytes frame)
{
    struct incoming incoming;
    enum tip_err err =
        tip_envelope_read(frame, &incoming.parts, &incoming.header);

    if (err == TIP_OK && incoming.header.origin == HUB_ORIGIN &&
        hub_torn_of(origin, incoming.header.channel) != NULL) {
        return hub_torn_frame(engine, origin, &incoming.header,
                              &incoming.parts);
    }
    if (err == TIP_OK) {
        err = check_place(engine, origin, &incoming);
    }
    if (err == TIP_OK) {
        err = check_open(engine, incoming.channel);
    }
    if (err == TIP_OK) {
        err = hub_handback_verify(engine, origin, &incoming.header,
                                  &incoming.parts, &incoming.channel->row.head,
                                  &incoming.head, &incoming.is_proven);
    }
    if (err == TIP_OK) {
        err =
            hub_handback_open(engine, incoming.channel, &incoming.header,
                              &incoming.parts, &engine->arena, &incoming.body);
    }
    if (err == TIP_OK) {
        err = prove(engine, &incoming);
    }
    if (err == TIP_OK) {
        err = check_order(engine, &incoming.body);
    }
    if (err == TIP_OK) {
        err = vouch(engine, &incoming, &frame);
    }
    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err == TIP_OK) {
        err = take(engine, &incoming, frame);
    }
    tip_arena_clear(&engine->arena);
    return err;
}
