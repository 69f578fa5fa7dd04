/*
 * Internal: the parts of the hub's engine.
 *
 * hub_engine.c   open, close, the open transaction, flush
 * hub_offices.c  devices and channels
 * hub_row.c      single rows and their bytes
 * hub_save.c     drafts become the hub's own change-sets
 * hub_feed.c     frames of nodes in
 * hub_judge.c    what speaks against a change-set
 * hub_hold.c     what is held back, and what waits; hub_release.h: judged again
 * hub_rule.c     …ruled on by a person, hub_refused.h; hub_revert.h: one device
 *                undone
 * hub_quota.c    what a device may undo or send in a day
 * hub_holding.c what each office holds, as a digest
 * hub_commit.c   change-sets into the national order
 * hub_channel.c  what channels are told; hub_control.c: what all must obey
 * hub_continue.h (hub_answer.c too), hub_clone.h, hub_told.h, hub_retire.h
 * hub_cut.c      …and the frames cut from that; hub_carry.c: on a stick
 * hub_repair.c, hub_scrub.c: hub_repair.h; hub_sums.c: its header;
 * hub_rebuild.c: hub_tale.h hub_erase.c    records that are erased by law
 * hub_talk.c     messages in and out; hub_devices.c  each device as it is seen;
 *                hub_said.h  what it says of itself
 * hub_recovery.h lists what follows a restore
 */
#ifndef HUB_ENGINE_INTERNAL_H
#define HUB_ENGINE_INTERNAL_H

#include "hub_clone.h"
#include "hub_engine.h"
#include "hub_holding.h"
#include "hub_named.h"
#include "hub_recovery_row.h"
#include "hub_repair.h"
#include "tip_admit.h"
#include "tip_arena.h"
#include "tip_codec.h"
#include "tip_hlc.h"
#include "tip_holding.h"
#include "tip_sweep.h"
#include "tip_talk.h"
#include "tip_wire_cut.h"

enum {
    HUB_ARENA_BYTES_MAX = 64 * 1024 * 1024,
    HUB_SKEW_MS_MAX = 10 * 60 * 1000,
    HUB_CHANNELS_MAX = HUB_ORIGINS_MAX + 2,
    /* A part of a change-set names new records by id and by birth. */
    HUB_ITEM_BYTES_MAX =
        TIP_CHANGE_SET_BYTES_MAX + 32 * TIP_CHANGE_SET_RECORDS_MAX + 64
};

/* What of the order and the clock must survive; one row. */
struct hub_order_row {
    uint32_t generation;
    uint64_t commit; /* Newest given. */
    uint64_t seq;    /* Newest of the hub's own change-sets. */
    uint32_t origin; /* Highest ever given. */
    struct tip_stamp ceiling;
};

/* What of a device must survive; one row each. */
struct hub_origin_row {
    struct hub_device device;
    struct tip_admission admission;
    struct tip_head head; /* Of its feed, as far as it is here. */
    uint64_t last_heard_ms;
    struct tip_quota_use use;  /* Of the device; in its first row. */
    uint64_t differs_since_ms; /* Its office holds something else; 0: no. */
    uint64_t erased;    /* The newest erasure it has carried out whole. */
    uint64_t useful_ms; /* …and moved something, or had nothing to. */
    /* A device that was restored from a backup goes on under another origin.
     * The first of a device is who it is on the link; its row has the session,
     * the newest has the feed. */
    uint32_t root;
    uint32_t continues; /* The one before; 0: none. */
    uint64_t up_to;     /* …whose change-sets it had seen up to here. */
    uint64_t start;     /* The seq before its first. */
    uint64_t told;      /* Others had its change-sets up to here, at least. */
    bool is_closed;     /* Another goes on. */
    uint8_t token[TIP_TOKEN_SIZE]; /* Of the request it was opened for. */
    struct tip_head joined; /* Its channel begins behind it: hub_retire.h. */
    struct hub_copy_row copy;
};

/* Channels there always are. */
enum { HUB_CHANNEL_REF = 0, HUB_CHANNEL_CTL = 1, HUB_CHANNELS_FIXED = 2 };

