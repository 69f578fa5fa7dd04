/*
 * Internal: the daemon in Nouakchott, as its command handlers reach it.
 *
 * hub_main.c      main()
 * hub_conf.c      the configuration table
 * hub_commands.c  the one table of commands
 * hub_home.c      init: without a daemon
 * hub_serve.c     serve: from the home to a running loop
 * hub_turns.c     …whose message comes next
 * hub_report.c    status; hub_report_say.c: …what is said of the hub
 * hub_nodes.c     nodes
 * hub_summary.c   …in one line, and what is wrong
 * hub_view.c      all that is known of each office
 * hub_view_fill.c …as its device and its line tell
 * hub_contested.c …what waits there for a person
 * hub_lines.c     …what its line carried in a day
 * hub_view_say.c  …and what is said of it
 * hub_health.c    what is wrong with an office; hub_rules.c: …by what
 * hub_past.c      what was, since when
 * hub_watch.c     looks once a minute, and remembers
 * hub_held.c      held list, show, accept, reject
 * hub_budgets.c   quota
 * hub_reverts.c   revert
 * hub_catalogue.c the catalogue in use, the desk on it
 * hub_publish.c   catalogue publish
 * hub_figures.c   the figures, kept with every commit
 * hub_indicators.c  indicators list, show
 * hub_recount.c   indicators verify, recount
 * hub_coverage.c  how much of the country a figure speaks for
 * hub_invites.c   enrol invite, enrol list
 * hub_erasures.c  erase request, confirm, withdraw
 * hub_erasures_list.c  erase list, show
 * hub_erasure.c   …and their rows
 * hub_enrol.c     enrol show, enrol approve
 * hub_retirement.c  enrol retire
 * hub_demo.c      demo
 * hub_office.c    rows that say which offices there are
 * hub_check_rows.c  do they, and those of invitations, decode
 * hub_bundle.c    bundle export, bundle import
 * hub_backup.c    backup create, backup restore
 * hub_recoveries.c  recovery show, begin, finish
 */
#ifndef HUB_PROGRAM_H
#define HUB_PROGRAM_H

#include "hub_desk.h"
#include "hub_engine.h"
#include "hub_figures.h"
#include "hub_lines.h"
#include "hub_state.h"
#include "hub_turns.h"
#include "tip_catalogue.h"
#include "tip_cli.h"
#include "tip_commands.h"
#include "tip_daemon.h"
#include "tip_enrol.h"
#include "tip_home.h"
#include "tip_link_zmq.h"
#include "tip_program.h"
#include "tip_shelf.h"

/* Keys of the configuration beside those of every program, in the order of its
 * table. */
enum hub_conf {
    HUB_CONF_LISTEN = TIP_PROGRAM_CONF_COUNT,
    HUB_CONF_PUBLIC,
    HUB_CONF_SILENT,
    HUB_CONF_EXPECTED,
    HUB_CONF_FRESH,
    HUB_CONF_WAITING,
    HUB_CONF_CLOCK,
    HUB_CONF_FULL,
    HUB_CONF_BACKUP,
    HUB_CONF_VERIFIED,
    HUB_CONF_SCRUB,
    HUB_CONF_CONTESTED,
    HUB_CONF_POWER,
    HUB_CONF_REGISTRAR,
    HUB_CONF_RECOVERY,
    HUB_CONF_QUOTA_DELETIONS,
    HUB_CONF_QUOTA_OVERWRITES,
    HUB_CONF_QUOTA_OLD,
    HUB_CONF_QUOTA_CHANGES,
    HUB_CONF_QUOTA_BYTES,
    HUB_CONF_QUOTA_WAITING,
    HUB_CONF_COUNT
};

/** What a handler of the daemon gets as its program. */
struct hub_program {
    struct tip_command_host host; /* First member, so the casts are valid. */
    struct hub_engine *engine;
    struct tip_link_zmq *link;
    struct tip_clock clock;
    struct tip_home home;
    struct hub_state state;
    struct tip_shelf shelf; /* The catalogue in use. */
    struct hub_desk hub_desk;
    struct hub_figures figures;
    struct hub_turns turns;
    struct hub_lines *lines; /* Owned. */
    bool was_recovering;     /* As of the last pump. */
    uint64_t look_ms;        /* Elapsed: when to look at the offices again. */
};

extern const struct tip_conf_table hub_conf_table;
extern const struct tip_cli_program hub_cli;

/** Open the home and read the state; explains what is missing. */
TIP_MUST_USE enum tip_err hub_home_open(const struct tip_conf *conf,
                                        struct tip_reply *reply,
                                        struct tip_home *out_home,
                                        struct hub_state *out_state);

/** Where the registrar's key file lies. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err hub_registrar_path(const struct tip_conf *conf,
                                             char out_path[TIP_HOME_PATH_SIZE]);

/* hub_office.c */

