/*
 * Feeds are chains: nobody can change, drop, insert or reorder a frame without
 * every later signature failing.
 *
 *     head(n) = BLAKE2b-256(head(n-1) | header | BLAKE2b-256(body))
 *
 * head(0) follows from whose feed it is. The device signs head(n) with the
 * place of the frame; the previous head is not sent, so a frame in the wrong
 * place does not verify. Because only the hash of a body goes in, a body can
 * be erased by law and the chain still holds.
 */
#ifndef TIP_CHAIN_H
#define TIP_CHAIN_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_keys.h"

enum { TIP_CHAIN_HEAD_SIZE = 32, TIP_CHAIN_SIGNATURE_SIZE = 64 };

/* Numbers are in what is hashed and signed. */
enum tip_chain_direction {
    TIP_CHAIN_UP = 1,  /* A device's feed, to the hub. */
    TIP_CHAIN_DOWN = 2 /* One channel of the hub, to the offices. */
};

/** Which feed. Plain data. */
struct tip_chain_id {
    enum tip_chain_direction direction;
    uint32_t origin;     /* Of the device that signs; down: the hub's own. */
    uint32_t channel;    /* Down; up: 0. */
    uint32_t generation; /* Down: of the hub; up: 0. */
};

struct tip_chain_head {
    uint8_t bytes[TIP_CHAIN_HEAD_SIZE];
};

struct tip_chain_body_hash {
    uint8_t bytes[TIP_CHAIN_HEAD_SIZE];
};

struct tip_chain_signature {
    uint8_t bytes[TIP_CHAIN_SIGNATURE_SIZE];
};

/** One frame's place in its chain: what is signed. */
struct tip_chain_link {
    struct tip_chain_id chain;
    uint64_t first; /* Seq of its first change-set; down: its index. */
    uint32_t count;
    struct tip_chain_head head; /* After this frame. */
};

/** The head before the first frame of @chain. */
void tip_chain_start(const struct tip_chain_id *chain,
                     struct tip_chain_head *out_head);

void tip_chain_hash_body(struct tip_bytes body,
                         struct tip_chain_body_hash *out_hash);

/** The head after a frame of @header and a body of hash @body, which may be
 * all that is left of it. */
void tip_chain_next(const struct tip_chain_head *previous,
                    struct tip_bytes header,
                    const struct tip_chain_body_hash *body,
                    struct tip_chain_head *out_head);

void tip_chain_sign(const struct tip_device_keys *keys,
                    const struct tip_chain_link *link,
                    struct tip_chain_signature *out_signature);

/** TIP_ESIGNATURE: not signed by @signer, or not for this place. */
TIP_MUST_USE enum tip_err
tip_chain_verify(const struct tip_sign_public *signer,
                 const struct tip_chain_link *link,
                 const struct tip_chain_signature *signature);

/*
 * What is left of a frame of which something was erased: the chain still goes
 * by the header, the hash of the body and the signature it was made with (its
 * past); what is left has a header and a body of its own, and whoever erased
 * vouches for them, bound to that past.
 */
struct tip_chain_left {
    struct tip_bytes past_header;
    struct tip_chain_body_hash past_body;
    struct tip_chain_signature past_signature;
    struct tip_bytes header; /* At most TIP_CHAIN_LEFT_HEADER_MAX. */
    struct tip_chain_body_hash body;
};

enum { TIP_CHAIN_LEFT_HEADER_MAX = 128 }; /* Of either header. */

void tip_chain_left_sign(const struct tip_device_keys *keys,
                         const struct tip_chain_left *left,
                         struct tip_chain_signature *out_signature);

/** TIP_ESIGNATURE: @signer does not vouch for that being left of it. */
TIP_MUST_USE enum tip_err
tip_chain_left_verify(const struct tip_sign_public *signer,
                      const struct tip_chain_left *left,
                      const struct tip_chain_signature *signature);

#endif /* TIP_CHAIN_H */
