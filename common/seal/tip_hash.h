/*
 * Hashes of contents, and short keyed digests to compare what two sides hold.
 */
#ifndef TIP_HASH_H
#define TIP_HASH_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_frame_seal.h"

enum { TIP_HASH_SIZE = 32, TIP_DIGEST_SIZE = 16, TIP_DIGEST_KEY_SIZE = 32 };

/* What is hashed; the same bytes hash differently for each. */
enum tip_hash_purpose {
    TIP_HASH_CONTENT,   /* Files and messages. */
    TIP_HASH_CATALOGUE, /* A published catalogue. */
    TIP_HASH_VALUE,     /* The value of one sibling. */
    TIP_HASH_PIECE      /* A piece of a frame (tip_wire_pieces.h). */
};

/** BLAKE2b-256. Plain data. */
struct tip_hash {
    uint8_t bytes[TIP_HASH_SIZE];
};

/** A short digest; without the key nobody can aim at one. Plain data. */
struct tip_digest {
    uint8_t bytes[TIP_DIGEST_SIZE];
};

/** Shared by those who compare. A secret to everybody else. */
struct tip_digest_key {
    uint8_t bytes[TIP_DIGEST_KEY_SIZE];
};

void tip_hash_make(enum tip_hash_purpose purpose, struct tip_bytes bytes,
                   struct tip_hash *out_hash);

/** The key for what the holders of @secret compare. */
void tip_digest_key_derive(const struct tip_operational_secret *secret,
                           struct tip_digest_key *out_key);

void tip_digest_make(const struct tip_digest_key *key, struct tip_bytes bytes,
                     struct tip_digest *out_digest);

#endif /* TIP_HASH_H */
