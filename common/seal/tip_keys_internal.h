/* Internal: what is behind struct tip_device_keys, for those who sign and open
 * with it. */
#ifndef TIP_KEYS_INTERNAL_H
#define TIP_KEYS_INTERNAL_H

#include "tip_keys.h"
#include "tip_primitive.h"

struct tip_device_keys {
    struct tip_device_public publics;
    uint8_t seed[TIP_KEY_SIZE]; /* What @sign is made from. */
    uint8_t sign[TIP_SIGN_SECRET_SIZE];
    uint8_t box[TIP_KEY_SIZE];
    struct tip_curve_secret curve;
};

#endif /* TIP_KEYS_INTERNAL_H */
