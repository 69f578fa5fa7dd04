/*
 * Internal: what a device says of itself, kept for whoever looks, and for the
 * hub that is started again.
 *
 * One row each, beside the device's own. It is no reason to write: it goes
 * along with what is written next, or once a minute (hub_engine_keep).
 */
#ifndef HUB_SAID_H
#define HUB_SAID_H

#include "hub_engine_internal.h"

/** It greets: what runs there, how it is, how far it has its channels. */
void hub_said_hello(struct hub_engine *engine, struct hub_origin *origin,
                    const struct tip_hello *hello);

/** It says again how it is. TIP_EPROTOCOL: outside a session. */
TIP_MUST_USE enum tip_err hub_said_health(struct hub_engine *engine,
                                          struct hub_origin *origin,
                                          const struct tip_health *health);

/** A stick that it made at @made_ms says that it had saved up to @saved. */
void hub_said_bundle(struct hub_origin *origin, uint64_t made_ms,
                     uint64_t saved);

/** How good its line is, as measured now or, before that, last. */
void hub_said_line(const struct hub_origin *origin,
                   struct hub_device_status *status);

/** Read the row of @origin, of which the device alone is known, with memory of
 * @arena; without one it has said nothing. Errors of the store. */
TIP_MUST_USE enum tip_err hub_said_load(struct tip_txn *txn,
                                        struct tip_arena *arena,
                                        struct hub_origin *origin);
TIP_MUST_USE enum tip_err hub_said_store(struct tip_txn *txn,
                                         const struct hub_origin *origin);

#endif /* HUB_SAID_H */
