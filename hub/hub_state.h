/*
 * Who the hub is: its keys, the secret of channel REF, who vouches for it. One
 * row of the store, sealed as everything there.
 */
#ifndef HUB_STATE_H
#define HUB_STATE_H

#include "tip_certificate.h"
#include "tip_frame_seal.h"
#include "tip_home.h"
#include "tip_keys.h"

struct tip_random;

/** Secret: release it with hub_state_deinit(). */
struct hub_state {
    struct tip_device_keys *keys; /* Owned. */
    struct tip_operational_secret ref_secret;
    struct tip_registrar_public registrar;
    uint8_t certificate[TIP_CERTIFICATE_SIZE]; /* The hub's own. */
};

/** Make keys, and have @registrar certify them. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err hub_state_make(struct tip_random *random,
                                         const struct tip_registrar *registrar,
                                         struct hub_state *out_state);

/** Read it from @home. TIP_ENOTFOUND: `init` was not done;
 * TIP_ESTORE_VERSION, TIP_ESTORE_DAMAGED, errors of the store. */
TIP_MUST_USE enum tip_err hub_state_load(struct tip_home *home,
                                         struct hub_state *out_state);

/** The same as of @txn. */
TIP_MUST_USE enum tip_err hub_state_load_at(struct tip_txn *txn,
                                            struct hub_state *out_state);

/** Write it durably; no engine may be open on the store. */
TIP_MUST_USE enum tip_err hub_state_save(struct tip_home *home,
                                         const struct hub_state *state);

/** Wipe and release. Safe on a zero state. */
void hub_state_deinit(struct hub_state *state);

#endif /* HUB_STATE_H */
