/* A small program with every kind of command, for the tests of common/cli. */
#ifndef SAMPLE_PROGRAM_H
#define SAMPLE_PROGRAM_H

#include <stdlib.h>
#include <string.h>

#include "tip_cli.h"
#include "tip_cli_main.h"
#include "tip_reply.h"
#include "tip_request.h"

enum { SAMPLE_DIR, SAMPLE_SOCKET, SAMPLE_KEYS };

/* What the daemon of the sample knows. */
struct sample_engine {
    size_t input_bytes; /* Of all files it was given. */
    size_t inputs;
    size_t freed_jobs;
    bool is_ready; /* "sync" waits for this. */
    uint32_t uid;
};

static inline enum tip_err sample_status(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    struct sample_engine *engine = program;

    engine->uid = request->uid;
    tip_reply_text(reply, "office", "NDB");
    tip_reply_duration(reply, "oldest_waiting_ms", 7860000);
    tip_reply_list_begin(reply, "nodes");
    tip_reply_row_begin(reply);
    tip_reply_text(reply, "wilaya", "نواكشوط");
    tip_reply_integer(reply, "waiting", 37);
    tip_reply_row_end(reply);
    tip_reply_row_begin(reply);
    tip_reply_text(reply, "wilaya", "Tiris \"Zemmour\"\033[2J");
    tip_reply_none(reply, "waiting");
    tip_reply_row_end(reply);
    tip_reply_list_end(reply);
    tip_reply_note(reply, TIP_REPLY_WARNING, "The backup is %d days old.", 3);
    tip_reply_exit(reply, TIP_EXIT_DEGRADED);
    return TIP_OK;
}

static inline enum tip_err
sample_add(void *program, struct tip_request *request, struct tip_reply *reply)
{
    (void)program;
    tip_reply_explain(reply, "type %s", tip_cli_argument(request->call, 0));
    return TIP_ENOTFOUND;
}

