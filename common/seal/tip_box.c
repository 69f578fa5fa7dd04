#include "tip_box.h"

#include "tip_keys_internal.h"
#include "tip_primitive.h"

enum { BINDING_SIZE = 32 };

_Static_assert((int)TIP_BOX_OVERHEAD == (int)TIP_SEALED_TO_OVERHEAD,
               "box overhead");

/* A context of any length as associated data of one. */
static struct tip_bytes bind(enum tip_box_purpose purpose,
                             struct tip_bytes context,
                             uint8_t out[BINDING_SIZE])
{
    uint8_t number = (uint8_t)purpose;
    const struct tip_bytes parts[] = {tip_bytes(&number, 1), context};

    tip_primitive_hash(TIP_CONTEXT_BOX_SEAL, TIP_BYTES_NONE, parts, 2, out,
                       BINDING_SIZE);
    return tip_bytes(out, BINDING_SIZE);
}

enum tip_err tip_box_seal(const struct tip_box_public *recipient,
                          enum tip_box_purpose purpose,
                          struct tip_bytes context, struct tip_bytes plain,
                          struct tip_random *random, uint8_t *out)
{
    uint8_t binding[BINDING_SIZE];

    if (plain.size > TIP_BOX_PLAIN_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    return tip_primitive_seal_to(TIP_CONTEXT_BOX_SEAL, random, recipient->bytes,
                                 bind(purpose, context, binding), plain, out);
}

enum tip_err tip_box_open(const struct tip_device_keys *keys,
                          enum tip_box_purpose purpose,
                          struct tip_bytes context, struct tip_bytes sealed,
                          uint8_t *out)
{
    uint8_t binding[BINDING_SIZE];

    if (sealed.size < TIP_BOX_OVERHEAD ||
        sealed.size > TIP_BOX_PLAIN_BYTES_MAX + TIP_BOX_OVERHEAD) {
        return TIP_EMALFORMED;
    }
    return tip_primitive_open_from(
        TIP_CONTEXT_BOX_SEAL, keys->box, keys->publics.box.bytes,
        bind(purpose, context, binding), sealed, out);
}
