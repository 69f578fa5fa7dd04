#include "tip_hash.h"

#include <stdlib.h>

#include "tip_primitive.h"

static enum tip_context context_of(enum tip_hash_purpose purpose)
{
    switch (purpose) {
    case TIP_HASH_CONTENT:
        return TIP_CONTEXT_HASH_CONTENT;
    case TIP_HASH_CATALOGUE:
        return TIP_CONTEXT_HASH_CATALOGUE;
    case TIP_HASH_VALUE:
        return TIP_CONTEXT_HASH_VALUE;
    case TIP_HASH_PIECE:
        return TIP_CONTEXT_HASH_PIECE;
    }
    abort();
}

void tip_hash_make(enum tip_hash_purpose purpose, struct tip_bytes bytes,
                   struct tip_hash *out_hash)
{
    tip_primitive_hash(context_of(purpose), TIP_BYTES_NONE, &bytes, 1,
                       out_hash->bytes, sizeof out_hash->bytes);
}

void tip_digest_key_derive(const struct tip_operational_secret *secret,
                           struct tip_digest_key *out_key)
{
    tip_primitive_derive(TIP_CONTEXT_DIGEST_KEY, secret->bytes, TIP_BYTES_NONE,
                         out_key->bytes);
}

void tip_digest_make(const struct tip_digest_key *key, struct tip_bytes bytes,
                     struct tip_digest *out_digest)
{
    tip_primitive_hash(TIP_CONTEXT_DIGEST, TIP_BYTES_OF(key->bytes), &bytes, 1,
                       out_digest->bytes, sizeof out_digest->bytes);
}