/** Borrow the name of @office until the engine's next call; empty if it has
 * none. */
struct tip_bytes hub_office_name(struct hub_engine *engine, uint32_t office);

/** The office called @name. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_office_find(struct hub_engine *engine,
                                          struct tip_bytes name,
                                          uint32_t *out_office);

/** Keep the name of an office, and what vouches for a device of it: the
 * certificate and the announcement of the office's key. Durable after flush. */
TIP_MUST_USE enum tip_err hub_office_store(struct hub_engine *engine,
                                           uint32_t office, uint32_t origin,
                                           const char *name,
                                           struct tip_bytes certificate,
                                           struct tip_bytes office_key);

/** Is the row of TIP_TABLE_OFFICE at @key one of them? TIP_ESTORE_DAMAGED. */
TIP_MUST_USE enum tip_err hub_office_check(struct tip_txn *txn,
                                           struct tip_key key);

/* hub_check_rows.c */

/** Every row that only the program knows how to decode is what it should be.
 * What is not is told by @check. */
TIP_MUST_USE enum tip_err hub_check_rows(struct tip_inspect *check);

/* hub_catalogue.c */

/** The desk of an open engine. */
void hub_desk_begin(struct hub_program *hub);

/** Use the newest catalogue of the store, as after one was published, and
 * judge again what waited for it. TIP_OK also when there is none. */
TIP_MUST_USE enum tip_err hub_catalogue_refresh(struct hub_program *hub);

/* hub_recount.c */

/** What is to be done if figures are known to be wrong; NULL: they are not.
 * Static. */
const char *hub_figures_trouble(const struct hub_program *hub);

/* hub_nodes.c: its row of the table of commands. */
extern const struct tip_cli_option hub_nodes_options[2];
extern const struct tip_cli_argument hub_nodes_arguments[1];
extern const struct tip_cli_example hub_nodes_examples[3];
#define HUB_NODES                                                           \
    {                                                                       \
        .name = "nodes",                                                    \
        .summary = "Show every office there should be, and what is wrong.", \
        .description = "With the number of an office all that is known of " \
                       "it, and its past. Exits with 3 while an office is " \
                       "not well; what counts as that is in [health] of "   \
                       "the configuration.",                                \
        .place = TIP_CLI_DAEMON, .options = hub_nodes_options,              \
        .option_count = TIP_CLI_COUNT(hub_nodes_options),                   \
        .arguments = hub_nodes_arguments,                                   \
        .argument_count = TIP_CLI_COUNT(hub_nodes_arguments),               \
        .examples = hub_nodes_examples,                                     \
        .example_count = TIP_CLI_COUNT(hub_nodes_examples),                 \
        .run = hub_run_nodes                                                \
    }

/* hub_metrics.c: its row. */
#define HUB_METRICS                                                         \
    {                                                                       \
        .name = "metrics",                                                  \
        .summary = "Write how the hub and its offices are as Prometheus "   \
                   "text.",                                                 \
        .description = "To standard output, for the textfile collector of " \
                       "node_exporter. Offices are told apart by number; "  \
                       "it says nothing of what records are about.",        \
        .place = TIP_CLI_DAEMON, .run = hub_run_metrics                     \
    }

/* hub_watch.c */

/** Look at the offices if it is time, and keep what has changed. Durable with
 * the next flush. */
TIP_MUST_USE enum tip_err hub_watch(struct hub_program *hub);

/* hub_coverage.c */

/** Say for how many offices a figure speaks, up to when, and up to when for
 * all of them: no figure is shown without. */
void hub_say_coverage(struct tip_reply *reply, struct hub_engine *engine);

tip_cli_run_fn hub_run_backup_create, hub_run_backup_restore,
    hub_run_recovery_show, hub_run_recovery_begin, hub_run_recovery_finish,
    hub_run_clone_show, hub_run_clone_choose, hub_run_bundle_export,
    hub_run_bundle_import, hub_run_init, hub_run_serve, hub_run_status,
    hub_run_nodes, hub_run_metrics, hub_run_resend, hub_run_verify,
    hub_run_scrub, hub_run_enrol_invite, hub_run_enrol_list, hub_run_enrol_show,
    hub_run_enrol_approve, hub_run_enrol_retire, hub_run_erase_request,
    hub_run_erase_confirm, hub_run_erase_withdraw, hub_run_erase_list,
    hub_run_erase_show, hub_run_held_list, hub_run_held_show,
    hub_run_held_accept, hub_run_held_reject, hub_run_quota, hub_run_revert,
    hub_run_catalogue_publish, hub_run_indicators_list, hub_run_indicators_show,
    hub_run_indicators_verify, hub_run_indicators_recount, hub_run_demo;

#endif /* HUB_PROGRAM_H */
