/*
 * Invitations, and what became of them: rows of TIP_TABLE_INVITE.
 *
 * An invitation works once, expires by the hub's clock and is void after
 * HUB_INVITE_TRIES_MAX requests that were not made with it.
 */
#ifndef HUB_INVITE_H
#define HUB_INVITE_H

#include "tip_enrol.h"
#include "tip_store.h"

enum { HUB_INVITE_TRIES_MAX = 5 };

/* Numbers are on disk: append only. */
enum hub_invite_state {
    HUB_INVITE_OPEN = 0,
    HUB_INVITE_USED = 1,
    HUB_INVITE_BURNT = 2
};

/** Holds a secret while it is open: wipe it. */
struct hub_invite {
    enum hub_invite_state state;
    uint64_t number;
    uint64_t made_ms; /* Unix, as below. */
    uint64_t expires_ms;
    uint32_t office;
    uint32_t origin;
    uint32_t key_epoch; /* Of the secrets that the device makes. */
    uint32_t tries;     /* Wrong requests so far. */
    struct tip_invite_secret secret;
    char name[TIP_ENROL_NAME_SIZE];
    uint8_t request_hash[32]; /* Used: of the request that was approved. */
};

/** The state as a word; "expired" counts here, by @now_ms. Static. */
const char *hub_invite_word(const struct hub_invite *invite, uint64_t now_ms);

/** Why @invite cannot be used at @now_ms; TIP_OK: it can. */
TIP_MUST_USE enum tip_err hub_invite_check(const struct hub_invite *invite,
                                           uint64_t now_ms);

/** Read invitation @number. TIP_EINVITE_UNKNOWN. */
TIP_MUST_USE enum tip_err hub_invite_load(struct tip_txn *txn, uint64_t number,
                                          struct hub_invite *out_invite);

/** Read the first one above @number. TIP_ENOTFOUND: there is none. */
TIP_MUST_USE enum tip_err hub_invite_next(struct tip_txn *txn, uint64_t number,
                                          struct hub_invite *out_invite);

/** The newest number; 0: none. */
TIP_MUST_USE enum tip_err hub_invite_last(struct tip_txn *txn,
                                          uint64_t *out_number);

TIP_MUST_USE enum tip_err hub_invite_store(struct tip_txn *txn,
                                           const struct hub_invite *invite);

/** Store that a wrong request came; after so many @invite is void. */
TIP_MUST_USE enum tip_err hub_invite_count_wrong(struct tip_txn *txn,
                                                 struct hub_invite *invite);

/** Keep, or give back, the approval letter of a used invitation: it is written
 * again for the very same request. Borrowed as tip_txn_get(). */
TIP_MUST_USE enum tip_err hub_invite_store_approval(struct tip_txn *txn,
                                                    uint64_t number,
                                                    struct tip_bytes letter);
TIP_MUST_USE enum tip_err
hub_invite_load_approval(struct tip_txn *txn, uint64_t number,
                         struct tip_bytes *out_letter);

#endif /* HUB_INVITE_H */
