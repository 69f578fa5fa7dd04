/* Do the identity values in an office's store open? */
#ifndef NODE_SEALS_H
#define NODE_SEALS_H

#include "tip_desk_seals.h"
#include "tip_inspect.h"

/** Try every identity value of the records, their history and what waits over
 * them in the outbox of @keys' origin. What should open and does not is told by
 * @check; what cannot be read at all is passed over, as it is told elsewhere.
 * Errors of memory and of the disk. */
TIP_MUST_USE enum tip_err node_seals_check(struct tip_inspect *check,
                                           struct tip_desk_keys *keys,
                                           struct tip_desk_seals *out_seals);

#endif /* NODE_SEALS_H */
