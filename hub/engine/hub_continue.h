/*
 * Devices that were restored from a backup (DESIGN 5): who goes on, and under
 * which origin.
 */
#ifndef HUB_CONTINUE_H
#define HUB_CONTINUE_H

#include "hub_engine_internal.h"
#include "tip_ctl.h"

/** The feed of @device that is open; while one that was closed comes back, that
 * one. */
struct hub_origin *hub_continue_feed(struct hub_engine *engine,
                                     const struct hub_origin *device);

/** The feed of @device under @origin, open or not; NULL: not one of its. */
struct hub_origin *hub_continue_member(struct hub_engine *engine,
                                       const struct hub_origin *device,
                                       uint32_t origin);

/** It says @hello for its feed @member: what it was
 * owed is void. @device->clone_due: that feed is closed, or two copies of the
 * device run (hub_clone.h); nothing is taken from it nor given to it. An error
 * is the store's. */
TIP_MUST_USE enum tip_err hub_continue_greet(struct hub_engine *engine,
                                             struct hub_origin *device,
                                             struct hub_origin *member,
                                             const struct tip_hello *hello);

/** @device was restored and asks to go on. Durable after flush, and then
 * answered; if more of its feed came meanwhile it must look again, and its
 * connection is dropped. It is told too that it may not: TIP_ECLONE, because
 * another copy has gone on and nobody has chosen this one; TIP_ETOOBIG, because
 * it was restored too often. */
TIP_MUST_USE enum tip_err hub_continue_ask(struct hub_engine *engine,
                                           struct hub_origin *device,
                                           const struct tip_continue *asked);

/* hub_answer.c */

/** Say in @welcome how far @device's feed is here; for one that is closed, what
 * all of its feeds say together, and whether it may go on from there; for one
 * that is open, whether another copy still runs. */
void hub_continue_say(struct hub_engine *engine,
                      const struct hub_origin *device,
                      struct tip_welcome *welcome);

/** It is a copy from before, and asks for the frame with its change-set @seq:
 * it takes nothing but what it asks for. */
void hub_continue_recall(struct hub_origin *device, uint64_t seq);

/** Its disk lost that frame; it is sent again, beside all else. TIP_EPROTOCOL:
 * it is none of what its session is about. */
TIP_MUST_USE enum tip_err hub_continue_lost(struct hub_origin *device,
                                            const struct tip_lost *lost);

/** Send what is owed to a restored or copied @device; true: something was, and
 * the link took it. */
bool hub_continue_answer(struct hub_engine *engine, struct hub_origin *device);

/* hub_reopen.c */

/** The control log says @open: a feed that began after the backup this hub was
 * restored from, and goes on from one it knows. Take it on again, and wait for
 * what it said; in the open transaction. Any other says nothing new. */
TIP_MUST_USE enum tip_err hub_continue_reopen(struct hub_engine *engine,
                                              const struct tip_ctl_open *open);

/** The same, of where a feed that was not closed then did end. */
TIP_MUST_USE enum tip_err
hub_continue_note_end(struct hub_engine *engine,
                      const struct tip_ctl_close *close);

/** A feed of @device has come so far: close those that the next went on from.
 */
void hub_continue_close_reached(struct hub_engine *engine,
                                const struct hub_origin *device);

#endif /* HUB_CONTINUE_H */
