/*
 * The one-time secret by which a device that nobody knows yet is let in.
 *
 * An administrator carries it to the office in a file. The device proves with
 * it that the request, with all its public keys, comes from whoever holds the
 * file; the hub proves the same of its answer. 160 random bits: no slow
 * derivation is needed, guessing is hopeless.
 */
#ifndef TIP_INVITE_H
#define TIP_INVITE_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

struct tip_random;

enum { TIP_INVITE_SECRET_SIZE = 20, TIP_INVITE_TAG_SIZE = 32 };

/** A secret until it is used once; wipe it with tip_secret_wipe(). */
struct tip_invite_secret {
    uint8_t bytes[TIP_INVITE_SECRET_SIZE];
};

struct tip_invite_tag {
    uint8_t bytes[TIP_INVITE_TAG_SIZE];
};

/* Who speaks, so that nobody's message can be sent back to them. */
enum tip_invite_side {
    TIP_INVITE_REQUEST, /* The device that asks. */
    TIP_INVITE_ANSWER   /* The hub. */
};

void tip_invite_make(struct tip_random *random,
                     struct tip_invite_secret *out_secret);

/** The tag of @message, all bytes of it as sent, for invitation @number. */
void tip_invite_tag_make(const struct tip_invite_secret *secret,
                         enum tip_invite_side side, uint64_t number,
                         struct tip_bytes message,
                         struct tip_invite_tag *out_tag);

/** TIP_EMAC: the sender does not know the secret, or it was altered. */
TIP_MUST_USE enum tip_err
tip_invite_tag_check(const struct tip_invite_secret *secret,
                     enum tip_invite_side side, uint64_t number,
                     struct tip_bytes message,
                     const struct tip_invite_tag *tag);

#endif /* TIP_INVITE_H */