/* A device, and the session with it. */
struct hub_origin {
    struct hub_origin_row row;
    size_t channel;               /* Of its office: which of the channels. */
    bool is_dirty, said_is_dirty; /* The latter: @said has changed. */
    struct tip_frame_key key;     /* Of its frames. */
    struct tip_hub_session session;
    struct tip_talk talk;
    bool link_is_up;
    struct hub_named named;
    uint64_t held_count;
    uint64_t held_for[TIP_HOLD_COUNT]; /* …by reason. */
    bool is_frozen; /* Its frame would stop everybody: none until a restart. */
    enum tip_err trouble;
    uint64_t bad_messages;
    struct hub_device_status said; /* What it said of itself: hub_said.h. */
    struct hub_return_row back;
    uint64_t has_framed; /* What its HELLO said to have of its own feed… */
    uint64_t has[TIP_CHANNELS_MAX]; /* …and of ours, as ordered below. */
    uint64_t opened_at, back_ms;    /* Its seq at start; when it handed back. */
    bool is_ahead;                  /* It has more than this hub ever gave. */
    uint32_t welcomed; /* The generation it was told last, since open. */
    struct hub_torn torn[HUB_CHANNELS_FIXED]; /* As ordered below. */
    uint64_t recall_due;      /* It is owed its frame with this seq; 0: none. */
    struct tip_lost lost_due; /* …or that one, if its number is not 0… */
    uint32_t continued_due;   /* …that it goes on under this; 0: no. */
    enum tip_err refusal_due; /* …or why it may not. */
    bool clone_due;
    uint32_t greeted; /* The feed its HELLO named. */
    enum tip_agreement ref_agreement;
};

/* What of a channel must survive; one row each. */
struct hub_channel_row {
    uint32_t channel;
    struct tip_head head; /* Newest frame cut. */
    uint64_t newest;      /* Position of the newest item in the log. */
    uint64_t cut;         /* …that is in a frame. */
    bool has_news;        /* What is held back has changed since. */
};

struct hub_channel {
    struct hub_channel_row row;
    bool is_dirty;
    struct tip_frame_key key; /* Once the office has a device. */
    uint32_t key_epoch;
    struct tip_echo echo; /* A run that may still grow; count 0: none. */
    struct tip_digest_key digest_key;
    bool has_key;
    bool is_counted; /* @holding is what its audience holds. */
    bool holding_is_dirty;
    bool holding_is_lost; /* What was kept of it cannot be read. */
    struct tip_holding holding;
    struct hub_repair repair;
    uint64_t kept; /* Frames that are not handed back come up to here. */
    /* While lost commits are replayed: commits that were told before the
     * restore; and of one that was only begun, whether what it wrote was. */
    uint64_t told, begun_commit;
    bool has_begun;
};

struct hub_engine {
    struct hub_engine_opts opts;
    struct hub_scrub scrub;
    struct tip_hlc hlc;
    struct tip_codec *codec; /* Owned. */
    struct tip_txn *txn;     /* Open transaction, or NULL. */
    bool is_writing;
    bool order_is_dirty;
    bool calendar_is_dirty;
    enum tip_err failure;       /* @txn may not be committed: why. */
    enum tip_err loss;          /* Why one was lost; not told yet. */
    enum tip_err sweep_trouble; /* What stops an erasure. */
    enum tip_err losing;    /* Why what came last was not kept; or TIP_OK. */
    bool is_adrift;         /* What is in memory may not be in the store. */
    bool took_erased;       /* What came wrote to a record that was erased. */
    struct tip_arena arena; /* For one frame or save at a time. */
    struct tip_arena work;  /* For one change-set within it. */
    struct tip_arena said;  /* For one message at a time. */
    struct tip_arena held;  /* For one row of what is held back. */
    struct tip_record_table records;
    struct tip_lineage lineage; /* As the control log says. */
    struct hub_order_row order;
    struct tip_calendar calendar; /* When which commits were given. */
    struct hub_origin *origins[HUB_ORIGINS_MAX]; /* Owned. */
    size_t origin_count;
    size_t channel_count;            /* Only grows. */
    uint8_t row[HUB_ITEM_BYTES_MAX]; /* An item on its way to a log. */
    struct tip_wire_cut cut;         /* How well channels pack. */
    struct tip_sweep sweep;          /* What erasures leave to do. */
    uint64_t sweep_retry_ms;         /* When to try again. */
    struct tip_index waiting; /* (origin, record) of what is held back. */
    struct hub_recovery_row recovery;
    uint64_t recovery_retry_ms; /* Elapsed: not before, after a failure. */
    uint64_t recovery_noted_ms; /* Elapsed: up to here it is in waited_ms. */
    struct hub_channel channels[HUB_CHANNELS_MAX]; /* Last: see the closing. */
};

