/*
 * One device undone from a point on.
 */
#ifndef HUB_REVERT_H
#define HUB_REVERT_H

#include "hub_engine.h"

/* What becomes of one cell that a device wrote. */
enum hub_undone_kind {
    HUB_UNDONE_RESTORED, /* It holds again what the device superseded. */
    HUB_UNDONE_HIDDEN,   /* The device made the record: it is deleted. */
    HUB_UNDONE_LEFT,     /* Others have written there, or it may not be. */
    HUB_UNDONE_UNKNOWN,  /* Left: what stood before cannot be read. */
    /* Nothing is to be undone, because it never took effect: of no record. */
    HUB_UNDONE_REFUSED, /* A person rejected it. */
    HUB_UNDONE_HELD     /* It is held back, and may yet be let in. */
};

struct hub_undone {
    struct tip_id record;
    uint32_t type;
    uint32_t field; /* 0: the whole record. */
    uint64_t element;
    uint64_t seq; /* Of the device's change-set. */
    enum hub_undone_kind kind;
};

/** One device is undone from a point on. Borrows. */
struct hub_revert {
    uint32_t origin;
    uint64_t from; /* Seq of the first change-set. */
    bool is_dry;   /* Say what would become of it, and change nothing. */
    struct tip_bytes by;
    struct tip_bytes reason;
    /** Is told of each cell, once it is written; of a change-set that never
     * took effect once. */
    void (*tell)(void *context, const struct hub_undone *undone);
    void *context;
};

/**
 * Undo change-set @seq, which is not before revert->from: call it for each, the
 * newest first: an office that added another and left is in the record again
 * before the other goes. Whatever of it stands alone in its cell gives way to
 * what the device superseded there from that point on, with ordinary
 * change-sets of the hub; a record the device made is hidden, unless somebody
 * else wrote in it. Where an entry of the history of a record cannot be read,
 * nobody knows what stood before in any of its cells: they are left, and a
 * person writes them. Of a record that was erased nothing is told, however far
 * the hub is with its frames. Again it changes nothing. Durable after flush;
 * what was done before a crash is done.
 *
 * TIP_ENOTFOUND: the device has sent no such change-set. TIP_EREASON.
 */
TIP_MUST_USE enum tip_err hub_engine_revert(struct hub_engine *engine,
                                            const struct hub_revert *revert,
                                            uint64_t seq);

#endif /* HUB_REVERT_H */
