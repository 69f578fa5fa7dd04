/*
 * The hub's engine: takes frames in, gives the national order, sends it out.
 *
 * As the node's engine it does nothing on its own and commits in groups:
 * hub_engine_save() and hub_engine_receive() write into one open transaction,
 * hub_engine_flush() makes it durable, hub_engine_pump() then acknowledges and
 * sends. The daemon and the simulator drive the same code. One thread.
 */
#ifndef HUB_ENGINE_H
#define HUB_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hub_device_status.h"
#include "hub_scrub.h"
#include "tip_ctl.h"
#include "tip_draft.h"
#include "tip_frame_seal.h"
#include "tip_hub_session.h"
#include "tip_keys.h"
#include "tip_merge.h"
#include "tip_quota.h"
#include "tip_record_table.h"

struct tip_clock;
struct tip_link;
struct tip_random;
struct tip_store;

enum {
    HUB_ORIGIN = 1,
    HUB_OFFICE = TIP_OFFICE_HUB,
    HUB_ORIGINS_MAX = 256,
    /* Sent again so often and still not what it should be: a person must look.
     */
    HUB_REPAIR_ROUNDS_MAX = 3
};

/** Is told of every committed change of a record, in the transaction that
 * commits it. Embedded as the first member. */
struct hub_watcher {
    /** @before is NULL for a new record. An error aborts the transaction. */
    enum tip_err (*changed)(struct hub_watcher *self, struct tip_txn *txn,
                            const struct tip_record *before,
                            const struct tip_record *after);
    /** The transaction is about to be made durable: write what is left. */
    enum tip_err (*settle)(struct hub_watcher *self, struct tip_txn *txn);
    /** The transaction of earlier calls was made durable, or was lost. */
    void (*ended)(struct hub_watcher *self, bool durable);
};

/** What an engine works with; everything borrowed, outlives the engine. */
struct hub_engine_opts {
    struct tip_store *store;
    struct tip_link *link; /* NULL: none. */
    const struct tip_clock *clock;
    struct tip_random *random;
    const struct tip_schema *schema;
    const struct tip_device_keys *keys;
    struct tip_operational_secret ref_secret;
    struct hub_watcher *watcher; /* NULL: none. */
    uint32_t catalogue;
    size_t frame_bytes; /* What a frame aims at; 0: by the link's speed. */
    struct tip_quota_limits quota; /* Of each device; zeros: no limits. */
    /* Another for each restore of the store, not 0; a new begins a recovery. */
    uint64_t restored_id;
    uint32_t restored_count; /* How many there were with it. */
    uint64_t recovery_ms;    /* How long to wait for offices; 0: for ever. */
};

/** A device the hub takes frames from. Plain data. */
struct hub_device {
    uint32_t origin;
    uint32_t office;
    struct tip_device_public keys;
    uint32_t key_epoch;
    struct tip_operational_secret office_secret;
    bool is_revoked;
    bool is_retired; /* Used no more: hub_retire.h. */
};

struct hub_engine;

/** How far the national order is. Plain data. */
struct hub_order {
    uint32_t generation;
    uint64_t commit; /* Newest given. */
    uint64_t seq;    /* Newest of the hub's own change-sets. */
};

/** Read it from a store that may have no engine. */
TIP_MUST_USE enum tip_err hub_engine_read_order(struct tip_txn *txn,
                                                struct hub_order *out_order);

/** Records that cannot be read are made again first, from the engine's frames.
 * TIP_ESTORE_DAMAGED: some cannot be, or something else cannot be read. */
TIP_MUST_USE enum tip_err hub_engine_open(const struct hub_engine_opts *opts,
                                          struct hub_engine **out_engine);
void hub_engine_close(struct hub_engine *engine);

void hub_engine_set_schema(struct hub_engine *engine,
                           const struct tip_schema *schema, uint32_t catalogue);

/** Enrol @device, whose origin was never used. If its office had one before, it
 * begins as hub_retire.h says. Durable after flush. TIP_EOFFICE_TAKEN: one of
 * that office is in use; TIP_EINVAL: its key epoch is not the next. */
TIP_MUST_USE enum tip_err hub_engine_enrol(struct hub_engine *engine,
                                           const struct hub_device *device);

/** Tell everybody to obey @control: the next entry of the control log, with a
 * commit of its own. What it means for the hub itself is the caller's to do, in
 * the same transaction. Durable after flush. TIP_EINVAL: it may not be said. */
TIP_MUST_USE enum tip_err hub_control_append(struct hub_engine *engine,
                                             const struct tip_ctl *control);

/**
 * Erase record @id by a decision of @decided_ms (Unix): here at once, at every
 * node once it has the entry of the control log. What frames and logs still say
 * of it goes by and by, as pump is called; hub_engine_erasing() tells.
 * *out_commit is its place in the national order. TIP_ENOTFOUND; TIP_EERASED:
 * it was erased before. Durable after flush.
 */
