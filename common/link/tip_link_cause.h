/* Why a peer is not connected, in words. */
#ifndef TIP_LINK_CAUSE_H
#define TIP_LINK_CAUSE_H

#include "tip_link.h"

/** One plain sentence with the next step, for the office at whose link it
 * happened; static, never NULL. */
const char *tip_link_cause_text(enum tip_link_cause cause);

/** A word for metrics and --json, as in "no_route"; static, never NULL. */
const char *tip_link_cause_name(enum tip_link_cause cause);

#endif /* TIP_LINK_CAUSE_H */
