/*
 * How much to put into the next frame.
 *
 * A frame has to come out at a size the link can carry in two seconds, but how
 * well a body packs is known only afterwards. Rows (tip_wire_set.h,
 * tip_wire_channel.h) have their size, and what a feed holds packs much as what
 * it held before: so guess from rows, pack, learn.
 *
 *     take rows up to tip_wire_cut_guess(), encode, tip_wire_cut_learn();
 *     if it came out too large, take half of it and try again.
 */
#ifndef TIP_WIRE_CUT_H
#define TIP_WIRE_CUT_H

#include <stddef.h>
#include <stdint.h>

/** Of one feed or channel. Plain data. */
struct tip_wire_cut {
    uint32_t packed_permille; /* Of the bytes of the rows. */
};

/** Start without experience. */
void tip_wire_cut_init(struct tip_wire_cut *cut);

/** How many bytes of rows make a body of at most @body_bytes_max; a little less
 * than seems to fit. At least 1: a row always goes in. */
size_t tip_wire_cut_guess(const struct tip_wire_cut *cut,
                          size_t body_bytes_max);

/** Rows of @row_bytes made a body of @body_bytes. */
void tip_wire_cut_learn(struct tip_wire_cut *cut, size_t row_bytes,
                        size_t body_bytes);

/** What rows of @row_bytes will come to in bodies, roughly. */
uint64_t tip_wire_cut_expect(const struct tip_wire_cut *cut,
                             uint64_t row_bytes);

#endif /* TIP_WIRE_CUT_H */
