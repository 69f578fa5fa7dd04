#include "tip_cli_main.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tip_client.h"
#include "tip_display.h"
#include "tip_made.h"
#include "tip_printer.h"
#include "tip_reply.h"
#include "tip_request.h"
#include "tip_signals.h"
#include "tip_socket.h"

/* One start of the program. */
struct run {
    const struct tip_cli_program *program;
    const char *const *words;
    size_t count;
    struct tip_cli_call call;
    struct tip_conf conf;
    struct tip_out out;
    struct tip_out err;
    struct tip_printer printer;
    struct tip_made made; /* The file that the command makes. */
};

/* DIR/node.conf for /etc/tip/node.conf. */
static enum tip_err path_in(const char *dir, const char *name,
                            char out_path[TIP_CLI_PATH_SIZE])
{
    int size = snprintf(out_path, TIP_CLI_PATH_SIZE, "%s/%s", dir, name);

    return size < 0 || size >= TIP_CLI_PATH_SIZE ? TIP_ETOOBIG : TIP_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The file of --dir or of the program; @conf is as it was if there is none. */
static enum tip_err usual_conf_read(const struct tip_cli_program *program,
                                    const char *dir, struct tip_conf *conf)
{
    char path[TIP_CLI_PATH_SIZE];
    const char *chosen = program->conf_path;
    enum tip_err err = TIP_OK;

    if (dir != NULL) {
        err = path_in(dir, base_name(chosen), path);
        chosen = path;
    }
    if (err == TIP_OK && access(chosen, F_OK) == 0) {
        err = tip_conf_read(conf, chosen);
    }
    return err;
}

/* --dir names the folder and, unless the file says where, the socket too. */
static enum tip_err dir_take(const struct tip_cli_program *program,
                             const char *dir, struct tip_conf *conf)
{
    char path[TIP_CLI_PATH_SIZE];
    enum tip_err err =
        tip_conf_override(conf, program->conf_key_dir, "--dir", dir);

    if (err != TIP_OK || tip_conf_is_set(conf, program->conf_key_socket)) {
        return err;
    }
    err = path_in(tip_conf_text(conf, program->conf_key_dir), "ctl.sock", path);
    return err == TIP_OK ? tip_conf_override(conf, program->conf_key_socket,
                                             "--dir", path)
                         : err;
}

enum tip_err tip_cli_conf_load(const struct tip_cli_program *program,
                               const struct tip_cli_call *call,
                               struct tip_conf *conf)
{
    const char *file = call->common[TIP_CLI_CONFIG].text;
    const char *dir = call->common[TIP_CLI_DIR].text;
    enum tip_err err = file != NULL ? tip_conf_read(conf, file)
                                    : usual_conf_read(program, dir, conf);

    return err == TIP_OK && dir != NULL ? dir_take(program, dir, conf) : err;
}

static void printer_start(struct run *run)
{
    const struct tip_cli_value *common = run->call.common;
    const char *term = secure_getenv("TERM"),
               *no_color = secure_getenv("NO_COLOR");
    struct tip_printer_opts opts = {
        .form = TIP_PRINTER_HUMAN,
        .is_quiet = common[TIP_CLI_QUIET].is_given,
        .is_out_terminal = isatty(STDOUT_FILENO) == 1,
        .is_err_terminal = isatty(STDERR_FILENO) == 1,
    };

    opts.columns = tip_display_columns(opts.is_out_terminal);
    if (common[TIP_CLI_JSON].is_given) {
        opts.form = TIP_PRINTER_JSON;
    } else if (common[TIP_CLI_PLAIN].is_given) {
        opts.form = TIP_PRINTER_PLAIN;
    }
    opts.has_color = opts.is_err_terminal &&
                     !common[TIP_CLI_NO_COLOR].is_given &&
                     (no_color == NULL || *no_color == '\0') && term != NULL &&
                     strcmp(term, "dumb") != 0;
    tip_printer_init(&run->printer, &opts, &run->out, &run->err);
}

static enum tip_err made_open(struct run *run)
{
    struct tip_cli_file_use files[TIP_CLI_FILES_MAX];
    size_t count = tip_cli_files(&run->call, TIP_CLI_FILE_OUT, files);
    enum tip_err err;

    if (count == 0 || strcmp(files[0].path, "-") == 0) {
        return TIP_OK;
    }
    err = tip_made_open(&run->made, files[0].path);
    if (err == TIP_OK) {
        tip_printer_make(&run->printer, &run->made);
    }
    return err;
}

static void run_here(struct run *run)
{
    struct tip_reply_local reply;
    struct tip_request request = {.program = run->program,
                                  .call = &run->call,
                                  .conf = &run->conf,
                                  .uid = (uint32_t)getuid(),
                                  .account = "",
                                  .inputs_ended = true};
    enum tip_err err = TIP_EAGAIN;

    tip_reply_local_init(&reply, &run->printer);
    while (err == TIP_EAGAIN) {
        err = run->call.command->run(NULL, &request, &reply.base);
    }
    tip_request_end(&request);
    tip_reply_finish(&reply.base, err);
}

/* Ask the daemon at @path until @signal_fd says stop. */
static void ask_there(struct run *run, const char *path, int signal_fd)
{
    struct tip_client_opts opts = {
        .signal_fd = signal_fd,
        .timeout_ms = run->call.common[TIP_CLI_TIMEOUT].number};
    char context[TIP_REPLY_CONTEXT_SIZE];
    char same[TIP_CLI_SAME_SIZE];
    enum tip_err err = tip_socket_connect(path, &opts.fd);

    if (err != TIP_OK) {
        tip_cli_same(&run->call, same);
        (void)snprintf(context, sizeof context,
                       "%s does not answer at %.200s; start it with: "
                       "%s serve%.200s",
                       run->program->name, path, run->program->name, same);
        tip_printer_fail(&run->printer, err, context);
        return;
    }
    tip_client_run(&opts, &run->call, run->words, run->count, &run->printer);
    (void)close(opts.fd);
}

/* How often the answer is to be shown again; 0: once. */
static int64_t watch_ms(const struct tip_cli_call *call)
{
    for (size_t i = 0; i < call->command->option_count; i++) {
        if (strcmp(call->command->options[i].name, TIP_CLI_WATCH) == 0) {
            return call->options[i].is_given ? call->options[i].number : 0;
        }
    }
    return 0;
}

/* Show the answer again and again, on a terminal in its place, until Ctrl-C or
 * until there is none. */
static void watch_there(struct run *run, const char *path, int signal_fd,
                        int64_t period_ms)
{
    struct pollfd polled = {.fd = signal_fd, .events = POLLIN};
    bool goes_on = true;

    while (goes_on) {
        enum tip_exit code;

        if (run->printer.opts.is_out_terminal) {
            tip_out_text(&run->out, "\033[H\033[2J");
        }
        ask_there(run, path, signal_fd);
        code = tip_printer_exit(&run->printer);
        goes_on = fflush(run->out.file) == 0 &&
                  (code == TIP_EXIT_OK || code == TIP_EXIT_DEGRADED) &&
                  poll(&polled, 1, (int)period_ms) == 0;
        if (goes_on) {
            tip_printer_deinit(&run->printer);
            printer_start(run);
        }
    }
}

/* Ask the daemon at @path. */
static void run_there(struct run *run, const char *path)
{
    int64_t period_ms = watch_ms(&run->call);
    int signal_fd;
    enum tip_err err = tip_signals_open(&signal_fd);

    if (err != TIP_OK) {
        tip_printer_fail(&run->printer, err, "signals");
        return;
    }
    if (period_ms > 0) {
        watch_there(run, path, signal_fd, period_ms);
    } else {
        ask_there(run, path, signal_fd);
    }
    (void)close(signal_fd);
}

/* Every line of the problems is one of its own. */
static void conf_fail(struct run *run, enum tip_err err)
{
    const char *at = run->conf.problems;

    while (strchr(at, '\n') != NULL) {
        size_t size = strcspn(at, "\n");
        struct tip_reply_event note = {.kind = TIP_REPLY_NOTE,
                                       .number = TIP_REPLY_WARNING,
                                       .text = tip_bytes(at, size)};
        enum tip_err ignored = tip_printer_take(&run->printer, &note);

        (void)ignored; /* The error below says what matters. */
        at += size + 1;
    }
    tip_printer_fail(&run->printer, err, at);
}

static void command_run(struct run *run)
{
    const struct tip_cli_command *command = run->call.command;
    enum tip_err err = TIP_OK;

    if (!command->is_without_conf) {
        err = tip_cli_conf_load(run->program, &run->call, &run->conf);
    }
    if (err != TIP_OK) {
        conf_fail(run, err);
        return;
    }
    err = made_open(run);
    if (err != TIP_OK) {
        tip_printer_fail(&run->printer, err, run->made.path);
        return;
    }
    if (command->place == TIP_CLI_HERE) {
        run_here(run);
        return;
    }
    run_there(run, tip_conf_text(&run->conf, run->program->conf_key_socket));
}

/* Help and version are answered whatever else is wrong. */
static bool is_answered(struct run *run)
{
    const struct tip_cli_call *call = &run->call;

    if (call->common[TIP_CLI_VERSION].is_given) {
        tip_out_format(&run->out, "%s %s\n", run->program->name,
                       run->program->version);
        return true;
    }
    return call->common[TIP_CLI_HELP].is_given &&
           tip_cli_help(run->program,
                        call->command == NULL ? call->group
                                              : call->command->name,
                        &run->out) == TIP_OK;
}

static int exit_code(struct run *run)
{
    enum tip_exit code;

    tip_made_drop(&run->made);
    if (tip_out_finish(&run->out) != TIP_OK && !run->out.is_closed) {
        tip_out_text(&run->err, "error: standard output cannot be written\n");
    }
    code = tip_printer_exit(&run->printer);
    if (code == TIP_EXIT_OK && run->out.failed) {
        code = TIP_EXIT_FAILURE;
    }
    return (int)code;
}

/* On the heap: a call and a configuration are large for some stacks. */
static int run_start(struct run *run)
{
    enum tip_err err =
        tip_cli_parse(run->program, run->words, run->count, &run->call);
    int code;

    printer_start(run);
    tip_conf_init(&run->conf, run->program->conf);
    if (err == TIP_OK && is_answered(run)) {
        code = tip_out_finish(&run->out) == TIP_OK ? TIP_EXIT_OK
                                                   : TIP_EXIT_FAILURE;
    } else {
        if (err == TIP_OK) {
            command_run(run);
        } else {
            tip_printer_fail(&run->printer, err, run->call.problem);
        }
        code = exit_code(run);
    }
    tip_printer_deinit(&run->printer);
    tip_conf_deinit(&run->conf);
    return code;
}

int tip_cli_main(const struct tip_cli_program *program, int argc, char **argv)
{
    struct run *run = calloc(1, sizeof *run);
    int code = TIP_EXIT_FAILURE;

    if (run == NULL) {
        (void)fputs(tip_err_text(TIP_ENOMEM), stderr);
        return code;
    }
    run->program = program;
    run->words = (const char *const *)(argv + (argc > 0 ? 1 : 0));
    run->count = argc > 0 ? (size_t)argc - 1 : 0;
    run->out.file = stdout;
    run->err.file = stderr;
    code = run_start(run);
    free(run);
    return code;
}
