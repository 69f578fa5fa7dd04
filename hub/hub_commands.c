/*
 * The one table of commands of tiphub. A table that both programs share is
 * joined here with a line, as TIP_CLI_BUILTINS is.
 */
#include "demo_weather.h"
#include "hub_clone_commands.h"
#include "hub_erase_commands.h"
#include "hub_program.h"
#include "hub_recovery_commands.h"
#include "hub_retire_commands.h"
#include "tip_backup_command.h"
#include "tip_cli_main.h"

static const struct tip_cli_option invite_options[] = {
    {.name = "office",
     .spec = {.type = TIP_SPEC_INTEGER,
              .min = HUB_OFFICE + 1,
              .max = TIP_OFFICE_MAX},
     .value = "NUMBER",
     .help = "The office's number in the national list."},
    {.name = "name",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = TIP_ENROL_NAME_SIZE - 1},
     .value = "TEXT",
     .help = "The office's name."},
    {.name = "expires",
     .spec = {.type = TIP_SPEC_DURATION,
              .min = 0,
              .max = INT64_C(30) * 24 * 3600 * 1000},
     .value = "TIME",
     .otherwise = "72 h",
     .help = "How long the invitation is good."},
    {.name = "address",
     .spec = {.type = TIP_SPEC_ENDPOINTS,
              .min = 1,
              .max = TIP_PROGRAM_ADDRESSES_MAX},
     .value = "HOST:PORT",
     .help = "Where the office calls this hub; otherwise [link] public."},
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write the invitation here instead of to standard output."}};

static const struct tip_cli_option approve_options[] = {
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write the approval here instead of to standard output."}};

static const struct tip_cli_argument request_arguments[] = {
    {.name = "REQUEST",
     .spec = {.type = TIP_SPEC_PATH},
     .file = TIP_CLI_FILE_IN,
     .help = "The request that came from the office."}};

static const struct tip_cli_example invite_examples[] = {
    {"enrol invite --office 8 --name Nouadhibou --to nouadhibou.invite",
     "Invite the office of Nouadhibou."}};

static const struct tip_cli_example approve_examples[] = {
    {"enrol approve nouadhibou.request --to nouadhibou.approval",
     "Let its device in."}};

static const struct tip_cli_option show_options[] = {
    {.name = "by",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "FIELDS",
     .help = "Only by these dimensions, with commas between."},
    {.name = "by-office",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "A row for each office."},
    {.name = "by-period",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "A row for each period."}};

static const struct tip_cli_argument show_arguments[] = {
    {.name = "INDICATOR", .help = "Its name, as indicators list says it."}};

static const struct tip_cli_argument publish_arguments[] = {
    {.name = "FILE",
     .spec = {.type = TIP_SPEC_PATH},
     .file = TIP_CLI_FILE_IN,
     .help = "What catalogue check --pack wrote."}};

static const struct tip_cli_option export_options[] = {
    {.name = "office",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = TIP_ENROL_NAME_SIZE - 1},
     .value = "OFFICE",
     .help = "The office it is for, a number or a name."},
    {.name = "all",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "All there ever was for it, not only what it has not confirmed."},
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write the bundle here instead of to standard output."}};

static const struct tip_cli_example export_examples[] = {
    {"bundle export --office 8 --to /media/usb/nema.bundle",
     "Put what waits for office 8 on a stick."}};

static const struct tip_cli_argument resend_arguments[] = {
    {.name = "OFFICE", .help = "A number or a name."}};

static const struct tip_cli_argument held_list_arguments[] = {
    {.name = "OFFICE",
     .count = TIP_CLI_OPTIONAL,
     .help = "Only of this office, a number or a name."}};

#define HELD_ORIGIN                                                      \
    {                                                                    \
        .name = "ORIGIN",                                                \
        .spec = {.type = TIP_SPEC_INTEGER, .min = 1, .max = UINT32_MAX}, \
        .help = "The device, as held list says it."                      \
    }

static const struct tip_cli_argument held_show_arguments[] = {
    HELD_ORIGIN, {.name = "SEQ", .help = "The change-set's number."}};

static const struct tip_cli_argument held_rule_arguments[] = {
    HELD_ORIGIN,
    {.name = "SEQ", .help = "The change-set's number, or FIRST-LAST."}};

static const struct tip_cli_option held_rule_options[] = {
    {.name = "reason",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = TIP_SPEC_TEXT_BYTES_MAX},
     .value = "TEXT",
     .help = "Why; the office reads it."}};

