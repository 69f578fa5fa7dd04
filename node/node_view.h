/*
 * All that is known of this office, as flat data: what `status` shows, what
 * node_health.h judges.
 */
#ifndef NODE_VIEW_H
#define NODE_VIEW_H

#include "node_engine.h"
#include "tip_backup_mark.h"
#include "tip_desk_disputed.h"
#include "tip_hours.h"
#include "tip_link_zmq.h"
#include "tip_reply.h"
#include "tip_store.h"
#include "tip_store_build.h"
#include "tip_wire_down.h"

struct node_program;

/** Plain data that borrows from the program. A time that is not known is 0. */
struct node_view {
    uint32_t office, origin;
    const char *name, *version;
    uint32_t catalogue; /* 0: none has come yet. */
    uint64_t now_ms, up_ms;
    uint32_t starts_day, cuts_day; /* In a day; not after a stop in order. */
    bool is_dev;
    struct node_status status;
    uint64_t waiting, waiting_ms; /* Not at the hub; the age of the oldest… */
    uint64_t waiting_limit_ms;    /* …and when that is too old. */
    struct tip_contested conflicts;
    struct tip_disputes disputes; /* …by field. */
    struct tip_link_peer_status hub;
    struct tip_link_zmq_status link;
    struct tip_hours hours; /* Of the line, since the start. */
    uint32_t heartbeat_ms;  /* Of the line while there is nothing to say. */
    uint64_t elapsed_ms;    /* By the stopwatch, as link.call_ms is. */
    struct tip_store_usage disk;
    struct tip_backup_marks backups;
    char before[TIP_STORE_BEFORE_SIZE]; /* Holds what was erased; or empty. */
    uint32_t troubles;          /* As the hub is told (node_trouble.h). */
    enum tip_err trouble;       /* Of the daemon: why something was lost… */
    enum tip_err erase_trouble; /* …or an erasure cannot end. */
    struct tip_held_run held[TIP_WIRE_HELD_MAX];
    size_t held_count; /* Of the runs. */
};

/** Look at everything now; large, so keep it on the heap. Errors as
 * tip_desk_contested(). */
TIP_MUST_USE enum tip_err node_view_collect(struct node_program *node,
                                            struct node_view *out_view);

/** Has a store that a restore put aside, which has the name @out_before, what
 * was erased since? */
bool node_keeps_erased(struct node_program *node,
                       char out_before[TIP_STORE_BEFORE_SIZE]);

/** Say it: to people what they need first, to scripts all. */
void node_view_say(struct tip_reply *reply, const struct node_view *view);

/** Why there is no connection, while there is none. */
enum tip_link_cause node_view_cause(const struct node_view *view);

/** How the session is, in a word. Static. */
const char *node_view_session(const struct node_status *status);

#endif /* NODE_VIEW_H */
