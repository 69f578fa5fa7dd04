#include "tip_link_socket.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

enum {
    /* Behind ZMQ_BUILD_DRAFT_API in the header, and in every binary: without
     * it a server whose ZAP handler is not there admits everybody. */
    ZAP_ENFORCE_DOMAIN = 93,
    /* The store is the only queue: these only keep the pipe busy. */
    HIGH_WATER_MARK = 8,
    BACKLOG_MAX = 64,
    /* CURVE puts a frame into a box of its own; libzmq checks that one. */
    BOX_BYTES = 64,
    HANDSHAKE_MS = 90 * 1000, /* 4 round trips on a satellite in a storm. */
    CONNECT_MS = 60 * 1000,
    TCP_MAXRT_MS = 60 * 1000, /* Unanswered data: the line is dead. */
    KEEPALIVE_INTERVAL_S = 30,
    KEEPALIVE_COUNT = 4,
    /* Not used: a node's waits are its own. Only the report counts. */
    RECONNECT_MS = 300 * 1000
};

struct option {
    int name;
    int value;
};

enum tip_err tip_link_socket_err(void)
{
    switch (errno) {
    case EAGAIN:
    case EINTR:
        return TIP_EAGAIN;
    case EHOSTUNREACH:
        return TIP_ENOTFOUND;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return TIP_ENOMEM;
    case EADDRINUSE:
    case EADDRNOTAVAIL:
    case EACCES:
    case ENODEV:
    case EINVAL:
    case EPROTONOSUPPORT:
        return TIP_ELINK_ADDRESS;
    default:
        return TIP_EIO;
    }
}

static bool set_int(void *socket, int name, int value)
{
    int now = 0;
    size_t size = sizeof now;

    return zmq_setsockopt(socket, name, &value, sizeof value) == 0 &&
           zmq_getsockopt(socket, name, &now, &size) == 0 && now == value;
}

static bool set_key(void *socket, int name,
                    const uint8_t key[TIP_LINK_KEY_SIZE])
{
    uint8_t now[TIP_LINK_KEY_SIZE] = {0};
    size_t size = sizeof now;
    bool took = zmq_setsockopt(socket, name, key, TIP_LINK_KEY_SIZE) == 0 &&
                zmq_getsockopt(socket, name, now, &size) == 0 &&
                memcmp(now, key, sizeof now) == 0;

    explicit_bzero(now, sizeof now);
    return took;
}

static bool set_domain(void *socket)
{
    char now[sizeof TIP_LINK_ZAP_DOMAIN + 1] = "";
    size_t size = sizeof now;

    return zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, TIP_LINK_ZAP_DOMAIN,
                          strlen(TIP_LINK_ZAP_DOMAIN)) == 0 &&
           zmq_getsockopt(socket, ZMQ_ZAP_DOMAIN, now, &size) == 0 &&
           strcmp(now, TIP_LINK_ZAP_DOMAIN) == 0;
}

static bool set_message_size(void *socket)
{
    int64_t limit = TIP_LINK_MESSAGE_BYTES_MAX + BOX_BYTES;
    int64_t now = 0;
    size_t size = sizeof now;

    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &limit, sizeof limit) == 0 &&
           zmq_getsockopt(socket, ZMQ_MAXMSGSIZE, &now, &size) == 0 &&
           now == limit;
}

static bool set_all(void *socket, const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!set_int(socket, options[i].name, options[i].value)) {
            return false;
        }
    }
    return true;
}

static bool set_common(void *socket, const struct tip_link_setup *setup)
{
    const struct option options[] = {
        {ZMQ_SNDHWM, HIGH_WATER_MARK},
        {ZMQ_RCVHWM, HIGH_WATER_MARK},
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_IPV6, 1},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_TCP_MAXRT, TCP_MAXRT_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, tip_link_keepalive_s(setup->heartbeat_ms)},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
    };

    return set_message_size(socket) &&
           set_all(socket, options, sizeof options / sizeof options[0]);
}

/* ROUTER_MANDATORY cannot be read back, so see whether it acts: without it a
 * message to nobody is swallowed. */
