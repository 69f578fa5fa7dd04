/*
 * Internal: how far the feeds of a device are known: here, and to others.
 *
 * Hub and device may both be put back, and another office still have what the
 * device had written since: it hands that back, under a seq the device would
 * give again. So the device is to go on under another origin, behind it
 * (hub_continue.h).
 */
#ifndef HUB_TOLD_H
#define HUB_TOLD_H

#include "hub_engine_internal.h"

/** The feed of @device that has change-set @seq; @device if there is none. No
 * two have. */
const struct hub_origin *hub_told_feed(const struct hub_engine *engine,
                                       const struct hub_origin *device,
                                       uint64_t seq);

/** Those of @device that have frames, and only such behind @seq: the first, or
 * NULL. Between may be what only others have. */
const struct hub_origin *hub_told_feed_behind(const struct hub_engine *engine,
                                              const struct hub_origin *device,
                                              uint64_t seq);

/** What the feeds of @device say here, together, ends there: with their newest
 * frame. */
struct tip_head hub_told_head(struct hub_engine *engine,
                              const struct hub_origin *device);

/** The newest seq of the feeds of @device, here or at others. */
uint64_t hub_told_newest(const struct hub_engine *engine,
                         const struct hub_origin *device);

/** Others have change-set @seq of @feed (NULL: of one that is not known, or of
 * the hub), which is not here. Is its device back, and does not have it? */
bool hub_told_note(struct hub_origin *feed, uint64_t seq);

/** Do others have more of the feeds of @device than it handed back? Not asked
 * while it still does. */
bool hub_told_is_torn(const struct hub_engine *engine,
                      const struct hub_origin *device);

#endif /* HUB_TOLD_H */
