/*
 * A device that was restored from a backup (DESIGN 5): how it finds out, gets
 * back what it had sent since, and goes on.
 */
#ifndef NODE_CONTINUE_H
#define NODE_CONTINUE_H

#include "tip_session.h"

struct node_engine;

/* An origin this device, or another copy of its disk, writes or wrote under;
 * seqs run on from one to the next, so a seq says whose it is. */
struct node_own {
    uint32_t origin;
    uint32_t continues; /* What we went on from; 0: it was another copy. */
    uint64_t start;     /* The seq before its first. */
    uint64_t up_to;     /* From here to @start all came back from the hub. */
};

enum {
    NODE_OWN_MAX = 32,
    /* Frames that were recalled lie under this instead of our origin: below it,
     * so that own ones can be cut meanwhile and appended. */
    NODE_RECALLED = 0
};

/* What this device asked for when it found that it had been restored; one row
 * until it is answered. */
struct node_asked_row {
    struct tip_continue asked; /* up_to 0 and no token: nothing. */
    uint64_t from;             /* Its feed was recalled from here. */
    bool is_there;
};

enum node_recovery {
    NODE_RECOVERY_NONE,
    NODE_RECOVERY_RECALL, /* Fetching what it had sent since. */
    NODE_RECOVERY_ASK     /* Asking for an origin to go on under. */
};

/* A device that was restored from a backup, on its way back. */
struct node_continue {
    enum node_recovery step;
    bool is_due; /* The next message of the step is to be sent. */
    struct tip_patience patience;
    struct tip_head at; /* Recalled and verified up to here… */
    uint32_t origin;    /* …of this feed. */
    bool is_split;      /* What is here differs from there on. */
    struct node_asked_row row;
};

/* node_own.c */

/** The origin this device writes under; and whether it ever wrote @seq under
 * @origin. */
uint32_t node_continue_origin(const struct node_engine *engine);
bool node_continue_is_own(const struct node_engine *engine, uint32_t origin);
bool node_continue_wrote(const struct node_engine *engine, uint32_t origin,
                         uint64_t seq);

/** The origin it wrote @seq under; the first it had for 0. */
uint32_t node_continue_origin_at(const struct node_engine *engine,
                                 uint64_t seq);

/** Is own change-set @seq not of this disk, but one that came back? */
bool node_continue_is_recalled(const struct node_engine *engine, uint64_t seq);

/** The number before the first change-set of the feed. */
uint64_t node_continue_start_number(const struct node_engine *engine);

/** The head before it, which takes a hash; and that of our feed number @i, the
 * oldest first. */
struct tip_head node_continue_start_of(const struct node_engine *engine,
                                       size_t i);
struct tip_head node_continue_start(const struct node_engine *engine);

/* node_continue.c */

/** The hub's head of our feed, in @welcome, is not on our chain, or our feed is
 * closed and we may go on: find out from where on, and say what is the trouble.
 * TIP_EFORK: it cannot be, the hub went back. A fault of our own store is no
 * fork: the hub is greeted again. */
TIP_MUST_USE enum tip_err node_continue_begin(struct node_engine *engine,
                                              const struct tip_welcome *welcome,
                                              bool is_on_chain);

/** The hub, which has us up to @head, says that our feed is closed, and that we
 * may not go on: another copy of this disk does; or we do, and have not heard
 * yet under which origin. Say which is the trouble. */
void node_continue_closed(struct node_engine *engine,
                          const struct tip_head *head);

/** The hub does not grant what we asked for, because of @reason: so the request
 * is over, and we say why. An error loses the transaction; it is asked again
 * then. */
TIP_MUST_USE enum tip_err node_continue_refused(struct node_engine *engine,
                                                enum tip_err reason);

/** The frame behind what the hub has of our feed is lost, and the hub lacks it:
 * go on from there under another origin, under which what it held is written
 * again. TIP_ESTORE_DAMAGED: that cannot be, not all of it is here. */
TIP_MUST_USE enum tip_err node_continue_without(struct node_engine *engine);

/** The connection is gone: begin anew with the next. */
void node_continue_stop(struct node_engine *engine);

/** We go on under another origin, durably: greet the hub as that. */
TIP_MUST_USE enum tip_err
node_continue_take(struct node_engine *engine,
                   const struct tip_continued *continued);

/** Go to @step of the way back; what it sends is due. */
void node_continue_go_to(struct node_engine *engine, enum node_recovery step);

/** All is here: ask, by a token that is durable before it leaves. */
TIP_MUST_USE enum tip_err node_continue_prepare(struct node_engine *engine);

/** Send what is due of a recovery; without an answer for too long the
 * connection is dead. */
void node_continue_pump(struct node_engine *engine);

/* node_recall.c */

/** A frame of our own feed came back. */
TIP_MUST_USE enum tip_err node_continue_frame(struct node_engine *engine,
                                              struct tip_bytes frame);

/* node_rewrite.c */

/** Go on under @continued: what was saved here and is not at the hub is written
 * again, what is there and not here waits in the outbox for its echo. All in
 * one transaction; an error loses it. */
TIP_MUST_USE enum tip_err node_rewrite(struct node_engine *engine,
                                       const struct tip_continued *continued);

/** Remove the frames from seq @from on that are stored under @feed, in the open
 * transaction. */
TIP_MUST_USE enum tip_err node_continue_drop(struct node_engine *engine,
                                             uint32_t feed, uint64_t from);

#endif /* NODE_CONTINUE_H */
