/*
 * Proof that a session message comes from the other main process.
 *
 * The link child holds the sockets but not the keys of this file, so whoever
 * takes it over cannot make a HELLO, WELCOME, ACK, checkpoint or a permission
 * to prune. Both sides know a secret from their box keys; HELLO is proved with
 * that alone and carries a nonce, WELCOME carries another, and everything from
 * WELCOME on is proved with the key of the two. A replayed HELLO thus leads to
 * a session nobody can speak in.
 */
#ifndef TIP_SESSION_MAC_H
#define TIP_SESSION_MAC_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_hash.h"
#include "tip_keys.h"

enum {
    TIP_SESSION_NONCE_SIZE = 16,
    TIP_SESSION_TAG_SIZE = 16,
    TIP_SESSION_KEY_SIZE = 32
};

/* Numbers are in what is authenticated. */
enum tip_session_side { TIP_SESSION_NODE = 1, TIP_SESSION_HUB = 2 };

/** Random, new for every HELLO and every WELCOME. */
struct tip_session_nonce {
    uint8_t bytes[TIP_SESSION_NONCE_SIZE];
};

struct tip_session_tag {
    uint8_t bytes[TIP_SESSION_TAG_SIZE];
};

/** What two devices share. Secret; wipe it with tip_secret_wipe(). */
struct tip_session_mac_peer {
    uint8_t hello_key[TIP_SESSION_KEY_SIZE];
    uint8_t root_key[TIP_SESSION_KEY_SIZE];
};

/** One session at one side. Caller-allocated; secret: wipe it with
 * tip_secret_wipe(). Not thread-safe. */
struct tip_session_mac {
    uint8_t key[TIP_SESSION_KEY_SIZE];
    enum tip_session_side side; /* Ours. */
    uint64_t sent;              /* Counter of our newest message. */
    uint64_t received;          /* Newest counter accepted of the peer. */
};

/** Work out what @keys of our @side share with @peer, once per peer. TIP_EMAC:
 * @peer is no usable key. */
TIP_MUST_USE enum tip_err tip_session_mac_derive(
    const struct tip_device_keys *keys, enum tip_session_side side,
    const struct tip_box_public *peer, struct tip_session_mac_peer *out_peer);

/** The tag of a HELLO of @message that carries @nonce. */
void tip_session_mac_hello(const struct tip_session_mac_peer *peer,
                           const struct tip_session_nonce *nonce,
                           struct tip_bytes message,
                           struct tip_session_tag *out_tag);

/** TIP_EMAC: not from this peer. An old HELLO passes: believe it only as far
 * as an old one could be believed, until a message of the session came. */
TIP_MUST_USE enum tip_err
tip_session_mac_check_hello(const struct tip_session_mac_peer *peer,
                            const struct tip_session_nonce *nonce,
                            struct tip_bytes message,
                            const struct tip_session_tag *tag);

/** The tag of a whole bundle that @side made, of which @hash is. */
void tip_session_mac_bundle(const struct tip_session_mac_peer *peer,
                            enum tip_session_side side,
                            const struct tip_hash *hash,
                            struct tip_session_tag *out_tag);

/** TIP_EMAC: @side did not make such a bundle. An old one passes. */
TIP_MUST_USE enum tip_err tip_session_mac_check_bundle(
    const struct tip_session_mac_peer *peer, enum tip_session_side side,
    const struct tip_hash *hash, const struct tip_session_tag *tag);

/** Start a session of the HELLO with @node and the WELCOME with @hub. */
void tip_session_mac_init(struct tip_session_mac *mac,
                          const struct tip_session_mac_peer *peer,
                          enum tip_session_side side,
                          const struct tip_session_nonce *node,
                          const struct tip_session_nonce *hub);

/** Give our next message its counter and tag; both are sent with it. */
void tip_session_mac_make(struct tip_session_mac *mac, struct tip_bytes message,
                          uint64_t *out_counter,
                          struct tip_session_tag *out_tag);

/** TIP_EMAC: not of this session, or a repeated or overtaken one; the session
 * is unchanged and goes on. */
TIP_MUST_USE enum tip_err
tip_session_mac_check(struct tip_session_mac *mac, uint64_t counter,
                      struct tip_bytes message,
                      const struct tip_session_tag *tag);

#endif /* TIP_SESSION_MAC_H */
