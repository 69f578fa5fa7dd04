#include "tip_desk_seals.h"

#include "tip_desk_ring.h"
#include "tip_secret.h"

/* May it be an identity? A catalogue is opaque too; it names no key. */
static bool is_opaque(const struct tip_sibling *sibling)
{
    return sibling->value.kind == TIP_VALUE_OPAQUE &&
           sibling->field != TIP_FIELD_KEY_SALT &&
           sibling->field != TIP_FIELD_KEY_WRAP;
}

/* Count @sealed, which @write left and which did not open. It should have, if
 * this office wrote it, unless a device of before made its key. What another
 * office wrote proves nothing, whatever it says of its key. */
static void count_closed(struct tip_desk_keys *keys,
                         const struct tip_write *write, struct tip_bytes sealed,
                         struct tip_desk_seals *seals)
{
    const bool is_own = write->office == keys->office;
    struct tip_record_key_name name;
    struct tip_identity_secret secret;

    if (tip_identity_value_name(sealed, &name) != TIP_OK) {
        seals->broken += is_own ? 1 : 0;
    } else if (is_own && name.office == keys->office &&
               keys->secret(keys, name.epoch, &secret) == TIP_OK) {
        tip_secret_wipe(&secret, sizeof secret);
        seals->broken++;
    } else {
        seals->sealed++;
    }
}

enum tip_err tip_desk_seals_try(struct tip_desk_keys *keys,
                                const struct tip_record *view,
                                const struct tip_record *values,
                                struct tip_arena *arena,
                                struct tip_desk_seals *seals)
{
    struct tip_desk desk = {.keys = keys};
    struct tip_desk_ring ring;
    enum tip_err err = TIP_OK;

    tip_desk_ring_init(&ring, &desk, view, arena);
    for (size_t i = 0; i < values->sibling_count && err == TIP_OK; i++) {
        const struct tip_sibling *sibling = &values->siblings[i];
        struct tip_value value;

        if (!is_opaque(sibling)) {
            continue;
        }
        err = tip_desk_ring_open(&ring, sibling->field, sibling->element,
                                 sibling->value.bytes, &value);
        if (err == TIP_OK) {
            seals->opened++;
        } else if (err == TIP_ESEALED) {
            err = TIP_OK;
            count_closed(keys, tip_record_write(values, sibling),
                         sibling->value.bytes, seals);
        }
    }
    tip_desk_ring_wipe(&ring);
    return err;
}
