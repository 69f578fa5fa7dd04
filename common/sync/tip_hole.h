/*
 * A place in a chain of frames where one is lost, and what fits there: a frame
 * that somebody else still has. The same at node and hub.
 *
 * Nobody is believed: what comes must follow the frame before the hole, and
 * what lies behind it must follow that.
 */
#ifndef TIP_HOLE_H
#define TIP_HOLE_H

#include "tip_codec.h"
#include "tip_inspect.h"

/** Behind @head, the newest that holds of the chain @number in @table. */
struct tip_hole {
    enum tip_table table;
    uint32_t number;
    uint32_t origin; /* Of the frame before, of a feed; 0: there is none. */
    struct tip_head head;
};

/** The number that the lost frame starts at. */
uint64_t tip_hole_first(const struct tip_hole *hole);

/** What is known where the hole is. All borrowed. */
struct tip_hole_view {
    struct tip_txn *txn;
    struct tip_arena *arena;
    struct tip_codec *codec;
    const struct tip_inspect_chain *chain; /* That of the hole… */
    const struct tip_head *newest;         /* …and where it ends. */
};

/**
 * Does @frame fit? Then *@out_row, in the arena, is to be stored under the
 * number of the chain and tip_hole_first(). TIP_ESIGNATURE: it is another one,
 * or what lies behind does not follow it; others: it cannot be read, memory or
 * the disk.
 */
TIP_MUST_USE enum tip_err tip_hole_fill(const struct tip_hole *hole,
                                        const struct tip_hole_view *view,
                                        struct tip_bytes frame,
                                        struct tip_bytes *out_row);

#endif /* TIP_HOLE_H */
