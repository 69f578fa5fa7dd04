/*
 * The session with one node as the hub sees it: it only decides.
 *
 * Tell it what happened; then ask tip_hub_session_step() what to do until it
 * answers TIP_HUB_WAIT. A HELLO starts a new session whatever was before: a
 * node that lost its link does not say goodbye. Channels are sent in the order
 * they are given, the first as long as it has something: what is urgent stands
 * first, and waits behind one frame at most on a slow line.
 */
#ifndef TIP_HUB_SESSION_H
#define TIP_HUB_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_goodput.h"
#include "tip_session.h"

enum {
    /* How many bytes of one node's frames may be under way to us. Fifteen
     * offices at once fill a small hub's memory with less than 10 MB. */
    TIP_HUB_WINDOW_BYTES = 512 * 1024,
    /* How many frames of a channel may be under way at most. Half as many after
     * each gap, one more for each that arrives: on a line that loses, all
     * behind a gap is sent again. */
    TIP_HUB_WINDOW_FRAMES = 64,
    /* REF goes to every office, the slowest too: two to four seconds of 2G. */
    TIP_HUB_REF_FRAME_BYTES = 8 * 1024
};

/* What to do next. */
enum tip_hub_step {
    TIP_HUB_WAIT,
    TIP_HUB_SEND_WELCOME,
    TIP_HUB_SEND_ACK,
    TIP_HUB_SEND_FRAME, /* Cut it if it does not exist yet. */
    TIP_HUB_DROP        /* Drop the link: it is dead. The node comes again. */
};

/** A step and what belongs to it. */
struct tip_hub_todo {
    enum tip_hub_step step;
    uint32_t channel; /* Of the frame to send, and its index. */
    uint64_t index;
    uint64_t credit_bytes; /* To put into WELCOME or ACK. */
    bool resend;           /* To put into ACK. */
};

/** One channel on its way to the node. */
struct tip_hub_channel {
    uint32_t channel;
    uint64_t next;    /* Index of the next frame to send. */
    uint64_t newest;  /* Newest index there is, or can be cut. */
    uint64_t sent;    /* Highest index sent. */
    uint64_t reached; /* …in any session. */
    uint64_t got;     /* Highest index durable with the node. */
    uint64_t window;  /* How many may be under way. */
    struct tip_flights flights;
    struct tip_resend resend;
};

/** Caller-allocated; owns nothing. One thread. */
struct tip_hub_session {
    bool is_live; /* A HELLO came and the link is up. */
    bool welcome_due;
    bool ack_due;
    bool resend_due;
    uint64_t received_bytes; /* Of frames of the node, in this session. */
    uint64_t sent_bytes;
    uint64_t credit_bytes;
    struct tip_goodput goodput; /* Of the line down to the node. */
    uint64_t resent_bytes; /* Of frames that were sent before, since open. */
    struct tip_patience patience;
    uint64_t unmoved_ms; /* Since when the node, sent something, has taken no
                          * more, in however many sessions; 0: it has all. */
    struct tip_hub_channel channels[TIP_CHANNELS_MAX];
    size_t channel_count;
};

void tip_hub_session_init(struct tip_hub_session *session);

/**
 * The node said HELLO. It receives the @count channels at @channels, each from
 * behind what it says it has; a channel it does not name starts at 1.
 * @now_ms: elapsed time, here and below.
 */
void tip_hub_session_hello(struct tip_hub_session *session,
                           const struct tip_hello *hello,
                           const uint32_t *channels, size_t count,
                           uint64_t now_ms);

/** The link to the node was lost. */
void tip_hub_session_down(struct tip_hub_session *session);

/** Frame @newest of @channel exists or can be cut now. */
void tip_hub_session_offer(struct tip_hub_session *session, uint32_t channel,
                           uint64_t newest);

/** A frame of the node came: it is durable (or was), or it leaves a gap. */
void tip_hub_session_took(struct tip_hub_session *session, size_t bytes);
void tip_hub_session_missed(struct tip_hub_session *session);

/** …or it is not taken in: what the acknowledgement says of that is due. */
void tip_hub_session_hindered(struct tip_hub_session *session);

/** The node has a channel up to what @got says. TIP_EPROTOCOL: it names what
 * it was never sent; nothing is changed. */
TIP_MUST_USE enum tip_err tip_hub_session_got(struct tip_hub_session *session,
                                              const struct tip_got *got,
                                              uint64_t now_ms);

/** How many bytes the next frame may have; more than a frame, if it may have
 * any size. */
size_t tip_hub_session_room(const struct tip_hub_session *session);

/** What a frame of @channel that is cut now should have. */
size_t tip_hub_session_frame_bytes(const struct tip_hub_session *session,
                                   uint32_t channel);

/** The frame asked for was handed to the link; the next one is due. */
void tip_hub_session_sent(struct tip_hub_session *session, uint32_t channel,
                          size_t bytes, uint64_t now_ms);

/** What to do now. WELCOME and ACK count as done, frames are reported with
 * tip_hub_session_sent(). After TIP_HUB_DROP the session is down. */
struct tip_hub_todo tip_hub_session_step(struct tip_hub_session *session,
                                         uint64_t now_ms);

#endif /* TIP_HUB_SESSION_H */
