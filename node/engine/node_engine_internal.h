/*
 * Internal: the parts of the node's engine.
 *
 * node_engine.c    open, close, the open transaction, flush
 * node_save.c      drafts become change-sets
 * node_feed.c      change-sets become frames
 * node_follow.c    frames of the hub become committed state; node_room.h: how
 *                  many at once
 * node_decided.h   what of our own work it has decided on
 * node_again.c     a hub that has refused us is asked again
 * node_apply.c     what the hub has committed, merged into records
 * node_ruling.c    what people decided about what the hub held back
 * node_control.c   what everybody must obey
 * node_whole.c     records that come whole
 * node_holding.c   what this office holds, compared with the hub's digest
 * node_roll.h      records that are sent again
 * node_mend.c      a store that has lost something; node_stand_in.h: …of own
 *                  work that nobody else has
 * node_scrub.c     …looked for now and then; node_refetch.h: …frames of it
 * come again
 * node_row.c       single rows and their bytes
 * node_erase.c     records that are erased by law; node_erase_name.c: what is
 *                  kept of them
 * node_erasure.c   what is kept of each
 * node_talk.c      messages in; node_send.h: and out
 * node_status.c    what a person is told
 * node_waiting.c   what waits
 * node_budget.c    the bytes of a day
 * node_carry.c     frames on a stick
 * node_handback.c  frames that the hub has lost; node_rewind.c: its header
 * node_outbox.c    own work that nobody has decided; node_overtaken.c: its
 * header node_own.c       the origins it wrote under node_continue.c  for a
 * device that was restored from a backup… node_recall.c    …and gets back what
 * it had sent since… node_rewrite.c   …and whose work goes on under another
 * origin
 */
#ifndef NODE_ENGINE_INTERNAL_H
#define NODE_ENGINE_INTERNAL_H

#include "node_continue.h"
#include "node_engine.h"
#include "node_holding.h"
#include "node_refusal.h"
#include "tip_arena.h"
#include "tip_codec.h"
#include "tip_ctl.h"
#include "tip_frame_seal.h"
#include "tip_hlc.h"
#include "tip_holding.h"
#include "tip_scrub.h"
#include "tip_store.h"
#include "tip_sweep.h"
#include "tip_talk.h"
#include "tip_wire_cut.h"
#include "tip_wire_down.h"

enum {
    /* One change-set or frame, decoded with what it touches. */
    NODE_ARENA_BYTES_MAX = 64 * 1024 * 1024,
    NODE_SKEW_MS_MAX = 10 * 60 * 1000,
    NODE_SILENCE_MS = 1000,     /* After a loss; doubled for each in a row… */
    NODE_SILENCES_MAX = 10,     /* …so many times: a quarter of an hour. */
    NODE_BEHIND_MS = 60 * 1000, /* Until a hub that has lost is asked again. */
    /* Between two times we tell the hub where we differ; doubled for each… */
    NODE_ASK_MS = 10 * 60 * 1000,
    NODE_ASKS_MAX = 7 /* …so many times: nearly a day. */
};

/* Own change-sets the hub holds back, as the newest checkpoint said. */
struct node_held_row {
    uint64_t total; /* More than in @runs if there are too many to name. */
    size_t run_count;
    struct tip_held_run runs[TIP_WIRE_HELD_MAX]; /* By seq. */
};

/* A record that comes whole, as far as it is here. */
struct node_whole {
    uint8_t *bytes; /* In engine->arena. */
    uint32_t size, total;
    uint32_t generation; /* Of the newest frame; 0: none yet. */
    bool may_gap;        /* Parts may be missing. */
    bool has_anew;       /* One came that was not here. */
};

/* What of the own feed and the clock must survive; one row. */
struct node_feed_row {
    uint64_t saved;
    struct tip_head framed;
    struct tip_head confirmed;
    uint64_t decided;
    uint32_t generation;
    struct tip_stamp ceiling;
    size_t own_count;
    struct node_own own[NODE_OWN_MAX]; /* The first is who it is. */
};

