/*
 * The commands of a program: one table drives everything.
 *
 * A program lists its commands once. Reading the command line, help, manual,
 * completion and the dispatch in the daemon all follow from that list. A
 * command is run where its row says: in the process that was started, or in
 * the daemon, which parses the same words with the same table.
 *
 *     static const struct tip_cli_command commands[] = {{
 *         .name = "record add", .summary = "Add a record.",
 *         .place = TIP_CLI_DAEMON, .arguments = …, .run = record_add}, …};
 */
#ifndef TIP_CLI_H
#define TIP_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_conf.h"
#include "tip_err.h"
#include "tip_out.h"
#include "tip_spec.h"

struct tip_reply;
struct tip_request;

enum {
    TIP_CLI_OPTIONS_MAX = 24,    /* Of one command, without common ones. */
    TIP_CLI_ARGUMENTS_MAX = 512, /* Words behind a command. */
    TIP_CLI_NAME_BYTES_MAX = 40, /* Of a command with its group. */
    TIP_CLI_PROBLEM_SIZE = 320,
    TIP_CLI_FILES_MAX = 4 /* Files that one command reads. */
};

/* Where a command runs. */
enum tip_cli_place { TIP_CLI_HERE, TIP_CLI_DAEMON };

/* Whether a value names a file. For a command of the daemon the client reads
 * and writes it, so that the daemon needs no right to the user's files; "-" is
 * standard input or output. */
enum tip_cli_file { TIP_CLI_NO_FILE, TIP_CLI_FILE_IN, TIP_CLI_FILE_OUT };

struct tip_cli_option {
    const char *name;      /* Without the dashes. */
    struct tip_spec spec;  /* A boolean takes no value: given, it is on. */
    const char *value;     /* What help calls the value: "FILE". */
    const char *otherwise; /* The value when it is not given; NULL: none. */
    const char *help;      /* One sentence with its full stop. */
    enum tip_cli_file file;
    char letter; /* 0: none. */
};

/* How often an argument may come; only the last one may be no ONE, or several
 * OPTIONAL ones in a row. */
enum tip_cli_count {
    TIP_CLI_ONE,
    TIP_CLI_OPTIONAL,
    TIP_CLI_SOME, /* One or more. */
    TIP_CLI_ANY   /* None or more. */
};

struct tip_cli_argument {
    const char *name; /* As in help: "TYPE", "FIELD=VALUE". */
    enum tip_cli_count count;
    struct tip_spec spec;
    enum tip_cli_file file;
    const char *help;
};

struct tip_cli_example {
    const char *line; /* Without the program's name. */
    const char *what; /* One sentence. */
};

/**
 * Do the command. In the daemon it is called from the loop and must not block:
 * it returns TIP_EAGAIN to be called again when the input, the room for output
 * or the program has moved on, and keeps what it needs in request->job.
 * @program is what the program gave: NULL in a process that only asks.
 */
typedef enum tip_err tip_cli_run_fn(void *program, struct tip_request *request,
                                    struct tip_reply *reply);

/* A command of the daemon with this option is asked again and again. */
#define TIP_CLI_WATCH "watch"
#define TIP_CLI_WATCH_OPTION                                   \
    {                                                          \
        .name = TIP_CLI_WATCH,                                 \
        .spec = {.type = TIP_SPEC_DURATION,                    \
                 .min = 1000,                                  \
                 .max = INT64_C(3600) * 1000},                 \
        .value = "TIME",                                       \
        .help = "Show it again after each TIME, until Ctrl-C." \
    }

/** How many elements an array has; no count in a table is typed by hand. */
#define TIP_CLI_COUNT(array_) (sizeof(array_) / sizeof *(array_))

struct tip_cli_command {
    const char *name;        /* "status", "record add": at most two words. */
    const char *summary;     /* One sentence with its full stop. */
    const char *description; /* More sentences, or NULL. */
    const struct tip_cli_option *options;
    size_t option_count;
    const struct tip_cli_argument *arguments;
    size_t argument_count;
    const struct tip_cli_example *examples;
    size_t example_count;
    tip_cli_run_fn *run;
    enum tip_cli_place place;
    bool is_without_conf; /* Runs even if the configuration has an error. */
};

