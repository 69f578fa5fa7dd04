/*
 * Do the identity values of a record open with the keys that are held here?
 * For who looks whether a store is sound; nothing of a value is kept.
 */
#ifndef TIP_DESK_SEALS_H
#define TIP_DESK_SEALS_H

#include "tip_desk.h"

/** How many there were. Plain data. */
struct tip_desk_seals {
    uint64_t opened;
    uint64_t sealed; /* Under keys that are not held here. */
    uint64_t broken; /* Under one that is, and they do not open. */
};

/** Try those of @values, which lie in the record @view or in its history, and
 * add to @seals. Uses @arena. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_desk_seals_try(struct tip_desk_keys *keys,
                                             const struct tip_record *view,
                                             const struct tip_record *values,
                                             struct tip_arena *arena,
                                             struct tip_desk_seals *seals);

#endif /* TIP_DESK_SEALS_H */
