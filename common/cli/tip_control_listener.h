/*
 * The daemon's socket for commands: callers of the loop become connections.
 */
#ifndef TIP_CONTROL_LISTENER_H
#define TIP_CONTROL_LISTENER_H

#include "tip_control_server.h"
#include "tip_err.h"
#include "tip_loop.h"

/* Commands at one time. More is a mistake or an attack; they wait. */
enum { TIP_CONTROL_CALLERS_MAX = 16 };

struct tip_control_listener;

/**
 * Listen at @path in @loop. @service, its parts and the loop are borrowed until
 * close. Errors as tip_socket_listen(), TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err
tip_control_listener_open(struct tip_loop *loop, const char *path,
                          const struct tip_control_service *service,
                          struct tip_control_listener **out_listener);

/** Ends all commands and removes the socket. Accepts NULL. Not from inside a
 * handler. */
void tip_control_listener_close(struct tip_control_listener *listener);

/** Call every waiting handler again: the program has moved on, as after a
 * commit. Not from inside a handler. */
void tip_control_listener_step(struct tip_control_listener *listener);

#endif /* TIP_CONTROL_LISTENER_H */
