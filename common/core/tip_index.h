/*
 * A multimap from 32-bit tags to 32-bit numbers, eight bytes an entry.
 *
 * It finds the candidates for a key that is kept elsewhere: the caller derives
 * the tag from the key with tip_index_tag() and checks each candidate against
 * the real thing, so a stale or colliding entry costs time and nothing else.
 * The tag is keyed, so that nobody can choose ids that all collide.
 */
#ifndef TIP_INDEX_H
#define TIP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

struct tip_index_slot;

/** Caller-allocated; owns its slots. Not thread-safe. */
struct tip_index {
    struct tip_index_slot *slots; /* Owned. */
    size_t slot_count;            /* 0 or a power of two. */
    size_t used_count;
    uint64_t secret;
};

/** Start empty. @secret: random, not to be guessed by who makes the keys. */
void tip_index_init(struct tip_index *index, uint64_t secret);

void tip_index_deinit(struct tip_index *index);

/** The tag of @key. */
uint32_t tip_index_tag(const struct tip_index *index, struct tip_bytes key);

/** Add (@tag, @number), also if it is there; TIP_ENOMEM leaves all as it was.
 */
TIP_MUST_USE enum tip_err tip_index_add(struct tip_index *index, uint32_t tag,
                                        uint32_t number);

/** Take (@tag, @number) out once, if it is there. */
void tip_index_remove(struct tip_index *index, uint32_t tag, uint32_t number);

/** A walk over the candidates of one tag. Plain data. Adding or removing ends
 * every walk. */
struct tip_index_walk {
    size_t position;
    uint32_t tag;
};

struct tip_index_walk tip_index_find(const struct tip_index *index,
                                     uint32_t tag);

/** Give the next candidate; false when there is none. */
bool tip_index_next(const struct tip_index *index, struct tip_index_walk *walk,
                    uint32_t *out_number);

#endif /* TIP_INDEX_H */