/* hub_engine.c */

/** Open a transaction to write in, if none is. */
TIP_MUST_USE enum tip_err hub_engine_write(struct hub_engine *engine);

/** The same for what goes on in a full store; an open one stays as it is. */
TIP_MUST_USE enum tip_err hub_engine_write_reserve(struct hub_engine *engine);

/** Let go of the open transaction, of which nothing is in memory. */
void hub_engine_drop(struct hub_engine *engine);

/* hub_offices.c */

/** Read all devices and channels; on a reload, what was lost goes. */
TIP_MUST_USE enum tip_err hub_offices_load(struct hub_engine *engine,
                                           struct tip_txn *txn);

/** Write those that have changed; then, once it is durable, say so. */
TIP_MUST_USE enum tip_err hub_offices_store(struct hub_engine *engine);
void hub_offices_mark_clean(struct hub_engine *engine);

void hub_offices_close(struct hub_engine *engine);

/** NULL if there is none. */
struct hub_origin *hub_engine_origin(struct hub_engine *engine,
                                     uint32_t origin);
struct hub_channel *hub_engine_channel(struct hub_engine *engine,
                                       uint32_t channel);

/** The same; one that nobody follows yet is made. NULL: too many. */
struct hub_channel *hub_engine_make_channel(struct hub_engine *engine,
                                            uint32_t channel);

/** Take on the device of @row. */
TIP_MUST_USE enum tip_err hub_offices_add(struct hub_engine *engine,
                                          const struct hub_origin_row *row);

/** Tell everybody that the feed of @row begins. */
TIP_MUST_USE enum tip_err
hub_offices_announce(struct hub_engine *engine,
                     const struct hub_origin_row *row);

/** @origin was given, whoever gave it: never again. */
void hub_offices_note_origin(struct hub_engine *engine, uint32_t origin);

/** The head before the first frame of the feed of @row. */
struct tip_head hub_offices_start(const struct hub_origin_row *row);

/* hub_feed.c */

/** A frame of device @origin came, by link or USB. TIP_EAGAIN: frames before it
 * are missing; TIP_EEXISTS: had it already; TIP_EFORK. Any other error: it is
 * not believed, nothing is changed. */
TIP_MUST_USE enum tip_err hub_feed_frame(struct hub_engine *engine,
                                         struct hub_origin *origin,
                                         struct tip_bytes frame);

/** The change-sets of one frame, in engine->arena. */
struct hub_sets {
    const struct tip_change_set *sets;
    size_t count;
    uint64_t first; /* Seq. */
};

/** Read the frame in which change-set @seq of @origin came. */
TIP_MUST_USE enum tip_err hub_feed_load(struct hub_engine *engine,
                                        const struct hub_origin *origin,
                                        uint64_t seq,
                                        struct hub_sets *out_sets);

/* hub_judge.c */

/** The records of a change-set, found. */
struct hub_targets {
    uint32_t *ordinals;             /* 0: new. */
    struct tip_wire_record *stored; /* As they are now. */
};

/** A change-set on its way in: its records, and what speaks against it. */
struct hub_arrival {
    struct hub_origin *origin;
    const struct tip_change_set *set;
    struct hub_targets targets;
    struct tip_id *ids;  /* Of its records. */
    size_t erased_count; /* …that were erased. */
    enum tip_hold hold;
    bool is_accepted; /* By a person. */
    /* Should it be held back: the newest checkpoint its author provably had,
     * and since when. */
    uint64_t proven;
    uint64_t since_ms;
};

/** Find the records of @set and judge it; all of it lives in engine->work.
 * @known: what speaks against it already. An error is the store's. */
TIP_MUST_USE enum tip_err hub_judge(struct hub_engine *engine,
                                    struct hub_origin *origin,
                                    const struct tip_change_set *set,
                                    enum tip_hold known,
                                    struct hub_arrival *out_arrival);

/** The same for one that a person accepts; @set has the base that its author
 * provably had and gets one it had of all its records. */
TIP_MUST_USE enum tip_err hub_judge_accepted(struct hub_engine *engine,
                                             struct hub_origin *origin,
                                             struct tip_change_set *set,
                                             struct hub_arrival *out_arrival);

