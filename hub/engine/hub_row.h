/* Internal: the engine's single rows in the store and their bytes. */
#ifndef HUB_ROW_H
#define HUB_ROW_H

#include "hub_engine_internal.h"

/** Read the order; generation 1 without a commit for a new store. */
TIP_MUST_USE enum tip_err hub_row_load_order(struct tip_txn *txn,
                                             struct hub_order_row *out_row);
TIP_MUST_USE enum tip_err hub_row_store_order(struct tip_txn *txn,
                                              const struct hub_order_row *row);

/** Read the calendar; an empty one for a new store. */
TIP_MUST_USE enum tip_err
hub_row_load_calendar(struct tip_txn *txn, struct tip_calendar *out_calendar);
TIP_MUST_USE enum tip_err
hub_row_store_calendar(struct tip_txn *txn,
                       const struct tip_calendar *calendar);
/** What a restore left to be done; nothing in a store that never was. */
TIP_MUST_USE enum tip_err
hub_row_load_recovery(struct tip_txn *txn, struct hub_recovery_row *out_row);
TIP_MUST_USE enum tip_err
hub_row_store_recovery(struct tip_txn *txn, const struct hub_recovery_row *row);

/** …of @origin; is_due is false without a row. */
TIP_MUST_USE enum tip_err hub_row_load_return(struct tip_txn *txn,
                                              uint32_t origin,
                                              struct hub_return_row *out_row);
TIP_MUST_USE enum tip_err
hub_row_store_return(struct tip_txn *txn, uint32_t origin,
                     const struct hub_return_row *row);
TIP_MUST_USE enum tip_err hub_row_remove_return(struct tip_txn *txn,
                                                uint32_t origin);

/** …of @channel: the newest frame that was not handed back. */
TIP_MUST_USE enum tip_err hub_row_load_kept(struct tip_txn *txn,
                                            uint32_t channel, uint64_t *out);
TIP_MUST_USE enum tip_err hub_row_store_kept(struct tip_txn *txn,
                                             uint32_t channel, uint64_t kept);

/** Of @channel, a frame of @generation comes behind @head: note where that
 * generation began there, unless it has. */
TIP_MUST_USE enum tip_err hub_row_note_border(struct tip_txn *txn,
                                              uint32_t channel,
                                              uint32_t generation,
                                              const struct tip_head *head);

/** How far @channel was when its first frame of a generation later than
 * @generation came. TIP_ENOTFOUND: there is none. */
TIP_MUST_USE enum tip_err hub_row_load_border(struct tip_txn *txn,
                                              uint32_t channel,
                                              uint32_t generation,
                                              struct tip_head *out_head);

/** Read the device with the lowest origin above @after. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_row_next_origin(struct tip_txn *txn,
                                              uint32_t after,
                                              struct hub_origin_row *out_row);
TIP_MUST_USE enum tip_err
hub_row_store_origin(struct tip_txn *txn, const struct hub_origin_row *row);

/** The lowest channel not below @from that has a row. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err
hub_row_next_channel(struct tip_txn *txn, uint64_t from, uint32_t *out_channel);

/** Read the row of @channel; an empty one if nothing was sent on it yet. */
TIP_MUST_USE enum tip_err hub_row_load_channel(struct tip_txn *txn,
                                               uint32_t channel,
                                               struct hub_channel_row *out_row);
TIP_MUST_USE enum tip_err
hub_row_store_channel(struct tip_txn *txn, const struct hub_channel_row *row);

/** A change-set that is held back, and the records it touches. */
struct hub_held_row {
    uint32_t origin;
    uint64_t seq;
    enum tip_hold reason;
    uint64_t proven;   /* The newest checkpoint its author provably had. */
    uint64_t since_ms; /* Since when it is held back, by the hub's clock. */
    const struct tip_id *records; /* Borrowed from an arena. */
    size_t record_count;
};

/** Read the held change-set that follows (@origin, @seq), in @arena.
 * TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_row_next_held(struct tip_txn *txn,
                                            uint32_t origin, uint64_t seq,
                                            struct tip_arena *arena,
                                            struct hub_held_row *out_row);
TIP_MUST_USE enum tip_err hub_row_store_held(struct tip_txn *txn,
                                             struct tip_arena *arena,
                                             const struct hub_held_row *row);

/** Keep what a person decided, at @commit; and find what was decided about
 * (@origin, @seq), in @arena. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_row_store_ruling(struct tip_txn *txn,
                                               const struct tip_ruling *ruling,
                                               uint64_t commit);
TIP_MUST_USE enum tip_err hub_row_find_ruling(struct tip_txn *txn,
                                              uint32_t origin, uint64_t seq,
                                              struct tip_arena *arena,
                                              struct tip_ruling *out_ruling,
                                              uint64_t *out_commit);

/** The decision on change-sets of @origin that begins behind @seq, in @arena.
 * TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_row_next_ruling(struct tip_txn *txn,
                                              uint32_t origin, uint64_t seq,
                                              struct tip_arena *arena,
                                              struct tip_ruling *out_ruling,
                                              uint64_t *out_commit);

#endif /* HUB_ROW_H */
