/* What a device may do in a day. */
#ifndef HUB_QUOTA_H
#define HUB_QUOTA_H

#include "hub_engine_internal.h"

/** The day it is, noted with the newest commit given before it. */
uint64_t hub_quota_today(struct hub_engine *engine);

/** What the device of @origin has used, under all its origins, on the day it
 * says. */
struct tip_quota_use hub_quota_used(struct hub_engine *engine,
                                    const struct hub_origin *origin);

/** A frame of @origin is taken in. False: it is part of a flood. */
bool hub_quota_note(struct hub_engine *engine, struct hub_origin *origin,
                    uint64_t change_sets, uint64_t bytes);

/** Has the device of @origin sent more today than it may? */
bool hub_quota_is_over(struct hub_engine *engine,
                       const struct hub_origin *origin);

/** Is so much of @origin held back that no more is taken in? */
bool hub_quota_is_full(const struct hub_engine *engine,
                       const struct hub_origin *origin);

/** @arrival is going to be committed, for its device: take what that uses out
 * of the budget. False: it is not in it any more. */
bool hub_quota_take(struct hub_engine *engine,
                    const struct hub_arrival *arrival);

#endif /* HUB_QUOTA_H */
