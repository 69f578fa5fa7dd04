/*
 * The one table of commands of tipnode. A table that both programs share is
 * joined here with a line, as TIP_CLI_BUILTINS is.
 */
#include "node_program.h"
#include "tip_backup_command.h"
#include "tip_cli_main.h"

static const struct tip_cli_example init_examples[] = {
    {"init --dir /tmp/nema --dev", "Make a node to try out."}};

static const struct tip_cli_option sync_options[] = {
    {.name = "now",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Although what may go over the line in a day is used."},
    {.name = "wait",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Return when all that was saved is decided at the hub."},
    {.name = "for",
     .spec = {.type = TIP_SPEC_DURATION,
              .min = 0,
              .max = INT64_C(24) * 3600 * 1000},
     .value = "TIME",
     .otherwise = "5 min",
     .help = "How long to wait at most."}};

static const struct tip_cli_option request_options[] = {
    {.name = "invite",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .help = "The invitation."},
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write the request here instead of to standard output."}};

static const struct tip_cli_argument accept_arguments[] = {
    {.name = "FILE",
     .spec = {.type = TIP_SPEC_PATH},
     .help = "The approval that came from the hub."}};

static const struct tip_cli_example request_examples[] = {
    {"enrol request --invite nema.invite --to nema.request",
     "Answer an invitation."}};

static const struct tip_cli_option export_options[] = {
    {.name = "all",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "All that was ever saved here, not only what the hub has not "
             "confirmed."},
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write the bundle here instead of to standard output."}};

static const struct tip_cli_example export_examples[] = {
    {"bundle export --to /media/usb/nema.bundle",
     "Put what waits for the hub on a stick."}};

static const struct tip_cli_argument held_arguments[] = {
    {.name = "SEQ", .help = "The change-set's number, as held list says it."}};

static const struct tip_cli_command commands[] = {
    {.name = "init",
     .summary = "Make the folder, the store and the keys of a device.",
     .description = "Nothing is ever overwritten. Without --dev the vault key "
                    "is the systemd credential that the configuration names.",
     .options = tip_program_init_options,
     .option_count = TIP_CLI_COUNT(tip_program_init_options),
     .examples = init_examples,
     .example_count = TIP_CLI_COUNT(init_examples),
     .run = node_run_init},
    TIP_PROGRAM_SERVE("Be the daemon of this office.", node_run_serve),
    {.name = "status",
     .summary = "Show where this office's work is, and what needs somebody.",
     .description = "People are shown what they need; --plain and --json have "
                    "every value.",
     .place = TIP_CLI_DAEMON,
     .run = node_run_status},
    {.name = "sync",
     .summary = "Call the hub now.",
     .place = TIP_CLI_DAEMON,
     .options = sync_options,
     .option_count = TIP_CLI_COUNT(sync_options),
     .run = node_run_sync},
    {.name = "enrol request",
     .summary = "Answer an invitation of the hub.",
     .description = "The daemon must not be running. Read the fingerprint to "
                    "the hub's administrator over the phone.",
     .options = request_options,
     .option_count = TIP_CLI_COUNT(request_options),
     .examples = request_examples,
     .example_count = TIP_CLI_COUNT(request_examples),
     .run = node_run_enrol_request},
    {.name = "enrol accept",
     .summary = "Take the approval of the hub.",
     .arguments = accept_arguments,
     .argument_count = TIP_CLI_COUNT(accept_arguments),
     .run = node_run_enrol_accept},
    {.name = "bundle export",
     .summary = "Write what waits for the hub into a file.",
     .description = "For when there is no link: the file goes on a stick. It "
                    "can be taken any number of times.",
     .place = TIP_CLI_DAEMON,
     .options = export_options,
     .option_count = TIP_CLI_COUNT(export_options),
     .examples = export_examples,
     .example_count = TIP_CLI_COUNT(export_examples),
     .run = node_run_bundle_export},
    TIP_PROGRAM_BUNDLE_IMPORT("Take a bundle that the hub made.",
                              node_run_bundle_import),
    TIP_BACKUP_COMMANDS(node_run_backup_create, node_run_backup_restore),
    TIP_PROGRAM_VERIFY(node_run_verify),
    TIP_PROGRAM_SCRUB(node_run_scrub),
    {.name = "erase list",
     .summary = "List what was erased by decision, and what went with it.",
     .description = "Of a record that was erased only its number and the day "
                    "are left. Changes of this office that were not merged "
                    "yet went with it: by whom and when is said here.",
     .place = TIP_CLI_DAEMON,
     .run = node_run_erase_list},
    {.name = "held list",
     .summary = "List what the hub holds back or has refused of this office.",
     .place = TIP_CLI_DAEMON,
     .run = node_run_held_list},
    {.name = "held show",
     .summary = "Show what is in a change that is held back or was refused.",
     .description = "Beside what stands in the records now, so that it can be "
                    "written again.",
     .place = TIP_CLI_DAEMON,
     .arguments = held_arguments,
     .argument_count = TIP_CLI_COUNT(held_arguments),
     .run = node_run_held_show},
    TIP_COMMANDS,
    TIP_CLI_BUILTINS,
};

const struct tip_cli_program node_cli = {
    .name = "tipnode",
    .version = "0.1.0",
    .date = "November 23, 2026",
    .summary = "records of an office, replicated to the hub",
    .description =
        "An office works with its own node, also for weeks without a network. "
        "What is saved is durable here first, then sent, then merged.",
    .commands = commands,
    .command_count = TIP_CLI_COUNT(commands),
    .conf = &node_conf_table,
    .conf_path = "/etc/tip/node.conf",
    .conf_key_dir = TIP_PROGRAM_CONF_DIR,
    .conf_key_socket = TIP_PROGRAM_CONF_SOCKET,
};
