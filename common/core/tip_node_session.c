#include "tip_node_session.h"

#include <assert.h>

void tip_node_session_init(struct tip_node_session *session,
                           uint32_t generation,
                           const struct tip_head *confirmed, uint64_t saved)
{
    assert(confirmed->number <= saved);
    *session = (struct tip_node_session){.state = TIP_NODE_DOWN,
                                         .generation = generation,
                                         .confirmed = *confirmed,
                                         .next = confirmed->number + 1,
                                         .saved = saved};
}

void tip_node_session_restart(struct tip_node_session *session,
                              uint32_t generation,
                              const struct tip_head *confirmed, uint64_t saved)
{
    struct tip_node_session before = *session;

    tip_node_session_init(session, generation, confirmed, saved);
    session->goodput = before.goodput;
    session->resent_bytes = before.resent_bytes;
    session->reached = before.reached < saved ? before.reached : saved;
}

static struct tip_node_channel *channel_of(struct tip_node_session *session,
                                           uint32_t channel)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].position.channel == channel) {
            return &session->channels[i];
        }
    }
    return NULL;
}

void tip_node_session_follow(struct tip_node_session *session,
                             const struct tip_channel_position *position)
{
    assert(session->channel_count < TIP_CHANNELS_MAX);
    assert(channel_of(session, position->channel) == NULL);
    session->channels[session->channel_count++].position = *position;
}

void tip_node_session_up(struct tip_node_session *session, uint64_t now_ms)
{
    if (session->state == TIP_NODE_STOPPED) {
        return;
    }
    session->state = TIP_NODE_GREETING;
    session->hello_due = true;
    session->next = session->confirmed.number + 1;
    session->sent_bytes = 0;
    session->credit_bytes = TIP_FIRST_CREDIT_BYTES;
    session->received_bytes = 0;
    session->resend = (struct tip_resend){.happened = false};
    tip_goodput_open(&session->goodput, &session->flights);
    tip_patience_restart(&session->patience, now_ms);
    for (size_t i = 0; i < session->channel_count; i++) {
        session->channels[i].got_due = false; /* HELLO says it. */
        session->channels[i].resend_due = false;
    }
}

void tip_node_session_down(struct tip_node_session *session)
{
    if (session->state != TIP_NODE_STOPPED) {
        session->state = TIP_NODE_DOWN;
    }
}

void tip_node_session_saved(struct tip_node_session *session, uint64_t saved)
{
    assert(saved >= session->saved);
    session->saved = saved;
}

void tip_node_session_stop(struct tip_node_session *session)
{
    session->state = TIP_NODE_STOPPED;
}

static enum tip_err stop(struct tip_node_session *session)
{
    tip_node_session_stop(session);
    return TIP_EFORK;
}

/* Has the hub lost frames of this generation that are here? Those of an earlier
 * one it is handed back, however often the line is cut meanwhile. */
static bool has_less(struct tip_node_session *session,
                     const struct tip_welcome *welcome)
{
    for (size_t i = 0; i < welcome->channel_count; i++) {
        const struct tip_node_channel *channel =
            channel_of(session, welcome->channels[i].channel);

        if (channel != NULL &&
            channel->position.generation == welcome->generation &&
            channel->position.head.number > welcome->channels[i].head.number) {
            return true;
        }
    }
    return false;
}

enum tip_err tip_node_session_welcome(struct tip_node_session *session,
                                      const struct tip_welcome *welcome,
                                      bool on_chain, uint64_t now_ms)
{
    uint64_t durable = welcome->durable.number;
    bool went_back = durable < session->confirmed.number;

    if (session->state != TIP_NODE_GREETING || session->hello_due) {
        return TIP_EPROTOCOL;
    }
    if (!on_chain || durable > session->saved) {
        return stop(session);
    }
    /* A hub that was restored says so by a higher generation, and takes back
     * what it lost. Without that, nothing is sent or applied. */
    if (welcome->generation < session->generation ||
        (welcome->generation == session->generation &&
         (went_back || has_less(session, welcome)))) {
        session->state = TIP_NODE_DOWN;
        return TIP_EHUB_BEHIND;
    }
    session->state = TIP_NODE_LIVE;
    session->round_trip_ms = now_ms - session->greeted_ms;
    tip_goodput_answered(&session->goodput, session->round_trip_ms);
    tip_goodput_acked(&session->goodput, &session->flights, durable, now_ms);
    session->generation = welcome->generation;
    session->confirmed = welcome->durable;
    if (went_back) {
        tip_flights_forget(&session->flights);
    }
    if (went_back || session->next <= durable) {
        session->next = durable + 1;
    }
    session->credit_bytes = welcome->credit_bytes;
    tip_patience_restart(&session->patience, now_ms);
    return TIP_OK;
}

