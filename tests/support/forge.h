/*
 * Frames and messages that our own programs would not make, signed with the
 * real keys of a node or hub of a star: what somebody sends who has taken it
 * over. Fails the test if it cannot make one.
 */
#ifndef FORGE_H
#define FORGE_H

#include "star.h"
#include "tip_codec.h"
#include "tip_frame.h"
#include "tip_talk.h"

enum { FORGE_MESSAGE_MAX = 64 * 1024 };

/** One forger: of a feed, or of a channel of the hub. */
struct forge {
    struct star *star;
    const struct tip_device_keys *keys; /* Who signs. */
    struct tip_frame_key key;           /* What closes bodies. */
    struct tip_frame_header header;     /* Of the next frame; change at will. */
    struct tip_head head;               /* Behind the newest. */
    struct tip_codec *codec;            /* Owned. */
    size_t size;                        /* Of the message made last. */
    uint8_t message[FORGE_MESSAGE_MAX];
};

/** Forge the feed of node @i, which itself has saved nothing. */
void forge_feed(struct forge *forge, struct star *star, size_t i);

/** Forge what the hub tells node @i on its own channel, from the start. */
void forge_channel(struct forge *forge, struct star *star, size_t i);
void forge_deinit(struct forge *forge);

/** A message with the next frame, of @sets or of any bytes; then go on from it.
 * Seqs and count are set here. */
void forge_sets(struct forge *forge, struct tip_change_set *sets, size_t count);
void forge_body(struct forge *forge, struct tip_bytes packed);
void forge_down(struct forge *forge, const struct tip_down_body *body);

/** Hand the message made last to the hub as if node @i had sent it; or to node
 * @i as if the hub had. */
void forge_to_hub(struct forge *forge, size_t i);
void forge_to_node(struct forge *forge, size_t i);

/** Make a session message as node @i says it, with keys of a new session. */
void forge_say(struct forge *forge, struct tip_talk *talk,
               const struct tip_message *message);

#endif /* FORGE_H */
