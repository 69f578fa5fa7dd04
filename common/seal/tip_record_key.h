/*
 * The keys of one record's identity values.
 *
 * An office makes its own key of a record from its identity secret and a salt
 * that lies with the record, so it needs no wrap to open what it wrote. Other
 * offices of the record get the key wrapped (tip_record_wrap.h).
 */
#ifndef TIP_RECORD_KEY_H
#define TIP_RECORD_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_office_key.h"

enum {
    TIP_RECORD_SALT_SIZE = 16,
    TIP_RECORD_KEY_SIZE = 32,
    /* What a key name may hold; together 64 bits, one element of a set. */
    TIP_RECORD_KEY_OFFICE_MAX = (1 << 24) - 1,
    TIP_RECORD_KEY_EPOCH_MAX = (1 << 20) - 1,
    TIP_RECORD_KEY_NUMBER_MAX = (1 << 20) - 1
};

/** Random, new for every key; no secret. */
struct tip_record_salt {
    uint8_t bytes[TIP_RECORD_SALT_SIZE];
};

/** A key's name within its record: the @number th that @office made in
 * @epoch. A new number follows each removal of an office. */
struct tip_record_key_name {
    uint32_t office;
    uint32_t epoch;
    uint32_t number;
};

/** A secret; wipe it with tip_secret_wipe(). */
struct tip_record_key {
    uint8_t bytes[TIP_RECORD_KEY_SIZE];
};

void tip_record_key_derive(const struct tip_identity_secret *secret,
                           const struct tip_record_salt *salt,
                           struct tip_record_key *out_key);

/** Within the limits above. */
bool tip_record_key_name_is_valid(const struct tip_record_key_name *name);

/** The element of TIP_FIELD_KEY_SALT under which the salt of the key of this
 * valid @name stands. */
uint64_t tip_record_key_element(const struct tip_record_key_name *name);

/** The valid name that gives @element. */
struct tip_record_key_name tip_record_key_name(uint64_t element);

#endif /* TIP_RECORD_KEY_H */
