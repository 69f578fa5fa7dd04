/*
 * Who this device is: its keys, its office's secrets, and how far enrolment
 * has come. One row of the store, sealed as everything there.
 */
#ifndef NODE_STATE_H
#define NODE_STATE_H

#include "node_engine.h"
#include "tip_enrol.h"
#include "tip_home.h"
#include "tip_office_key.h"

/* Numbers are on disk: append only. */
enum node_phase {
    NODE_MADE = 0,    /* Keys exist; nobody knows them. */
    NODE_ASKED = 1,   /* A request was written. */
    NODE_ENROLLED = 2 /* The approval was accepted. */
};

/** Secret: release it with node_state_deinit(). */
struct node_state {
    enum node_phase phase;
    struct tip_device_keys *keys; /* Owned. */
    struct tip_operational_secret office_secret;
    struct tip_identity_secret identity_secret;
    struct tip_invitation invitation; /* From NODE_ASKED on. */
    /* From NODE_ENROLLED on: */
    struct tip_head joined; /* Where its own channel begins, */
    uint32_t joined_generation;
    struct tip_operational_secret ref_secret;
    uint8_t device_certificate[TIP_CERTIFICATE_SIZE];
    uint8_t hub_certificate[TIP_CERTIFICATE_SIZE];
};

/** Make keys and secrets. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err node_state_make(struct tip_random *random,
                                          struct node_state *out_state);

/** Read it from @home. TIP_ENOTFOUND: `init` was not done;
 * TIP_ESTORE_VERSION, TIP_ESTORE_DAMAGED, errors of the store. */
TIP_MUST_USE enum tip_err node_state_load(struct tip_home *home,
                                          struct node_state *out_state);

/** The same as of @txn. */
TIP_MUST_USE enum tip_err node_state_load_at(struct tip_txn *txn,
                                             struct node_state *out_state);

/** Write it durably; no engine may be open on the store. */
TIP_MUST_USE enum tip_err node_state_save(struct tip_home *home,
                                          const struct node_state *state);

/** Wipe and release. Safe on a zero state. */
void node_state_deinit(struct node_state *state);

/** What the engine needs of an enrolled device. */
struct node_identity node_state_identity(const struct node_state *state);

#endif /* NODE_STATE_H */