/* What of a channel must survive; one row each. */
struct node_channel_row {
    struct tip_channel_position position;
    uint64_t applied;          /* Index of the newest frame that is applied. */
    uint64_t differs_since_ms; /* Unix; 0: we hold what the hub says. */
    uint32_t mends;            /* How often copies were found to be wrong. */
    bool in_erased_state; /* The newest frame ends within the state of a record
                           * that was erased. */
};

/* Records that are sent again; one row. */
struct node_roll {
    bool is_open;
    bool is_lost; /* …but which ones, and which have come, is not known. */
    bool is_dirty;
    uint8_t parts[TIP_ROLL_BYTES];
    uint64_t since;    /* Commit it began at. */
    uint64_t count;    /* Of records, about. */
    uint64_t received; /* …that have come. */
    uint8_t *came;     /* Owned; one bit per ordinal. */
    size_t came_size;
};

/* A channel the node follows. */
struct node_channel {
    struct node_channel_row row;
    struct tip_frame_key key;
    struct tip_digest_key digest_key;
    struct tip_holding holding;
    bool holding_is_dirty; /* An erasure changes it from another channel. */
    struct node_roll roll;
    uint64_t asked_ms; /* Elapsed: when we told the hub where we differ. */
    uint32_t asks;     /* …and how often, since we last agreed. */
    bool is_dirty;
    uint64_t unread; /* First frame this program is too old for; 0: none. */
    uint64_t missed; /* Newest of those that wait which was found lost. */
    bool is_frozen;  /* A frame does not fit what we know: nothing more of it
                      * until the node starts again. */
};

enum { NODE_CHANNEL_OWN = 0, NODE_CHANNEL_REF = 1, NODE_CHANNEL_CTL = 2 };

/* All records read, a few at a time; found: how many times in a row. */
struct node_scrub {
    struct tip_scrub base;
    struct tip_holding holdings[NODE_CHANNELS]; /* Of those below next. */
};

/* What the newest reading of the store found lost is asked for again. */
struct node_refetch {
    bool is_begun;     /* Since open… */
    uint64_t round;    /* …with the reading that ended as number so. */
    size_t at;         /* The hole, of those it found… */
    uint32_t asks;     /* …how often it was asked for… */
    uint64_t asked_ms; /* …and when last. Elapsed. */
    bool has_come;     /* One has, so the store is to be read again. */
};

