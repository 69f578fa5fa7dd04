/* A record that is erased in a star of two nodes, and what must then be so. */
#ifndef ERASING_H
#define ERASING_H

#include "star.h"

enum { ERASING_NOW_MS = 1764230000 };

/** Write @text to @field of @id at node @i, or at the hub for -1. */
enum tip_err erasing_write(struct star *star, int i, const struct tip_id *id,
                           uint32_t field, const char *text);

/** Somebody's record, held by both offices and written by all three: live,
 * superseded and parallel values, each @name, and a reason that says it too. */
struct tip_id erasing_somebody(struct star *star, const char *name);

/** Node 1 writes @name to @id, and something to @other, while node 0 is away,
 * which then hears of both in one frame. */
void erasing_write_behind(struct star *star, const struct tip_id *id,
                          const char *name, const struct tip_id *other);

/** Erase @id; then the hub is put back to @backup, which is used up. Nobody has
 * joined it. */
void erasing_then_restore(struct star *star, const struct tip_id *id,
                          struct fake_store *backup);

/** Let some minutes pass, as between the pumps of a daemon with nothing to do.
 */
void erasing_run(struct star *star);

/** Erase @id at the hub, by a decision of ERASING_NOW_MS. */
void erasing_begin(struct star *star, const struct tip_id *id);

/** Is a stub all there is of @id at that party? Fails the test if not. */
void erasing_assert_stub(struct star *star, int i, const struct tip_id *id);

/** The same everywhere; and no store says @name, and all chains hold. */
void erasing_assert_gone(struct star *star, const struct tip_id *id,
                         const char *name);

/** Both nodes hold what the hub says, and all their work is decided. */
void erasing_assert_agreement(struct star *star);

/** A copy of frame @index of @channel in @memory, as on a stick, cut if it was
 * not yet; and node @i takes one from there. */
struct tip_bytes erasing_export(struct star *star, uint32_t channel,
                                uint64_t index, uint8_t *memory);
void erasing_import(struct star *star, size_t i, struct tip_bytes frame);

/** Both at once. */
void erasing_carry(struct star *star, size_t i, uint32_t channel,
                   uint64_t index);

#endif /* ERASING_H */
