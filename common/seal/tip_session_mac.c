#include "tip_session_mac.h"

#include "tip_buf.h"
#include "tip_keys_internal.h"
#include "tip_primitive.h"
#include "tip_secret.h"

enum { PREFIX_SIZE = 1 + 8 /* side, counter */ };

static enum tip_err check(const struct tip_session_tag *expected,
                          const struct tip_session_tag *tag)
{
    return tip_primitive_equal(expected->bytes, tag->bytes,
                               sizeof expected->bytes)
               ? TIP_OK
               : TIP_EMAC;
}

enum tip_err tip_session_mac_derive(const struct tip_device_keys *keys,
                                    enum tip_session_side side,
                                    const struct tip_box_public *peer,
                                    struct tip_session_mac_peer *out_peer)
{
    const struct tip_box_public *own = &keys->publics.box;
    const struct tip_box_public *node = side == TIP_SESSION_NODE ? own : peer;
    const struct tip_box_public *hub = side == TIP_SESSION_NODE ? peer : own;
    const struct tip_bytes parts[] = {TIP_BYTES_OF(node->bytes),
                                      TIP_BYTES_OF(hub->bytes)};
    uint8_t shared[TIP_KEY_SIZE];

    if (tip_primitive_exchange(keys->box, peer->bytes, shared) != TIP_OK) {
        return TIP_EMAC;
    }
    tip_primitive_hash(TIP_CONTEXT_SESSION_SHARED, TIP_BYTES_OF(shared), parts,
                       2, shared, sizeof shared);
    tip_primitive_derive(TIP_CONTEXT_SESSION_HELLO, shared, TIP_BYTES_NONE,
                         out_peer->hello_key);
    tip_primitive_derive(TIP_CONTEXT_SESSION_ROOT, shared, TIP_BYTES_NONE,
                         out_peer->root_key);
    tip_secret_wipe(shared, sizeof shared);
    return TIP_OK;
}

void tip_session_mac_hello(const struct tip_session_mac_peer *peer,
                           const struct tip_session_nonce *nonce,
                           struct tip_bytes message,
                           struct tip_session_tag *out_tag)
{
    const struct tip_bytes parts[] = {TIP_BYTES_OF(nonce->bytes), message};

    tip_primitive_hash(TIP_CONTEXT_SESSION_MAC, TIP_BYTES_OF(peer->hello_key),
                       parts, 2, out_tag->bytes, sizeof out_tag->bytes);
}

enum tip_err
tip_session_mac_check_hello(const struct tip_session_mac_peer *peer,
                            const struct tip_session_nonce *nonce,
                            struct tip_bytes message,
                            const struct tip_session_tag *tag)
{
    struct tip_session_tag expected;

    tip_session_mac_hello(peer, nonce, message, &expected);
    return check(&expected, tag);
}

void tip_session_mac_bundle(const struct tip_session_mac_peer *peer,
                            enum tip_session_side side,
                            const struct tip_hash *hash,
                            struct tip_session_tag *out_tag)
{
    const uint8_t from = (uint8_t)side;
    const struct tip_bytes parts[] = {tip_bytes(&from, 1),
                                      TIP_BYTES_OF(hash->bytes)};

    tip_primitive_hash(TIP_CONTEXT_BUNDLE_MAC, TIP_BYTES_OF(peer->hello_key),
                       parts, 2, out_tag->bytes, sizeof out_tag->bytes);
}

enum tip_err tip_session_mac_check_bundle(
    const struct tip_session_mac_peer *peer, enum tip_session_side side,
    const struct tip_hash *hash, const struct tip_session_tag *tag)
{
    struct tip_session_tag expected;

    tip_session_mac_bundle(peer, side, hash, &expected);
    return check(&expected, tag);
}

void tip_session_mac_init(struct tip_session_mac *mac,
                          const struct tip_session_mac_peer *peer,
                          enum tip_session_side side,
                          const struct tip_session_nonce *node,
                          const struct tip_session_nonce *hub)
{
    const struct tip_bytes parts[] = {TIP_BYTES_OF(node->bytes),
                                      TIP_BYTES_OF(hub->bytes)};

    *mac = (struct tip_session_mac){.side = side};
    tip_primitive_hash(TIP_CONTEXT_SESSION_KEY, TIP_BYTES_OF(peer->root_key),
                       parts, 2, mac->key, sizeof mac->key);
}

/* The tag of the message with @counter that @side sent. */
static void make_tag(const struct tip_session_mac *mac,
                     enum tip_session_side side, uint64_t counter,
                     struct tip_bytes message, struct tip_session_tag *out_tag)
{
    uint8_t prefix[PREFIX_SIZE];
    const struct tip_bytes parts[] = {TIP_BYTES_OF(prefix), message};
    struct tip_buf buf;

    tip_buf_init(&buf, prefix, sizeof prefix);
    tip_buf_put_u8(&buf, (uint8_t)side);
    tip_buf_put_u64(&buf, counter);
    tip_primitive_hash(TIP_CONTEXT_SESSION_MAC, TIP_BYTES_OF(mac->key), parts,
                       2, out_tag->bytes, sizeof out_tag->bytes);
}

void tip_session_mac_make(struct tip_session_mac *mac, struct tip_bytes message,
                          uint64_t *out_counter,
                          struct tip_session_tag *out_tag)
{
    mac->sent++;
    *out_counter = mac->sent;
    make_tag(mac, mac->side, mac->sent, message, out_tag);
}

enum tip_err tip_session_mac_check(struct tip_session_mac *mac,
                                   uint64_t counter, struct tip_bytes message,
                                   const struct tip_session_tag *tag)
{
    enum tip_session_side peer =
        mac->side == TIP_SESSION_NODE ? TIP_SESSION_HUB : TIP_SESSION_NODE;
    struct tip_session_tag expected;
    enum tip_err err;

    if (counter <= mac->received) {
        return TIP_EMAC;
    }
    make_tag(mac, peer, counter, message, &expected);
    err = check(&expected, tag);
    if (err == TIP_OK) {
        mac->received = counter;
    }
    return err;
}
