/*
 * The hub's side: a ROUTER nobody passes without a place on the allow-list.
 *
 * libzmq numbers the connections of a ROUTER upwards, so the newer of two
 * connections of a device is known even when their messages arrive mixed; the
 * newest wins, and what an older one left behind is dropped.
 */
#include "tip_link_side.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "tip_link_arrival.h"
#include "tip_link_confine.h"
#include "tip_link_conns.h"
#include "tip_link_socket.h"
#include "tip_link_zap.h"

enum {
    EVENTS = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
             ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
             ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
    /* How often to look who sends and completes nothing: at 100 MB/s that is 10
     * MB before the cut. */
    LOOK_MS = 100,
    /* More than 100 devices with full queues hold. At the hard limit libzmq may
     * live on without reading, so we go before that, and come back small. */
    HELD_BYTES_MAX = 48 * 1024 * 1024,
    BIND_RETRIES = 40,
    BIND_PAUSE_NS = 50 * 1000 * 1000
};

static struct {
    void *router;
    void *monitor;
    void *zap;
    uint64_t looked_ms;
    enum tip_link_cause
        failed; /* A handshake: by which connection comes next. */
    struct tip_link_conns conns;
} hub;

/* The counter starts anywhere and wraps, so "newer" is a distance. */
static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < UINT32_C(1) << 31;
}

