/*
 * Session messages with their proof: where seal and wire meet.
 *
 * One talk is one side of one session. HELLO opens it, WELCOME gives it its
 * key; from then on every message but frames carries a counter and a tag that
 * the link child cannot make. Frames are signed themselves.
 */
#ifndef TIP_TALK_H
#define TIP_TALK_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_link.h"
#include "tip_session.h"
#include "tip_session_mac.h"

struct tip_link;

/** Caller-allocated; secret: wipe it with tip_talk_deinit(). One thread. */
struct tip_talk {
    struct tip_session_mac_peer peer;
    enum tip_session_side side;
    struct tip_session_nonce node; /* Of the newest HELLO. */
    struct tip_session_mac mac;
    bool is_keyed; /* WELCOME was sent or accepted. */
};

/** Work out what we share with the peer. TIP_EMAC. */
TIP_MUST_USE enum tip_err tip_talk_init(struct tip_talk *talk,
                                        const struct tip_device_keys *keys,
                                        enum tip_session_side side,
                                        const struct tip_box_public *peer);

void tip_talk_deinit(struct tip_talk *talk);

/** Write @message with its proof into @out. A HELLO or WELCOME starts the
 * session its nonces say. TIP_EPROTOCOL before that; TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_talk_write(struct tip_talk *talk,
                                         const struct tip_message *message,
                                         struct tip_buf *out);

/** Write @message and hand it to @link for @peer. As tip_talk_write() and
 * tip_link_send(). */
TIP_MUST_USE enum tip_err tip_talk_send(struct tip_talk *talk,
                                        struct tip_link *link, uint32_t peer,
                                        const struct tip_message *message);

/**
 * Read and check one message; it borrows from @bytes and @arena. A HELLO or
 * WELCOME starts the session its nonces say. TIP_EMAC: not from the peer, or
 * repeated; TIP_EPROTOCOL: not before WELCOME; errors of wire. On any error
 * drop the message and go on.
 */
TIP_MUST_USE enum tip_err tip_talk_read(struct tip_talk *talk,
                                        struct tip_bytes bytes,
                                        struct tip_arena *arena,
                                        struct tip_message *out_message);

#endif /* TIP_TALK_H */
