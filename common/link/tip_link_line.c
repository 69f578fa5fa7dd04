#include "tip_link_line.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tip_file.h"
#include "tip_process.h"

static enum tip_err watch(struct tip_link_line *line, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

    return epoll_ctl(line->wake_fd, EPOLL_CTL_ADD, fd, &event) == 0
               ? TIP_OK
               : tip_file_err(errno);
}

enum tip_err tip_link_line_open(struct tip_link_line *line)
{
    enum tip_err err;

    line->fd = -1;
    line->pid = 0;
    line->wake_fd = epoll_create1(EPOLL_CLOEXEC);
    line->alarm_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    err =
        line->wake_fd < 0 || line->alarm_fd < 0 ? tip_file_err(errno) : TIP_OK;
    if (err == TIP_OK) {
        err = watch(line, line->alarm_fd);
    }
    if (err != TIP_OK) {
        tip_link_line_close(line);
    }
    return err;
}

void tip_link_line_close(struct tip_link_line *line)
{
    tip_link_line_stop(line);
    if (line->alarm_fd >= 0) {
        (void)close(line->alarm_fd);
    }
    if (line->wake_fd >= 0) {
        (void)close(line->wake_fd);
    }
}

enum tip_err tip_link_line_start(struct tip_link_line *line, const char *path,
                                 char *const argv[])
{
    int pair[2];
    enum tip_err err;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        return tip_file_err(errno);
    }
    err = watch(line, pair[0]);
    if (err == TIP_OK) {
        err = tip_process_spawn(path, argv, pair[1], &line->pid);
    }
    (void)close(pair[1]);
    if (err != TIP_OK) {
        (void)close(pair[0]);
        return err;
    }
    line->fd = pair[0];
    return TIP_OK;
}

void tip_link_line_stop(struct tip_link_line *line)
{
    if (line->pid > 0) {
        tip_process_kill(line->pid);
        line->pid = 0;
    }
    if (line->fd >= 0) {
        (void)close(line->fd); /* And with it its place in the epoll set. */
        line->fd = -1;
    }
}

enum tip_err tip_link_line_put(struct tip_link_line *line,
                               struct tip_bytes packet)
{
    if (line->fd < 0) {
        return TIP_EIO;
    }
    if (send(line->fd, packet.data, packet.size, MSG_DONTWAIT | MSG_NOSIGNAL) >=
        0) {
        return TIP_OK;
    }
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? TIP_EAGAIN
                                                                 : TIP_EIO;
}

enum tip_err tip_link_line_get(struct tip_link_line *line,
                               struct tip_bytes *out_packet)
{
    ssize_t got;

    if (line->fd < 0) {
        return TIP_EIO;
    }
    /* Without room for control data the kernel throws away descriptors that a
     * hostile child sends along. */
    got = recv(line->fd, line->packet, sizeof line->packet,
               MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR ? TIP_EAGAIN : TIP_EIO;
    }
    if (got == 0) {
        return TIP_EIO;
    }
    if ((size_t)got > sizeof line->packet) {
        return TIP_EMALFORMED;
    }
    *out_packet = tip_bytes(line->packet, (size_t)got);
    return TIP_OK;
}

void tip_link_line_alarm(struct tip_link_line *line, uint64_t delay_ms)
{
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(delay_ms / 1000),
                     .tv_nsec = (long)(delay_ms % 1000) * 1000000}};

    if (delay_ms == 0) {
        when.it_value.tv_nsec = 1; /* Zero would mean: never. */
    }
    (void)timerfd_settime(line->alarm_fd, 0, &when, NULL);
}

void tip_link_line_wait(struct tip_link_line *line, int timeout_ms)
{
    struct pollfd polled = {.fd = line->wake_fd, .events = POLLIN};

    (void)poll(&polled, 1, timeout_ms);
}
