/*
 * Bytes only one device can open: secrets on their way during enrolment, and
 * what a USB stick carries.
 *
 * The sender is not authenticated; put that into what is sealed, or sign
 * around it.
 */
#ifndef TIP_BOX_H
#define TIP_BOX_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_keys.h"

struct tip_random;

enum { TIP_BOX_OVERHEAD = 48, TIP_BOX_PLAIN_BYTES_MAX = 64 * 1024 };

/* What is inside; a box opens only as what it was sealed for. */
enum tip_box_purpose {
    TIP_BOX_OPERATIONAL = 1, /* An operational secret. */
    TIP_BOX_IDENTITY = 2,    /* An identity secret. */
    TIP_BOX_BUNDLE = 3       /* A part of a bundle. */
};

/**
 * Seal @plain to @recipient. @context, the same bytes at both sides, says what
 * it belongs to (office and epoch, part of a bundle). Writes @plain.size +
 * TIP_BOX_OVERHEAD bytes, apart from @plain. TIP_ETOOBIG: @plain over
 * TIP_BOX_PLAIN_BYTES_MAX. TIP_EUNSEAL: @recipient is no usable key.
 */
TIP_MUST_USE enum tip_err tip_box_seal(const struct tip_box_public *recipient,
                                       enum tip_box_purpose purpose,
                                       struct tip_bytes context,
                                       struct tip_bytes plain,
                                       struct tip_random *random, uint8_t *out);

/** Write @sealed.size - TIP_BOX_OVERHEAD bytes. TIP_EUNSEAL: for another
 * device, purpose or context, or altered. TIP_EMALFORMED: not a box's size. */
TIP_MUST_USE enum tip_err tip_box_open(const struct tip_device_keys *keys,
                                       enum tip_box_purpose purpose,
                                       struct tip_bytes context,
                                       struct tip_bytes sealed, uint8_t *out);

#endif /* TIP_BOX_H */
