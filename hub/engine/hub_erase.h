/* Internal: what an erasure asks of the rest of the hub's engine. */
#ifndef HUB_ERASE_H
#define HUB_ERASE_H

#include "hub_engine_internal.h"

struct hub_held_row;

/** What is left of @frame of @origin, in engine->arena: all of it, or without
 * what it says of records that were erased. A transaction is open. */
TIP_MUST_USE enum tip_err hub_erase_arrival(struct hub_engine *engine,
                                            struct hub_origin *origin,
                                            struct tip_bytes frame,
                                            struct tip_bytes *out_left);

/** Obey @erase of @commit, which was lost and came back with the control log:
 * of a record that is not known only a stub is left, so that nothing brings it.
 * A transaction is open. */
TIP_MUST_USE enum tip_err hub_erase_obey(struct hub_engine *engine,
                                         const struct tip_ctl_erase *erase,
                                         uint64_t commit);

/** Say again, to everybody, an erasure that a restored hub has lost and only
 * one office still knows. A transaction is open; an error loses it. */
TIP_MUST_USE enum tip_err
hub_erase_again_for_all(struct hub_engine *engine,
                        const struct tip_ctl_erase *erase);

/** The newest erasure that @origin has carried out is that of @commit; note too
 * if the control log does not have it. */
void hub_erase_hear(struct hub_engine *engine, struct hub_origin *origin,
                    uint64_t commit);

/** The control log has taken back what was lost: judge again what devices said
 * to have carried out and it did not have. */
void hub_erase_hear_again(struct hub_engine *engine);

/** A frame that was stored before says something of a record that was erased:
 * sweep once more. A transaction is open. */
TIP_MUST_USE enum tip_err hub_erase_again(struct hub_engine *engine);

struct tip_frame_key;
struct tip_wire_frame;

/** Is @body all that is left of our frame @parts, sealed under @key, without
 * what was erased? Results of tip_contents_prove(). Works in engine->arena; a
 * transaction is open. */
TIP_MUST_USE enum tip_err hub_erase_prove(struct hub_engine *engine,
                                          const struct tip_frame_key *key,
                                          const struct tip_wire_frame *parts,
                                          const struct tip_down_body *body);

/* hub_erase_ruled.c */

struct tip_redactor;

/** Does @ruling decide about a record that @redactor says was erased? Where the
 * frame that tells it is not here, it does. Works in engine->arena. */
TIP_MUST_USE enum tip_err hub_erase_is_ruled(struct hub_engine *engine,
                                             struct tip_redactor *redactor,
                                             const struct tip_ruling *ruling,
                                             bool *out_is);

/** Take the reason out of the ruling under @key, if it does. A transaction is
 * open. */
TIP_MUST_USE enum tip_err hub_erase_sweep_ruling(struct hub_engine *engine,
                                                 struct tip_redactor *redactor,
                                                 struct tip_key key);

/* hub_erase.c */

/** Do the next slice of what an erasure leaves to do, if there is any: in a
 * transaction of its own. Flushes. An error is the store's; what stops an
 * erasure alone is kept for hub_engine_erasing(). */
TIP_MUST_USE enum tip_err hub_erase_work(struct hub_engine *engine);

#endif /* HUB_ERASE_H */
