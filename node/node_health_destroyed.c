/*
 * Own saves that were destroyed before Nouakchott had them. What was saved from
 * there on cannot follow them; all else goes on.
 */
#include <inttypes.h>
#include <stdio.h>

#include "node_health.h"

bool node_health_destroyed(const struct node_destroyed *destroyed,
                           char says[NODE_SAYS_SIZE])
{
    char what[80];

    if (destroyed->count == 1) {
        (void)snprintf(what, sizeof what, "Save %" PRIu64, destroyed->first);
    } else {
        (void)snprintf(what, sizeof what,
                       "%" PRIu64 " of the saves %" PRIu64 " to %" PRIu64,
                       destroyed->count, destroyed->first, destroyed->last);
    }
    (void)snprintf(
        says, NODE_SAYS_SIZE,
        "%s of this office had not reached Nouakchott and %s "
        "destroyed on this machine's disk. What was saved from there "
        "on cannot be sent; everything else goes on. Next: see with "
        "tipnode record list TYPE --alone what is on this machine "
        "only, and keep this disk; restore the newest backup that "
        "verifies onto a sound one (tipnode backup restore), start, "
        "and write again what is missing.",
        what, destroyed->count == 1 ? "was" : "were");
    return destroyed->count > 0;
}
