#include "tip_hub_session.h"

#include <assert.h>

void tip_hub_session_init(struct tip_hub_session *session)
{
    *session = (struct tip_hub_session){.is_live = false};
}

/* How far the node says it has @channel. */
static uint64_t position_in(const struct tip_hello *hello, uint32_t channel)
{
    for (size_t i = 0; i < hello->channel_count; i++) {
        if (hello->channels[i].channel == channel) {
            return hello->channels[i].head.number;
        }
    }
    return 0;
}

/* How far @channel is in @session. */
static struct tip_hub_channel known_in(const struct tip_hub_session *session,
                                       uint32_t channel)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].channel == channel) {
            return session->channels[i];
        }
    }
    return (struct tip_hub_channel){.channel = channel};
}

/* The node takes more, or there is nothing for it to take: from here on counts
 * how long it does not. */
static void note_moved(struct tip_hub_session *session, uint64_t now_ms)
{
    bool is_sent = false;

    for (size_t i = 0; i < session->channel_count; i++) {
        is_sent =
            is_sent || session->channels[i].reached > session->channels[i].got;
    }
    session->unmoved_ms = is_sent ? now_ms : 0;
}

void tip_hub_session_hello(struct tip_hub_session *session,
                           const struct tip_hello *hello,
                           const uint32_t *channels, size_t count,
                           uint64_t now_ms)
{
    struct tip_hub_session before = *session;
    bool has_moved = false;

    assert(count <= TIP_CHANNELS_MAX);
    *session = (struct tip_hub_session){.is_live = true,
                                        .welcome_due = true,
                                        .credit_bytes = hello->credit_bytes,
                                        .goodput = before.goodput,
                                        .resent_bytes = before.resent_bytes,
                                        .patience = before.patience,
                                        .unmoved_ms = before.unmoved_ms,
                                        .channel_count = count};
    for (size_t i = 0; i < count; i++) {
        struct tip_hub_channel known = known_in(&before, channels[i]);
        uint64_t got = position_in(hello, channels[i]);

        has_moved = has_moved || got > known.got;
        session->channels[i] =
            (struct tip_hub_channel){.channel = channels[i],
                                     .next = got + 1,
                                     .sent = got,
                                     .reached = known.reached,
                                     .got = got,
                                     .window = TIP_HUB_WINDOW_FRAMES};
        tip_goodput_open(&session->goodput, &session->channels[i].flights);
    }
    tip_patience_restart(&session->patience, now_ms);
    if (has_moved) {
        note_moved(session, now_ms);
    }
}

void tip_hub_session_down(struct tip_hub_session *session)
{
    session->is_live = false;
}

static struct tip_hub_channel *channel_of(struct tip_hub_session *session,
                                          uint32_t channel)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].channel == channel) {
            return &session->channels[i];
        }
    }
    return NULL;
}

void tip_hub_session_offer(struct tip_hub_session *session, uint32_t channel,
                           uint64_t newest)
{
    struct tip_hub_channel *offered = channel_of(session, channel);

    if (offered != NULL) {
        offered->newest = newest;
    }
}

void tip_hub_session_took(struct tip_hub_session *session, size_t bytes)
{
    session->received_bytes += bytes;
    session->ack_due = true;
}

void tip_hub_session_missed(struct tip_hub_session *session)
{
    session->ack_due = true;
    session->resend_due = true;
}

void tip_hub_session_hindered(struct tip_hub_session *session)
{
    session->ack_due = true;
}

/* The node has more of @channel than we knew. */
static void advance(struct tip_hub_session *session,
                    struct tip_hub_channel *channel, uint64_t got,
                    uint64_t now_ms)
{
    channel->window += got - channel->got;
    if (channel->window > TIP_HUB_WINDOW_FRAMES) {
        channel->window = TIP_HUB_WINDOW_FRAMES;
    }
    channel->got = got;
    tip_goodput_acked(&session->goodput, &channel->flights, got, now_ms);
    if (channel->next <= got) {
        channel->next = got + 1;
    }
    tip_patience_progress(&session->patience, now_ms);
    note_moved(session, now_ms);
}

