/*
 * Devices that are used no more, and those that take their place.
 *
 * A lost or worn-out device is retired: from then on it is not heard over the
 * link, but what it has sent and what it left on sticks is taken as before; it
 * can claim no more than it was given until then. The next device of its office
 * has a feed and keys of its own and begins in the middle of the office's
 * channel: what came before is under a key it does not have. All that the
 * office holds is sent to it whole (hub_repair.h), beside everything new.
 */
#ifndef HUB_RETIRE_H
#define HUB_RETIRE_H

#include "hub_engine.h"

struct hub_channel;

/** Is @device retired or revoked? It may not call, and gets nothing. */
bool hub_device_is_out(const struct hub_device *device);

/** Borrow the device of @office that is in use, as hub_engine_device(). NULL:
 * it has none. */
const struct hub_device *hub_engine_in_use(const struct hub_engine *engine,
                                           uint32_t office);

/** The key epoch of the next device of @office. */
uint32_t hub_engine_next_epoch(const struct hub_engine *engine,
                               uint32_t office);

/** Device @origin is used no more: everybody is told, and it is cut off.
 * Durable after flush. TIP_ENOTFOUND: no device in use has that number. */
TIP_MUST_USE enum tip_err hub_engine_retire(struct hub_engine *engine,
                                            uint32_t origin);

/** Behind which frame of its office's channel device @origin begins, and in
 * which generation; number 0: with the first. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_engine_joined(struct hub_engine *engine,
                                            uint32_t origin,
                                            uint32_t *out_generation,
                                            struct tip_head *out_head);

/* Internal to the engine: */

/** The control log, which came back after a restore, says that device @origin
 * is used no more. In the open transaction; an error loses it. */
TIP_MUST_USE enum tip_err hub_retire_replay(struct hub_engine *engine,
                                            uint32_t origin);

/** Is the device that wrote under @origin out? */
bool hub_retire_is_out(struct hub_engine *engine, uint32_t origin);

/** The key that frames of @channel were sealed with in @epoch, derived into
 * @old if the device that has it is out. NULL: nobody has it. */
const struct tip_frame_key *
hub_retire_down_key(struct hub_engine *engine,
                    const struct hub_channel *channel, uint32_t epoch,
                    struct tip_frame_key *old);

/** Leave what @channel was told to the devices that are out: the next one
 * begins behind *out_joined. A transaction to write in is open. */
TIP_MUST_USE enum tip_err hub_retire_leave_off(struct hub_engine *engine,
                                               struct hub_channel *channel,
                                               struct tip_head *out_joined);

/** The device that now follows @channel, under its keys, is to be sent all that
 * its office holds. An error loses the transaction. */
TIP_MUST_USE enum tip_err hub_retire_begin_anew(struct hub_engine *engine,
                                                struct hub_channel *channel);

#endif /* HUB_RETIRE_H */
