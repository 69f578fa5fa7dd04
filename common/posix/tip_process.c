#include "tip_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tip_file.h"

enum tip_err tip_process_harden(void)
{
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};

    (void)umask(S_IRWXG | S_IRWXO);
    if (setrlimit(RLIMIT_CORE, &none) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return TIP_EIO;
    }
    return TIP_OK;
}

/* Between fork and exec of a threaded program only async-signal-safe calls are
 * allowed: no allocation, no stdio. */
static bool arrange_descriptors(int fd, int *report)
{
    int devnull = open("/dev/null", O_RDWR);
    /* Out of the way first: either may sit where the other has to go. */
    int high = fcntl(fd, F_DUPFD, TIP_PROCESS_CHILD_FD + 2);
    int report_high = fcntl(*report, F_DUPFD, TIP_PROCESS_CHILD_FD + 2);

    if (devnull < 0 || high < 0 || report_high < 0 ||
        dup2(devnull, STDIN_FILENO) < 0 || dup2(devnull, STDOUT_FILENO) < 0 ||
        dup2(high, TIP_PROCESS_CHILD_FD) < 0 ||
        dup3(report_high, TIP_PROCESS_CHILD_FD + 1, O_CLOEXEC) < 0) {
        return false;
    }
    *report = TIP_PROCESS_CHILD_FD + 1;
    return close_range(TIP_PROCESS_CHILD_FD + 2, UINT_MAX, 0) == 0;
}

static _Noreturn void become(const char *path, char *const argv[], int fd,
                             int report)
{
    char *const environment[] = {NULL};
    sigset_t none;
    int error;

    (void)sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
    if (arrange_descriptors(fd, &report)) {
        (void)execve(path, argv, environment);
    }
    error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

/* Wait until the child runs its program; the errno when it could not. */
static int await_exec(int report)
{
    int error = 0;
    ssize_t got;

    do {
        got = read(report, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof error ? error : 0;
}

enum tip_err tip_process_spawn(const char *path, char *const argv[], int fd,
                               pid_t *out_pid)
{
    int report[2]; /* Closed by a successful exec, or tells why there is none.
                    */
    pid_t pid;
    int error;

    if (pipe2(report, O_CLOEXEC) != 0) {
        return tip_file_err(errno);
    }
    pid = fork();
    if (pid == 0) {
        become(path, argv, fd, report[1]);
    }
    error = pid < 0 ? errno : 0;
    (void)close(report[1]);
    if (pid > 0) {
        error = await_exec(report[0]);
    }
    (void)close(report[0]);
    if (error != 0) {
        if (pid > 0) {
            tip_process_kill(pid);
        }
        return tip_file_err(error);
    }
    *out_pid = pid;
    return TIP_OK;
}

void tip_process_kill(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}
