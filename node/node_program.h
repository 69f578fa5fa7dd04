/*
 * Internal: the daemon of an office, as its command handlers reach it.
 *
 * node_main.c      main()
 * node_conf.c      the configuration table
 * node_commands.c  the one table of commands
 * node_erasures.c  erase list
 * node_home.c      init: without a daemon
 * node_enrol.c     enrol request, enrol accept: without a daemon
 * node_serve.c     serve: from the home to a running loop
 * node_starts.c    how often it was started, and how often cut off
 * node_beat.c      how often an idle line is asked
 * node_news.c      what the hub is told at once
 * node_trouble.c   what is wrong here, of which the hub is told
 * node_company.c   a new save waits a moment for others, on a far line
 * node_report.c    status, sync
 * node_view.h      …what status shows; node_health.h: …and warns of
 * node_held.c      held list, held show
 * node_catalogue.c the catalogue in use, the desk on it
 * node_bundle.c    bundle export, bundle import
 * node_verify.c    verify, scrub; node_seals.h: …what it opens of identities
 * node_backup.c    backup create, backup restore
 */
#ifndef NODE_PROGRAM_H
#define NODE_PROGRAM_H

#include "node_beat.h"
#include "node_company.h"
#include "node_desk.h"
#include "node_engine.h"
#include "node_news.h"
#include "node_starts.h"
#include "node_state.h"
#include "tip_catalogue.h"
#include "tip_cli.h"
#include "tip_commands.h"
#include "tip_daemon.h"
#include "tip_home.h"
#include "tip_hours.h"
#include "tip_link_zmq.h"
#include "tip_program.h"
#include "tip_shelf.h"

/* Keys of the configuration beside those of every program, in the order of its
 * table. */
enum node_conf {
    NODE_CONF_HUB = TIP_PROGRAM_CONF_COUNT,
    NODE_CONF_HEARTBEAT,
    NODE_CONF_DAILY,
    NODE_CONF_RETRY_MIN,
    NODE_CONF_RETRY_MAX,
    NODE_CONF_WAITING,
    NODE_CONF_COUNT
};

/* The office's secrets, for the desk. */
struct node_keys {
    struct tip_desk_keys base; /* First member, so the cast is valid. */
    const struct tip_identity_secret *secret; /* Of the only epoch so far. */
};

/** What a handler of the daemon gets as its program. */
struct node_program {
    struct tip_command_host host; /* First member, so the casts are valid. */
    struct node_engine *engine;
    struct tip_link_zmq *link;
    struct tip_clock clock;
    struct tip_home home;
    struct node_state state;
    struct tip_shelf shelf; /* The catalogue in use. */
    struct node_desk node_desk;
    struct node_keys keys;
    struct node_company company;
    struct node_starts starts;
    uint32_t heartbeat_ms;   /* Of the line while there is nothing to say… */
    uint32_t next_beat_ms;   /* …and of the next one. */
    uint32_t faults_counted; /* Calls that failed, in the bytes of the day. */
    struct node_news news;
    uint64_t outage_ms; /* How long there was no line before this one. */
    uint64_t down_ms;   /* By the stopwatch: since when there is no line… */
    enum tip_link_cause down_cause; /* …and the newest reason. */
    struct tip_hours hours;         /* Of the line, since the start… */
    uint64_t up_bytes, down_bytes;  /* …up to these counters. */
};

extern const struct tip_conf_table node_conf_table;
extern const struct tip_cli_program node_cli;

/** Open the home and read the state; explains what is missing. */
TIP_MUST_USE enum tip_err node_home_open(const struct tip_conf *conf,
                                         struct tip_reply *reply,
                                         struct tip_home *out_home,
                                         struct node_state *out_state);

/* node_serve.c */

/** Count in node->hours what the line to @hub carried since the last call. */
void node_note_hours(struct node_program *node,
                     const struct tip_link_peer_status *hub);

/* node_erasures.c */

/** Warn if an erasure cannot be finished here. */
void node_warn_erasing(struct tip_reply *reply,
                       const struct node_program *node);

/* node_catalogue.c */

/** The keys of an enrolled device; borrows @state. */
void node_keys_init(struct node_keys *keys, const struct node_state *state);

/** The desk of an open engine. */
void node_desk_begin(struct node_program *node);

/** Use the newest catalogue of the store. TIP_OK also when there is none. */
TIP_MUST_USE enum tip_err node_catalogue_refresh(struct node_program *node);

tip_cli_run_fn node_run_backup_create, node_run_backup_restore,
    node_run_bundle_export, node_run_bundle_import, node_run_init,
    node_run_serve, node_run_enrol_request, node_run_enrol_accept,
    node_run_erase_list, node_run_held_list, node_run_held_show,
    node_run_status, node_run_verify, node_run_scrub, node_run_sync;

#endif /* NODE_PROGRAM_H */
