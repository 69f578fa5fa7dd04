/* Internal: each device as an administrator sees it. */
#ifndef HUB_DEVICES_H
#define HUB_DEVICES_H

#include "hub_engine_internal.h"

/** Note what it has of a channel, and whether its office still holds what it
 * should of it. */
void hub_devices_note_position(struct hub_engine *engine,
                               struct hub_origin *origin,
                               const struct tip_channel_position *position);
void hub_devices_note_agreement(struct hub_engine *engine,
                                struct hub_origin *origin, uint32_t number,
                                enum tip_agreement agreement);

/** It says what it holds of a channel, which is not what it should: note that,
 * and begin to send it again. TIP_EPROTOCOL: not a channel it holds. */
TIP_MUST_USE enum tip_err hub_devices_take_parts(struct hub_engine *engine,
                                                 struct hub_origin *origin,
                                                 const struct tip_parts *parts);

/** Why no more is taken in of @origin, as its officers are told; TIP_OK: it is.
 */
enum tip_err hub_devices_hindrance(struct hub_engine *engine,
                                   const struct hub_origin *origin);

/** How many change-sets a frame for @office may tell of: few, unless each
 * device of it has said that its store is large. */
size_t hub_devices_sets_max(const struct hub_engine *engine, uint32_t office);

#endif /* HUB_DEVICES_H */
