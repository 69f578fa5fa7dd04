/* What a link child does with a packet of the main process. */
#ifndef TIP_LINK_OBEY_H
#define TIP_LINK_OBEY_H

#include "tip_link_side.h"

/** Do what @talk says. Exits on what the main process never says: it is from
 * the same program file, so one of the two is broken. */
void tip_link_obey(struct tip_link_child *child,
                   const struct tip_link_talk *talk);

#endif /* TIP_LINK_OBEY_H */
