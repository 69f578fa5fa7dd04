/*
 * The node's engine: saves, frames, and follows the hub.
 *
 * It glues the pure core to a store and a link it is given and does nothing on
 * its own: no thread, no socket, no clock but the one passed in. The daemon and
 * the simulator drive the same code.
 *
 * Group commit: node_engine_save() and node_engine_receive() write into one
 * open transaction; node_engine_flush() makes it durable. Only then may a save
 * be acknowledged to a person, and only then does node_engine_pump() tell the
 * hub. Call them in a loop: save and receive whatever there is, flush, pump.
 *
 * One thread. Reading goes through node_engine_txn(), which sees the open
 * transaction, own saves included.
 */
#ifndef NODE_ENGINE_H
#define NODE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_budget.h"
#include "tip_draft.h"
#include "tip_frame_seal.h"
#include "tip_keys.h"
#include "tip_merge.h"
#include "tip_node_session.h"
#include "tip_record_table.h"
#include "tip_survey.h"

struct tip_clock;
struct tip_link;
struct tip_random;
struct tip_store;

/** Who this device is and whom it trusts. Plain data, copied. */
struct node_identity {
    uint32_t origin;
    uint32_t office;
    uint32_t key_epoch;
    struct tip_operational_secret office_secret; /* Own channel, and feed. */
    struct tip_operational_secret ref_secret;    /* Channel REF. */
    uint32_t hub_origin;
    struct tip_sign_public hub_sign;
    struct tip_box_public hub_box;
    /* A device that takes the place of another begins behind this frame of the
     * own channel, which it does not have; number 0: with the first. */
    struct tip_head joined;
    uint32_t joined_generation;
};

/** What an engine works with; everything borrowed, outlives the engine. */
struct node_engine_opts {
    struct tip_store *store;
    struct tip_link *link; /* NULL: no link; bundles and saves still work. */
    const struct tip_clock *clock;
    struct tip_random *random;
    const struct tip_schema *schema;
    const struct tip_device_keys *keys;
    const struct node_identity *identity;
    struct tip_bytes version; /* Of the program, text. */
    uint32_t catalogue;       /* Version in use. */
    size_t frame_bytes; /* What a frame aims at; 0: by the link's speed. */
};

struct node_engine;

/** How far a store is. Plain data. */
struct node_extent {
    uint32_t generation; /* Of the hub, as last heard. */
    uint64_t checkpoint; /* Of the own channel. */
    uint64_t saved;      /* Newest own seq… */
    uint64_t delivered;  /* …and that the hub has, as far as is written. */
};

/** Read it from a store that may have no engine. */
TIP_MUST_USE enum tip_err node_engine_read_extent(struct tip_txn *txn,
                                                  uint32_t origin,
                                                  uint32_t office,
                                                  struct node_extent *out);

/** How many bytes may go over the line in a day, both ways; 0: any. And: let it
 * go on this day although they are used. */
void node_engine_set_budget(struct node_engine *engine, uint64_t day_bytes);
void node_engine_override_budget(struct node_engine *engine);

/** If the session has stopped, ask the hub again with the next pump. */
void node_engine_ask_again(struct node_engine *engine);

/** So many bytes went over the line that the engine did not see. */
void node_engine_spend(struct node_engine *engine, uint64_t bytes);

/** What the node says of itself with each greeting and each hour, but for its
 * store, its clock, its line and what waits, which the engine knows. And: it
 * has changed so much that the hub is to be told soon. */
void node_engine_set_health(struct node_engine *engine,
                            const struct tip_health *health);
void node_engine_tell(struct node_engine *engine);

/** Open over what the store holds, or start new. Errors of the store. */
TIP_MUST_USE enum tip_err node_engine_open(const struct node_engine_opts *opts,
                                           struct node_engine **out_engine);

/** Abort what is not flushed and release. Accepts NULL. */
void node_engine_close(struct node_engine *engine);