enum tip_err tip_hub_session_got(struct tip_hub_session *session,
                                 const struct tip_got *got, uint64_t now_ms)
{
    struct tip_hub_channel *channel =
        channel_of(session, got->position.channel);
    uint64_t number = got->position.head.number;

    if (!session->is_live || channel == NULL || number > channel->sent) {
        return TIP_EPROTOCOL;
    }
    /* One may overtake another; an old one grants credit, nothing else. */
    if (number > channel->got) {
        advance(session, channel, number, now_ms);
    }
    if (got->resend && number == channel->got &&
        tip_resend_is_due(&channel->resend, number, now_ms)) {
        tip_flights_forget(&channel->flights);
        channel->next = number + 1;
        channel->window = channel->window / 2 + 1;
    }
    if (got->credit_bytes > session->credit_bytes) {
        session->credit_bytes = got->credit_bytes;
    }
    return TIP_OK;
}

static uint64_t in_flight(const struct tip_hub_session *session)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < session->channel_count; i++) {
        bytes += session->channels[i].flights.bytes;
    }
    return bytes;
}

size_t tip_hub_session_room(const struct tip_hub_session *session)
{
    return tip_goodput_room(&session->goodput, in_flight(session));
}

size_t tip_hub_session_frame_bytes(const struct tip_hub_session *session,
                                   uint32_t channel)
{
    size_t bytes = tip_goodput_frame_bytes(&session->goodput);

    return channel == TIP_CHANNEL_REF && session->goodput.fixed_bytes == 0 &&
                   bytes > TIP_HUB_REF_FRAME_BYTES
               ? TIP_HUB_REF_FRAME_BYTES
               : bytes;
}

/* The first channel with a frame to send, in the order they were given. */
static const struct tip_hub_channel *
pending_channel(const struct tip_hub_session *session)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        const struct tip_hub_channel *channel = &session->channels[i];

        if (channel->next <= channel->newest &&
            channel->next - channel->got <= channel->window) {
            return channel;
        }
    }
    return NULL;
}

/* Are frames out that the node has not confirmed? */
static bool is_unconfirmed(const struct tip_hub_session *session)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].next > session->channels[i].got + 1) {
            return true;
        }
    }
    return false;
}

/* Does the node owe us an answer? Without credit too: what was lost on the way
 * has used it up, and only a new session gives it back. */
static bool is_waiting(const struct tip_hub_session *session)
{
    return is_unconfirmed(session) ||
           (pending_channel(session) != NULL &&
            session->sent_bytes >= session->credit_bytes);
}

void tip_hub_session_sent(struct tip_hub_session *session, uint32_t channel,
                          size_t bytes, uint64_t now_ms)
{
    struct tip_hub_channel *sent = channel_of(session, channel);

    assert(sent != NULL);
    if (!is_waiting(session)) {
        tip_patience_restart(&session->patience, now_ms);
    }
    if (sent->sent < sent->next) {
        sent->sent = sent->next;
    }
    if (sent->reached < sent->next) {
        sent->reached = sent->next;
    } else {
        session->resent_bytes += bytes;
    }
    session->unmoved_ms =
        session->unmoved_ms == 0 ? now_ms : session->unmoved_ms;
    tip_flights_sent(&sent->flights, sent->next, bytes, now_ms);
    sent->next++;
    session->sent_bytes += bytes;
}

static struct tip_hub_todo answer(struct tip_hub_session *session,
                                  enum tip_hub_step step)
{
    struct tip_hub_todo todo = {.step = step,
                                .credit_bytes = session->received_bytes +
                                                TIP_HUB_WINDOW_BYTES,
                                .resend = session->resend_due};

    if (step == TIP_HUB_SEND_ACK) {
        session->ack_due = false;
        session->resend_due = false;
    }
    return todo;
}

struct tip_hub_todo tip_hub_session_step(struct tip_hub_session *session,
                                         uint64_t now_ms)
{
    const struct tip_hub_channel *channel;

    if (!session->is_live) {
        return (struct tip_hub_todo){.step = TIP_HUB_WAIT};
    }
    if (session->welcome_due) {
        session->welcome_due = false;
        return answer(session, TIP_HUB_SEND_WELCOME);
    }
    if (session->ack_due) {
        return answer(session, TIP_HUB_SEND_ACK);
    }
    if (is_waiting(session) &&
        tip_patience_is_over(&session->patience, now_ms)) {
        session->is_live = false;
        return (struct tip_hub_todo){.step = TIP_HUB_DROP};
    }
    channel = pending_channel(session);
    if (channel != NULL && session->sent_bytes < session->credit_bytes &&
        tip_hub_session_room(session) > 0) {
        return (struct tip_hub_todo){.step = TIP_HUB_SEND_FRAME,
                                     .channel = channel->channel,
                                     .index = channel->next};
    }
    return (struct tip_hub_todo){.step = TIP_HUB_WAIT};
}
