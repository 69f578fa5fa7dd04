/* Private to this folder: ids that follow from the key of an imported row, and
 * the ids one file has named so far. */
#ifndef TIP_IMPORT_KEY_H
#define TIP_IMPORT_KEY_H

#include "tip_desk.h"
#include "tip_hash.h"
#include "tip_index.h"

/** Caller-allocated; wipe it with tip_import_keys_deinit(). */
struct tip_import_keys {
    struct tip_digest_key secret;
    uint32_t office;
    struct tip_index index; /* Of @ids. */
    struct tip_id *ids;     /* Owned. */
    size_t count;
    size_t capacity;
};

TIP_MUST_USE enum tip_err tip_import_keys_init(struct tip_import_keys *keys,
                                               struct tip_desk *desk);
void tip_import_keys_deinit(struct tip_import_keys *keys);

/** The id of the row of @type called @key. */
struct tip_id tip_import_keys_id(const struct tip_import_keys *keys,
                                 uint32_t type, struct tip_bytes key);

/** Note that a row names @id. TIP_EEXISTS: another did. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_import_keys_note(struct tip_import_keys *keys,
                                               const struct tip_id *id);

/** Forget what was noted. */
void tip_import_keys_clear(struct tip_import_keys *keys);

#endif /* TIP_IMPORT_KEY_H */
