/* Frames that travel on a stick instead of the link. */
#include "node_mend.h"
#include "tip_frame_row.h"
#include "tip_store.h"

/* Cut a frame from @seq on, if there is none. Without a line it is here that a
 * record which cannot be read is met: it is mended as at a pump. */
static enum tip_err cut(struct node_engine *engine, uint64_t seq)
{
    enum tip_err err = node_feed_cut(engine, seq, TIP_FRAME_BYTES_MAX);

    if (err != TIP_OK) {
        err = node_mend_after(engine, err);
        if (err == TIP_OK) {
            err = node_feed_cut(engine, seq, TIP_FRAME_BYTES_MAX);
        }
    }
    return err == TIP_OK ? node_engine_flush(engine) : err;
}

/* Does one of our feeds begin with change-set @seq? */
static bool is_first(const struct node_engine *engine, uint64_t seq)
{
    for (size_t i = 0; i < engine->feed.own_count; i++) {
        if (engine->feed.own[i].start + 1 == seq) {
            return true;
        }
    }
    return false;
}

/* Numbers that were given up, as when both sides were put back, leave a gap
 * between two feeds: the frame behind it. What else is not here was lost. */
static enum tip_err frame_behind(struct node_engine *engine, uint64_t seq,
                                 struct tip_bytes *out_frame,
                                 uint64_t *out_last)
{
    struct tip_key key;
    struct tip_head head;
    struct tip_bytes row;
    struct tip_txn *txn;
    enum tip_err err = seq > node_continue_start_number(engine)
                           ? TIP_ESTORE_DAMAGED
                           : node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_seek(txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_AFTER,
                           TIP_KEY(engine->identity.origin, seq), &key, &row);
    }
    if (err == TIP_OK && key.hi != engine->identity.origin) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK && !is_first(engine, key.lo)) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        err = tip_frame_row_read(row, &head, out_frame);
    }
    if (err == TIP_OK) {
        *out_last = head.number;
    }
    return err;
}

/* It begins behind a gap, and is still to be cut. */
static enum tip_err first_behind(struct node_engine *engine,
                                 struct tip_bytes *out_frame,
                                 uint64_t *out_last)
{
    const uint64_t seq = engine->feed.framed.number + 1;
    enum tip_err err =
        seq > engine->feed.saved ? TIP_ENOTFOUND : cut(engine, seq);

    return err == TIP_OK ? node_feed_frame(engine, seq, out_frame, out_last)
                         : err;
}

enum tip_err node_engine_export_frame(struct node_engine *engine, uint64_t seq,
                                      struct tip_bytes *out_frame,
                                      uint64_t *out_last)
{
    enum tip_err err = node_engine_flush(engine);

    if (err == TIP_OK && seq > engine->feed.saved) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = cut(engine, seq);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = node_feed_frame(engine, seq, out_frame, out_last);
    if (err == TIP_ENOTFOUND) {
        err = frame_behind(engine, seq, out_frame, out_last);
    }
    return err == TIP_ENOTFOUND ? first_behind(engine, out_frame, out_last)
                                : err;
}

void node_engine_position(
    const struct node_engine *engine, struct tip_head *out_feed,
    struct tip_channel_position out_channels[NODE_CHANNELS],
    struct tip_parts out_parts[NODE_CHANNELS])
{
    *out_feed = engine->feed.framed;
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct node_channel *channel = &engine->channels[i];

        out_channels[i] = channel->row.position;
        if (out_parts != NULL && node_holding_may_ask(channel)) {
            node_holding_put_parts(channel, &out_parts[i]);
        } else if (out_channels[i].agreement == TIP_AGREEMENT_DIFFERS) {
            out_channels[i].agreement = TIP_AGREEMENT_UNKNOWN;
        }
    }
}

enum tip_err node_engine_import_head(struct node_engine *engine,
                                     uint32_t generation,
                                     const struct tip_head *head)
{
    bool on_chain = false;
    enum tip_err err = node_feed_is_on_chain(engine, head, &on_chain);

    if (err != TIP_OK) {
        return err;
    }
    if (engine->session.state == TIP_NODE_STOPPED || !on_chain) {
        return TIP_EFORK;
    }
    if (engine->feed.generation != 0 && generation != engine->feed.generation) {
        engine->carried_generation = generation > engine->carried_generation
                                         ? generation
                                         : engine->carried_generation;
        return TIP_EBUNDLE_RESTORED;
    }
    if (head->number <= engine->feed.confirmed.number) {
        return TIP_OK; /* An old bundle; we know better. */
    }
    engine->feed.confirmed = *head;
    engine->feed.generation = generation;
    engine->feed_is_dirty = true;
    node_talk_greet_again(engine);
    return node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
}

enum tip_err node_engine_import_frame(struct node_engine *engine,
                                      struct tip_bytes frame)
{
    enum tip_err err = engine->session.state == TIP_NODE_STOPPED
                           ? TIP_EFORK
                           : node_follow_frame(engine, frame);

    /* A session that is on greets again: the hub would go on sending what came
     * another way. */
    if (err == TIP_OK) {
        node_talk_greet_again(engine);
    }
    return err == TIP_EAGAIN ? TIP_EBUNDLE_GAP : err;
}
