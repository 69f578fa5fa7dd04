/* What a link child takes away from itself. */
#ifndef TIP_LINK_CONFINE_H
#define TIP_LINK_CONFINE_H

#include <stdint.h>

#include "tip_err.h"
#include "tip_link_talk.h"

/** No dumps, no privileges, no files to write, few descriptors, dead when the
 * main process is. Before the first thread. TIP_ELINK_CHILD, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_link_confine(void);

/** No more memory than @role needs; then allocations fail and libzmq aborts,
 * which is the point. TIP_ELINK_CHILD. */
TIP_MUST_USE enum tip_err tip_link_confine_memory(enum tip_link_role role);

/** What this process has allocated and not released. */
uint64_t tip_link_confine_held_bytes(void);

#endif /* TIP_LINK_CONFINE_H */