TIP_MUST_USE enum tip_err hub_engine_erase(struct hub_engine *engine,
                                           const struct tip_id *id,
                                           uint64_t decided_ms,
                                           uint64_t *out_commit);

/** How far erasures are here. */
struct hub_erasing {
    uint64_t newest;      /* Commit of the newest erasure; 0: there was none. */
    uint64_t done;        /* …of the newest of which nothing is left here. */
    enum tip_err trouble; /* What stops the rest; it is tried again. */
};
void hub_engine_erasing(const struct hub_engine *engine,
                        struct hub_erasing *out_erasing);

/** Give an origin that never was. Durable after flush. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err hub_engine_new_origin(struct hub_engine *engine,
                                                uint32_t *out_origin);

/** Write @draft as the hub's own next change-set and commit it. A new record
 * says which offices hold it (TIP_FIELD_OFFICES). Errors as node_engine_save.
 */
TIP_MUST_USE enum tip_err hub_engine_save(struct hub_engine *engine,
                                          const struct tip_draft *draft,
                                          struct tip_saved *out_saved);

/**
 * The store has gone back in time, as restore @id says (0: no restore was
 * noted, somebody says so): raise the generation,
 * so that no commit is given twice, and wait for what the offices hand back.
 * What comes is kept and acknowledged, but commits only when the recovery is
 * finished: with the commits it had, as far as somebody knows them. Durable.
 */
TIP_MUST_USE enum tip_err hub_engine_recovery_begin(struct hub_engine *engine,
                                                    uint64_t id);

/** Wait no longer for offices that are not back. Whatever they hand back later
 * gets new commits. TIP_ENOT_RECOVERING. Durable after flush. */
TIP_MUST_USE enum tip_err hub_engine_recovery_finish(struct hub_engine *engine);

/** Where a recovery is. Plain data. */
struct hub_recovery {
    bool is_open;     /* Nothing is committed until it is finished. */
    uint64_t follows; /* The newest commit that was restored. */
    uint64_t started_ms, ends_ms; /* Unix; ends_ms 0: not by itself. */
    uint64_t finished_ms;         /* Unix; 0: it is open, or never was. */
    size_t missing;               /* Devices that are not back. */
};
void hub_engine_recovery(const struct hub_engine *engine,
                         struct hub_recovery *out_recovery);

/** One message of device @origin came over the link. */
void hub_engine_receive(struct hub_engine *engine, uint32_t origin,
                        struct tip_bytes message);
void hub_engine_link_up(struct hub_engine *engine, uint32_t origin);
void hub_engine_link_down(struct hub_engine *engine, uint32_t origin);

/** Make durable; on an error nothing since the last flush is there and the
 * engine goes on from what the store holds. */
TIP_MUST_USE enum tip_err hub_engine_flush(struct hub_engine *engine);

/** Has the next flush something to sync? */
bool hub_engine_is_writing(const struct hub_engine *engine);

/** Why something that was not durable yet was lost since the last call, also
 * within a flush that another call made; TIP_OK: nothing was. */
enum tip_err hub_engine_take_loss(struct hub_engine *engine);

/** Why what came last was not kept, and is not acknowledged: the store may be
 * full. TIP_OK once something was kept again. */
enum tip_err hub_engine_losing(const struct hub_engine *engine);

/** Acknowledge what is durable and send what is due, cutting frames durably
 * first. Flushes. */
TIP_MUST_USE enum tip_err hub_engine_pump(struct hub_engine *engine);

/** Send everything on channel @number again, from now on and however often it
 * was done before. TIP_ENOTFOUND: nobody follows it. */
TIP_MUST_USE enum tip_err hub_engine_send_again(struct hub_engine *engine,
                                                uint32_t number);

/** Try again what waits because the catalogue was too old. */
TIP_MUST_USE enum tip_err hub_engine_release(struct hub_engine *engine);

TIP_MUST_USE enum tip_err hub_engine_txn(struct hub_engine *engine,
                                         struct tip_txn **out_txn);
/** The transaction to write rows of the program itself in; durable with the
 * next flush. Borrowed as hub_engine_txn(). */
TIP_MUST_USE enum tip_err hub_engine_write_txn(struct hub_engine *engine,
                                               struct tip_txn **out_txn);

/** The rows written so far in this transaction do not fit together because of
 * @err: the next flush gives that and keeps nothing of it. */
void hub_engine_fail(struct hub_engine *engine, enum tip_err err);

const struct tip_record_table *
hub_engine_records(const struct hub_engine *engine);

/** Read record @ordinal in @arena. */
TIP_MUST_USE enum tip_err hub_engine_view(struct hub_engine *engine,
                                          uint32_t ordinal,
                                          struct tip_arena *arena,
                                          struct tip_record *out_view);
struct tip_seen hub_engine_seen(const struct hub_engine *engine);

/** What every device may; borrowed. */
const struct tip_quota_limits *
hub_engine_quota(const struct hub_engine *engine);

