/*
 * Internal: the hub was restored, and went on without frames of the control log
 * or of REF that only we have.
 *
 * They are handed back, and prove what they say. Then its chain goes on where
 * both were one, and what we had behind that is dropped: entries leave the log.
 * Erasures stay carried out. What was written to records of REF stays until the
 * digest says that it differs, and they are sent again.
 */
#ifndef NODE_REWIND_H
#define NODE_REWIND_H

#include "node_engine_internal.h"
#include "tip_wire_header.h"

/** A frame of the hub with @header comes. Does its chain go on before what we
 * have, after the hub asked for that and got it? Then go back to there, in the
 * open transaction or a new one; it is still to be verified. An error loses
 * it. */
TIP_MUST_USE enum tip_err node_rewind(struct node_engine *engine,
                                      const struct tip_frame_header *header);

#endif /* NODE_REWIND_H */
