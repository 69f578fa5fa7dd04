/* Internal: what the parts of tip_inspect.h share. */
#ifndef TIP_INSPECT_INTERNAL_H
#define TIP_INSPECT_INTERNAL_H

#include "tip_inspect.h"

/** The next entry of @table from *@key on; what cannot be opened is told and
 * passed over. *@key is that of the entry. TIP_ENOTFOUND: no more. */
TIP_MUST_USE enum tip_err tip_inspect_next(struct tip_inspect *check,
                                           enum tip_table table,
                                           struct tip_key *key,
                                           struct tip_bytes *out_value);

#endif /* TIP_INSPECT_INTERNAL_H */
