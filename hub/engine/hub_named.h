/*
 * Internal: what a checkpoint names of what is held back of a device, as runs
 * by seq. Kept in memory, so that a checkpoint does not cost a read of
 * thousands of rows.
 */
#ifndef HUB_NAMED_H
#define HUB_NAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_frame.h"

/** Zero to start. */
struct hub_named {
    struct tip_held_run *runs; /* Owned. */
    size_t count, capacity;
    uint64_t sets; /* Change-sets in them. */
    bool is_stale; /* They are not what is held back: name all again. */
};

void hub_named_deinit(struct hub_named *named);

/** Name nothing, and begin anew. */
void hub_named_clear(struct hub_named *named);

/** Name @seq, held back for @reason; stale if it is not behind all that are
 * named. False: there is no room, or no memory, for one more run. */
bool hub_named_add(struct hub_named *named, uint64_t seq, enum tip_hold reason);

#endif /* HUB_NAMED_H */
