/*
 * Messages in: what the hub says is checked here before the session machine
 * hears of it.
 */
#include "node_budget.h"
#include "node_erase.h"
#include "node_handback.h"
#include "node_mend.h"
#include "node_refetch.h"
#include "node_send.h"
#include "tip_clock.h"
#include "tip_envelope.h"
#include "tip_store.h"
#include "tip_wire_session.h"

void node_talk_reset(struct node_engine *engine)
{
    tip_node_session_restart(&engine->session, engine->feed.generation,
                             &engine->feed.confirmed, engine->feed.saved);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        tip_node_session_follow(&engine->session,
                                &engine->channels[i].row.position);
    }
}

/* How long to keep silent after the hub's frames could not be kept @losses
 * times in a row: a full disk stays full for hours, and each greeting brings
 * the same frames again. */
static uint64_t silence_ms(uint32_t losses)
{
    return (uint64_t)NODE_SILENCE_MS
           << (losses < NODE_SILENCES_MAX ? losses : NODE_SILENCES_MAX);
}

void node_talk_lost(struct node_engine *engine)
{
    node_talk_reset(engine);
    engine->resume_ms = node_engine_now_ms(engine) + silence_ms(engine->losses);
    engine->losses++;
}

/* Greet again once the silence after a loss is over. */
static void resume(struct node_engine *engine)
{
    uint64_t now = node_engine_now_ms(engine);

    if (engine->link_is_up && engine->resume_ms != 0 &&
        now >= engine->resume_ms) {
        engine->resume_ms = 0;
        tip_node_session_up(&engine->session, now);
    }
}

void node_engine_link_down(struct node_engine *engine)
{
    engine->link_is_up = false;
    node_continue_stop(engine);
    tip_node_session_down(&engine->session);
}

/* The hub has confirmed more. Not a reason to write: a store that knows less
 * asks the hub again. It goes along with the next write. */
static void note_confirmed(struct node_engine *engine)
{
    if (engine->feed.confirmed.number < engine->session.confirmed.number) {
        engine->delivered_ms = engine->opts.clock->now_ms(engine->opts.clock);
    }
    engine->feed.confirmed = engine->session.confirmed;
    if (engine->feed.generation != engine->session.generation) {
        engine->feed.generation = engine->session.generation;
        engine->feed_is_dirty = true;
    }
}

/* A session stands again: what stopped the last one is over, unless a channel
 * cannot go on in any. */
static void forget_trouble(struct node_engine *engine)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].is_frozen) {
            return;
        }
    }
    engine->trouble = TIP_OK;
}

static enum tip_err take_welcome(struct node_engine *engine,
                                 const struct tip_welcome *welcome)
{
    bool on_chain = false;
    enum tip_err err;

    if (welcome->is_closed && !welcome->may_go_on) {
        node_continue_closed(engine, &welcome->durable);
        return TIP_OK;
    }
    err = node_feed_is_on_chain(engine, &welcome->durable, &on_chain);
    if (err == TIP_OK && welcome->is_closed) {
        tip_node_session_stop(&engine->session);
        return node_continue_begin(engine, welcome, on_chain);
    }
    if (err == TIP_OK) {
        err = tip_node_session_welcome(&engine->session, welcome, on_chain,
                                       node_engine_now_ms(engine));
    }
    if (err == TIP_OK) {
        tip_budget_hear(&engine->budget, welcome->clock_ms,
                        node_engine_now_ms(engine));
        forget_trouble(engine);
        note_confirmed(engine);
        engine->hindrance = welcome->hindrance;
        engine->has_stray = welcome->has_stray;
        node_clock_note(engine, welcome->clock_ms);
        node_handback_note(engine, welcome);
    }
    if (err == TIP_EHUB_BEHIND) {
        engine->trouble = err;
        engine->resume_ms = node_engine_now_ms(engine) + NODE_BEHIND_MS;
    }
    return err == TIP_EFORK && !on_chain
               ? node_continue_begin(engine, welcome, false)
               : err;
}

static enum tip_err take_ack(struct node_engine *engine,
                             const struct tip_ack *ack)
{
    bool on_chain = false;
    enum tip_err err = node_feed_is_on_chain(engine, &ack->durable, &on_chain);

    if (err == TIP_OK) {
        err = tip_node_session_ack(&engine->session, ack, on_chain,
                                   node_engine_now_ms(engine));
    }
    if (err == TIP_OK) {
        note_confirmed(engine);
        engine->hindrance = ack->hindrance;
    }
    return err;
}