static const struct tip_cli_example held_accept_examples[] = {
    {"held accept 12 431 --reason 'confirmed by telephone'",
     "Let it in beside what was written since."}};

static const struct tip_cli_example held_reject_examples[] = {
    {"held reject 12 431-460 --reason 'made by a lost device'",
     "Refuse thirty of them; the office keeps them to read."}};

static const struct tip_cli_option revert_options[] = {
    {.name = "device",
     .spec = {.type = TIP_SPEC_INTEGER,
              .min = HUB_ORIGIN + 1,
              .max = UINT32_MAX},
     .value = "ORIGIN",
     .help = "The device, as nodes says it."},
    {.name = "from",
     .spec = {.type = TIP_SPEC_INTEGER, .min = 1, .max = INT64_MAX},
     .value = "SEQ",
     .help = "The first of its change-sets that is undone."},
    {.name = "dry-run",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Say what would become of each cell, and change nothing."},
    {.name = "reason",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = TIP_SPEC_TEXT_BYTES_MAX},
     .value = "TEXT",
     .help = "Why; it stands in the history of every record."}};

static const struct tip_cli_example revert_examples[] = {
    {"revert --device 12 --from 431 --dry-run --reason 'lost on 3 November'",
     "See what would be undone."}};

static const struct tip_cli_option demo_options[] = {
    {.name = "nodes",
     .spec = {.type = TIP_SPEC_INTEGER, .min = 1, .max = DEMO_LINES_MAX},
     .value = "N",
     .otherwise = "15",
     .help = "How many offices, wilayas in their order."},
    {.name = "seed",
     .spec = {.type = TIP_SPEC_INTEGER, .min = 0, .max = UINT32_MAX},
     .value = "N",
     .otherwise = "1",
     .help = "Another number tells other cases in other weather."},
    {.name = "weather",
     .spec = {.type = TIP_SPEC_CHOICE, .choices = "calm|stormy|blackout"},
     .value = "SKY",
     .otherwise = "stormy",
     .help = "What becomes of the links."},
    {.name = "records",
     .spec = {.type = TIP_SPEC_INTEGER, .min = 12, .max = 100000},
     .value = "N",
     .otherwise = "40",
     .help = "How many records each office saves."},
    {.name = "catalogue",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "DIR",
     .help = "Publish this catalogue instead of the national one; needs "
             "--empty."},
    {.name = "empty",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Only start the hub and its enrolled offices, for your work."},
    {.name = "keep",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "DIR",
     .help = "Make everything in DIR, a new folder, and leave it behind."},
    {.name = "exit-after-sync",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "End when all is at the hub instead of waiting for Ctrl-C."}};

static const struct tip_cli_example demo_examples[] = {
    {"demo --exit-after-sync", "15 offices in a storm, then the figures."},
    {"demo --empty --keep /tmp/country --nodes 3",
     "A hub and three offices to play with."}};

static const struct tip_cli_command commands[] = {
    {.name = "init",
     .summary = "Make the folder, the store and the keys of the hub.",
     .description =
         "Nothing is ever overwritten. Without --dev the vault key is the "
         "systemd credential that the configuration names. The registrar's "
         "key gets a file of its own.",
     .options = tip_program_init_options,
     .option_count = TIP_CLI_COUNT(tip_program_init_options),
     .run = hub_run_init},
    TIP_PROGRAM_SERVE("Be the daemon of the hub.", hub_run_serve),
    {.name = "status",
     .summary = "Show how the hub is.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_status},
    HUB_NODES,
    HUB_METRICS,
    {.name = "enrol invite",
     .summary = "Make a one-time invitation for an office.",
     .place = TIP_CLI_DAEMON,
     .options = invite_options,
     .option_count = TIP_CLI_COUNT(invite_options),
     .examples = invite_examples,
     .example_count = TIP_CLI_COUNT(invite_examples),
     .run = hub_run_enrol_invite},
    {.name = "enrol list",
     .summary = "List all invitations.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_enrol_list},
    {.name = "enrol show",
     .summary = "Check a request and show its fingerprint.",
     .place = TIP_CLI_DAEMON,
     .arguments = request_arguments,
     .argument_count = TIP_CLI_COUNT(request_arguments),
     .run = hub_run_enrol_show},
    {.name = "enrol approve",
     .summary = "Let the device of a request in.",
     .description =
         "Needs the file of the registrar's key. The same request gets the "
         "same approval again.",
     .place = TIP_CLI_DAEMON,
     .options = approve_options,
     .option_count = TIP_CLI_COUNT(approve_options),
     .arguments = request_arguments,
     .argument_count = TIP_CLI_COUNT(request_arguments),
     .examples = approve_examples,
     .example_count = TIP_CLI_COUNT(approve_examples),
     .run = hub_run_enrol_approve},
    HUB_RETIRE_COMMANDS,
    {.name = "bundle export",
     .summary = "Write what waits for an office into a file.",
     .description = "For when there is no link: the file goes on a stick. It "
                    "can be taken any number of times.",
     .place = TIP_CLI_DAEMON,
     .options = export_options,
     .option_count = TIP_CLI_COUNT(export_options),
     .examples = export_examples,
     .example_count = TIP_CLI_COUNT(export_examples),
     .run = hub_run_bundle_export},
    TIP_PROGRAM_BUNDLE_IMPORT("Take a bundle that an office made.",
                              hub_run_bundle_import),
    TIP_BACKUP_COMMANDS(hub_run_backup_create, hub_run_backup_restore),
    HUB_RECOVERY_COMMANDS,
    HUB_CLONE_COMMANDS,
    TIP_PROGRAM_VERIFY(hub_run_verify),
    TIP_PROGRAM_SCRUB(hub_run_scrub),
    {.name = "resend",
     .summary = "Send an office all its records again.",
     .description = "For one that does not hold what it should and was not "
                    "helped by what the hub does by itself. Its own work that "
                    "is under way is not touched.",
     .place = TIP_CLI_DAEMON,
     .arguments = resend_arguments,
     .argument_count = TIP_CLI_COUNT(resend_arguments),
     .run = hub_run_resend},
    HUB_ERASE_COMMANDS,
    {.name = "held list",
     .summary = "List the changes that are held back, and why.",
     .place = TIP_CLI_DAEMON,
     .arguments = held_list_arguments,
     .argument_count = TIP_CLI_COUNT(held_list_arguments),
     .run = hub_run_held_list},
    {.name = "held show",
     .summary = "Show what a held change would write.",
     .description = "Beside what stands there now. Identities stay sealed.",
     .place = TIP_CLI_DAEMON,
     .arguments = held_show_arguments,
     .argument_count = TIP_CLI_COUNT(held_show_arguments),
     .run = hub_run_held_show},
    {.name = "held accept",
     .summary = "Let a held change in.",
     .description = "It stands beside what was written since and overwrites "
                    "nothing that its author had not provably seen. What "
                    "waited behind it goes on.",
     .place = TIP_CLI_DAEMON,
     .options = held_rule_options,
     .option_count = TIP_CLI_COUNT(held_rule_options),
     .arguments = held_rule_arguments,
     .argument_count = TIP_CLI_COUNT(held_rule_arguments),
     .examples = held_accept_examples,
     .example_count = TIP_CLI_COUNT(held_accept_examples),
     .run = hub_run_held_accept},
    {.name = "held reject",
     .summary = "Refuse a held change.",
     .description = "Its office is told by whom and why, and keeps it to read "
                    "and to write again. What waited behind it goes on.",
     .place = TIP_CLI_DAEMON,
     .options = held_rule_options,
     .option_count = TIP_CLI_COUNT(held_rule_options),
     .arguments = held_rule_arguments,
     .argument_count = TIP_CLI_COUNT(held_rule_arguments),
     .examples = held_reject_examples,
     .example_count = TIP_CLI_COUNT(held_reject_examples),
     .run = hub_run_held_reject},
    {.name = "quota",
     .summary = "Show what each device may undo or send today, and has.",
     .description = "What is more is held back: see held list. The limits "
                    "stand under [quota] in the configuration.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_quota},
    {.name = "revert",
     .summary = "Undo what a device wrote, from a point on.",
     .description =
         "What it superseded stands again and records that it made are "
         "hidden, by ordinary changes that can be undone. Where others have "
         "written since, their word is left and listed. What was refused or "
         "is held back never took effect and is only counted. It can be "
         "broken off and given again.",
     .place = TIP_CLI_DAEMON,
     .options = revert_options,
     .option_count = TIP_CLI_COUNT(revert_options),
     .examples = revert_examples,
     .example_count = TIP_CLI_COUNT(revert_examples),
     .run = hub_run_revert},
    {.name = "catalogue publish",
     .summary = "Publish a catalogue to every office.",
     .description = "Checked as a whole and against the version in use; what "
                    "was held back for want of it goes on.",
     .place = TIP_CLI_DAEMON,
     .arguments = publish_arguments,
     .argument_count = TIP_CLI_COUNT(publish_arguments),
     .run = hub_run_catalogue_publish},
    {.name = "indicators list",
     .summary = "List the indicators of the catalogue.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_indicators_list},
    {.name = "indicators show",
     .summary = "Show a national figure and how much of the country it covers.",
     .place = TIP_CLI_DAEMON,
     .options = show_options,
     .option_count = TIP_CLI_COUNT(show_options),
     .arguments = show_arguments,
     .argument_count = TIP_CLI_COUNT(show_arguments),
     .run = hub_run_indicators_show},
    {.name = "indicators verify",
     .summary = "Count all figures again from the records and compare.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_indicators_verify},
    {.name = "indicators recount",
     .summary = "Count all figures again from the records and keep that.",
     .description = "Says which were wrong. Verify first, and find out why.",
     .place = TIP_CLI_DAEMON,
     .run = hub_run_indicators_recount},
    {.name = "demo",
     .summary = "Show the whole country at work on this machine.",
     .description =
         "Starts a hub and nodes of its own, real programs on loopback, with "
         "made-up cases. Links fail as the weather says; the same fields are "
         "written at office and hub. It ends well only if everything that was "
         "saved is at the hub and the figures count again to the same.",
     .options = demo_options,
     .option_count = TIP_CLI_COUNT(demo_options),
     .examples = demo_examples,
     .example_count = TIP_CLI_COUNT(demo_examples),
     .run = hub_run_demo,
     .is_without_conf = true},
    TIP_COMMANDS,
    TIP_CLI_BUILTINS,
};

const struct tip_cli_program hub_cli = {
    .name = "tiphub",
    .version = "0.1.0",
    .date = "November 23, 2026",
    .summary = "the national hub of the offices' nodes",
    .description =
        "The hub takes in what the offices' nodes send, gives it one national "
        "order and sends each office its own merged records.",
    .commands = commands,
    .command_count = TIP_CLI_COUNT(commands),
    .conf = &hub_conf_table,
    .conf_path = "/etc/tip/hub.conf",
    .conf_key_dir = TIP_PROGRAM_CONF_DIR,
    .conf_key_socket = TIP_PROGRAM_CONF_SOCKET,
};