static uint16_t bound_port(void)
{
    char endpoint[TIP_LINK_ENDPOINT_SIZE] = "";
    size_t size = sizeof endpoint;
    const char *colon;

    if (zmq_getsockopt(hub.router, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0) {
        return 0;
    }
    colon = strrchr(endpoint, ':');
    return colon == NULL ? 0 : (uint16_t)strtoul(colon + 1, NULL, 10);
}

/* The child of a hub that was killed dies with it, but may still be on its way
 * out when the hub starts again: its address is free in a moment. */
static enum tip_err bind_router(const char *endpoint)
{
    const struct timespec pause = {.tv_nsec = BIND_PAUSE_NS};

    for (int i = 0; zmq_bind(hub.router, endpoint) != 0; i++) {
        if (errno != EADDRINUSE || i == BIND_RETRIES) {
            return tip_link_socket_err();
        }
        (void)nanosleep(&pause, NULL);
    }
    return TIP_OK;
}

static enum tip_err hub_open(struct tip_link_child *child, uint16_t *out_port)
{
    enum tip_err err = tip_link_zap_open(child->zmq, &hub.zap);

    if (err == TIP_OK) {
        err =
            tip_link_socket_open_router(child->zmq, &child->setup, &hub.router);
    }
    if (err == TIP_OK) {
        err = tip_link_socket_watch(child->zmq, hub.router, EVENTS, 0,
                                    &hub.monitor);
    }
    if (err == TIP_OK) {
        err = bind_router(child->setup.endpoints[0]);
    }
    if (err == TIP_OK) {
        *out_port = bound_port();
    }
    return err;
}

static void note_fault(struct tip_link_child *child, enum tip_link_cause cause,
                       int fd)
{
    struct tip_link_talk fault = {.kind = TIP_LINK_TALK_FAULT, .cause = cause};

    tip_link_conns_address(fd, fault.address);
    tip_link_child_fault(child, &fault);
}

/* A connection is gone, for whatever reason. */
static void forget(struct tip_link_child *child, int fd)
{
    struct tip_link_conn was = tip_link_conns_close(&hub.conns, fd);
    struct tip_link_peer *peer;

    if (was.state != TIP_LINK_CONN_PEER) {
        return;
    }
    peer = tip_link_peers_find(&child->peers, was.peer);
    if (peer != NULL && peer->connection != 0 && peer->fd == fd) {
        tip_link_peers_disconnect(peer, TIP_LINK_CAUSE_LOST);
    }
}

/* A handshake failed, on the connection @fd if that is known. */
static void settle_failure(struct tip_link_child *child, int fd)
{
    if (hub.failed != TIP_LINK_CAUSE_NONE) {
        note_fault(child, hub.failed, fd);
        hub.failed = TIP_LINK_CAUSE_NONE;
    }
}

static void see_moment(struct tip_link_child *child,
                       const struct tip_link_moment *moment)
{
    int fd = moment->value < TIP_LINK_CONNS_MAX ? (int)moment->value : -1;

    switch (moment->event) {
    case ZMQ_EVENT_ACCEPTED:
        if (fd >= 0) {
            forget(child, fd);
            tip_link_conns_open(&hub.conns, fd, tip_link_child_ms(child));
        }
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        hub.failed = TIP_LINK_CAUSE_PROTOCOL;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        hub.failed = TIP_LINK_CAUSE_HANDSHAKE;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        settle_failure(child, fd); /* Reported in a row, by one thread. */
        if (fd >= 0) {
            forget(child, fd);
        }
        break;
    default:
        break;
    }
}

static void see_moments(struct tip_link_child *child)
{
    struct tip_link_moment moment;

    while (tip_link_socket_moment(hub.monitor, &moment)) {
        see_moment(child, &moment);
    }
    settle_failure(child, -1); /* libzmq leaves some of them open. */
}

static void hub_cut(struct tip_link_child *child, struct tip_link_peer *peer,
                    enum tip_link_cause cause)
{
    const struct tip_link_conn *conn = &hub.conns.items[peer->fd];

    (void)child;
    if (conn->state == TIP_LINK_CONN_PEER && conn->peer == peer->number) {
        tip_link_conns_cut(&hub.conns, peer->fd);
    }
    /* What it sent before the cut is still in libzmq's queue: peer->serial
     * stays, and only a newer connection counts. */
    tip_link_peers_disconnect(peer, cause);
}

static void cut_conn(struct tip_link_child *child, int fd,
                     enum tip_link_cause cause)
{
    const struct tip_link_conn *conn = &hub.conns.items[fd];
    struct tip_link_peer *peer =
        conn->state == TIP_LINK_CONN_PEER
            ? tip_link_peers_find(&child->peers, conn->peer)
            : NULL;

    if (cause == TIP_LINK_CAUSE_MISBEHAVED) {
        note_fault(child, cause, fd);
    }
    if (peer != NULL && peer->connection != 0 && peer->fd == fd) {
        hub_cut(child, peer, cause);
    } else {
        tip_link_conns_cut(&hub.conns, fd);
    }
}

/* libzmq forgets how long a node may be silent as soon as a message of it
 * comes, so a line that dies after one would look alive for minutes. The kernel
 * knows when the last byte came, and counts those of an unfinished message too.
 */
static void cut_bad_conns(struct tip_link_child *child)
{
    enum tip_link_cause cause;
    int fd = -1;

    while ((fd = tip_link_conns_find_bad(
                &hub.conns, fd + 1, child->setup.heartbeat_ms, &cause)) >= 0) {
        cut_conn(child, fd, cause);
    }
}

static void look_after_conns(struct tip_link_child *child)
{
    uint64_t now_ms = tip_link_child_ms(child);
    int fd;

    if (now_ms - hub.looked_ms < LOOK_MS) {
        return;
    }
    hub.looked_ms = now_ms;
    if (tip_link_confine_held_bytes() > HELD_BYTES_MAX) {
        tip_link_child_leave(child);
    }
    cut_bad_conns(child);
    for (fd = tip_link_conns_find_idle(&hub.conns, now_ms); fd >= 0;
         fd = tip_link_conns_find_idle(&hub.conns, now_ms)) {
        tip_link_conns_cut(&hub.conns, fd);
    }
}

static void hub_serve(struct tip_link_child *child)
{
    struct tip_link_talk refused;
    enum tip_err err;

    do {
        err = tip_link_zap_answer(hub.zap, &child->peers, &refused);
        if (err == TIP_EACCESS) {
            tip_link_child_fault(child, &refused);
        }
    } while (err != TIP_EAGAIN);
    see_moments(child);
    look_after_conns(child);
}

/* Cut off who broke a rule of the form of messages. */
static void punish(struct tip_link_child *child,
                   const struct tip_link_arrival *arrival)
{
    if (arrival->fd >= 0) {
        cut_conn(child, arrival->fd, TIP_LINK_CAUSE_MISBEHAVED);
    }
}

/* The first message of a connection: from now on it is the peer's. */
static void adopt(struct tip_link_child *child, struct tip_link_peer *peer,
                  const struct tip_link_arrival *arrival)
{
    if (peer->connection != 0) {
        hub_cut(child, peer, TIP_LINK_CAUSE_REPLACED);
    }
    peer->fd = arrival->fd;
    peer->serial = arrival->serial;
    peer->has_serial = true;
    tip_link_peers_connect(&child->peers, peer);
}

/* Find whose message this is; NULL when it is to be dropped. */
static struct tip_link_peer *attribute(struct tip_link_child *child,
                                       struct tip_link_arrival *arrival)
{
    struct tip_link_peer *peer;

    if (!tip_link_arrival_is_proper(arrival)) {
        punish(child, arrival);
        return NULL;
    }
    peer = tip_link_peers_find(&child->peers, arrival->user);
    if (peer == NULL || !peer->is_allowed) {
        tip_link_conns_cut(&hub.conns, arrival->fd); /* Revoked since. */
        return NULL;
    }
    if (hub.conns.items[arrival->fd].state == TIP_LINK_CONN_NONE ||
        hub.conns.items[arrival->fd].state == TIP_LINK_CONN_CUT) {
        return NULL; /* What a connection left behind when it went. */
    }
    if (!peer->has_serial || is_newer(arrival->serial, peer->serial)) {
        adopt(child, peer, arrival);
    } else if (arrival->serial != peer->serial || peer->connection == 0) {
        return NULL; /* Older than one we have seen, or cut off. */
    }
    tip_link_conns_settle(&hub.conns, arrival->fd, peer->number);
    return peer;
}

static bool hub_receive(struct tip_link_child *child)
{
    struct tip_link_arrival arrival;
    const struct tip_link_peer *peer;

    if (!tip_link_arrival_read(hub.router, &arrival)) {
        return false;
    }
    /* Everything that happened before this message has been reported by now,
     * so the descriptor means the connection it came from. */
    see_moments(child);
    peer = attribute(child, &arrival);
    if (peer != NULL) {
        tip_link_child_hold(child, peer,
                            tip_bytes(zmq_msg_data(&arrival.payload),
                                      zmq_msg_size(&arrival.payload)));
    }
    (void)zmq_msg_close(&arrival.payload);
    return true;
}

static bool hub_has_message(const struct tip_link_child *child)
{
    (void)child;
    return tip_link_socket_has_message(hub.router);
}

static enum tip_err hub_send(struct tip_link_child *child,
                             const struct tip_link_peer *peer,
                             struct tip_bytes message)
{
    uint8_t id[TIP_LINK_WAY_SIZE];

    (void)child;
    tip_link_arrival_way(peer->serial, id);
    if (zmq_send(hub.router, id, sizeof id, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        return tip_link_socket_err();
    }
    /* Once the way is taken the ROUTER has room for the payload, or drops it
     * with the connection. */
    if (zmq_send(hub.router, message.data, message.size, ZMQ_DONTWAIT) < 0) {
        return tip_link_socket_err();
    }
    return TIP_OK;
}

static void hub_wait_for_nothing(struct tip_link_child *child)
{
    (void)child;
}

static void hub_expect(struct tip_link_child *child,
                       const struct tip_link_peer *peer, uint32_t heartbeat_ms)
{
    (void)child;
    tip_link_conns_expect(&hub.conns, peer->fd, heartbeat_ms);
}

static size_t hub_poll_fds(const struct tip_link_child *child,
                           bool with_messages,
                           struct pollfd out_fds[TIP_LINK_SIDE_FDS_MAX])
{
    (void)child;
    out_fds[0] =
        (struct pollfd){.fd = tip_link_socket_fd(hub.zap), .events = POLLIN};
    out_fds[1] = (struct pollfd){.fd = tip_link_socket_fd(hub.monitor),
                                 .events = POLLIN};
    if (!with_messages) {
        return 2;
    }
    out_fds[2] =
        (struct pollfd){.fd = tip_link_socket_fd(hub.router), .events = POLLIN};
    return 3;
}

static int hub_sleep_ms(const struct tip_link_child *child)
{
    (void)child;
    return hub.conns.open_count > 0 ? LOOK_MS : -1;
}

const struct tip_link_side tip_link_side_hub = {
    .open = hub_open,
    .serve = hub_serve,
    .receive = hub_receive,
    .has_message = hub_has_message,
    .send = hub_send,
    .cut = hub_cut,
    .retry = hub_wait_for_nothing,
    .rest = hub_wait_for_nothing,
    .expect = hub_expect,
    .poll_fds = hub_poll_fds,
    .sleep_ms = hub_sleep_ms,
};