void tip_node_session_gave_back(struct tip_node_session *session, size_t bytes)
{
    session->sent_bytes += bytes;
}

enum tip_err tip_node_session_ack(struct tip_node_session *session,
                                  const struct tip_ack *ack, bool on_chain,
                                  uint64_t now_ms)
{
    if (session->state != TIP_NODE_LIVE ||
        ack->generation != session->generation ||
        ack->durable.number > session->saved) {
        return TIP_EPROTOCOL;
    }
    if (!on_chain) {
        return stop(session);
    }
    /* Acknowledgements may overtake each other; an old one says nothing. */
    if (ack->durable.number > session->confirmed.number) {
        session->confirmed = ack->durable;
        tip_goodput_acked(&session->goodput, &session->flights,
                          ack->durable.number, now_ms);
        tip_patience_progress(&session->patience, now_ms);
    }
    if (ack->credit_bytes > session->credit_bytes) {
        session->credit_bytes = ack->credit_bytes;
    }
    if (session->next <= session->confirmed.number ||
        (ack->resend && ack->durable.number == session->confirmed.number &&
         tip_resend_is_due(&session->resend, ack->durable.number, now_ms))) {
        tip_flights_forget(&session->flights);
        session->next = session->confirmed.number + 1;
    }
    return TIP_OK;
}

size_t tip_node_session_room(const struct tip_node_session *session)
{
    return tip_goodput_room(&session->goodput, session->flights.bytes);
}

void tip_node_session_sent(struct tip_node_session *session, uint64_t last_seq,
                           size_t bytes, uint64_t now_ms)
{
    assert(last_seq >= session->next);
    /* Only a wait for an answer can stall; a first frame starts it. */
    if (session->next == session->confirmed.number + 1) {
        tip_patience_restart(&session->patience, now_ms);
    }
    if (last_seq <= session->reached) {
        session->resent_bytes += bytes;
    } else {
        session->reached = last_seq;
    }
    session->next = last_seq + 1;
    session->sent_bytes += bytes;
    tip_flights_sent(&session->flights, last_seq, bytes, now_ms);
}

void tip_node_session_took(struct tip_node_session *session,
                           const struct tip_channel_position *position,
                           size_t bytes, uint64_t now_ms)
{
    struct tip_node_channel *channel = channel_of(session, position->channel);

    assert(channel != NULL);
    channel->position = *position;
    channel->got_due = true;
    session->received_bytes += bytes;
    tip_patience_progress(&session->patience, now_ms);
}

void tip_node_session_missed(struct tip_node_session *session, uint32_t channel)
{
    struct tip_node_channel *missed = channel_of(session, channel);

    if (missed != NULL) {
        missed->got_due = true;
        missed->resend_due = true;
    }
}

/* Take the next GOT that is due, if any. */
static bool take_got(struct tip_node_session *session, struct tip_got *out_got)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        struct tip_node_channel *channel = &session->channels[i];

        if (channel->got_due) {
            *out_got = (struct tip_got){
                .position = channel->position,
                .credit_bytes = session->received_bytes + TIP_NODE_WINDOW_BYTES,
                .resend = channel->resend_due};
            channel->got_due = false;
            channel->resend_due = false;
            return true;
        }
    }
    return false;
}

/* Does the hub owe us an answer? Without credit too: what was lost on the way
 * has used it up, and only a new session gives it back. */
static bool is_waiting(const struct tip_node_session *session)
{
    return session->state == TIP_NODE_GREETING ||
           session->next > session->confirmed.number + 1 ||
           (session->next <= session->saved &&
            session->sent_bytes >= session->credit_bytes);
}

enum tip_node_step tip_node_session_step(struct tip_node_session *session,
                                         uint64_t now_ms,
                                         struct tip_got *out_got)
{
    if (session->state == TIP_NODE_DOWN || session->state == TIP_NODE_STOPPED) {
        return TIP_NODE_WAIT;
    }
    if (session->hello_due) {
        session->hello_due = false;
        session->greeted_ms = now_ms;
        return TIP_NODE_SEND_HELLO;
    }
    if (is_waiting(session) &&
        tip_patience_is_over(&session->patience, now_ms)) {
        session->state = TIP_NODE_DOWN;
        return TIP_NODE_RECONNECT;
    }
    if (session->state == TIP_NODE_LIVE && take_got(session, out_got)) {
        return TIP_NODE_SEND_GOT;
    }
    if (session->next <= session->saved &&
        session->sent_bytes < session->credit_bytes &&
        tip_node_session_room(session) > 0) {
        return TIP_NODE_SEND_FRAME;
    }
    return TIP_NODE_WAIT;
}
