/*
 * Identity values: names, phones, exact places, photos. Sealed under a key of
 * their record, which the hub never has.
 *
 * A sealed value is self-describing opaque bytes: it names its key, and it
 * opens only in the record, field and element it was sealed for, so nobody who
 * carries it can move it elsewhere. Its length says little.
 */
#ifndef TIP_IDENTITY_VALUE_H
#define TIP_IDENTITY_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_id.h"
#include "tip_record_key.h"

struct tip_random;

enum {
    /* Lengths are rounded up: short ones to 32, so that all answers, dates and
     * most names look alike, from 256 on to 256. */
    TIP_IDENTITY_STEP_SHORT = 32,
    TIP_IDENTITY_STEP_LONG = 256,
    TIP_IDENTITY_PLAIN_BYTES_MAX = 20 * 1024 /* Sealed it fits a change-set. */
};

/** Where a value stands. */
struct tip_identity_cell {
    struct tip_id record;
    uint32_t field;
    uint64_t element;
};

/** Bytes of a value of @plain_size sealed under @name. */
size_t tip_identity_value_size(const struct tip_record_key_name *name,
                               size_t plain_size);

/**
 * Append @plain to @out, sealed under @key, which is called @name. TIP_EINVAL:
 * @name is not valid. TIP_ETOOBIG: over TIP_IDENTITY_PLAIN_BYTES_MAX, or it
 * does not fit @out; then nothing was appended.
 */
TIP_MUST_USE enum tip_err tip_identity_value_seal(
    const struct tip_record_key *key, const struct tip_record_key_name *name,
    const struct tip_identity_cell *cell, struct tip_bytes plain,
    struct tip_random *random, struct tip_buf *out);

/** Read which key @sealed needs. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_identity_value_name(struct tip_bytes sealed,
                        struct tip_record_key_name *out_name);

/** Append the plain value to @out. TIP_EMALFORMED; TIP_EUNSEAL: another key or
 * cell, or altered. TIP_ETOOBIG: @out has not the room of @sealed. */
TIP_MUST_USE enum tip_err
tip_identity_value_open(const struct tip_record_key *key,
                        const struct tip_identity_cell *cell,
                        struct tip_bytes sealed, struct tip_buf *out);

#endif /* TIP_IDENTITY_VALUE_H */
