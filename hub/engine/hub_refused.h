/*
 * What was refused before its record was there.
 */
#ifndef HUB_REFUSED_H
#define HUB_REFUSED_H

#include "hub_engine_internal.h"

/** Put what @origin's device wrote behind @seq and a person refused into the
 * history of its records, where it is not in that yet: of those that have come
 * to be since. Uses all arenas of the engine. */
TIP_MUST_USE enum tip_err hub_refused_follow(struct hub_engine *engine,
                                             const struct hub_origin *origin,
                                             uint64_t seq);

#endif /* HUB_REFUSED_H */
