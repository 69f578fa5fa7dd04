/*
 * What a program does before it is a command or a daemon, and what both
 * programs answer alike.
 */
#ifndef TIP_PROGRAM_H
#define TIP_PROGRAM_H

#include "tip_cli.h"
#include "tip_err.h"
#include "tip_home.h"
#include "tip_link_zmq.h"
#include "tip_reply.h"
#include "tip_request.h"

enum {
    TIP_PROGRAM_ADDRESSES_MAX = TIP_LINK_ENDPOINTS_MAX,
    TIP_PROGRAM_ADDRESS_SIZE = 300
};

/** The whole of main(): the link child if that is what was started; otherwise
 * a hardened process that does what the command line says. */
int tip_program_main(const struct tip_cli_program *program, int argc,
                     char **argv);

/** Addresses as libzmq wants them. Plain data. */
struct tip_program_addresses {
    char texts[TIP_PROGRAM_ADDRESSES_MAX][TIP_PROGRAM_ADDRESS_SIZE];
    size_t count;
};

/** "host:port, [v6]:port" to "tcp://…". TIP_EINVAL, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_program_addresses(const char *list, struct tip_program_addresses *out);

/* Keys of the configuration that every program has: those of its home. They
 * come first in its table, by TIP_PROGRAM_CONF_KEYS. */
enum tip_program_conf {
    TIP_PROGRAM_CONF_DIR,
    TIP_PROGRAM_CONF_SOCKET,
    TIP_PROGRAM_CONF_SIZE,
    TIP_PROGRAM_CONF_VAULT,
    TIP_PROGRAM_CONF_COUNT
};

/** The keys of program @name_, whose own section is @section_: its store may
 * grow to @size_, if not configured otherwise, and never beyond @size_max_. */
#define TIP_PROGRAM_CONF_KEYS(section_, name_, size_, size_max_)             \
    [TIP_PROGRAM_CONF_DIR] = {section_,                                      \
                              "dir",                                         \
                              {.type = TIP_SPEC_PATH},                       \
                              "/var/lib/" name_,                             \
                              "Folder of the store."},                       \
    [TIP_PROGRAM_CONF_SOCKET] = {section_,                                   \
                                 "socket",                                   \
                                 {.type = TIP_SPEC_PATH},                    \
                                 "/run/" name_ "/ctl.sock",                  \
                                 "Socket for commands; with --dir it is in " \
                                 "the folder."},                             \
    [TIP_PROGRAM_CONF_SIZE] = {"store",                                      \
                               "size",                                       \
                               {.type = TIP_SPEC_SIZE,                       \
                                .min = TIP_STORE_LMDB_LIMIT_BYTES_MIN,       \
                                .max = (size_max_)},                         \
                               size_,                                        \
                               "What the store may grow to."},               \
    [TIP_PROGRAM_CONF_VAULT] = {                                             \
        "store",                                                             \
        "vault",                                                             \
        {.type = TIP_SPEC_TEXT, .min = 1, .max = 64},                        \
        name_ "-vault",                                                      \
        "Name of the systemd credential with the vault key; not used when "  \
        "init was run with --dev."}

/** Where the home of @conf is and how it is opened; borrows @conf. */
struct tip_home_opts tip_program_home_opts(const struct tip_conf *conf);

/* What rows of the tables of commands have in common; tip_program.c has the
 * words. */
extern const struct tip_cli_option tip_program_init_options[1];
extern const struct tip_cli_argument tip_program_bundle_arguments[1];

#define TIP_PROGRAM_SERVE(summary_, run_)                          \
    {                                                              \
        .name = "serve", .summary = (summary_),                    \
        .description = "Stops in order on SIGTERM and Ctrl-C, "    \
                       "reads the configuration again on SIGHUP.", \
        .run = (run_)                                              \
    }

#define TIP_PROGRAM_BUNDLE_IMPORT(summary_, run_)                           \
    {                                                                       \
        .name = "bundle import", .summary = (summary_),                     \
        .description = "All of it is checked before any of it is taken.",   \
        .place = TIP_CLI_DAEMON, .arguments = tip_program_bundle_arguments, \
        .argument_count = TIP_CLI_COUNT(tip_program_bundle_arguments),      \
        .run = (run_)                                                       \
    }

#define TIP_PROGRAM_VERIFY(run_)                                           \
    {                                                                      \
        .name = "verify", .summary = "Look at every value of the store.",  \
        .description = "Each is decrypted and decoded, the chains are "    \
                       "computed again, digests and references compared, " \
                       "at the hub figures too. "                          \
                       "The daemon must not be running.",                  \
        .run = (run_)                                                      \
    }

#define TIP_PROGRAM_SCRUB(run_)                                              \
    {                                                                        \
        .name = "scrub",                                                     \
        .summary = "Read all of the store now, while work goes on.",         \
        .description = "Otherwise that is done every 48 hours of running "   \
                       "time: each value is decrypted and decoded, and the " \
                       "chains are computed again, a little at a time. "     \
                       "status says what was found.",                        \
        .place = TIP_CLI_DAEMON, .run = (run_)                               \
    }

/** What scrub says once it has begun. */
void tip_program_say_scrubbing(struct tip_reply *reply, uint32_t records);

/** The first part of verify, the same for both programs: every value of the
 * store opens. TIP_ESTORE_DAMAGED: not all do, and the reply says which. */
TIP_MUST_USE enum tip_err tip_program_verify_store(struct tip_request *request,
                                                   struct tip_reply *reply);

struct tip_inspect;

/** What verify looks at in one program, beyond its values; @state is the
 * program's. */
typedef enum tip_err tip_program_look_fn(struct tip_inspect *check,
                                         void *state);

/** The second part: @look at @store as it is now, and tell in @reply what was
 * found. TIP_ESTORE_DAMAGED: something was. */
TIP_MUST_USE enum tip_err tip_program_verify_content(struct tip_store *store,
                                                     tip_program_look_fn *look,
                                                     void *state,
                                                     struct tip_reply *reply);

/** After init: warn, if @is_dev, that the vault key lies beside the store. */
void tip_program_say_vault(struct tip_reply *reply, bool is_dev);

struct tip_survey_report;

/** How far the reading of all records is: record @next of those below @end is
 * read next; 0: none is on. And how much was found in @rest, which is all else…
 */
void tip_program_say_scrub(struct tip_reply *reply, uint32_t next, uint32_t end,
                           const struct tip_survey_report *rest);

/** …and the first of it. */
void tip_program_say_rot(struct tip_reply *reply,
                         const struct tip_survey_report *report);

/** Name the fields of how full the store is. Is it nearly so? */
bool tip_program_is_nearly_full(const struct tip_store_usage *usage);
void tip_program_say_disk(struct tip_reply *reply,
                          const struct tip_store_usage *usage);

/** Say that a command is done with reservations: exit code 3 and the note. */
void tip_program_warn(struct tip_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* TIP_PROGRAM_H */
