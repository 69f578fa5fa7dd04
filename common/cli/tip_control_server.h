/*
 * One connection of a command, seen from the daemon: bytes in, calls of a
 * handler, bytes out. No descriptor, no wait, no clock.
 *
 *     space = tip_control_server_space(server);      0: do not read now
 *     n = read(fd, space.data, space.size);
 *     tip_control_server_filled(server, n);          runs the handler
 *     output = tip_control_server_output(server);    0: nothing to write
 *     n = write(fd, output.data, output.size);
 *     tip_control_server_sent(server, n);            runs the handler
 *     tip_control_server_is_done(server)             close the descriptor
 *
 * Backpressure both ways: bytes of a file are not read before the handler took
 * the last ones, and a handler waits while the client does not read.
 */
#ifndef TIP_CONTROL_SERVER_H
#define TIP_CONTROL_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_cli.h"
#include "tip_control.h"
#include "tip_reply.h"
#include "tip_request.h"

struct tip_control_server;

/** What all connections of a daemon share. Plain data. */
struct tip_control_service {
    const struct tip_cli_program *program; /* Borrowed. */
    const struct tip_conf *conf;           /* Borrowed. */
    void *engine; /* Handed to handlers as the program. */
};

/** Allocate the connection of @account with @uid, which is copied; NULL when
 * memory is exhausted. @service must outlive it. */
struct tip_control_server *
tip_control_server_new(const struct tip_control_service *service, uint32_t uid,
                       const char *account);

/** Ends a command that is running. Accepts NULL. */
void tip_control_server_free(struct tip_control_server *server);

struct tip_control_space
tip_control_server_space(struct tip_control_server *server);
void tip_control_server_filled(struct tip_control_server *server, size_t size);

struct tip_bytes
tip_control_server_output(const struct tip_control_server *server);
void tip_control_server_sent(struct tip_control_server *server, size_t size);

/** Call the handler again: the program has moved on. */
void tip_control_server_step(struct tip_control_server *server);

/** Call it every TIP_CONTROL_ALIVE_MS or so: tells a waiting client that the
 * daemon is at work, and breaks off one that has still not asked anything at
 * the second call, since it keeps a place from others. */
void tip_control_server_tick(struct tip_control_server *server);

/** All is said and sent, or the client broke the protocol: close. */
bool tip_control_server_is_done(const struct tip_control_server *server);

enum { TIP_CONTROL_ALIVE_MS = 15000 };

#endif /* TIP_CONTROL_SERVER_H */
