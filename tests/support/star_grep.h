/* Whether the store of a party of a star says something, however it is packed
 * there: what somebody finds who has all its keys. */
#ifndef STAR_GREP_H
#define STAR_GREP_H

#include "star.h"

/** How many rows of node @i's store, or of the hub's for -1, hold @text: as it
 * stands, or in a frame once that is opened. */
size_t star_grep(struct star *star, int i, const char *text);

/** Open every frame at that party and check that each chain holds from its
 * start, whatever is left of its frames. Fails the test if one does not.
 * Returns how many of them something was erased of. */
size_t star_verify_chains(struct star *star, int i);

#endif /* STAR_GREP_H */
