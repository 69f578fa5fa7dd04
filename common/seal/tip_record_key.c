#include "tip_record_key.h"

#include <assert.h>

#include "tip_primitive.h"

enum { EPOCH_BITS = 20, NUMBER_BITS = 20 };

void tip_record_key_derive(const struct tip_identity_secret *secret,
                           const struct tip_record_salt *salt,
                           struct tip_record_key *out_key)
{
    tip_primitive_derive(TIP_CONTEXT_RECORD_KEY, secret->bytes,
                         TIP_BYTES_OF(salt->bytes), out_key->bytes);
}

bool tip_record_key_name_is_valid(const struct tip_record_key_name *name)
{
    return name->office <= TIP_RECORD_KEY_OFFICE_MAX &&
           name->epoch <= TIP_RECORD_KEY_EPOCH_MAX &&
           name->number <= TIP_RECORD_KEY_NUMBER_MAX;
}

uint64_t tip_record_key_element(const struct tip_record_key_name *name)
{
    assert(tip_record_key_name_is_valid(name));
    return (uint64_t)name->office << (EPOCH_BITS + NUMBER_BITS) |
           (uint64_t)name->epoch << NUMBER_BITS | name->number;
}

struct tip_record_key_name tip_record_key_name(uint64_t element)
{
    return (struct tip_record_key_name){
        .office = (uint32_t)(element >> (EPOCH_BITS + NUMBER_BITS)),
        .epoch = (uint32_t)(element >> NUMBER_BITS) & TIP_RECORD_KEY_EPOCH_MAX,
        .number = (uint32_t)element & TIP_RECORD_KEY_NUMBER_MAX,
    };
}
