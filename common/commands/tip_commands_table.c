/* The words of the shared commands: options, arguments, examples. */
#include "tip_commands.h"

#define REASON(help_)                             \
    {                                             \
        .name = "reason",                         \
        .spec = {.type = TIP_SPEC_TEXT,           \
                 .min = 1,                        \
                 .max = TIP_SPEC_TEXT_BYTES_MAX}, \
        .value = "TEXT", .help = (help_)          \
    }
#define SEEN                                                                 \
    {                                                                        \
        .name = "seen", .spec = {.type = TIP_SPEC_TEXT}, .value = "VERSION", \
        .help = "The version that was shown; without it, what is there now." \
    }
#define LIMIT                                                              \
    {                                                                      \
        .name = "limit",                                                   \
        .spec = {.type = TIP_SPEC_INTEGER, .min = 0, .max = 1000000000},   \
        .value = "N", .otherwise = "0", .help = "At most so many; 0: all." \
    }
#define FROM                                                              \
    {                                                                     \
        .name = "from", .spec = {.type = TIP_SPEC_PATH}, .value = "FILE", \
        .file = TIP_CLI_FILE_IN,                                          \
        .help = "Read the fields from a JSON file; - is standard input."  \
    }

const struct tip_cli_option tip_command_add_options[3] = {
    FROM,
    {.name = "office",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "OFFICE",
     .help = "Who else holds it, names or numbers with commas between."},
    REASON("Why, for the history.")};

const struct tip_cli_argument tip_command_add_arguments[2] = {
    {.name = "TYPE", .help = "A record type of the catalogue."},
    {.name = "FIELD=VALUE",
     .count = TIP_CLI_ANY,
     .help = "A field and its value; FIELD+=CODE adds to a set."}};

const struct tip_cli_example tip_command_add_examples[2] = {
    {"record add case case_no=MR05-2026-00042 vector=labour status=open "
     "opened_on=2026-11-03",
     "Open a case."},
    {"record add case --from case.json", "Save what a file says."}};

const struct tip_cli_option tip_command_edit_options[3] = {
    SEEN, FROM, REASON("Why, for the history.")};

const struct tip_cli_argument tip_command_edit_arguments[2] = {
    {.name = "ID", .help = "The record."},
    {.name = "FIELD=VALUE",
     .count = TIP_CLI_ANY,
     .help = "FIELD= makes it blank, FIELD+=CODE and FIELD-=CODE change a "
             "set."}};

const struct tip_cli_example tip_command_edit_examples[1] = {
    {"record edit 0192f… --seen 17592186044420.12 status=closed",
     "Close a case as it was shown."}};

