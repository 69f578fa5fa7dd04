/* import, export. */
#include <stdlib.h>
#include <string.h>

#include "tip_commands_say.h"
#include "tip_desk_export.h"
#include "tip_desk_import.h"

/* An import: the mapping comes first or second, the rows as they come. */
struct import_job {
    struct tip_import *import;
    struct tip_problems problems;
    uint8_t *mapping; /* Owned. */
    size_t mapping_size;
    struct tip_bytes offices[TIP_COMMAND_WORDS_MAX]; /* The import borrows. */
    bool has_ended;
};

enum { MAPPING_BYTES_MAX = 1024 * 1024 };

static void import_free(void *job)
{
    struct import_job *import = job;

    tip_import_free(import->import);
    free(import->mapping);
    free(import);
}

static enum tip_err keep_mapping(struct import_job *job, struct tip_bytes bytes)
{
    uint8_t *grown;

    if (job->mapping_size + bytes.size > MAPPING_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    grown = realloc(job->mapping, job->mapping_size + bytes.size + 1);
    if (grown == NULL) {
        return TIP_ENOMEM;
    }
    job->mapping = grown;
    if (bytes.size > 0) {
        memcpy(grown + job->mapping_size, bytes.data, bytes.size);
    }
    job->mapping_size += bytes.size;
    return TIP_OK;
}

static enum tip_import_format format_of(struct tip_bytes name)
{
    static const struct {
        const char *name;
        enum tip_import_format format;
    } formats[] = {{"csv", TIP_IMPORT_CSV},
                   {"json", TIP_IMPORT_JSON},
                   {"ndjson", TIP_IMPORT_NDJSON}};

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (tip_bytes_equal(name, tip_bytes_text(formats[i].name))) {
            return formats[i].format;
        }
    }
    return TIP_IMPORT_GUESS;
}

/* Options come before arguments in the table, so the mapping is whole when the
 * first of the rows arrives. */
static enum tip_err import_open(struct tip_command_host *host,
                                struct tip_request *request,
                                struct import_job *job)
{
    struct tip_import_opts opts = {
        .who = tip_command_who(request),
        .type = tip_command_option(request, "type"),
        .format = format_of(tip_command_option(request, "format")),
        .file = tip_cli_argument(request->call, 0),
        .mapping = tip_bytes(job->mapping, job->mapping_size),
        .mapping_file = tip_cli_option(request->call, "map")->text,
        .offices = job->offices,
        .office_count = tip_command_words(tip_command_option(request, "office"),
                                          job->offices),
        .key = tip_command_option(request, "key"),
        .dry_run = tip_command_flag(request, "dry-run"),
        .all_or_nothing = tip_command_flag(request, "all-or-nothing")};

    return tip_import_new(host->desk, &opts, &job->problems, &job->import);
}

/* Take what has come of both files. */
static enum tip_err import_feed(struct tip_command_host *host,
                                struct tip_request *request,
                                struct import_job *job)
{
    struct tip_input input;
    enum tip_err err;