/* The channel the frame belongs to, for a gap that is to be told. */
static void tell_missed(struct node_engine *engine, struct tip_bytes frame)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;

    if (tip_envelope_read(frame, &parts, &header) == TIP_OK) {
        tip_node_session_missed(&engine->session, header.channel);
    }
}

static enum tip_err take_frame(struct node_engine *engine,
                               struct tip_bytes frame)
{
    enum tip_err err;

    if (engine->go_on.step != NODE_RECOVERY_NONE) {
        return node_continue_frame(engine, frame);
    }
    /* Before the hub's head for our feed lies on our chain, we do not know
     * whether we are a copy that somebody else has gone on from. */
    if (engine->session.state != TIP_NODE_LIVE) {
        return TIP_EPROTOCOL;
    }
    err = node_follow_frame(engine, frame);
    if (err == TIP_OK) {
        return TIP_OK;
    }
    if (err == TIP_EAGAIN) {
        tell_missed(engine, frame);
        return TIP_OK;
    }
    return err == TIP_EEXISTS ? TIP_OK : err;
}

/* Tell the session which frames are here; it tells the hub after flush. */
static void tell_taken(struct node_engine *engine, size_t bytes)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].is_dirty) {
            tip_node_session_took(&engine->session,
                                  &engine->channels[i].row.position, bytes,
                                  node_engine_now_ms(engine));
            bytes = 0;
        }
    }
}

static enum tip_err dispatch(struct node_engine *engine,
                             const struct tip_message *message)
{
    enum tip_err err;

    switch (message->kind) {
    case TIP_MESSAGE_WELCOME:
        return take_welcome(engine, &message->welcome);
    case TIP_MESSAGE_ACK:
        return take_ack(engine, &message->ack);
    case TIP_MESSAGE_FRAME:
        if (node_refetch_is(engine, message->frame)) {
            return node_refetch_take(engine, message->frame);
        }
        err = take_frame(engine, message->frame);
        if (err == TIP_OK) {
            tell_taken(engine, message->frame.size);
        }
        return err;
    case TIP_MESSAGE_BYE:
        return node_continue_refused(engine, message->bye);
    case TIP_MESSAGE_CONTINUED:
        return node_continue_take(engine, &message->continued);
    case TIP_MESSAGE_HELLO:
    case TIP_MESSAGE_GOT:
    case TIP_MESSAGE_PARTS:
    case TIP_MESSAGE_RECALL:
    case TIP_MESSAGE_CONTINUE:
    case TIP_MESSAGE_HEALTH:
    case TIP_MESSAGE_LOST:
        break;
    }
    return TIP_EPROTOCOL;
}

void node_engine_receive(struct node_engine *engine, struct tip_bytes message)
{
    struct tip_message said;
    enum tip_err err =
        tip_talk_read(&engine->talk, message, &engine->said, &said);

    node_budget_spend(engine, message.size);
    if (err == TIP_OK) {
        err = dispatch(engine, &said);
    }
    if (err != TIP_OK) {
        engine->bad_messages++;
    }
    if (err == TIP_EFORK || err == TIP_ESTORE_DAMAGED ||
        err == TIP_ESTORE_VERSION) {
        engine->trouble = err;
    }
    tip_arena_clear(&engine->said);
}

enum tip_err node_engine_pump(struct node_engine *engine)
{
    enum tip_err err = node_engine_flush(engine);
    bool is_used = false;

    if (err == TIP_OK) {
        err = node_scrub_step(engine);
    }
    if (err == TIP_OK) {
        err = node_mend_if_due(engine);
    }
    if (err == TIP_OK) {
        err = node_erase_work(engine);
    }
    if (engine->opts.link == NULL) {
        return err;
    }
    if (err == TIP_OK) {
        err = node_budget_pump(engine, &is_used);
    }
    node_again_pump(engine);
    if (!is_used) {
        resume(engine);
    }
    if (err == TIP_OK && !is_used) {
        node_continue_pump(engine);
    }
    while (err == TIP_OK && !is_used && node_send_step(engine, &err)) {
        is_used = node_budget_is_used(engine);
    }
    if (!is_used) {
        node_health_tell(engine);
        node_refetch_tell(engine);
    }
    node_mend_tell(engine);
    err = node_mend_after(engine, err); /* The next pump goes on. */
    return err == TIP_OK ? node_engine_flush(engine) : err;
}
