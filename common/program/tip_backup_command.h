/*
 * backup create, restore, verify, show: what is the same in both programs.
 *
 * create runs in the daemon while it serves; its caller writes the file. The
 * others work on the file themselves. The vault key is in no backup: it is
 * what makes a lost stick harmless, and its copy belongs elsewhere.
 */
#ifndef TIP_BACKUP_COMMAND_H
#define TIP_BACKUP_COMMAND_H

#include "tip_backup.h"
#include "tip_backup_mark.h"
#include "tip_cli.h"
#include "tip_clock.h"
#include "tip_daemon.h"
#include "tip_home.h"
#include "tip_reply.h"
#include "tip_request.h"

/** Say whose store @txn reads and how far it is: the first fields of @head, up
 * to its seq. TIP_ENOTFOUND: `init` was not done. */
typedef enum tip_err tip_backup_facts_fn(struct tip_txn *txn,
                                         struct tip_backup_head *head);

/** The daemon's side of a backup; all borrowed. */
struct tip_backup_source {
    struct tip_home *home;
    const struct tip_clock *clock;
    struct tip_daemon *daemon;
    tip_backup_facts_fn *facts;

    /** The transaction to write the row of the finished backup in. */
    enum tip_err (*write)(const struct tip_backup_source *self,
                          struct tip_txn **out_txn);
};

/** Begin or go on with a backup. TIP_EAGAIN: call again. TIP_ETIMEOUT: nobody
 * took what was made for a minute, and the store may not wait longer. */
TIP_MUST_USE enum tip_err
tip_backup_create_step(const struct tip_backup_source *source,
                       struct tip_request *request, struct tip_reply *reply);

/** Count what people saved in the store that @txn reads and nobody else has, as
 * far as it knows. */
typedef enum tip_err tip_backup_unsent_fn(struct tip_txn *txn,
                                          uint64_t *out_count);

/** restore, of a program whose daemon is not running. @unsent: NULL where that
 * is not counted. */
TIP_MUST_USE enum tip_err tip_backup_restore(tip_backup_facts_fn *facts,
                                             tip_backup_unsent_fn *unsent,
                                             struct tip_request *request,
                                             struct tip_reply *reply);

/** Fields of status: when the newest backup was made, and the newest that was
 * verified; how often the store was restored, and from what. Of the rank
 * TIP_REPLY_ALWAYS. */
void tip_backup_say(struct tip_reply *reply,
                    const struct tip_backup_marks *marks);

/** Fields of a backup's head. */
void tip_backup_say_head(struct tip_reply *reply,
                         const struct tip_backup_head *head);

tip_cli_run_fn tip_backup_run_verify, tip_backup_run_show;

extern const struct tip_cli_argument tip_backup_create_arguments[1];
extern const struct tip_cli_option tip_backup_create_options[1];
extern const struct tip_cli_argument tip_backup_read_arguments[1];
extern const struct tip_cli_option tip_backup_restore_options[3];
extern const struct tip_cli_example tip_backup_create_examples[1];
extern const struct tip_cli_example tip_backup_restore_examples[1];

#define TIP_BACKUP_COMMANDS(create_, restore_)                                \
    {.name = "backup create",                                                 \
     .summary = "Write everything to one file while the daemon goes on.",     \
     .description =                                                           \
         "Values stay sealed in it. Not in it: the vault key, without which " \
         "it opens for nobody, the registrar's key file and the "             \
         "configuration; keep copies of those, and not on the same disk.",    \
     .place = TIP_CLI_DAEMON,                                                 \
     .options = tip_backup_create_options,                                    \
     .option_count = TIP_CLI_COUNT(tip_backup_create_options),                \
     .arguments = tip_backup_create_arguments,                                \
     .argument_count = TIP_CLI_COUNT(tip_backup_create_arguments),            \
     .examples = tip_backup_create_examples,                                  \
     .example_count = TIP_CLI_COUNT(tip_backup_create_examples),              \
     .run = (create_)},                                                       \
        {.name = "backup restore",                                            \
         .summary = "Put a backup in the place of the store.",                \
         .description =                                                       \
             "The daemon must not be running, and the vault key must be in "  \
             "its place. Everything is checked first; a store that is there " \
             "stays beside it as store.before-N. What was done after the "    \
             "backup comes back from the other side, as far as it knows it.", \
         .options = tip_backup_restore_options,                               \
         .option_count = TIP_CLI_COUNT(tip_backup_restore_options),           \
         .arguments = tip_backup_read_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_backup_read_arguments),          \
         .examples = tip_backup_restore_examples,                             \
         .example_count = TIP_CLI_COUNT(tip_backup_restore_examples),         \
         .run = (restore_)},                                                  \
        {.name = "backup verify",                                             \
         .summary = "Open every value of a backup.",                          \
         .arguments = tip_backup_read_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_backup_read_arguments),          \
         .run = tip_backup_run_verify},                                       \
    {                                                                         \
        .name = "backup show", .summary = "Say what a backup is of.",         \
        .arguments = tip_backup_read_arguments,                               \
        .argument_count = TIP_CLI_COUNT(tip_backup_read_arguments),           \
        .run = tip_backup_run_show                                            \
    }

#endif /* TIP_BACKUP_COMMAND_H */
