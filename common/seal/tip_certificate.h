/*
 * The registrar says: these keys are the device of that office.
 *
 * The registrar's key is kept off the hub, so a hub that turned against its
 * offices cannot invent one. Nothing expires by the clock, because clocks are
 * wrong; a certificate ends with a revocation.
 */
#ifndef TIP_CERTIFICATE_H
#define TIP_CERTIFICATE_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_keys.h"

struct tip_random;

enum {
    /* version, role, serial, origin, office, three keys, signature */
    TIP_CERTIFICATE_SIZE = 1 + 1 + 8 + 4 + 4 + 3 * TIP_PUBLIC_SIZE + 64,
    TIP_REGISTRAR_SAVED_SIZE = 1 + 32 /* version, seed */
};

/* Numbers are in what is signed. A node's keys never pass for a hub's. */
enum tip_certificate_role { TIP_CERTIFICATE_NODE = 1, TIP_CERTIFICATE_HUB = 2 };

struct tip_registrar_public {
    uint8_t bytes[TIP_PUBLIC_SIZE];
};

/** What is certified. Plain data. */
struct tip_certificate {
    enum tip_certificate_role role;
    uint64_t serial; /* Counts up at the registrar; never used twice. */
    uint32_t origin;
    uint32_t office;
    struct tip_device_public device;
};

struct tip_registrar;

/** Make a new registrar key from @random in locked memory, owned by the
 * caller. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_registrar_new(struct tip_random *random,
                                            struct tip_registrar **out);

/** Wipe and release. Accepts NULL. */
void tip_registrar_free(struct tip_registrar *registrar);

/** Write the secret for where it is kept, sealed; wipe @out after. */
void tip_registrar_save(const struct tip_registrar *registrar,
                        uint8_t out[TIP_REGISTRAR_SAVED_SIZE]);

/** TIP_EMALFORMED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_registrar_load(struct tip_bytes saved,
                                             struct tip_registrar **out);

/** Borrowed, as long as @registrar lives. */
const struct tip_registrar_public *
tip_registrar_public(const struct tip_registrar *registrar);

void tip_certificate_sign(const struct tip_registrar *registrar,
                          const struct tip_certificate *certificate,
                          uint8_t out[TIP_CERTIFICATE_SIZE]);

/** TIP_ESIGNATURE: not by this registrar. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_certificate_verify(const struct tip_registrar_public *registrar,
                       struct tip_bytes bytes,
                       struct tip_certificate *out_certificate);

#endif /* TIP_CERTIFICATE_H */