static bool refuses_unknown_peers(void *router)
{
    return zmq_send(router, "?", 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 &&
           errno == EHOSTUNREACH;
}

static bool set_router(void *router, const struct tip_link_setup *setup)
{
    const int on = 1;
    const int off = 0;
    const struct option options[] = {
        {ZMQ_BACKLOG, BACKLOG_MAX},
        {ZMQ_CURVE_SERVER, 1},
        {ZAP_ENFORCE_DOMAIN, 1},
        /* A node's PING says how long we may wait for its next: ours would only
         * double what liveness costs on 2G. */
        {ZMQ_HEARTBEAT_IVL, 0},
    };

    return set_all(router, options, sizeof options / sizeof options[0]) &&
           set_domain(router) &&
           set_key(router, ZMQ_CURVE_SECRETKEY, setup->secret_key) &&
           zmq_setsockopt(router, ZMQ_ROUTER_HANDOVER, &off, sizeof off) == 0 &&
           zmq_setsockopt(router, ZMQ_ROUTER_MANDATORY, &on, sizeof on) == 0 &&
           refuses_unknown_peers(router);
}

static bool set_dealer(void *dealer, const struct tip_link_setup *setup)
{
    /* One answer may be late, two may not. This stays clear of a whole message
     * on the worst link, because libzmq counts only complete ones as a sign of
     * life. No time to live for the other side: libzmq 4.3.4 reckons with it in
     * 16 bits of milliseconds, so of 150 s it makes 19, and ends the connection
     * so long after each sign of life. */
    int interval_ms = (int)setup->heartbeat_ms;
    const struct option options[] = {
        {ZMQ_CONNECT_TIMEOUT, CONNECT_MS},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_RECONNECT_IVL_MAX, 0},
        {ZMQ_HEARTBEAT_IVL, interval_ms},
        {ZMQ_HEARTBEAT_TIMEOUT, interval_ms / 2 * 3},
        {ZMQ_HEARTBEAT_TTL, 0},
    };

    return set_all(dealer, options, sizeof options / sizeof options[0]) &&
           set_key(dealer, ZMQ_CURVE_PUBLICKEY, setup->public_key) &&
           set_key(dealer, ZMQ_CURVE_SECRETKEY, setup->secret_key) &&
           set_key(dealer, ZMQ_CURVE_SERVERKEY, setup->hub_key);
}

static enum tip_err
open_socket(void *zmq, int type, const struct tip_link_setup *setup,
            bool (*set_own)(void *, const struct tip_link_setup *),
            void **out_socket)
{
    void *socket = zmq_socket(zmq, type);

    if (socket == NULL) {
        return tip_link_socket_err();
    }
    if (!set_common(socket, setup) || !set_own(socket, setup)) {
        tip_link_socket_close(socket);
        return TIP_ELINK_OPTION;
    }
    *out_socket = socket;
    return TIP_OK;
}

enum tip_err tip_link_socket_open_router(void *zmq,
                                         const struct tip_link_setup *setup,
                                         void **out_socket)
{
    return open_socket(zmq, ZMQ_ROUTER, setup, set_router, out_socket);
}

enum tip_err tip_link_socket_open_dealer(void *zmq,
                                         const struct tip_link_setup *setup,
                                         void **out_socket)
{
    return open_socket(zmq, ZMQ_DEALER, setup, set_dealer, out_socket);
}

void tip_link_socket_close(void *socket)
{
    int rc = socket == NULL ? 0 : zmq_close(socket);

    assert(rc == 0); /* It fails only for what is no socket. */
    (void)rc;
}

int tip_link_socket_fd(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;

    if (zmq_getsockopt(socket, ZMQ_FD, &fd, &size) != 0) {
        return -1;
    }
    return fd;
}

bool tip_link_socket_has_message(void *socket)
{
    int events = 0;
    size_t size = sizeof events;

    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 &&
           (events & ZMQ_POLLIN) != 0;
}

enum tip_err tip_link_socket_watch(void *zmq, void *socket, int events,
                                   uint32_t number, void **out_monitor)
{
    char name[48];
    void *monitor = zmq_socket(zmq, ZMQ_PAIR);

    if (monitor == NULL) {
        return tip_link_socket_err();
    }
    (void)snprintf(name, sizeof name, "inproc://monitor-%lu",
                   (unsigned long)number);
    if (!set_int(monitor, ZMQ_LINGER, 0) ||
        zmq_socket_monitor(socket, name, events) != 0 ||
        zmq_connect(monitor, name) != 0) {
        tip_link_socket_close(monitor);
        return TIP_ELINK_OPTION;
    }
    *out_monitor = monitor;
    return TIP_OK;
}

void tip_link_socket_unwatch(void *socket, void *monitor)
{
    /* In this order: libzmq's thread reports with a send that waits, and to a
     * monitor that is closed it waits for ever, with all its connections. */
    if (socket != NULL && monitor != NULL) {
        (void)zmq_socket_monitor(socket, NULL, 0);
    }
    tip_link_socket_close(monitor);
}

bool tip_link_socket_moment(void *monitor, struct tip_link_moment *out_moment)
{
    uint8_t fields[sizeof out_moment->event + sizeof out_moment->value];
    uint8_t address[1]; /* Ours, not the peer's: of no use, so cut short. */

    if (zmq_recv(monitor, fields, sizeof fields, ZMQ_DONTWAIT) !=
        (int)sizeof fields) {
        return false;
    }
    (void)zmq_recv(monitor, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(&out_moment->event, fields, sizeof out_moment->event);
    memcpy(&out_moment->value, fields + sizeof out_moment->event,
           sizeof out_moment->value);
    return true;
}
