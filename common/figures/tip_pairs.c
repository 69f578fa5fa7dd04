#include "tip_pairs.h"

#include <stdlib.h>

enum {
    SLOT_COUNT_MIN = 256,
    BITS_MAX = 128 * 1024 * 1024, /* 16 MiB, touched where bits are set. */
    WORD_BITS = 64
};

enum tip_err tip_pairs_init(struct tip_pairs *pairs, size_t first_end,
                            size_t second_end)
{
    *pairs = (struct tip_pairs){.second_end = second_end};
    if (first_end != 0 && second_end > BITS_MAX / first_end) {
        return TIP_OK;
    }
    pairs->bits =
        calloc(first_end * second_end / WORD_BITS + 1, sizeof *pairs->bits);
    return pairs->bits == NULL ? TIP_ENOMEM : TIP_OK;
}

void tip_pairs_deinit(struct tip_pairs *pairs)
{
    free(pairs->bits);
    free(pairs->slots);
}

/* The slot of @stored, or the empty one where it would be. */
static uint64_t *slot_of(const struct tip_pairs *pairs, uint64_t stored)
{
    const size_t mask = pairs->slot_count - 1;
    size_t at = (size_t)(stored * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

    while (pairs->slots[at] != 0 && pairs->slots[at] != stored) {
        at = (at + 1) & mask;
    }
    return &pairs->slots[at];
}

static enum tip_err grow(struct tip_pairs *pairs)
{
    struct tip_pairs old = *pairs;

    pairs->slot_count =
        old.slot_count == 0 ? SLOT_COUNT_MIN : old.slot_count * 2;
    pairs->slots = calloc(pairs->slot_count, sizeof *pairs->slots);
    if (pairs->slots == NULL) {
        *pairs = old;
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i] != 0) {
            *slot_of(pairs, old.slots[i]) = old.slots[i];
        }
    }
    free(old.slots);
    return TIP_OK;
}

static bool set_bit(struct tip_pairs *pairs, size_t bit)
{
    uint64_t *word = &pairs->bits[bit / WORD_BITS];
    uint64_t mask = UINT64_C(1) << bit % WORD_BITS;
    bool is_new = (*word & mask) == 0;

    *word |= mask;
    return is_new;
}

enum tip_err tip_pairs_add(struct tip_pairs *pairs, uint32_t first,
                           uint32_t second, bool *out_is_new)
{
    uint64_t stored = ((uint64_t)first << 32 | second) + 1;
    uint64_t *slot;

    if (pairs->bits != NULL) {
        *out_is_new = set_bit(pairs, first * pairs->second_end + second);
        return TIP_OK;
    }
    if (pairs->used_count >= pairs->slot_count / 2 && grow(pairs) != TIP_OK) {
        return TIP_ENOMEM;
    }
    slot = slot_of(pairs, stored);
    *out_is_new = *slot == 0;
    pairs->used_count += *slot == 0;
    *slot = stored;
    return TIP_OK;
}
