/*
 * The session as the node sees it: a state machine that only decides.
 *
 * Tell it what happened; then ask tip_node_session_step() what to do until it
 * answers TIP_NODE_WAIT. It never reads a clock, a frame or the store.
 *
 *            link up           WELCOME
 *     DOWN ──────────▶ GREETING ──────▶ LIVE
 *      ▲                  │              │   link down, no progress in time
 *      └──────────────────┴──────────────┘
 *     any ──▶ STOPPED: the hub's head is not on our chain (TIP_EFORK)
 *
 * Invariants: confirmed <= next - 1; nothing is confirmed that an ACK or a
 * WELCOME has not named; in STOPPED nothing is sent and nothing applied; under
 * way is at most one frame, or what the line carries in two seconds.
 */
#ifndef TIP_NODE_SESSION_H
#define TIP_NODE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_goodput.h"
#include "tip_session.h"

enum {
    /* How many bytes of the hub's frames may be under way to us: two seconds
     * of a good office line. */
    TIP_NODE_WINDOW_BYTES = 256 * 1024
};

enum tip_node_state {
    TIP_NODE_DOWN,
    TIP_NODE_GREETING,
    TIP_NODE_LIVE,
    TIP_NODE_STOPPED
};

/* What to do next. */
enum tip_node_step {
    TIP_NODE_WAIT,
    TIP_NODE_SEND_HELLO,
    TIP_NODE_SEND_FRAME, /* The frame that starts at session->next. */
    TIP_NODE_SEND_GOT,   /* For out_channel. */
    TIP_NODE_RECONNECT   /* Drop the link: it is dead. */
};

/** What the node has of a channel and what it has said about it. */
struct tip_node_channel {
    struct tip_channel_position position;
    bool got_due;
    bool resend_due;
};

/** Caller-allocated; owns nothing. One thread. */
struct tip_node_session {
    enum tip_node_state state;
    uint32_t generation;        /* Of the hub, as last heard. */
    struct tip_head confirmed;  /* Of our feed, with the hub. */
    uint64_t next;              /* Seq of the next frame to send. */
    uint64_t saved;             /* Newest seq there is to send. */
    uint64_t reached;           /* Newest seq that was ever sent. */
    uint64_t resent_bytes;      /* Of frames that were sent before, in all. */
    uint64_t sent_bytes;        /* Of frames, in this session. */
    uint64_t credit_bytes;      /* Frames may start while sent is below. */
    uint64_t received_bytes;    /* Of frames of the hub, in this session. */
    uint64_t greeted_ms;        /* When HELLO was sent. */
    uint64_t round_trip_ms;     /* From HELLO to WELCOME, in this session. */
    struct tip_goodput goodput; /* Of our line upwards. */
    struct tip_flights flights; /* Our frames under way. */
    struct tip_patience patience;
    struct tip_resend resend;
    bool hello_due;
    struct tip_node_channel channels[TIP_CHANNELS_MAX];
    size_t channel_count;
};

/** Start DOWN, knowing what the store knows. @confirmed: known with the hub. */
void tip_node_session_init(struct tip_node_session *session,
                           uint32_t generation,
                           const struct tip_head *confirmed, uint64_t saved);

/** Follow a channel that is durable up to @position. */
void tip_node_session_follow(struct tip_node_session *session,
                             const struct tip_channel_position *position);

/** The link to the hub is up, or was lost. @now_ms: elapsed time. */
void tip_node_session_up(struct tip_node_session *session, uint64_t now_ms);
void tip_node_session_down(struct tip_node_session *session);

/** Start over like this, keeping what was learned of the line. */
void tip_node_session_restart(struct tip_node_session *session,
                              uint32_t generation,
                              const struct tip_head *confirmed, uint64_t saved);

/** The hub refuses this copy: STOPPED. */
void tip_node_session_stop(struct tip_node_session *session);

/** Change-sets up to @saved are there to be sent. */
void tip_node_session_saved(struct tip_node_session *session, uint64_t saved);

/**
 * The hub answered. @on_chain: its head lies on our chain, as our own store
 * says. TIP_EFORK: it does not; the session is STOPPED. TIP_EHUB_BEHIND: the
 * hub has less than it had, without a new generation; the session is DOWN until
 * somebody has declared that the hub was restored.
 */
TIP_MUST_USE enum tip_err
tip_node_session_welcome(struct tip_node_session *session,
                         const struct tip_welcome *welcome, bool on_chain,
                         uint64_t now_ms);

/** Frames of the hub that it has lost were sent back to it. */
void tip_node_session_gave_back(struct tip_node_session *session, size_t bytes);

/** The hub has more of our feed. TIP_EFORK as above; TIP_EPROTOCOL when no
 * WELCOME came before, or it names what we never sent. */
TIP_MUST_USE enum tip_err tip_node_session_ack(struct tip_node_session *session,
                                               const struct tip_ack *ack,
                                               bool on_chain, uint64_t now_ms);

/** How many bytes the next frame may have; more than a frame, if it may have
 * any size. */
size_t tip_node_session_room(const struct tip_node_session *session);

/** The frame that started at next was handed to the link. */
void tip_node_session_sent(struct tip_node_session *session, uint64_t last_seq,
                           size_t bytes, uint64_t now_ms);

/** Frames of a channel are durable up to @position; @bytes came for it. */
void tip_node_session_took(struct tip_node_session *session,
                           const struct tip_channel_position *position,
                           size_t bytes, uint64_t now_ms);

/** A frame of @channel came that does not follow what we have. */
void tip_node_session_missed(struct tip_node_session *session,
                             uint32_t channel);

/** What to do now; TIP_NODE_SEND_GOT sets @out_got. The step counts as done,
 * but for frames, which tip_node_session_sent() reports. */
enum tip_node_step tip_node_session_step(struct tip_node_session *session,
                                         uint64_t now_ms,
                                         struct tip_got *out_got);

#endif /* TIP_NODE_SESSION_H */
