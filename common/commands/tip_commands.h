/*
 * The commands on records, the same in both programs: record, conflicts,
 * import, export, catalogue.
 *
 * A program joins TIP_COMMANDS to its table and embeds struct
 * tip_command_host; handlers turn words into what the desk does and what it
 * answers into replies. A save is acknowledged when its batch is durable.
 */
#ifndef TIP_COMMANDS_H
#define TIP_COMMANDS_H

#include "tip_cli.h"
#include "tip_daemon.h"
#include "tip_desk.h"

/** What a program gives its handlers: first member of its own struct. */
struct tip_command_host {
    struct tip_daemon_work
        work;                  /* First member, so the loop's cast is valid. */
    struct tip_desk *desk;     /* Borrowed. */
    struct tip_daemon *daemon; /* Borrowed. */
};

struct tip_disputes;

/** Say, as a list, what waits in the records that @office holds, by record type
 * and field. */
void tip_command_say_disputes(struct tip_reply *reply, struct tip_desk *desk,
                              const struct tip_disputes *disputes,
                              uint32_t office);

tip_cli_run_fn tip_command_record_add, tip_command_record_edit,
    tip_command_record_delete, tip_command_record_share,
    tip_command_record_unshare, tip_command_record_transfer,
    tip_command_referral_list, tip_command_referral_accept,
    tip_command_referral_decline, tip_command_record_show,
    tip_command_record_list, tip_command_record_history,
    tip_command_conflicts_list, tip_command_conflicts_summary,
    tip_command_conflicts_show, tip_command_conflicts_resolve,
    tip_command_import, tip_command_export, tip_command_catalogue_check,
    tip_command_catalogue_show;

/* The rows' options and arguments; tip_commands_table.c has their words. */
extern const struct tip_cli_option tip_command_add_options[3];
extern const struct tip_cli_argument tip_command_add_arguments[2];
extern const struct tip_cli_example tip_command_add_examples[2];
extern const struct tip_cli_option tip_command_edit_options[3];
extern const struct tip_cli_argument tip_command_edit_arguments[2];
extern const struct tip_cli_example tip_command_edit_examples[1];
extern const struct tip_cli_option tip_command_delete_options[3];
extern const struct tip_cli_option tip_command_hold_options[2];
extern const struct tip_cli_option tip_command_referral_options[2];
extern const struct tip_cli_option tip_command_referrals_options[1];
extern const struct tip_cli_argument tip_command_hold_arguments[2];
extern const struct tip_cli_argument tip_command_id_arguments[1];
extern const struct tip_cli_option tip_command_list_options[5];
extern const struct tip_cli_argument tip_command_list_arguments[2];
extern const struct tip_cli_example tip_command_list_examples[1];
extern const struct tip_cli_option tip_command_conflicts_options[2];
extern const struct tip_cli_option tip_command_resolve_options[5];
extern const struct tip_cli_example tip_command_resolve_examples[1];
extern const struct tip_cli_option tip_command_import_options[8];
extern const struct tip_cli_argument tip_command_import_arguments[1];
extern const struct tip_cli_example tip_command_import_examples[1];
extern const struct tip_cli_option tip_command_export_options[4];
extern const struct tip_cli_argument tip_command_export_arguments[2];
extern const struct tip_cli_argument tip_command_catalogue_arguments[2];
extern const struct tip_cli_example tip_command_catalogue_examples[2];
extern const struct tip_cli_option tip_command_check_options[1];
extern const struct tip_cli_argument tip_command_check_arguments[1];