const struct tip_cli_option tip_command_delete_options[3] = {
    SEEN,
    REASON("Why; needed."),
    {.name = "undo",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Bring it back."}};

const struct tip_cli_option tip_command_hold_options[2] = {
    SEEN, REASON("Why; needed to take out an office.")};

const struct tip_cli_option tip_command_referral_options[2] = {
    SEEN, REASON("Why; needed to decline.")};

const struct tip_cli_option tip_command_referrals_options[1] = {
    {.name = "all",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Those that were accepted too."}};

const struct tip_cli_argument tip_command_hold_arguments[2] = {
    {.name = "ID", .help = "The record."},
    {.name = "OFFICE", .help = "Which office: its name or number."}};

const struct tip_cli_argument tip_command_id_arguments[1] = {
    {.name = "ID", .help = "The record."}};

const struct tip_cli_option tip_command_list_options[5] = {
    LIMIT,
    {.name = "alone",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Only records of which something is on this machine and nowhere "
             "else: at an office what the hub has not confirmed, at the hub "
             "what it wrote and no backup and no office has."},
    {.name = "show",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "FIELDS",
     .help = "These fields of each record, with commas between; otherwise "
             "some by which it is known."},
    {.name = "newest",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "The newest first."},
    {.name = "deleted",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Deleted ones too."}};

const struct tip_cli_argument tip_command_list_arguments[2] = {
    {.name = "TYPE",
     .count = TIP_CLI_ONE,
     .help = "A record type of the catalogue."},
    {.name = "FIELD=VALUE",
     .count = TIP_CLI_ANY,
     .help = "Only records where this holds."}};

const struct tip_cli_example tip_command_list_examples[1] = {
    {"record list case status=open --limit 20", "Twenty open cases."}};

const struct tip_cli_option tip_command_conflicts_options[2] = {
    LIMIT,
    {.name = "type",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "TYPE",
     .help = "Only of this record type."}};

const struct tip_cli_option tip_command_resolve_options[5] = {
    {.name = "field",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "FIELD",
     .help = "Which field, where several wait."},
    {.name = "take",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "LETTER",
     .help = "The value that stays, by its letter; needs --seen."},
    {.name = "value",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "VALUE",
     .help = "Another value."},
    SEEN,
    REASON("Why; needed.")};

const struct tip_cli_example tip_command_resolve_examples[1] = {
    {"conflicts resolve 0192f… --seen 17592186044420.12 --take A "
     "--reason \"Court file RP 33\"",
     "Keep the first value that was shown."}};

const struct tip_cli_option tip_command_import_options[8] = {
    {.name = "map",
     .letter = 'm',
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_IN,
     .help = "A mapping of the file's columns to fields."},
    {.name = "type",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "TYPE",
     .help = "The record type, where no mapping says it."},
    {.name = "format",
     .spec = {.type = TIP_SPEC_CHOICE, .choices = "guess|csv|json|ndjson"},
     .value = "FORMAT",
     .otherwise = "guess",
     .help = "What the file is."},
    {.name = "key",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "COLUMN",
     .help = "The column that names a row for good, so that none goes in "
             "twice."},
    {.name = "all-or-nothing",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Save nothing if any row is wrong."},
    {.name = "dry-run",
     .letter = 'n',
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Check every row and save none."},
    {.name = "office",
     .spec = {.type = TIP_SPEC_TEXT},
     .value = "OFFICE",
     .help = "Who else holds the records, with commas between."},
    REASON("Why, for the history.")};

const struct tip_cli_argument tip_command_import_arguments[1] = {
    {.name = "FILE",
     .spec = {.type = TIP_SPEC_PATH},
     .file = TIP_CLI_FILE_IN,
     .help = "The file; - is standard input."}};

const struct tip_cli_example tip_command_import_examples[1] = {
    {"import --map import.csv cases.csv", "Save another program's cases."}};

const struct tip_cli_option tip_command_export_options[4] = {
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write here instead of to standard output."},
    {.name = "format",
     .spec = {.type = TIP_SPEC_CHOICE, .choices = "csv|json|ndjson"},
     .value = "FORMAT",
     .otherwise = "csv",
     .help = "What to write."},
    {.name = "identities",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "With names and other identities, in the clear."},
    {.name = "deleted",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Deleted records too."}};

const struct tip_cli_argument tip_command_export_arguments[2] = {
    {.name = "TYPE", .help = "A record type of the catalogue."},
    {.name = "FIELD=VALUE",
     .count = TIP_CLI_ANY,
     .help = "Only records where this holds."}};

const struct tip_cli_argument tip_command_catalogue_arguments[2] = {
    {.name = "TYPE",
     .count = TIP_CLI_OPTIONAL,
     .help = "A record type: show its fields."},
    {.name = "FIELD",
     .count = TIP_CLI_OPTIONAL,
     .help = "One of its fields: show the codes it takes."}};

const struct tip_cli_example tip_command_catalogue_examples[2] = {
    {"catalogue show case", "Which fields a case has."},
    {"catalogue show case status", "Which codes its status takes."}};

const struct tip_cli_option tip_command_check_options[1] = {
    {.name = "pack",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .help = "Write it as one file, for catalogue publish."}};

const struct tip_cli_argument tip_command_check_arguments[1] = {
    {.name = "DIR",
     .spec = {.type = TIP_SPEC_PATH},
     .help = "The folder with survey.csv and the others."}};
