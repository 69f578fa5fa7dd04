#include "tip_signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "tip_file.h"

enum tip_err tip_signals_open(int *out_fd)
{
    sigset_t set;
    int fd;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGCHLD);
    fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
        signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        (void)close(fd);
        return TIP_EIO;
    }
    *out_fd = fd;
    return TIP_OK;
}

enum tip_signal tip_signals_next(int fd)
{
    struct signalfd_siginfo info;

    if (read(fd, &info, sizeof info) != (ssize_t)sizeof info) {
        return TIP_SIGNAL_NONE;
    }
    switch (info.ssi_signo) {
    case SIGHUP:
        return TIP_SIGNAL_RELOAD;
    case SIGCHLD:
        return TIP_SIGNAL_CHILD;
    default:
        return TIP_SIGNAL_STOP;
    }
}
