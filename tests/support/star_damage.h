/*
 * A node of a star, or its hub, whose store has lost something, and whether it
 * has it again.
 */
#ifndef STAR_DAMAGE_H
#define STAR_DAMAGE_H

#include "star.h"

/** Flip bytes of record @id in the store of node @i; or lose its page. */
void star_spoil(struct star *star, size_t i, const struct tip_id *id);
void star_lose(struct star *star, size_t i, const struct tip_id *id);

/** Put into the store of node @i, whose engine must be opened anew then, what
 * nobody ever committed: record @id as it is there, called @other; and lose the
 * digest. */
void star_forge(struct star *star, size_t i, const struct tip_id *id,
                const struct tip_id *other);

/** Where record @id lies at the hub. */
struct tip_key star_hub_key(struct star *star, const struct tip_id *id);

/** Stop the hub, flip bytes of its records at the @count @keys, and start it
 * again. All are joined anew, and have not talked yet. */
void star_rot_hub(struct star *star, const struct tip_key *keys, size_t count);

/** Fail the test unless node @i and the hub both say that it holds what it
 * should. */
void star_assert_agrees(struct star *star, size_t i);

/** Add @count records of node @i with codes from 1 on, and let them travel. */
void star_add_many(struct star *star, size_t i, struct tip_id *ids,
                   size_t count);

/** The same with so much in each that few of them fit a frame. */
void star_add_fat(struct star *star, size_t i, struct tip_id *ids,
                  size_t count);

/** Fail the test unless node @i shows all of them. */
void star_assert_codes(struct star *star, size_t i, const struct tip_id *ids,
                       size_t count);

#endif /* STAR_DAMAGE_H */