    while ((err = tip_request_input(request, &input)) == TIP_OK) {
        if (tip_bytes_equal(input.name, tip_bytes_text("map"))) {
            err = keep_mapping(job, input.bytes);
        } else {
            if (job->import == NULL) {
                err = import_open(host, request, job);
            }
            if (err == TIP_OK) {
                err = tip_import_feed(job->import, input.bytes);
            }
        }
        if (err != TIP_OK) {
            return err;
        }
    }
    if (err == TIP_ENOTFOUND && !job->has_ended) {
        job->has_ended = true;
        if (job->import == NULL) {
            return TIP_EUSAGE; /* No file came at all. */
        }
        tip_import_end(job->import);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static void say_tally(struct tip_reply *reply, const struct import_job *job)
{
    struct tip_import_tally tally;

    if (job->import == NULL) {
        return;
    }
    tip_import_tally(job->import, &tally);
    tip_reply_integer(reply, "rows", (int64_t)tally.rows);
    tip_reply_integer(reply, "saved", (int64_t)tally.saved);
    tip_reply_integer(reply, "repeated", (int64_t)tally.repeated);
    tip_reply_integer(reply, "refused", (int64_t)tally.refused);
}

enum tip_err tip_command_import(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct import_job *job = tip_request_job(request, sizeof *job, import_free);
    struct tip_import_tally tally;
    enum tip_err err;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    err = import_feed(host, request, job);
    if (err == TIP_OK) {
        err = tip_import_step(job->import);
        if (err == TIP_EAGAIN) {
            tip_import_tally(job->import, &tally);
            tip_reply_progress(reply, "rows", (int64_t)tally.rows, 0);
            tip_daemon_again(host->daemon);
        }
    }
    if (err == TIP_EAGAIN) {
        return err;
    }
    say_tally(reply, job);
    tip_command_say_problems(reply, &job->problems);
    return err;
}

/* An export, and the bytes it made that wait for room. */
struct export_job {
    struct tip_export *export;
    struct tip_sink_memory sink;
    size_t sent;
    bool is_whole;
};

enum { EXPORT_SLICE_BYTES_MAX = 1024 * 1024, DATA_BYTES_MAX = 32 * 1024 };

static void export_free(void *job)
{
    struct export_job *export = job;

    tip_export_free(export->export);
    tip_sink_memory_deinit(&export->sink);
    free(export);
}

static enum tip_export_format export_format_of(struct tip_bytes name)
{
    if (tip_bytes_equal(name, tip_bytes_text("json"))) {
        return TIP_EXPORT_JSON;
    }
    return tip_bytes_equal(name, tip_bytes_text("ndjson")) ? TIP_EXPORT_NDJSON
                                                           : TIP_EXPORT_CSV;
}

static enum tip_err export_open(struct tip_command_host *host,
                                struct tip_request *request,
                                struct tip_reply *reply)
{
    struct tip_desk_input filters[TIP_CLI_ARGUMENTS_MAX];
    struct tip_export_opts opts = {
        .query = {.type = tip_bytes_text(tip_cli_argument(request->call, 0)),
                  .filters = filters,
                  .with_deleted = tip_command_flag(request, "deleted")},
        .format = export_format_of(tip_command_option(request, "format")),
        .identities = tip_command_flag(request, "identities")};
    struct tip_problems *problems = calloc(1, sizeof *problems);
    struct export_job *job = calloc(1, sizeof *job);
    enum tip_err err = TIP_ENOMEM;

    if (problems != NULL && job != NULL) {
        err =
            tip_command_inputs(request, 1, reply, filters,
                               TIP_CLI_ARGUMENTS_MAX, &opts.query.filter_count);
    }
    if (err == TIP_OK) {
        err = tip_export_new(host->desk, &opts, problems, &job->export);
        if (err != TIP_OK) {
            tip_command_say_problems(reply, problems);
        }
    }
    free(problems);
    if (err != TIP_OK) {
        free(job);
        return err;
    }
    tip_sink_memory_init(&job->sink, EXPORT_SLICE_BYTES_MAX);
    request->job = job;
    request->job_free = export_free;
    return TIP_OK;
}

/* Send what was made; false when there is no room for all of it. */
static bool export_send(struct export_job *job, struct tip_reply *reply)
{
    struct tip_bytes made = tip_sink_memory_get(&job->sink);

    while (job->sent < made.size) {
        size_t size = made.size - job->sent;

        if (!tip_reply_has_room(reply)) {
            return false;
        }
        size = size < DATA_BYTES_MAX ? size : DATA_BYTES_MAX;
        tip_reply_data(reply, tip_bytes(made.data + job->sent, size));
        job->sent += size;
    }
    tip_sink_memory_deinit(&job->sink);
    tip_sink_memory_init(&job->sink, EXPORT_SLICE_BYTES_MAX);
    job->sent = 0;
    return true;
}

enum tip_err tip_command_export(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct export_job *job;
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = export_open(host, request, reply);
        if (err != TIP_OK) {
            return err;
        }
    }
    job = request->job;
    if (!export_send(job, reply)) {
        return TIP_EAGAIN;
    }
    if (!job->is_whole) {
        err = tip_export_step(job->export, &job->sink.base);
        if (err != TIP_OK && err != TIP_EAGAIN) {
            return err;
        }
        job->is_whole = err == TIP_OK;
        tip_daemon_again(host->daemon);
        return TIP_EAGAIN;
    }
    tip_reply_integer(reply, "records", (int64_t)tip_export_count(job->export));
    return TIP_OK;
}