#define TIP_COMMANDS                                                           \
    {.name = "record add",                                                     \
     .summary = "Save a new record.",                                          \
     .description = "Values are read and checked by the catalogue; a wrong "   \
                    "one is refused with the rule it breaks.",                 \
     .options = tip_command_add_options,                                       \
     .option_count = TIP_CLI_COUNT(tip_command_add_options),                   \
     .arguments = tip_command_add_arguments,                                   \
     .argument_count = TIP_CLI_COUNT(tip_command_add_arguments),               \
     .examples = tip_command_add_examples,                                     \
     .example_count = TIP_CLI_COUNT(tip_command_add_examples),                 \
     .place = TIP_CLI_DAEMON,                                                  \
     .run = tip_command_record_add},                                           \
        {.name = "record edit",                                                \
         .summary = "Change fields of a record.",                              \
         .description = "With --seen, a field that somebody has written "      \
                        "since is not written but shown with both values.",    \
         .options = tip_command_edit_options,                                  \
         .option_count = TIP_CLI_COUNT(tip_command_edit_options),              \
         .arguments = tip_command_edit_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_command_edit_arguments),          \
         .examples = tip_command_edit_examples,                                \
         .example_count = TIP_CLI_COUNT(tip_command_edit_examples),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_edit},                                      \
        {.name = "record delete",                                              \
         .summary = "Hide a record, or bring it back.",                        \
         .options = tip_command_delete_options,                                \
         .option_count = TIP_CLI_COUNT(tip_command_delete_options),            \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_delete},                                    \
        {.name = "record share",                                               \
         .summary = "Let another office hold a record too.",                   \
         .description = "It gets the whole record, may write in it, and says " \
                        "whether it takes it on: see referral list.",          \
         .options = tip_command_hold_options,                                  \
         .option_count = TIP_CLI_COUNT(tip_command_hold_options),              \
         .arguments = tip_command_hold_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_command_hold_arguments),          \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_share},                                     \
        {.name = "record unshare",                                             \
         .summary = "Let an office hold a record no more.",                    \
         .description = "An office gives up its own; the hub may take out "    \
                        "any, but not the last. No copy stays there.",         \
         .options = tip_command_hold_options,                                  \
         .option_count = TIP_CLI_COUNT(tip_command_hold_options),              \
         .arguments = tip_command_hold_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_command_hold_arguments),          \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_unshare},                                   \
        {.name = "record transfer",                                            \
         .summary = "Hand a record over to another office.",                   \
         .description = "It is offered the record; this office gives up its "  \
                        "copy once that has accepted, not before.",            \
         .options = tip_command_hold_options,                                  \
         .option_count = TIP_CLI_COUNT(tip_command_hold_options),              \
         .arguments = tip_command_hold_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_command_hold_arguments),          \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_transfer},                                  \
        {.name = "referral list",                                              \
         .summary = "List the records that are offered to an office.",         \
         .description = "And those that were declined, with the reason.",      \
         .options = tip_command_referrals_options,                             \
         .option_count = TIP_CLI_COUNT(tip_command_referrals_options),         \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_referral_list},                                    \
        {.name = "referral accept",                                            \
         .summary = "Take on a record that is offered to this office.",        \
         .description = "Who handed it over gives up its copy then.",          \
         .options = tip_command_referral_options,                              \
         .option_count = TIP_CLI_COUNT(tip_command_referral_options),          \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_referral_accept},                                  \
        {.name = "referral decline",                                           \
         .summary = "Give back a record that is offered to this office.",      \
         .description = "With a reason, which whoever offered it reads. No "   \
                        "copy stays.",                                         \
         .options = tip_command_referral_options,                              \
         .option_count = TIP_CLI_COUNT(tip_command_referral_options),          \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_referral_decline},                                 \
        {.name = "record show",                                                \
         .summary = "Show a record and where it is.",                          \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_show},                                      \
        {.name = "record list",                                                \
         .summary = "List records of a type.",                                 \
         .options = tip_command_list_options,                                  \
         .option_count = TIP_CLI_COUNT(tip_command_list_options),              \
         .arguments = tip_command_list_arguments,                              \
         .argument_count = TIP_CLI_COUNT(tip_command_list_arguments),          \
         .examples = tip_command_list_examples,                                \
         .example_count = TIP_CLI_COUNT(tip_command_list_examples),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_list},                                      \
        {.name = "record history",                                             \
         .summary = "Show everything ever written to a record.",               \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_record_history},                                   \
        {.name = "conflicts list",                                             \
         .summary = "List what waits for a person to decide.",                 \
         .options = tip_command_conflicts_options,                             \
         .option_count = TIP_CLI_COUNT(tip_command_conflicts_options),         \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_conflicts_list},                                   \
        {.name = "conflicts summary",                                          \
         .summary = "Count what waits, by office, record type and field.",     \
         .description = "The oldest first. A record that several offices "     \
                        "hold counts at each. What the hub cannot read, only " \
                        "an office that holds it decides.",                    \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_conflicts_summary},                                \
        {.name = "conflicts show",                                             \
         .summary = "Show the sides of a record's conflicts.",                 \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_conflicts_show},                                   \
        {.name = "conflicts resolve",                                          \
         .summary = "Decide a conflict, with a reason.",                       \
         .description = "Closes it everywhere. All values stay in the "        \
                        "history.",                                            \
         .options = tip_command_resolve_options,                               \
         .option_count = TIP_CLI_COUNT(tip_command_resolve_options),           \
         .arguments = tip_command_id_arguments,                                \
         .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),            \
         .examples = tip_command_resolve_examples,                             \
         .example_count = TIP_CLI_COUNT(tip_command_resolve_examples),         \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_conflicts_resolve},                                \
        {.name = "import",                                                     \
         .summary = "Save the rows of a CSV, JSON or NDJSON file.",            \
         .description = "Wrong rows are reported with line and column, the "   \
                        "others go in; with --all-or-nothing none do.",        \
         .options = tip_command_import_options,                                \
         .option_count = TIP_CLI_COUNT(tip_command_import_options),            \
         .arguments = tip_command_import_arguments,                            \
         .argument_count = TIP_CLI_COUNT(tip_command_import_arguments),        \
         .examples = tip_command_import_examples,                              \
         .example_count = TIP_CLI_COUNT(tip_command_import_examples),          \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_import},                                           \
        {.name = "export",                                                     \
         .summary = "Write the records of a type to a file.",                  \
         .options = tip_command_export_options,                                \
         .option_count = TIP_CLI_COUNT(tip_command_export_options),            \
         .arguments = tip_command_export_arguments,                            \
         .argument_count = TIP_CLI_COUNT(tip_command_export_arguments),        \
         .place = TIP_CLI_DAEMON,                                              \
         .run = tip_command_export},                                           \
        {.name = "catalogue check",                                            \
         .summary = "Check the catalogue in a folder.",                        \
         .options = tip_command_check_options,                                 \
         .option_count = TIP_CLI_COUNT(tip_command_check_options),             \
         .arguments = tip_command_check_arguments,                             \
         .argument_count = TIP_CLI_COUNT(tip_command_check_arguments),         \
         .run = tip_command_catalogue_check,                                   \
         .is_without_conf = true},                                             \
    {                                                                          \
        .name = "catalogue show",                                              \
        .summary = "Show the catalogue in use: types, fields, codes.",         \
        .arguments = tip_command_catalogue_arguments,                          \
        .argument_count = TIP_CLI_COUNT(tip_command_catalogue_arguments),      \
        .examples = tip_command_catalogue_examples,                            \
        .example_count = TIP_CLI_COUNT(tip_command_catalogue_examples),        \
        .place = TIP_CLI_DAEMON, .run = tip_command_catalogue_show             \
    }

#endif /* TIP_COMMANDS_H */