/** Use another catalogue from now on, and tell the hub; borrowed. */
void node_engine_set_schema(struct node_engine *engine,
                            const struct tip_schema *schema,
                            uint32_t catalogue);

/**
 * Write @draft as the next change-set. TIP_ECHANGED: a cell was written since
 * it was seen, or this office has come to the record since; TIP_ENOTFOUND;
 * TIP_EACCESS: it does not hold it; TIP_EOFFICES: nobody would; TIP_EVALUE,
 * TIP_EUNKNOWN_FIELD: see the schema; TIP_ETOOBIG: over
 * TIP_CHANGE_SET_BYTES_MAX; TIP_ERECORD_FULL: the record would be over its
 * limits, and larger than it is; TIP_ERECORD_WAITS: of its own saves of it the
 * hub has to decide on TIP_WIRE_OVERLAY_MAX; TIP_ESTORE_FULL. Then nothing of
 * it is written and what was saved before it stands. Durable after flush.
 */
TIP_MUST_USE enum tip_err node_engine_save(struct node_engine *engine,
                                           const struct tip_draft *draft,
                                           struct tip_saved *out_saved);

/** One message of the hub came over the link. What is wrong with it is the
 * peer's fault: it is dropped, counted and, where it matters, shown. */
void node_engine_receive(struct node_engine *engine, struct tip_bytes message);

/** The link came up or went down. */
void node_engine_link_up(struct node_engine *engine);
void node_engine_link_down(struct node_engine *engine);

/**
 * Make durable what was saved and received since the last flush. On an error
 * nothing of it is there: every save since then failed, the session starts
 * again, and the engine goes on from what the store holds.
 */
TIP_MUST_USE enum tip_err node_engine_flush(struct node_engine *engine);

/** Why something that was not durable yet was lost since the last call, also
 * within a flush that another call made; TIP_OK: nothing was. */
enum tip_err node_engine_take_loss(struct node_engine *engine);

/** Do what is due: greet, send frames (cutting them durably first), tell the
 * hub what is durable here. Flushes. */
TIP_MUST_USE enum tip_err node_engine_pump(struct node_engine *engine);

/** Read all records from the next pump on, a few at each, to see whether any is
 * gone; it happens by itself every 48 hours that the program runs. */
void node_engine_scrub(struct node_engine *engine);

/** Cut frames of everything saved, as an export or a bench does. Flushes. */
TIP_MUST_USE enum tip_err node_engine_cut_all(struct node_engine *engine);

/** The transaction to read in: borrowed until the next flush, save or receive.
 * TIP_EIO and store errors. */
TIP_MUST_USE enum tip_err node_engine_txn(struct node_engine *engine,
                                          struct tip_txn **out_txn);

/** The transaction to write rows of the program itself in, also in a full
 * store; durable with the next flush. Borrowed as node_engine_txn(). */
TIP_MUST_USE enum tip_err node_engine_write_txn(struct node_engine *engine,
                                                struct tip_txn **out_txn);

const struct tip_record_table *
node_engine_records(const struct node_engine *engine);

/** Read record @ordinal as a person sees it: committed state and the overlay
 * on it, in @arena; and the point to bring back with an edit. */
TIP_MUST_USE enum tip_err node_engine_view(struct node_engine *engine,
                                           uint32_t ordinal,
                                           struct tip_arena *arena,
                                           struct tip_wire_record *out_stored,
                                           struct tip_record *out_view);
struct tip_seen node_engine_seen(const struct node_engine *engine);

/** A record that was erased, and what went with it of this device's own work
 * that the hub had not decided yet. Plain data. */
struct node_erasure {
    struct tip_id record;
    uint64_t commit;     /* Of the erasure. */
    uint64_t decided_ms; /* Unix. */
    bool was_here;       /* This office had the record. */
    uint64_t lost_count; /* Own change-sets that went, whole or in part… */
    struct tip_stamp lost_first, lost_last; /* …from when to when… */
    char author[TIP_AUTHOR_BYTES_MAX + 1];  /* …the newest of them by whom. */
};