/* hub_hold.c */

struct hub_held_row;

/** Keep @arrival, which may not commit, with the reason, and note it. */
TIP_MUST_USE enum tip_err hub_hold_back(struct hub_engine *engine,
                                        const struct hub_arrival *arrival);

/** Count what is held back and index what waits behind it. */
TIP_MUST_USE enum tip_err hub_hold_load(struct hub_engine *engine);

/** From now on later change-sets to the records of @row wait. The row itself is
 * the caller's to store. */
TIP_MUST_USE enum tip_err hub_hold_note(struct hub_engine *engine,
                                        const struct hub_held_row *row);

/** The opposite, for all rows of an origin together: two may wait for the same
 * record. */
void hub_hold_forget(struct hub_engine *engine, const struct hub_held_row *row);

/** Let the next checkpoint tell @origin's office what is held back. */
void hub_hold_tell(struct hub_engine *engine, const struct hub_origin *origin);

/** Is change-set (@origin, @seq), which came, held back, or did a person refuse
 * it? Of one that took effect neither is true. */
TIP_MUST_USE enum tip_err hub_hold_look(struct hub_engine *engine,
                                        uint32_t origin, uint64_t seq,
                                        bool *out_is_held,
                                        bool *out_is_refused);

/** Must a change-set of @origin to @record wait? */
bool hub_hold_is_behind(struct hub_engine *engine,
                        const struct hub_origin *origin,
                        const struct tip_id *record);

/** What of @origin is decided, its runs borrowed until something is held back
 * or let go. At most @max of them are named, and those of very many change-sets
 * that were there when some were let go; the others are counted. */
TIP_MUST_USE enum tip_err hub_hold_name(struct hub_engine *engine,
                                        struct hub_origin *origin, size_t max,
                                        struct tip_decided *out_decided);

/* hub_commit.c */

/** Give @set the next commit: into its records, their history, the channels of
 * all who hold them. An error loses the transaction. */
TIP_MUST_USE enum tip_err hub_commit_set(struct hub_engine *engine,
                                         const struct tip_change_set *set,
                                         struct hub_targets *targets);

/** The same; @set was accepted by @ruling with another base than its author
 * wrote, who is told that. */
TIP_MUST_USE enum tip_err hub_commit_ruled(struct hub_engine *engine,
                                           const struct tip_change_set *set,
                                           struct hub_targets *targets,
                                           const struct tip_ruling *ruling);

/* hub_channel.c */

/** Tell @channel that own change-set @seq of @origin has @commit. */
TIP_MUST_USE enum tip_err hub_channel_echo(struct hub_engine *engine,
                                           struct hub_channel *channel,
                                           uint32_t origin, uint64_t seq,
                                           uint64_t commit,
                                           enum tip_verdict verdict);

/** Append @item to the log of @channel. */
TIP_MUST_USE enum tip_err hub_channel_append(struct hub_engine *engine,
                                             struct hub_channel *channel,
                                             const struct tip_item *item);

/** Write @item as row @number of the log of @channel. */
TIP_MUST_USE enum tip_err hub_channel_put(struct hub_engine *engine,
                                          const struct hub_channel *channel,
                                          uint64_t number,
                                          const struct tip_item *item);

/** Append the whole of @record, as it is at @commit, to the log of @channel. */
TIP_MUST_USE enum tip_err
hub_channel_append_state(struct hub_engine *engine, struct hub_channel *channel,
                         const struct tip_record *record, uint64_t commit);

/** Write out the run that was still growing, if there is one: of a channel, or
 * of all. */
TIP_MUST_USE enum tip_err hub_channel_settle(struct hub_engine *engine,
                                             struct hub_channel *channel);
TIP_MUST_USE enum tip_err hub_channel_settle_all(struct hub_engine *engine);

/* hub_cut.c */

/** Index of the newest frame there is or could be cut. */
uint64_t hub_cut_offer(const struct hub_channel *channel);

/** Make sure that frame @index exists, durable after flush. If it is cut now it
 * aims at @target_bytes; one item always goes in. TIP_ENOTFOUND: there is
 * nothing to cut. */
TIP_MUST_USE enum tip_err hub_cut(struct hub_engine *engine,
                                  struct hub_channel *channel, uint64_t index,
                                  size_t target_bytes);

#endif /* HUB_ENGINE_INTERNAL_H */
