/*
 * What two people read to each other over the phone to know that both their
 * screens show the same keys.
 */
#ifndef TIP_FINGERPRINT_H
#define TIP_FINGERPRINT_H

#include <stddef.h>

#include "tip_err.h"
#include "tip_keys.h"

enum {
    /* Twelve groups of five digits, 199 bits: digits can be read in every
     * language, and nobody can search for a second set of keys with them. */
    TIP_FINGERPRINT_TEXT_SIZE = 12 * 6, /* with spaces and terminator */
    TIP_FINGERPRINT_DEVICES_MAX = 16
};

/** Write the fingerprint of @count devices, the same in whatever order they
 * come. TIP_EINVAL: none, or over TIP_FINGERPRINT_DEVICES_MAX. */
TIP_MUST_USE enum tip_err
tip_fingerprint_format(const struct tip_device_public *devices, size_t count,
                       char out_text[TIP_FINGERPRINT_TEXT_SIZE]);

#endif /* TIP_FINGERPRINT_H */
