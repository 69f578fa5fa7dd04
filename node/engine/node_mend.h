/* Internal: a store that has lost something, for who meets it. */
#ifndef NODE_MEND_H
#define NODE_MEND_H

#include "node_engine_internal.h"

/** A record is gone or cannot be read: look at all of them at the next pump. */
void node_mend_doubt(struct node_engine *engine);

/** Read all records, take away what cannot be read, count what is held. A
 * transaction to write in is open; an error loses it. */
TIP_MUST_USE enum tip_err node_mend(struct node_engine *engine);

/** Is there doubt: has anybody met a record that is gone or cannot be read? */
bool node_mend_is_due(const struct node_engine *engine);

/** The same if there is doubt, in a transaction of its own; flushes. */
TIP_MUST_USE enum tip_err node_mend_if_due(struct node_engine *engine);

/** @err is what became of a step, which saved nothing. If it met a record that
 * cannot be read: give the step up and mend; TIP_OK: it can be done again. */
TIP_MUST_USE enum tip_err node_mend_after(struct node_engine *engine,
                                          enum tip_err err);

/** Lay own undecided work of this disk over records it is missing on. */
TIP_MUST_USE enum tip_err node_mend_overlays(struct node_engine *engine);

/** Note whether we hold what the hub says. */
void node_mend_note(struct node_engine *engine, struct node_channel *channel,
                    enum tip_agreement agreement);

/** Tell the hub where what we hold is not what it says, as often as is due. */
void node_mend_tell(struct node_engine *engine);

#endif /* NODE_MEND_H */