struct node_engine {
    struct node_engine_opts opts;
    struct node_identity identity;
    struct tip_hlc hlc;
    struct tip_codec *codec; /* Owned. */
    struct tip_txn *txn;     /* Open transaction, or NULL. */
    bool is_writing;         /* @txn is one to write in. */
    bool has_saves;          /* …and somebody's saves are in it. */
    uint64_t taken;          /* …or so many change-sets the hub told of. */
    enum tip_err failure;    /* @txn may not be committed: why. */
    enum tip_err loss;       /* Why saves were lost; not told yet. */
    enum tip_err untold;    /* …by a flush nobody asked for: the next says it,
                             * and until then nothing is written. */
    bool is_adrift;         /* What is in memory may not be in the store. */
    struct tip_arena arena; /* For one save or frame at a time. */
    struct tip_arena work;  /* For one change-set within it. */
    struct tip_arena said;  /* For one message at a time. */
    struct tip_record_table records;
    struct tip_lineage lineage; /* As the control log says… */
    bool is_untold; /* …but that we go on under the feed we have. */
    struct node_feed_row feed;
    struct node_channel channels[NODE_CHANNELS]; /* In the order above. */
    uint64_t control_count; /* Entries of the control log. */
    struct tip_frame_key feed_key;
    struct tip_node_session session;
    struct tip_talk talk;
    bool link_is_up;
    uint32_t carried_generation;     /* Of the hub, as a stick said; or 0. */
    struct node_destroyed destroyed; /* As was found last. */
    bool feed_is_dirty;
    uint32_t remade;  /* As in struct node_status. */
    bool is_in_doubt; /* A record is gone or cannot be read. */
    bool is_mended;   /* …and what is left was counted; not durable yet. */
    bool has_catalogue_news;
    bool has_stray;             /* As in struct node_status. */
    uint32_t losses;            /* Of frames of the hub, in a row. */
    uint64_t resume_ms;         /* When to greet again after one; 0: none. */
    enum tip_err send_result;   /* Of the newest message. */
    enum tip_err sweep_trouble; /* What stops an erasure. */
    enum tip_err trouble, hindrance; /* As in struct node_status… */
    int64_t clock_offset_ms;         /* …and so are these. */
    uint64_t delivered_ms;
    uint64_t bad_messages;
    struct tip_budget budget;              /* Of the line. */
    struct tip_health health;              /* What the program said of it… */
    uint64_t told_ms;                      /* …when the hub was told… */
    bool has_news;                         /* …and is to be told soon. */
    bool is_full;                          /* As in struct node_status. */
    struct tip_wire_cut cut;               /* How well change-sets pack. */
    uint8_t row[TIP_CHANGE_SET_BYTES_MAX]; /* A change-set on its way to the
                                            * outbox. */
    struct node_held_row held;
    uint64_t unread_seen; /* Of the store's count, when all were read last. */
    uint64_t lost_count;  /* Records that could not be read, since open. */
    struct node_refetch refetch;
    struct node_scrub scrub;
    uint64_t ruled; /* Newest commit of a ruling about our change-sets. */
    struct node_whole whole;
    /* Frames of the hub that it has lost and gets back, by channel: from next
     * to last; none if next is the higher. */
    struct {
        uint64_t next, last;
    } lost[NODE_CHANNELS];
    struct tip_sweep sweep;  /* What erasures leave to do. */
    uint64_t sweep_retry_ms; /* When to try again. */
    struct node_continue go_on;
    struct node_refusal refusal; /* Of a session that stopped for good. */
};

/* node_again.c */

/** If the hub has refused us and it is time, greet it again; how long until
 * then, 0: it has not. */
void node_again_pump(struct node_engine *engine);
uint64_t node_again_ms(const struct node_engine *engine);
bool node_again_is_asked(const struct node_engine *engine);

/* node_engine.c */

/** Make sure that a transaction to write in is open. @mode: TIP_TXN_WRITE for
 * what a person may be refused, TIP_TXN_WRITE_RESERVE for what gets a full
 * store moving again; an open one stays what it is. */
TIP_MUST_USE enum tip_err node_engine_write(struct node_engine *engine,
                                            enum tip_txn_mode mode);

/** Make durable what people saved, before something they did not do may lose
 * the transaction. On an error it is lost; the next flush says so. */
TIP_MUST_USE enum tip_err node_engine_settle(struct node_engine *engine);

/** The open transaction has failed; there is no save in it. Forget it at once,
 * so that the next save is not refused. */
void node_engine_give_up(struct node_engine *engine);

/** NULL: the node does not follow it. */
struct node_channel *node_engine_channel(struct node_engine *engine,
                                         uint32_t channel);

/** The newest commit of the own channel that is applied here. */
uint64_t node_engine_base(const struct node_engine *engine);

uint64_t node_engine_now_ms(const struct node_engine *engine);

/* node_save.c */

/** Read own change-set @seq from the outbox into @arena; @out_bytes is what it
 * takes there. TIP_ENOTFOUND: the hub has decided it. */
TIP_MUST_USE enum tip_err node_save_load(struct node_engine *engine,
                                         uint64_t seq, struct tip_arena *arena,
                                         struct tip_change_set *out_set,
                                         size_t *out_bytes);

/* node_feed.c */

/** Make sure that a frame starting at @seq exists, durable after flush. If it
 * is cut now it aims at @target_bytes; one change-set always goes in. */
TIP_MUST_USE enum tip_err node_feed_cut(struct node_engine *engine,
                                        uint64_t seq, size_t target_bytes);

