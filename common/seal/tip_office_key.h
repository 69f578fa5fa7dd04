/*
 * The secret that opens an office's identity values, and the public half with
 * which others share keys with that office. The hub never holds the secret.
 *
 * A device of the office announces the public half under its own signature,
 * and the registrar's certificate says that the device is of that office: who
 * checks both knows whom a wrap is for, whatever the hub says.
 */
#ifndef TIP_OFFICE_KEY_H
#define TIP_OFFICE_KEY_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_keys.h"

enum {
    TIP_IDENTITY_SECRET_SIZE = 32,
    TIP_OFFICE_KEY_SIZE = 1 + 4 + 4 + 4 + TIP_PUBLIC_SIZE + 64
};

/** Of one office and epoch, known to its devices alone. A secret. */
struct tip_identity_secret {
    uint8_t bytes[TIP_IDENTITY_SECRET_SIZE];
};

/** X25519, follows from the identity secret: wraps are sealed to it. */
struct tip_wrap_public {
    uint8_t bytes[TIP_PUBLIC_SIZE];
};

/** An announcement. Plain data. */
struct tip_office_key {
    uint32_t office;
    uint32_t epoch;
    uint32_t origin; /* The device that announces. */
    struct tip_wrap_public wrap;
};

void tip_office_key_derive(const struct tip_identity_secret *secret,
                           struct tip_wrap_public *out_wrap);

/** Write @key and the signature of @keys, the device key->origin. */
void tip_office_key_sign(const struct tip_device_keys *keys,
                         const struct tip_office_key *key,
                         uint8_t out[TIP_OFFICE_KEY_SIZE]);

/** Read what an announcement says, to find its signer; believe nothing of it
 * before tip_office_key_verify(). TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err tip_office_key_read(struct tip_bytes bytes,
                                              struct tip_office_key *out_key);

/** TIP_ESIGNATURE: not announced by @signer. The caller checks that @signer's
 * certificate names the same origin and office. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_office_key_verify(const struct tip_sign_public *signer,
                      struct tip_bytes bytes, struct tip_office_key *out_key);

#endif /* TIP_OFFICE_KEY_H */
