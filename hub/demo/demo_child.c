#include "demo_child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tip_file.h"

enum { WORDS_MAX = 64, NOT_RUN = 127, PIECE_BYTES = 16 * 1024 };

struct demo_child {
    struct tip_loop *loop;
    pid_t pid;
    int pid_fd; /* Readable when it has ended; -1: it has. */
    int out_fd; /* -1: a daemon, or read to the end. */
    int exit;
    uint8_t *output; /* Owned. */
    size_t output_size;
    size_t output_capacity;
};

/* What the child's descriptors will be. */
struct files {
    int out;
    int err;
};

static _Noreturn void become(const struct demo_child_opts *opts,
                             const struct files *files, pid_t parent)
{
    char *argv[WORDS_MAX + 2] = {NULL};
    char *const environment[] = {NULL};
    int devnull = open("/dev/null", O_RDONLY | O_CLOEXEC);
    sigset_t none;

    /* execve() does not write to its words, but its type does not say so. */
    memcpy(&argv[0], &opts->program, sizeof argv[0]);
    for (size_t i = 0; opts->words[i] != NULL && i < WORDS_MAX; i++) {
        memcpy(&argv[i + 1], &opts->words[i], sizeof argv[0]);
    }
    (void)sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)setpgid(0, 0); /* Out of reach of the terminal's Ctrl-C. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
        devnull >= 0 && dup2(devnull, STDIN_FILENO) >= 0 &&
        dup2(files->out, STDOUT_FILENO) >= 0 &&
        dup2(files->err, STDERR_FILENO) >= 0) {
        (void)execve(opts->program, argv, environment);
    }
    _exit(NOT_RUN);
}

static void output_close(struct demo_child *child)
{
    if (child->out_fd >= 0) {
        tip_loop_unwatch(child->loop, child->out_fd);
        (void)close(child->out_fd);
        child->out_fd = -1;
    }
}

static bool output_grow(struct demo_child *child)
{
    size_t capacity = child->output_capacity * 2 + PIECE_BYTES;
    uint8_t *larger;

    if (child->output_capacity - child->output_size >= PIECE_BYTES) {
        return true;
    }
    if (capacity > DEMO_CHILD_OUTPUT_BYTES_MAX) {
        return false;
    }
    larger = realloc(child->output, capacity);
    if (larger == NULL) {
        return false;
    }
    child->output = larger;
    child->output_capacity = capacity;
    return true;
}

static void output_ready(void *context, int fd, short events)
{
    struct demo_child *child = context;
    ssize_t got;

    (void)events;
    if (!output_grow(child)) {
        output_close(child); /* What is cut short will not parse. */
        return;
    }
    got = read(fd, child->output + child->output_size, PIECE_BYTES);
    if (got > 0) {
        child->output_size += (size_t)got;
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        output_close(child);
    }
}

static void child_reap(struct demo_child *child)
{
    int status = 0;

    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    child->exit =
        WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    tip_loop_unwatch(child->loop, child->pid_fd);
    (void)close(child->pid_fd);
    child->pid_fd = -1;
}

static void child_ended(void *context, int fd, short events)
{
    (void)fd;
    (void)events;
    child_reap(context);
}

static enum tip_err child_watch(struct demo_child *child)
{
    enum tip_err err =
        tip_loop_watch(child->loop, child->pid_fd, POLLIN, child_ended, child);

    if (err == TIP_OK && child->out_fd >= 0) {
        err = tip_loop_watch(child->loop, child->out_fd, POLLIN, output_ready,
                             child);
    }
    return err;
}

/* Fork with the files open; @pipe is {-1, -1} for a daemon. */
static enum tip_err child_run(struct demo_child *child,
                              const struct demo_child_opts *opts, int log,
                              const int pipe[2])
{
    struct files files = {.out = pipe[1] >= 0 ? pipe[1] : log, .err = log};
    pid_t parent = getpid();

    child->pid = fork();
    if (child->pid == 0) {
        become(opts, &files, parent);
    }
    if (child->pid < 0) {
        return TIP_ENOMEM;
    }
    child->pid_fd = pidfd_open(child->pid, 0);
    if (child->pid_fd < 0) {
        (void)kill(child->pid, SIGKILL);
        (void)waitpid(child->pid, NULL, 0);
        return TIP_EIO;
    }
    return child_watch(child);
}

enum tip_err demo_child_start(const struct demo_child_opts *opts,
                              struct demo_child **out_child)
{
    int log = open(opts->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int ends[2] = {-1, -1};
    struct demo_child *child;
    enum tip_err err = TIP_OK;

    if (log < 0) {
        return tip_file_err(errno);
    }
    child = calloc(1, sizeof *child);
    if (child == NULL) {
        (void)close(log);
        return TIP_ENOMEM;
    }
    *child =
        (struct demo_child){.loop = opts->loop, .pid_fd = -1, .out_fd = -1};
    if (!opts->is_daemon && pipe2(ends, O_CLOEXEC) != 0) {
        err = tip_file_err(errno);
    }
    if (ends[0] >= 0) {
        (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
        child->out_fd = ends[0];
    }
    if (err == TIP_OK) {
        err = child_run(child, opts, log, ends);
    }
    (void)close(log);
    if (ends[1] >= 0) {
        (void)close(ends[1]);
    }
    if (err != TIP_OK) {
        demo_child_free(child);
        return err;
    }
    *out_child = child;
    return TIP_OK;
}

void demo_child_stop(struct demo_child *child)
{
    if (child != NULL && child->pid_fd >= 0) {
        (void)kill(child->pid, SIGTERM);
    }
}

void demo_child_free(struct demo_child *child)
{
    if (child == NULL) {
        return;
    }
    if (child->pid_fd >= 0) {
        (void)kill(child->pid, SIGKILL);
        child_reap(child);
    }
    output_close(child);
    free(child->output);
    free(child);
}

bool demo_child_is_done(const struct demo_child *child)
{
    return child->pid_fd < 0 && child->out_fd < 0;
}

int demo_child_exit(const struct demo_child *child)
{
    assert(demo_child_is_done(child));
    return child->exit;
}

struct tip_bytes demo_child_output(const struct demo_child *child)
{
    return tip_bytes(child->output, child->output_size);
}