/** What of @use counts today. */
struct tip_quota_use hub_engine_quota_use(const struct hub_engine *engine,
                                          const struct tip_quota_use *use);

/** Borrow device number @index, in no order, until the next call that enrols or
 * flushes; NULL behind the last. */
const struct hub_device *hub_engine_device(const struct hub_engine *engine,
                                           size_t index);

/** The office of @origin, whether or not it is who its device is on the link;
 * 0: there is none. */
uint32_t hub_engine_office_of(struct hub_engine *engine, uint32_t origin);

/** How far the feed of @origin is here. TIP_ENOTFOUND: no such device. */
TIP_MUST_USE enum tip_err hub_engine_feed(struct hub_engine *engine,
                                          uint32_t origin,
                                          uint32_t *out_generation,
                                          struct tip_head *out_head);

/** Index of the newest frame of @channel that the device has confirmed in the
 * session that is on; 0: not known. */
uint64_t hub_engine_known(struct hub_engine *engine, uint32_t origin,
                          uint32_t channel);

/** Borrow frame @index of @channel until the engine's next call, cut durably if
 * it was not yet. TIP_ENOTFOUND: there is nothing to cut. Flushes. */
TIP_MUST_USE enum tip_err hub_engine_export_frame(struct hub_engine *engine,
                                                  uint32_t channel,
                                                  uint64_t index,
                                                  struct tip_bytes *out_frame);

/** A bundle that @origin made at @made_ms of its clock is proved whole: it was
 * heard of then, but not after now, and has @saved change-sets. */
void hub_engine_hear(struct hub_engine *engine, uint32_t origin,
                     uint64_t made_ms, uint64_t saved);

/** Such a bundle says how far @origin has a channel and, unless @parts is NULL,
 * that it does not hold what it should, but @parts: begin to send it again, by
 * link or bundle. Durable after flush. TIP_EPROTOCOL: not a channel it holds.
 */
TIP_MUST_USE enum tip_err
hub_engine_hear_channel(struct hub_engine *engine, uint32_t origin,
                        const struct tip_channel_position *position,
                        const struct tip_parts *parts);

/** A frame of @origin out of a bundle. TIP_EEXISTS: it was here already;
 * TIP_EBUNDLE_GAP: frames before it are not; any other: it is not believed.
 * Durable after flush. */
TIP_MUST_USE enum tip_err hub_engine_import_frame(struct hub_engine *engine,
                                                  uint32_t origin,
                                                  struct tip_bytes frame);

/** A change-set that waits. */
struct hub_held {
    uint64_t seq;
    uint64_t since_ms; /* By the hub's clock. */
    uint32_t origin;
    enum tip_hold reason;
};
size_t hub_engine_held(struct hub_engine *engine, struct hub_held *out_held,
                       size_t max);

/** The one behind (@origin, @seq). TIP_ENOTFOUND: that was all. */
TIP_MUST_USE enum tip_err hub_engine_held_next(struct hub_engine *engine,
                                               uint32_t origin, uint64_t seq,
                                               struct hub_held *out_held);

/** Borrow change-set @seq of @origin, as it came, until the engine's next call
 * that takes or writes anything. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err
hub_engine_held_set(struct hub_engine *engine, uint32_t origin, uint64_t seq,
                    const struct tip_change_set **out_set);

/** What a person decided about (@origin, @seq), in @arena. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_engine_find_ruling(struct hub_engine *engine,
                                                 uint32_t origin, uint64_t seq,
                                                 struct tip_arena *arena,
                                                 struct tip_ruling *out_ruling,
                                                 uint64_t *out_commit);

/** What a person decides about what is held back. */
struct hub_ruling {
    uint32_t origin;
    uint64_t first, last; /* Seqs; those of them that are held back. */
    bool is_accepted;     /* Else rejected. */
    struct tip_bytes by;  /* Text, at most TIP_AUTHOR_BYTES_MAX. */
    struct tip_bytes reason;
};

/** What came of it. */
struct hub_ruled {
    uint64_t count;    /* Decided. */
    uint64_t released; /* Waited behind something and went on. */
    uint64_t left;     /* Could not be accepted; why the first of them: */
    enum tip_hold hold;
    bool is_more; /* Call again: one call decides about some hundred. */
};

/**
 * Decide. What is accepted commits, with its base lowered to what its author
 * provably had; what is rejected goes to the history; both are told to the
 * author's office, and what waited behind them goes on. Durable after flush.
 *
 * TIP_ENOT_HELD: none of it waits. TIP_EEXISTS: it was decided so before.
 * TIP_EUNACCEPTABLE (accepting; or nobody can read it): see @out_ruled, which
 * is written with these three too. TIP_EREASON, TIP_EINVAL; any other error
 * loses the transaction.
 */
TIP_MUST_USE enum tip_err hub_engine_rule(struct hub_engine *engine,
                                          const struct hub_ruling *ruling,
                                          struct hub_ruled *out_ruled);

#endif /* HUB_ENGINE_H */
