#include "node_send.h"

#include "node_budget.h"
#include "node_handback.h"
#include "tip_link.h"
#include "tip_random.h"

static void send(struct node_engine *engine, const struct tip_message *message)
{
    static const uint32_t hub_peer = 0;

    engine->send_result =
        tip_talk_send(&engine->talk, engine->opts.link, hub_peer, message);
    if (engine->send_result == TIP_OK) {
        node_budget_spend(engine, message->kind == TIP_MESSAGE_FRAME
                                      ? message->frame.size
                                      : TIP_BUDGET_WORDS_BYTES);
    }
}

static void send_hello(struct node_engine *engine)
{
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.format = TIP_FORMAT,
                  .origin = node_continue_origin(engine),
                  .generation = engine->session.generation,
                  .confirmed = engine->session.confirmed,
                  .newest = engine->feed.framed,
                  .channel_count = NODE_CHANNELS,
                  .version = engine->opts.version,
                  .credit_bytes = TIP_NODE_WINDOW_BYTES,
                  .health = node_health_now(engine)}};

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        message.hello.channels[i] = engine->channels[i].row.position;
    }
    engine->opts.random->fill(engine->opts.random, message.hello.nonce,
                              sizeof message.hello.nonce);
    send(engine, &message);
    if (engine->send_result == TIP_OK) {
        node_health_told(engine);
    }
}

/* Own work that was cut into the frame at session.next is lost with it, and the
 * hub says that it does not have it: it is written again. If that cannot be,
 * nothing can follow it. What else there is need not wait for that. */
static enum tip_err write_again(struct node_engine *engine)
{
    enum tip_err err;

    if (engine->trouble == TIP_ESTORE_DAMAGED) {
        return TIP_OK; /* It was tried, and is told. */
    }
    err = node_continue_without(engine);
    if (err == TIP_OK) {
        node_continue_pump(engine);
    }
    if (err != TIP_ESTORE_DAMAGED) {
        return err;
    }
    engine->trouble = err;
    return TIP_OK;
}

/* The frame at session.next is not here. Only others may have it: they tell the
 * hub. Or the disk lost it: then the hub may have it, and says so when it
 * greets, or when it has what is under way. */
static enum tip_err miss_frame(struct node_engine *engine, enum tip_err err)
{
    const struct tip_node_session *session = &engine->session;

    if (err != TIP_ENOTFOUND && err != TIP_ESTORE_DAMAGED) {
        return err;
    }
    engine->send_result = TIP_EAGAIN;
    return session->state == TIP_NODE_LIVE &&
                   session->next == session->confirmed.number + 1 &&
                   !node_continue_is_recalled(engine, session->next)
               ? write_again(engine)
               : TIP_OK;
}

/* Send the frame at session.next, cut durably before its first byte leaves. One
 * that was cut for a better line waits until nothing else is under way. */
static enum tip_err send_frame(struct node_engine *engine)
{
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    size_t room = tip_node_session_room(&engine->session);
    size_t target = tip_goodput_frame_bytes(&engine->session.goodput);
    uint64_t last;
    enum tip_err err = node_feed_cut(engine, engine->session.next,
                                     room < target ? room : target);

    if (err == TIP_OK) {
        err = node_engine_flush(engine);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = node_feed_frame(engine, engine->session.next, &message.frame, &last);
    if (err != TIP_OK) {
        return miss_frame(engine, err);
    }
    if (message.frame.size > room) {
        engine->send_result = TIP_EAGAIN;
        return TIP_OK;
    }
    send(engine, &message);
    if (engine->send_result == TIP_OK) {
        tip_node_session_sent(&engine->session, last, message.frame.size,
                              node_engine_now_ms(engine));
    }
    return TIP_OK;
}

bool node_send_step(struct node_engine *engine, enum tip_err *out_err)
{
    struct tip_message message = {.kind = TIP_MESSAGE_GOT};

    engine->send_result = TIP_OK;
    if (node_handback_next(engine, &message, out_err)) {
        if (*out_err == TIP_OK) {
            send(engine, &message);
        }
        if (*out_err == TIP_OK && engine->send_result == TIP_OK) {
            node_handback_sent(engine, message.frame.size);
        }
        return *out_err == TIP_OK && engine->send_result == TIP_OK;
    }
    message.kind = TIP_MESSAGE_GOT;
    switch (tip_node_session_step(&engine->session, node_engine_now_ms(engine),
                                  &message.got)) {
    case TIP_NODE_WAIT:
        return false;
    case TIP_NODE_SEND_HELLO:
        send_hello(engine);
        engine->session.hello_due = engine->send_result != TIP_OK;
        break;
    case TIP_NODE_SEND_GOT:
        send(engine, &message);
        if (engine->send_result != TIP_OK) {
            tip_node_session_took(&engine->session, &message.got.position, 0,
                                  node_engine_now_ms(engine));
        }
        break;
    case TIP_NODE_SEND_FRAME:
        *out_err = send_frame(engine);
        break;
    case TIP_NODE_RECONNECT:
        tip_link_drop(engine->opts.link, 0);
        break;
    }
    /* A full link is asked again at the next pump. */
    return *out_err == TIP_OK && engine->send_result == TIP_OK;
}
