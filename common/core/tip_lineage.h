/*
 * Which origin goes on from which: what the control log says (tip_ctl.h).
 *
 * A device that was restored from a backup writes under a new origin, which has
 * seen the change-sets of the one before up to a point, and what that one had
 * seen of others in the same way. Those count as its own earlier ones. What the
 * old origin wrote behind that point it has not seen: another copy of the
 * device did.
 *
 * An entry is never changed or taken back, and whoever applies a change-set has
 * applied the entries before it. So all holders answer alike, in any order.
 */
#ifndef TIP_LINEAGE_H
#define TIP_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"

/** One origin and where it comes from. Plain data. */
struct tip_descent {
    uint32_t origin;
    uint32_t continues; /* A smaller number: those are given in order. */
    uint64_t up_to;     /* …having seen that one's change-sets up to here. */
};

/** Caller-allocated; owns its array. One thread. */
struct tip_lineage {
    struct tip_descent *descents; /* By origin. */
    size_t count, capacity;
};

/* Origins are given from one count, which never reaches this. What a hub that
 * was put back took from the frame of a late office, because the device that
 * had written it uses the number for something else by now, is of the device's
 * origin and this. */
#define TIP_ORIGIN_STRAY (UINT32_C(1) << 30)

static inline bool tip_origin_is_stray(uint32_t origin)
{
    return (origin & TIP_ORIGIN_STRAY) != 0;
}

/** The origin of the device that wrote under @origin. */
static inline uint32_t tip_origin_device(uint32_t origin)
{
    return origin & ~TIP_ORIGIN_STRAY;
}

void tip_lineage_init(struct tip_lineage *lineage);
void tip_lineage_deinit(struct tip_lineage *lineage);

/** Note @descent; again it changes nothing. TIP_EDIVERGED: it contradicts what
 * is known, or itself. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_lineage_add(struct tip_lineage *lineage,
                                          const struct tip_descent *descent);

/** Is change-set @past_seq of @past an earlier one of whoever wrote @seq of
 * @origin? @lineage may be NULL: nobody goes on from anybody. */
bool tip_lineage_has_past(const struct tip_lineage *lineage, uint32_t origin,
                          uint64_t seq, uint32_t past, uint64_t past_seq);

#endif /* TIP_LINEAGE_H */
