/* Internal: what holds of items, in columns as in rows. */
#ifndef TIP_WIRE_ITEMS_H
#define TIP_WIRE_ITEMS_H

#include "tip_frame.h"
#include "tip_wire_sets.h"

/* Numbers of column item_kinds; most items are sets. */
enum { TIP_WIRE_KIND_SET = 0, TIP_WIRE_KIND_ECHO = 1 };

static inline bool tip_wire_verdict_is_sound(enum tip_verdict verdict)
{
    return (unsigned)verdict <= TIP_VERDICT_FUTURE;
}

/** Is @echo a run of change-sets, none of them past the last number? */
static inline bool tip_wire_echo_is_sound(const struct tip_echo *echo)
{
    uint64_t number = tip_commit_number(echo->first_commit);

    return echo->origin != 0 && echo->first_seq != 0 && echo->count != 0 &&
           echo->first_seq <= UINT64_MAX - echo->count &&
           echo->first_commit != 0 &&
           number <= ((UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - echo->count) &&
           tip_wire_verdict_is_sound(echo->verdict);
}

#endif /* TIP_WIRE_ITEMS_H */