/** Borrow the frame that starts at @seq and say where it ends. */
TIP_MUST_USE enum tip_err node_feed_frame(struct node_engine *engine,
                                          uint64_t seq,
                                          struct tip_bytes *out_frame,
                                          uint64_t *out_last);

/** Does @head lie on the own chain? Errors of the store: nobody knows. */
TIP_MUST_USE enum tip_err node_feed_is_on_chain(struct node_engine *engine,
                                                const struct tip_head *head,
                                                bool *out_is);

/* node_scrub.c */

/** Read how far it is. */
TIP_MUST_USE enum tip_err node_scrub_load(struct node_engine *engine,
                                          struct tip_txn *txn);

/** Write that with what is written now, if it has changed or it is time. */
TIP_MUST_USE enum tip_err node_scrub_store(struct node_engine *engine);

/** Read some more records if a scrub is due; flushes at its end. */
TIP_MUST_USE enum tip_err node_scrub_step(struct node_engine *engine);

/** What was added up so far no longer counts. */
void node_scrub_forget(struct node_engine *engine);

/** @held, of record @ordinal, counts for channel number @channel, or no more.
 */
void node_scrub_change(struct node_engine *engine, uint32_t ordinal,
                       size_t channel, const struct tip_held_record *held,
                       bool is_added);

/* node_whole.c */

/** Items up to a checkpoint are going to be applied; at its end no record may
 * be open, of which a part is missing. */
void node_whole_begin(struct node_engine *engine);
bool node_whole_is_open(const struct node_engine *engine);

/** The next frame, of @generation, is applied. Parts may be missing, of one
 * record or of none, if something of it was erased, or an erasure is not swept
 * yet, or if the hub lost what it was saying when it was restored. */
void node_whole_enter(struct node_engine *engine, uint32_t generation,
                      bool is_redacted);

/** A part of a record came; with the last one the record is put in. An error
 * loses the transaction. */
TIP_MUST_USE enum tip_err node_whole_take(struct node_engine *engine,
                                          struct node_channel *channel,
                                          const struct tip_item *item);

/* node_follow.c */

/** A newer program may read frames that an older one could only keep, or more
 * of the control log may be there: apply what waits. */
TIP_MUST_USE enum tip_err node_follow_resume(struct node_engine *engine);

/** A frame of the hub came, by link or USB. TIP_EAGAIN: frames before it are
 * missing; TIP_EEXISTS: had it already. Any other error: it is not believed. */
TIP_MUST_USE enum tip_err node_follow_frame(struct node_engine *engine,
                                            struct tip_bytes frame);

/* node_apply.c */

/** Take @seq out of the overlay of @stored, in @arena. */
TIP_MUST_USE enum tip_err node_apply_drop(struct tip_wire_record *stored,
                                          uint64_t seq,
                                          struct tip_arena *arena);

/** Does this office, which held it, hold @stored no more, nor has it work on it
 * that waits? */
bool node_apply_has_left(const struct node_engine *engine,
                         const struct tip_wire_record *stored);

/** Merge the items of @body, of @channel, into their records. Their commits lie
 * behind the channel's checkpoint and up to @checkpoint. TIP_EDIVERGED: they do
 * not fit what was told before. An error loses the transaction. */
TIP_MUST_USE enum tip_err node_apply_items(struct node_engine *engine,
                                           struct node_channel *channel,
                                           const struct tip_down_body *body,
                                           uint64_t checkpoint);

/* node_talk.c */

/** Start the session over with what is durable. */
void node_talk_reset(struct node_engine *engine);

/** What HELLO says has changed: greet the hub again, if there is a line. */
static inline void node_talk_greet_again(struct node_engine *engine)
{
    node_talk_reset(engine);
    if (engine->link_is_up) {
        tip_node_session_up(&engine->session, node_engine_now_ms(engine));
    }
}

/** What was not flushed is lost: start the session over, after a while. */
void node_talk_lost(struct node_engine *engine);

#endif /* NODE_ENGINE_INTERNAL_H */
