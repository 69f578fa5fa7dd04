/*
 * Private to this folder: the keys of one record's identity values.
 *
 * An office seals under keys of its own, which follow from its identity secret
 * and a salt that lies with the record; it opens those, and what others have
 * wrapped for it.
 */
#ifndef TIP_DESK_RING_H
#define TIP_DESK_RING_H

#include "tip_desk.h"
#include "tip_identity_value.h"
#include "tip_record_wrap.h"

enum { TIP_RING_KEYS_MAX = 8 /* Kept open; others are derived again. */ };

struct tip_ring_key {
    struct tip_record_key_name name;
    struct tip_record_key key;
};

/** Caller-allocated; wipe it with tip_desk_ring_wipe(). */
struct tip_desk_ring {
    struct tip_desk *desk;         /* Borrowed. */
    const struct tip_record *view; /* Borrowed. */
    struct tip_arena *arena;       /* Of the values opened and sealed. */
    struct tip_ring_key keys[TIP_RING_KEYS_MAX];
    size_t key_count;
};

void tip_desk_ring_init(struct tip_desk_ring *ring, struct tip_desk *desk,
                        const struct tip_record *view, struct tip_arena *arena);
void tip_desk_ring_wipe(struct tip_desk_ring *ring);

/** Open the identity value @sealed of @field. TIP_ESEALED: not with the keys
 * held here, or it is damaged; TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_desk_ring_open(struct tip_desk_ring *ring,
                                             uint32_t field, uint64_t element,
                                             struct tip_bytes sealed,
                                             struct tip_value *out_value);

/** What goes with a sealed value if the record does not have it yet. */
struct tip_ring_use {
    struct tip_ring_key own; /* To seal with. Wipe it. */
    bool is_new;
    struct tip_record_salt salt; /* Of a new key. */
};

/** The own key to write with: the newest of this epoch, or a new one. */
TIP_MUST_USE enum tip_err tip_desk_ring_use(struct tip_desk_ring *ring,
                                            struct tip_ring_use *out_use);

/** Seal @value for @field under the key of @use, in the arena. */
TIP_MUST_USE enum tip_err tip_desk_ring_seal(struct tip_desk_ring *ring,
                                             const struct tip_ring_use *use,
                                             uint32_t field,
                                             const struct tip_value *value,
                                             struct tip_value *out_sealed);

/** Wrap the key of @use for @office, in the arena. TIP_EEXISTS: it has it;
 * TIP_ENOTFOUND: it has no key that may be trusted. */
TIP_MUST_USE enum tip_err tip_desk_ring_wrap(struct tip_desk_ring *ring,
                                             const struct tip_ring_use *use,
                                             uint32_t office,
                                             struct tip_change *out_change);

#endif /* TIP_DESK_RING_H */
