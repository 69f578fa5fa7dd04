#include "tip_chain.h"

#include <assert.h>

#include "tip_buf.h"
#include "tip_keys_internal.h"
#include "tip_primitive.h"

enum {
    ID_SIZE = 1 + 4 + 4 + 4,                          /* tip_chain_id */
    LINK_SIZE = ID_SIZE + 8 + 4 + TIP_CHAIN_HEAD_SIZE /* tip_chain_link */
};

static void put_id(struct tip_buf *buf, const struct tip_chain_id *chain)
{
    tip_buf_put_u8(buf, (uint8_t)chain->direction);
    tip_buf_put_u32(buf, chain->origin);
    tip_buf_put_u32(buf, chain->channel);
    tip_buf_put_u32(buf, chain->generation);
}

static struct tip_bytes link_bytes(const struct tip_chain_link *link,
                                   uint8_t out[LINK_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, LINK_SIZE);
    put_id(&buf, &link->chain);
    tip_buf_put_u64(&buf, link->first);
    tip_buf_put_u32(&buf, link->count);
    tip_buf_put(&buf, TIP_BYTES_OF(link->head.bytes));
    return tip_bytes(buf.data, buf.size);
}

void tip_chain_start(const struct tip_chain_id *chain,
                     struct tip_chain_head *out_head)
{
    uint8_t id[ID_SIZE];
    struct tip_bytes part = TIP_BYTES_OF(id);
    struct tip_buf buf;

    tip_buf_init(&buf, id, sizeof id);
    put_id(&buf, chain);
    tip_primitive_hash(TIP_CONTEXT_CHAIN_START, TIP_BYTES_NONE, &part, 1,
                       out_head->bytes, sizeof out_head->bytes);
}

void tip_chain_hash_body(struct tip_bytes body,
                         struct tip_chain_body_hash *out_hash)
{
    tip_primitive_hash(TIP_CONTEXT_CHAIN_BODY, TIP_BYTES_NONE, &body, 1,
                       out_hash->bytes, sizeof out_hash->bytes);
}

void tip_chain_next(const struct tip_chain_head *previous,
                    struct tip_bytes header,
                    const struct tip_chain_body_hash *body,
                    struct tip_chain_head *out_head)
{
    /* Only the part in the middle varies in length, so no two frames give the
     * same bytes to the hash. */
    const struct tip_bytes parts[] = {TIP_BYTES_OF(previous->bytes), header,
                                      TIP_BYTES_OF(body->bytes)};

    tip_primitive_hash(TIP_CONTEXT_CHAIN_HEAD, TIP_BYTES_NONE, parts, 3,
                       out_head->bytes, sizeof out_head->bytes);
}

void tip_chain_sign(const struct tip_device_keys *keys,
                    const struct tip_chain_link *link,
                    struct tip_chain_signature *out_signature)
{
    uint8_t bytes[LINK_SIZE];

    tip_primitive_sign(TIP_CONTEXT_CHAIN_SIGN, keys->sign,
                       link_bytes(link, bytes), out_signature->bytes);
}

enum tip_err tip_chain_verify(const struct tip_sign_public *signer,
                              const struct tip_chain_link *link,
                              const struct tip_chain_signature *signature)
{
    uint8_t bytes[LINK_SIZE];

    return tip_primitive_verify(TIP_CONTEXT_CHAIN_SIGN, signer->bytes,
                                link_bytes(link, bytes), signature->bytes);
}

enum {
    LEFT_SIZE = 2 * (1 + TIP_CHAIN_LEFT_HEADER_MAX) + 2 * TIP_CHAIN_HEAD_SIZE +
                TIP_CHAIN_SIGNATURE_SIZE
};

/* Both headers vary in length, so each says it. */
static struct tip_bytes left_bytes(const struct tip_chain_left *left,
                                   uint8_t out[LEFT_SIZE])
{
    struct tip_buf buf;

    assert(left->past_header.size <= TIP_CHAIN_LEFT_HEADER_MAX &&
           left->header.size <= TIP_CHAIN_LEFT_HEADER_MAX);
    tip_buf_init(&buf, out, LEFT_SIZE);
    tip_buf_put_u8(&buf, (uint8_t)left->past_header.size);
    tip_buf_put(&buf, left->past_header);
    tip_buf_put(&buf, TIP_BYTES_OF(left->past_body.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(left->past_signature.bytes));
    tip_buf_put_u8(&buf, (uint8_t)left->header.size);
    tip_buf_put(&buf, left->header);
    tip_buf_put(&buf, TIP_BYTES_OF(left->body.bytes));
    return tip_bytes(buf.data, buf.size);
}

void tip_chain_left_sign(const struct tip_device_keys *keys,
                         const struct tip_chain_left *left,
                         struct tip_chain_signature *out_signature)
{
    uint8_t bytes[LEFT_SIZE];

    tip_primitive_sign(TIP_CONTEXT_CHAIN_LEFT, keys->sign,
                       left_bytes(left, bytes), out_signature->bytes);
}

enum tip_err tip_chain_left_verify(const struct tip_sign_public *signer,
                                   const struct tip_chain_left *left,
                                   const struct tip_chain_signature *signature)
{
    uint8_t bytes[LEFT_SIZE];

    return tip_primitive_verify(TIP_CONTEXT_CHAIN_LEFT, signer->bytes,
                                left_bytes(left, bytes), signature->bytes);
}