/** The erasure that follows that of commit @after. TIP_ENOTFOUND: there is no
 * more. Errors of the store. */
TIP_MUST_USE enum tip_err
node_engine_next_erasure(struct node_engine *engine, uint64_t after,
                         struct node_erasure *out_erasure);

/** How far erasures are here. */
struct node_erasing {
    uint64_t newest;      /* Commit of the newest erasure; 0: there was none. */
    uint64_t done;        /* …of the newest of which nothing is left here. */
    enum tip_err trouble; /* What stops the rest; it is tried again. */
};
void node_engine_erasing(const struct node_engine *engine,
                         struct node_erasing *out_erasing);

/* Rows that the disk had altered, and that were made again; or begun again. */
enum {
    NODE_REMADE_ROLL = 1 << 0,   /* Which records are being sent again. */
    NODE_REMADE_HELD = 1 << 1,   /* What the hub holds back. */
    NODE_REMADE_BUDGET = 1 << 2, /* What was used of the day's bytes. */
    NODE_REMADE_SWEEP = 1 << 3   /* How far erasures are. */
};

/** Own saves that neither this disk nor the hub has any more. */
struct node_destroyed {
    uint64_t count; /* So many… */
    uint64_t first; /* …from this seq on… */
    uint64_t last;  /* …to this. */
};

/** What of the own feed is where. */
struct node_status {
    enum tip_node_state session;
    enum tip_err trouble;   /* Why the session stopped; TIP_OK if not. */
    enum tip_err hindrance; /* Why the hub takes in no more, as it said last… */
    bool has_stray;  /* …and that a copy of this disk runs that is not to. */
    bool is_stopped; /* A channel goes on in no session: what the hub sent
                      * does not apply, or needs a newer program. */
    bool is_full;    /* The newest save was refused for want of room. */
    struct node_destroyed destroyed; /* With them stops what we send. */
    uint64_t saved;                  /* Newest own seq. */
    uint64_t framed;
    uint64_t confirmed;    /* …durable with the hub. */
    uint64_t delivered_ms; /* Unix: when the newest of it was, since open; 0. */
    uint64_t decided;      /* …decided by the hub, as far as it told us. */
    enum tip_agreement agreement; /* Do we hold what the hub says? */
    uint64_t differs_since_ms;    /* Unix; 0: we do. */
    uint64_t scrubbed_ms; /* Unix, when all records were read last; 0: never. */
    uint64_t scrub_found; /* How many such readings in a row found a fault. */
    uint32_t scrub_next;  /* Of the one that is on, the next; 0: none is… */
    uint32_t scrub_end;   /* …and where it ends. */
    struct tip_survey_report scrub_rest; /* Of everything but the records. */
    uint64_t lost_count;  /* Records that could not be read, since open… */
    uint32_t remade;      /* …and NODE_REMADE_… of what else. */
    bool is_sent_again;   /* Records, the copies of which are in doubt… */
    uint64_t again_came;  /* …so many so far… */
    uint64_t again_count; /* …of so many, about. */
    uint64_t held_count;  /* Own change-sets the hub holds back. */
    uint64_t checkpoint;  /* Newest commit of the own channel. */
    uint64_t records;     /* Held here, as far as they are merged. */
    uint32_t generation;
    bool hub_is_restored;   /* As a stick has said since open; it has not been
                             * heard since. */
    uint64_t bad_messages;  /* Dropped since open. */
    uint64_t round_trip_ms; /* Of the line, as the greeting took; while live. */
    int64_t clock_offset_ms; /* Our clock minus the hub's, at the greeting. */
    uint64_t goodput_bps;    /* …what it carries up; 0: not known. */
    uint64_t resent_bytes;   /* Sent more than once since open. */
    uint64_t budget_bytes;   /* Of a day, for the line; 0: any. */
    uint64_t spent_bytes;    /* …of them so far. */
    uint64_t rest_ms;        /* Used up: goes on after this; 0: it is not. */
    uint64_t again_ms;    /* The session stopped: the hub is asked again after
                           * this; 0: it is not, or not waited for. */
    bool is_asked_again;  /* It is now, and has not answered. */
    uint32_t feed;        /* The origin it writes under… */
    uint64_t feed_start;  /* …from behind this seq on: where it went on after
                           * it was restored from a backup; 0: it never was. */
    bool is_recovering;   /* It was, and is on its way: */
    uint64_t recalled;    /* …has back its own work up to this seq */
    uint64_t recalled_to; /* …of so many. */
};
void node_engine_status(struct node_engine *engine,
                        struct node_status *out_status);

