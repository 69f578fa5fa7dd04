/*
 * The keys of one device: who it is to everybody else.
 *
 * Three pairs, one purpose each: Ed25519 to sign, X25519 to receive secrets
 * and authenticate sessions, and another X25519 for the CURVE transport, which
 * the link child holds and which therefore proves nothing. They are made on
 * the device, never leave it and do not rotate with data keys.
 */
#ifndef TIP_KEYS_H
#define TIP_KEYS_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

struct tip_random;

enum {
    TIP_PUBLIC_SIZE = 32,             /* Of every public half. */
    TIP_KEYS_SAVED_SIZE = 1 + 3 * 32, /* version, three secrets */
    TIP_CURVE_SECRET_SIZE = 32
};

/* Public halves. Plain data; the types keep them from being mixed up. */
struct tip_sign_public {
    uint8_t bytes[TIP_PUBLIC_SIZE];
};
struct tip_box_public {
    uint8_t bytes[TIP_PUBLIC_SIZE];
};
struct tip_curve_public {
    uint8_t bytes[TIP_PUBLIC_SIZE];
};

struct tip_device_public {
    struct tip_sign_public sign;
    struct tip_box_public box;
    struct tip_curve_public curve;
};

/** What the link child gets, as ZMQ_CURVE_SECRETKEY takes it. */
struct tip_curve_secret {
    uint8_t bytes[TIP_CURVE_SECRET_SIZE];
};

struct tip_device_keys;

/** Make new keys from @random, in locked memory that is then read-only. The
 * caller owns them. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_device_keys_new(struct tip_random *random,
                    struct tip_device_keys **out_keys);

/** Wipe and release. Accepts NULL. */
void tip_device_keys_free(struct tip_device_keys *keys);

/** Write the secrets for the store, which must seal them; wipe @out after. */
void tip_device_keys_save(const struct tip_device_keys *keys,
                          uint8_t out[TIP_KEYS_SAVED_SIZE]);

/** Make keys from what tip_device_keys_save() wrote. TIP_EMALFORMED,
 * TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_device_keys_load(struct tip_bytes saved, struct tip_device_keys **out_keys);

/** Borrowed, as long as @keys live. */
const struct tip_device_public *
tip_device_keys_public(const struct tip_device_keys *keys);

/** Borrowed, as long as @keys live. */
const struct tip_curve_secret *
tip_device_keys_curve(const struct tip_device_keys *keys);

#endif /* TIP_KEYS_H */
