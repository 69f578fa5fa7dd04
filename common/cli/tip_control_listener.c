#include "tip_control_listener.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tip_socket.h"

enum { PATH_SIZE = 112 }; /* What an address of a Unix socket holds. */

struct caller {
    struct tip_control_listener *listener;
    struct tip_control_server *server; /* NULL: the place is free. */
    int fd;
};

struct tip_control_listener {
    struct tip_loop *loop;
    struct tip_control_service service;
    struct tip_loop_timer alive;
    int fd;
    char path[PATH_SIZE];
    struct caller callers[TIP_CONTROL_CALLERS_MAX];
};

static void accept_ready(void *context, int fd, short events);

/* While every place is taken the kernel keeps callers waiting. */
static enum tip_err accept_watch(struct tip_control_listener *listener)
{
    return tip_loop_watch(listener->loop, listener->fd, POLLIN, accept_ready,
                          listener);
}

static void caller_close(struct caller *caller)
{
    struct tip_control_listener *listener = caller->listener;
    enum tip_err err;

    tip_loop_unwatch(listener->loop, caller->fd);
    (void)close(caller->fd);
    tip_control_server_free(caller->server);
    caller->server = NULL;
    err = accept_watch(listener);
    (void)err; /* A place in the loop has just become free. */
}

static void caller_ready(void *context, int fd, short events);

/* Write what can be written, then say what the loop should look for. */
static void caller_settle(struct caller *caller)
{
    struct tip_bytes output = tip_control_server_output(caller->server);
    short events = 0;

    while (output.size > 0) {
        ssize_t size = send(caller->fd, output.data, output.size,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (size < 0) {
            caller_close(caller);
            return;
        }
        tip_control_server_sent(caller->server, (size_t)size);
        output = tip_control_server_output(caller->server);
    }
    if (tip_control_server_is_done(caller->server)) {
        caller_close(caller);
        return;
    }
    if (output.size > 0) {
        events |= POLLOUT;
    }
    if (tip_control_server_space(caller->server).size > 0) {
        events |= POLLIN;
    }
    if (tip_loop_watch(caller->listener->loop, caller->fd, events, caller_ready,
                       caller) != TIP_OK) {
        caller_close(caller);
    }
}

/* Read one piece; false when the caller has gone or broken off. */
static bool caller_read(struct caller *caller)
{
    struct tip_control_space space = tip_control_server_space(caller->server);
    ssize_t size;

    if (space.size == 0) {
        return true;
    }
    size = recv(caller->fd, space.data, space.size, MSG_DONTWAIT);
    if (size > 0) {
        tip_control_server_filled(caller->server, (size_t)size);
        return true;
    }
    return size < 0 && (errno == EAGAIN || errno == EINTR);
}

/* A client never ends its side alone: the end of its stream is Ctrl-C or its
 * death, and the command ends with it. */
static void caller_ready(void *context, int fd, short events)
{
    struct caller *caller = context;

    (void)fd;
    if ((events & (POLLERR | POLLHUP)) != 0 ||
        ((events & POLLIN) != 0 && !caller_read(caller))) {
        caller_close(caller);
        return;
    }
    caller_settle(caller);
}

static struct caller *place_find(struct tip_control_listener *listener)
{
    for (size_t i = 0; i < TIP_CONTROL_CALLERS_MAX; i++) {
        if (listener->callers[i].server == NULL) {
            return &listener->callers[i];
        }
    }
    return NULL;
}

static void accept_ready(void *context, int fd, short events)
{
    struct tip_control_listener *listener = context;
    struct caller *caller = place_find(listener);
    struct tip_socket_peer peer;

    (void)events;
    if (caller == NULL) {
        tip_loop_unwatch(listener->loop, fd);
        return;
    }
    if (tip_socket_accept(fd, &caller->fd, &peer) != TIP_OK) {
        return;
    }
    caller->listener = listener;
    caller->server = tip_control_server_new(&listener->service,
                                            (uint32_t)peer.uid, peer.name);
    if (caller->server == NULL) {
        (void)close(caller->fd);
        return;
    }
    caller_settle(caller);
}

/* So that a client tells a slow command from a daemon that hangs, and that
 * whoever connects and says nothing keeps no command waiting for long. */
static void alive_due(void *context)
{
    struct tip_control_listener *listener = context;

    for (size_t i = 0; i < TIP_CONTROL_CALLERS_MAX; i++) {
        if (listener->callers[i].server != NULL) {
            tip_control_server_tick(listener->callers[i].server);
            caller_settle(&listener->callers[i]);
        }
    }
    tip_loop_timer_set(listener->loop, &listener->alive, TIP_CONTROL_ALIVE_MS,
                       alive_due, listener);
}

enum tip_err
tip_control_listener_open(struct tip_loop *loop, const char *path,
                          const struct tip_control_service *service,
                          struct tip_control_listener **out_listener)
{
    struct tip_control_listener *listener;
    enum tip_err err;

    if (strlen(path) >= PATH_SIZE) {
        return TIP_ETOOBIG;
    }
    listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return TIP_ENOMEM;
    }
    listener->loop = loop;
    listener->service = *service;
    (void)snprintf(listener->path, sizeof listener->path, "%s", path);
    err = tip_socket_listen(path, &listener->fd);
    if (err != TIP_OK) {
        free(listener);
        return err;
    }
    err = accept_watch(listener);
    if (err != TIP_OK) {
        tip_control_listener_close(listener);
        return err;
    }
    tip_loop_timer_set(loop, &listener->alive, TIP_CONTROL_ALIVE_MS, alive_due,
                       listener);
    *out_listener = listener;
    return TIP_OK;
}

void tip_control_listener_close(struct tip_control_listener *listener)
{
    if (listener == NULL) {
        return;
    }
    for (size_t i = 0; i < TIP_CONTROL_CALLERS_MAX; i++) {
        if (listener->callers[i].server != NULL) {
            caller_close(&listener->callers[i]);
        }
    }
    tip_loop_timer_clear(listener->loop, &listener->alive);
    tip_loop_unwatch(listener->loop, listener->fd);
    (void)close(listener->fd);
    (void)unlink(listener->path);
    free(listener);
}

void tip_control_listener_step(struct tip_control_listener *listener)
{
    for (size_t i = 0; i < TIP_CONTROL_CALLERS_MAX; i++) {
        if (listener->callers[i].server != NULL) {
            tip_control_server_step(listener->callers[i].server);
            caller_settle(&listener->callers[i]);
        }
    }
}
