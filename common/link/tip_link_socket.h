/*
 * ZeroMQ sockets with every protection set and read back.
 *
 * README.md lists the options and why. An option that did not take is a reason
 * not to start: most of them fail open.
 */
#ifndef TIP_LINK_SOCKET_H
#define TIP_LINK_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_link_talk.h"

/* Non-empty, or libzmq skips ZAP whatever else is set. */
#define TIP_LINK_ZAP_DOMAIN "tip"

/** The ROUTER of a hub, not bound. TIP_ELINK_OPTION: one of its options did not
 * take. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_link_socket_open_router(void *zmq, const struct tip_link_setup *setup,
                            void **out_socket);

/** The DEALER of a node, not connected; errors as above. */
TIP_MUST_USE enum tip_err
tip_link_socket_open_dealer(void *zmq, const struct tip_link_setup *setup,
                            void **out_socket);

/** Close @socket, which may be NULL and is not watched. */
void tip_link_socket_close(void *socket);

/** The descriptor poll(2) can wait on; edge-triggered, see zmq_getsockopt(3).
 */
int tip_link_socket_fd(void *socket);

/** Whether a message can be received; brings @socket up to date. */
bool tip_link_socket_has_message(void *socket);

/** What errno means after a ZeroMQ call failed; never TIP_OK. */
enum tip_err tip_link_socket_err(void);

/** One event of a socket's monitor. */
struct tip_link_moment {
    uint16_t event; /* ZMQ_EVENT_… */
    uint32_t value;
};

/** Watch @socket: events come out of @out_monitor, until
 * tip_link_socket_unwatch(). @number makes its name unique in @zmq. */
TIP_MUST_USE enum tip_err tip_link_socket_watch(void *zmq, void *socket,
                                                int events, uint32_t number,
                                                void **out_monitor);

/** Stop watching @socket and close @monitor. Both may be NULL. */
void tip_link_socket_unwatch(void *socket, void *monitor);

/** Take one event of @monitor; false when there is none. */
bool tip_link_socket_moment(void *monitor, struct tip_link_moment *out_moment);

#endif /* TIP_LINK_SOCKET_H */
