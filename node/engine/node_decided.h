/*
 * What the hub has decided of our feeds, and what of them waits there.
 *
 * The seqs of the feeds a device went on under run on, so one bound is enough.
 */
#ifndef NODE_DECIDED_H
#define NODE_DECIDED_H

#include "tip_err.h"
#include "tip_session.h"

struct node_engine;

/** Note, in the open transaction, what @checkpoint says of our feeds.
 * TIP_EDIVERGED: it decides on what was never sent; then nothing is noted. */
TIP_MUST_USE enum tip_err
node_decided_note(struct node_engine *engine,
                  const struct tip_checkpoint *checkpoint);

#endif /* NODE_DECIDED_H */