/* Rows until there is no room, then more in the next call. */
static inline enum tip_err
sample_list(void *program, struct tip_request *request, struct tip_reply *reply)
{
    int64_t count = tip_cli_option(request->call, "count")->number;
    int64_t *next = request->job;

    (void)program;
    if (next == NULL) {
        next = calloc(1, sizeof *next);
        if (next == NULL) {
            return TIP_ENOMEM;
        }
        request->job = next;
        request->job_free = free;
        tip_reply_list_begin(reply, "records");
    }
    for (; *next < count; (*next)++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "number", *next);
        tip_reply_text(reply, "text", "sixteen letters.");
        tip_reply_row_end(reply);
        tip_reply_progress(reply, "records", *next, count);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

static inline void sample_job_free(void *job)
{
    ((struct sample_engine *)job)->freed_jobs++;
}

static inline enum tip_err sample_import(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    struct sample_engine *engine = program;
    struct tip_input input;
    enum tip_err err;

    request->job = engine;
    request->job_free = sample_job_free;
    while ((err = tip_request_input(request, &input)) == TIP_OK) {
        engine->input_bytes += input.bytes.size;
        engine->inputs += input.is_last ? 1 : 0;
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_reply_integer(reply, "files", (int64_t)engine->inputs);
    tip_reply_size(reply, "read_bytes", (int64_t)engine->input_bytes);
    return TIP_OK;
}

static inline enum tip_err sample_export(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    (void)program;
    (void)request;
    tip_reply_data(reply, tip_bytes_text("a,b\n1,2\n"));
    return TIP_OK;
}

static inline enum tip_err
sample_sync(void *program, struct tip_request *request, struct tip_reply *reply)
{
    const struct sample_engine *engine = program;

    (void)request;
    if (!engine->is_ready) {
        return TIP_EAGAIN;
    }
    tip_reply_boolean(reply, "synced", true);
    return TIP_OK;
}

static inline enum tip_err sample_serve(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    (void)program;
    tip_reply_text(reply, "dir", tip_conf_text(request->conf, SAMPLE_DIR));
    return TIP_OK;
}

static const struct tip_conf_key sample_keys[SAMPLE_KEYS] = {
    [SAMPLE_DIR] = {"node",
                    "dir",
                    {.type = TIP_SPEC_PATH},
                    "/var/lib/sample",
                    "Folder of the store."},
    [SAMPLE_SOCKET] = {"node",
                       "socket",
                       {.type = TIP_SPEC_PATH},
                       "/run/sample/ctl.sock",
                       "Socket for commands."}};
static const struct tip_conf_table sample_conf = {sample_keys, SAMPLE_KEYS};

static const struct tip_cli_option sample_import_options[] = {
    {.name = "map",
     .letter = 'm',
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_IN,
     .help = "Names the column of each field."},
    {.name = "on-error",
     .spec = {.type = TIP_SPEC_CHOICE, .choices = "skip|stop"},
     .value = "ACTION",
     .otherwise = "skip",
     .help = "What to do with a bad row."}};

static const struct tip_cli_option sample_list_options[] = {
    {.name = "count",
     .spec = {.type = TIP_SPEC_INTEGER,
              .min = 0,
              .max = 1000000,
              .unit = "records"},
     .value = "N",
     .otherwise = "10",
     .help = "How many to show."}};

static const struct tip_cli_option sample_export_options[] = {
    {.name = "to",
     .spec = {.type = TIP_SPEC_PATH},
     .value = "FILE",
     .file = TIP_CLI_FILE_OUT,
     .help = "Write into this file instead of standard output."}};

static const struct tip_cli_argument sample_add_arguments[] = {
    {.name = "TYPE", .help = "A record type of the catalogue."},
    {.name = "FIELD=VALUE", .count = TIP_CLI_ANY, .help = "A field."}};

static const struct tip_cli_argument sample_import_arguments[] = {
    {.name = "FILE",
     .file = TIP_CLI_FILE_IN,
     .spec = {.type = TIP_SPEC_PATH},
     .help = "A CSV file; - is standard input."}};

static const struct tip_cli_example sample_add_examples[] = {
    {"record add case status=open", "Add a case that is open."}};

static const struct tip_cli_command sample_commands[] = {
    {.name = "serve", .summary = "Be the daemon.", .run = sample_serve},
    {.name = "status",
     .summary = "Show how it goes.",
     .place = TIP_CLI_DAEMON,
     .run = sample_status},
    {.name = "sync",
     .summary = "Sync now.",
     .place = TIP_CLI_DAEMON,
     .run = sample_sync},
    {.name = "record add",
     .summary = "Add a record.",
     .description = "Fields that are not given are \"not asked\". The record "
                    "is durable when this returns.",
     .place = TIP_CLI_DAEMON,
     .arguments = sample_add_arguments,
     .argument_count = 2,
     .examples = sample_add_examples,
     .example_count = 1,
     .run = sample_add},
    {.name = "record list",
     .summary = "List records.",
     .place = TIP_CLI_DAEMON,
     .options = sample_list_options,
     .option_count = 1,
     .run = sample_list},
    {.name = "import",
     .summary = "Take in the rows of a file.",
     .place = TIP_CLI_DAEMON,
     .options = sample_import_options,
     .option_count = 2,
     .arguments = sample_import_arguments,
     .argument_count = 1,
     .run = sample_import},
    {.name = "export",
     .summary = "Write records into a file.",
     .place = TIP_CLI_DAEMON,
     .options = sample_export_options,
     .option_count = 1,
     .run = sample_export},
    TIP_CLI_BUILTINS,
};

static const struct tip_cli_program sample_program = {
    .name = "sample",
    .version = "0.1.0",
    .date = "November 22, 2026",
    .summary = "a program for tests",
    .description = "It shows what the tables can do. Nothing more.",
    .commands = sample_commands,
    .command_count = sizeof sample_commands / sizeof *sample_commands,
    .conf = &sample_conf,
    .conf_path = "/nowhere/sample.conf",
    .conf_key_dir = SAMPLE_DIR,
    .conf_key_socket = SAMPLE_SOCKET,
};

#endif /* SAMPLE_PROGRAM_H */