/** How long the oldest change-set that the hub has not confirmed waits; 0: none
 * does. */
uint64_t node_engine_waiting_ms(struct node_engine *engine);

/** What waits for the hub, roughly, as it will travel. */
uint64_t node_engine_waiting_bytes(struct node_engine *engine);

/**
 * Borrow the frame with own change-set @seq until the engine's next call, cut
 * durably if it was not yet, and say where it ends; where the feed has a gap,
 * the first behind it. TIP_ENOTFOUND: nothing was saved from there on;
 * TIP_ESTORE_DAMAGED: the disk lost it. Flushes.
 */
TIP_MUST_USE enum tip_err node_engine_export_frame(struct node_engine *engine,
                                                   uint64_t seq,
                                                   struct tip_bytes *out_frame,
                                                   uint64_t *out_last);

enum { NODE_CHANNELS = 3 /* Own, REF, CTL. */ };

/** How far the own feed is cut, and how far the channels are here; of each that
 * differs from what the hub says, and is not being sent, what is held; NULL:
 * that is not wanted. */
void node_engine_position(
    const struct node_engine *engine, struct tip_head *out_feed,
    struct tip_channel_position out_channels[NODE_CHANNELS],
    struct tip_parts out_parts[NODE_CHANNELS]);

/**
 * A bundle of the hub says that it has our feed up to @head. Call this before
 * its frames. TIP_EFORK: that is not on our chain, take none of them.
 * TIP_EBUNDLE_RESTORED: of another generation; let the link settle that.
 * Durable after flush.
 */
TIP_MUST_USE enum tip_err node_engine_import_head(struct node_engine *engine,
                                                  uint32_t generation,
                                                  const struct tip_head *head);

/** A frame of the hub out of such a bundle. TIP_EEXISTS: it was here already;
 * TIP_EBUNDLE_GAP: frames before it are not; any other: it is not believed.
 * Durable after flush. */
TIP_MUST_USE enum tip_err node_engine_import_frame(struct node_engine *engine,
                                                   struct tip_bytes frame);

/** Has a newer catalogue arrived on REF since the last call? */
bool node_engine_take_catalogue_news(struct node_engine *engine);

/** Take up to @max runs of own change-sets the hub holds back, by seq. */
size_t node_engine_held(const struct node_engine *engine,
                        struct tip_held_run *out_runs, size_t max);

/** Read own change-set @seq, which the hub has not decided, in @arena.
 * TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err node_engine_own(struct node_engine *engine,
                                          uint64_t seq, struct tip_arena *arena,
                                          struct tip_change_set *out_set);

/** What a person decided about an own change-set that the hub had held back. */
struct node_decision {
    struct tip_ruling ruling; /* About one. */
    uint64_t commit;
    struct tip_change_set set; /* What it is about. */
};

/** Read the first decision about an own change-set behind @after, in @arena.
 * TIP_ENOTFOUND: there is none. */
TIP_MUST_USE enum tip_err
node_engine_decision(struct node_engine *engine, uint64_t after,
                     struct tip_arena *arena,
                     struct node_decision *out_decision);

#endif /* NODE_ENGINE_H */
