/*
 * A record's key, sealed for another office: how a case is shared.
 *
 * Wraps are only ever added, each signed by the device that made it. Before
 * wrapping, the caller has checked the recipient's announcement
 * (tip_office_key.h) and its device's certificate: nothing is ever sealed to a
 * key that only the hub vouches for.
 */
#ifndef TIP_RECORD_WRAP_H
#define TIP_RECORD_WRAP_H

#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_id.h"
#include "tip_keys.h"
#include "tip_record_key.h"

/* version, key name, recipient's office and epoch, device, sealed key,
 * signature */
enum { TIP_RECORD_WRAP_SIZE = 1 + 3 * 4 + 2 * 4 + 4 + (32 + 32 + 16) + 64 };

/** What a wrap says in clear. Plain data. */
struct tip_record_wrap {
    struct tip_record_key_name name; /* The key inside. */
    uint32_t office;                 /* Who can open it. */
    uint32_t epoch;                  /* Of that office's identity secret. */
    uint32_t origin;                 /* The device that wrapped. */
};

/** The element of TIP_FIELD_KEY_WRAP under which @wrap stands: one per key and
 * recipient. */
uint64_t tip_record_wrap_element(const struct tip_record_wrap *wrap);

/** Seal @key of @record to @recipient, the public half of wrap->office in
 * wrap->epoch, and sign it with @keys of wrap->origin. TIP_EINVAL: the key's
 * name is not valid. TIP_EUNSEAL: @recipient is no usable key. */
TIP_MUST_USE enum tip_err tip_record_wrap_seal(
    const struct tip_device_keys *keys, const struct tip_id *record,
    const struct tip_record_wrap *wrap, const struct tip_wrap_public *recipient,
    const struct tip_record_key *key, struct tip_random *random,
    uint8_t out[TIP_RECORD_WRAP_SIZE]);

/** Read what a wrap says, to find its signer; believe nothing of it before
 * tip_record_wrap_verify(). TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_record_wrap_read(struct tip_bytes bytes, struct tip_record_wrap *out_wrap);

/** TIP_ESIGNATURE: not made by @signer, or for another record.
 * TIP_EMALFORMED. Needs no secret: the hub checks wraps too. */
TIP_MUST_USE enum tip_err
tip_record_wrap_verify(const struct tip_sign_public *signer,
                       const struct tip_id *record, struct tip_bytes bytes,
                       struct tip_record_wrap *out_wrap);

/** The same, and open the key with @secret of the recipient. TIP_EUNSEAL: it
 * is for another office or epoch. */
TIP_MUST_USE enum tip_err
tip_record_wrap_open(const struct tip_sign_public *signer,
                     const struct tip_identity_secret *secret,
                     const struct tip_id *record, struct tip_bytes bytes,
                     struct tip_record_wrap *out_wrap,
                     struct tip_record_key *out_key);

#endif /* TIP_RECORD_WRAP_H */