/** A program; static data. */
struct tip_cli_program {
    const char *name;        /* "tipnode". */
    const char *version;     /* "0.1.0". */
    const char *date;        /* Of the manual: "November 22, 2026". */
    const char *summary;     /* What it is, in a few words, no full stop. */
    const char *description; /* Sentences for the manual. */
    const struct tip_cli_command *commands;
    size_t command_count;
    const struct tip_conf_table *conf;
    const char *conf_path;  /* "/etc/tip/node.conf". */
    size_t conf_key_dir;    /* The key that --dir sets. */
    size_t conf_key_socket; /* The key with the path of the socket. */
};

/* The options every command has. */
enum tip_cli_common {
    TIP_CLI_HELP,
    TIP_CLI_VERSION,
    TIP_CLI_JSON,
    TIP_CLI_PLAIN,
    TIP_CLI_QUIET,
    TIP_CLI_NO_COLOR,
    TIP_CLI_NO_INPUT,
    TIP_CLI_CONFIG,
    TIP_CLI_DIR,
    TIP_CLI_TIMEOUT,
    TIP_CLI_COMMON_COUNT
};

extern const struct tip_cli_option tip_cli_common[TIP_CLI_COMMON_COUNT];

/** A value of the command line; what tip_spec.h says of its number. */
struct tip_cli_value {
    const char *text; /* Borrowed from the words; NULL: not given. */
    int64_t number;
    bool is_given;
};

/** A command line that was read. Plain data; borrows the words. */
struct tip_cli_call {
    const struct tip_cli_command *command; /* NULL: help or version only. */
    const char *group; /* First of two words; NULL: one, or none. Borrowed. */
    struct tip_cli_value common[TIP_CLI_COMMON_COUNT];
    struct tip_cli_value options[TIP_CLI_OPTIONS_MAX];
    const char *arguments[TIP_CLI_ARGUMENTS_MAX];
    size_t argument_count;
    char problem[TIP_CLI_PROBLEM_SIZE]; /* After TIP_EUSAGE. */
};

/** A file of the call, in the order of its row: options, then arguments. */
struct tip_cli_file_use {
    const char *name; /* Option without dashes, or argument. */
    const char *path; /* As typed. */
};

/**
 * Read @count words, without the program's name. TIP_EUSAGE: call->problem
 * says what is wrong and what was probably meant.
 */
TIP_MUST_USE enum tip_err tip_cli_parse(const struct tip_cli_program *program,
                                        const char *const *words, size_t count,
                                        struct tip_cli_call *call);

/** The value of option @name, which the command must have. */
const struct tip_cli_value *tip_cli_option(const struct tip_cli_call *call,
                                           const char *name);

/** Borrow argument @index, or NULL when it was not given. */
const char *tip_cli_argument(const struct tip_cli_call *call, size_t index);

/** The options that say which of several instances is meant, to stand behind
 * a command that is suggested: "", or " --config F --dir D". */
enum { TIP_CLI_SAME_SIZE = 512 };
void tip_cli_same(const struct tip_cli_call *call,
                  char out_words[TIP_CLI_SAME_SIZE]);

/** List the files of kind @file, at most TIP_CLI_FILES_MAX. */
size_t tip_cli_files(const struct tip_cli_call *call, enum tip_cli_file file,
                     struct tip_cli_file_use out_files[TIP_CLI_FILES_MAX]);

/** Find the command called @name exactly, or NULL. */
const struct tip_cli_command *
tip_cli_command_find(const struct tip_cli_program *program, const char *name);

/** True when commands begin with the word @group of @size bytes. */
bool tip_cli_is_group(const struct tip_cli_program *program, const char *group,
                      size_t size);

/** Write the help of the program, of the group @name, or of the command
 * @name. TIP_ENOTFOUND, and nothing written, when there is no such. */
TIP_MUST_USE enum tip_err tip_cli_help(const struct tip_cli_program *program,
                                       const char *name, struct tip_out *out);

/** Write "record add TYPE FIELD=VALUE... [OPTION]...", without the program. */
void tip_cli_usage(const struct tip_cli_command *command, struct tip_out *out);

/** Write the manual page in mdoc. */
void tip_cli_manual(const struct tip_cli_program *program, struct tip_out *out);

/** Write the completion script for bash or zsh. */
void tip_cli_complete_bash(const struct tip_cli_program *program,
                           struct tip_out *out);
void tip_cli_complete_zsh(const struct tip_cli_program *program,
                          struct tip_out *out);

/** Check the table itself. NULL, or the static sentence of what is wrong;
 * every program's tests call it. */
const char *tip_cli_check(const struct tip_cli_program *program);

#endif /* TIP_CLI_H */
