/* The sample program with a real daemon, for cli.py. */
#include "sample_program.h"

#include <poll.h>
#include <unistd.h>

#include "tip_clock_posix.h"
#include "tip_control_listener.h"
#include "tip_loop.h"
#include "tip_signals.h"

static struct sample_engine engine;

static void signal_ready(void *context, int fd, short events)
{
    (void)events;
    if (tip_signals_next(fd) == TIP_SIGNAL_STOP) {
        tip_loop_stop(context);
    }
}

static enum tip_err serve(const struct tip_request *request)
{
    const struct tip_control_service service = {request->program, request->conf,
                                                &engine};
    struct tip_clock clock;
    struct tip_control_listener *listener = NULL;
    struct tip_loop *loop;
    int signal_fd;
    enum tip_err err = tip_signals_open(&signal_fd);

    tip_clock_posix_init(&clock);
    loop = tip_loop_new(&clock);
    if (err != TIP_OK || loop == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_control_listener_open(
        loop, tip_conf_text(request->conf, SAMPLE_SOCKET), &service, &listener);
    if (err == TIP_OK) {
        err = tip_loop_watch(loop, signal_fd, POLLIN, signal_ready, loop);
    }
    if (err == TIP_OK) {
        tip_loop_run(loop);
    }
    tip_control_listener_close(listener);
    tip_loop_free(loop);
    (void)close(signal_fd);
    return err;
}

/* The sample's own "serve" is for tests without a process. */
static enum tip_err run_serve(void *program, struct tip_request *request,
                              struct tip_reply *reply)
{
    (void)program;
    (void)reply;
    return serve(request);
}

int main(int argc, char **argv)
{
    enum { COUNT = sizeof sample_commands / sizeof *sample_commands };
    static struct tip_cli_command commands[COUNT];
    struct tip_cli_program program = sample_program;

    memcpy(commands, sample_commands, sizeof commands);
    commands[0].run = run_serve;
    program.commands = commands;
    return tip_cli_main(&program, argc, argv);
}
