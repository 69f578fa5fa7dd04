/*
 * A node's side: a DEALER that always calls the hub, never the other way.
 *
 *            retry time, or told to               handshake succeeded
 *   WAITING ------------------------> TRYING ------------------------> UP
 *      ^                                |                              |
 *      '---- failed, next endpoint -----'                              |
 *      '---- lost, dropped, misbehaved, told to rest ------------------'
 *
 * Every try is a new socket, so that nothing queued for one connection reaches
 * the next, and the waits between tries are ours: libzmq doubles them only
 * while TCP fails, gives up after a refused handshake, and adds two seconds of
 * jitter at most, on which 15 offices would all come back at once.
 */
#include "tip_link_side.h"

#include <assert.h>
#include <limits.h>
#include <sys/random.h>
#include <zmq.h>

#include "tip_link_socket.h"

enum {
    HUB = 0, /* Its number as a peer. */
    EVENTS =
        ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CLOSED |
        ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
    /* Longer than the connect and handshake limits of the socket together: a
     * net under them, for a failure libzmq does not report. */
    TRY_MS_MAX = 160 * 1000,
    /* A connection that held this long was a good one: start over with short
     * waits. */
    GOOD_MS_MIN = 30 * 1000
};

enum state { WAITING, TRYING, UP };

static struct {
    enum state state;
    uint64_t since_ms; /* Of the state. */
    uint64_t retry_ms; /* When to leave WAITING. */
    uint32_t failures; /* In a row: doubles the wait. */
    uint32_t endpoint; /* Which one is tried next or in use. */
    uint32_t try_count;
    bool is_resting; /* WAITING, for a word and not for a time. */
    void *dealer;    /* NULL while WAITING, as the next. */
    void *monitor;
} node;

static void enter(struct tip_link_child *child, enum state state)
{
    node.state = state;
    node.since_ms = tip_link_child_ms(child);
}

/* The main process shows people when the hub is called. */
static void tell_call(struct tip_link_child *child, uint64_t when_ms)
{
    child->call_ms = when_ms;
    child->has_call = true;
}

/* Be WAITING for @ms. */
static void await_call(struct tip_link_child *child, uint64_t ms)
{
    enter(child, WAITING);
    node.retry_ms = node.since_ms + ms;
    tell_call(child, node.retry_ms);
}

static struct tip_link_peer *hub_peer(struct tip_link_child *child)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, HUB);

    assert(peer != NULL);
    return peer;
}

/* Between half and one and a half of @ms. */
static uint64_t spread(uint64_t ms)
{
    uint32_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) !=
        (ssize_t)sizeof random) {
        random = UINT32_MAX / 2;
    }
    return ms / 2 + (uint64_t)random * ms / UINT32_MAX;
}

/* How long to wait after what ended in @cause. Where nobody answers a call
 * costs next to nothing, and the network may be back any moment. */
static uint64_t wait_ms(const struct tip_link_child *child,
                        enum tip_link_cause cause)
{
    bool is_refused = cause == TIP_LINK_CAUSE_NOT_ADMITTED ||
                      cause == TIP_LINK_CAUSE_HANDSHAKE ||
                      cause == TIP_LINK_CAUSE_PROTOCOL;
    uint64_t longest_ms = is_refused ? child->setup.refused_ms_max
                                     : child->setup.reconnect_ms_max;
    uint64_t ms = child->setup.reconnect_ms_min;

    for (uint32_t i = 1; i < node.failures && ms < longest_ms; i++) {
        ms *= 2;
    }
    return spread(ms < longest_ms ? ms : longest_ms);
}

static void close_sockets(void)
{
    tip_link_socket_unwatch(node.dealer, node.monitor);
    tip_link_socket_close(node.dealer);
    node.dealer = NULL;
    node.monitor = NULL;
}

/* Leave TRYING or UP. */
static void fall_back(struct tip_link_child *child, enum tip_link_cause cause)
{
    struct tip_link_talk fault = {.kind = TIP_LINK_TALK_FAULT, .cause = cause};
    uint64_t lasted_ms = tip_link_child_ms(child) - node.since_ms;

    if (node.state == UP) {
        tip_link_peers_disconnect(hub_peer(child), cause);
    } else {
        tip_link_child_fault(child, &fault);
    }
    if (node.state == UP && lasted_ms >= GOOD_MS_MIN) {
        node.failures = 0;
    }
    if (node.state == TRYING) {
        node.endpoint = (node.endpoint + 1) % child->setup.endpoint_count;
    }
    node.failures++;
    close_sockets();
    await_call(child, wait_ms(child, cause));
}

static void begin_try(struct tip_link_child *child)
{
    enum tip_err err;

    enter(child, TRYING);
    tell_call(child, node.since_ms);
    node.try_count++;
    err = tip_link_socket_open_dealer(child->zmq, &child->setup, &node.dealer);
    if (err == TIP_OK) {
        err = tip_link_socket_watch(child->zmq, node.dealer, EVENTS,
                                    node.try_count, &node.monitor);
    }
    if (err != TIP_OK ||
        zmq_connect(node.dealer, child->setup.endpoints[node.endpoint]) != 0) {
        fall_back(child, TIP_LINK_CAUSE_NO_ROUTE);
    }
}

static enum tip_err node_open(struct tip_link_child *child, uint16_t *out_port)
{
    struct tip_link_peer *peer = tip_link_peers_add(&child->peers, HUB);
    void *probe = NULL;
    enum tip_err err =
        tip_link_socket_open_dealer(child->zmq, &child->setup, &probe);

    tip_link_socket_close(probe);
    if (err != TIP_OK) {
        return err; /* Now, not at the first try: it would look like a fault of
                     * the network. */
    }
    assert(peer != NULL);
    peer->is_allowed = true;
    await_call(child, 0);
    *out_port = 0;
    return TIP_OK;
}

static void see_moment(struct tip_link_child *child,
                       const struct tip_link_moment *moment)
{
    switch (moment->event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        if (node.state == TRYING) {
            enter(child, UP);
            tip_link_peers_connect(&child->peers, hub_peer(child));
        }
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        fall_back(child, TIP_LINK_CAUSE_NOT_ADMITTED);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        fall_back(child, TIP_LINK_CAUSE_PROTOCOL);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        fall_back(child, TIP_LINK_CAUSE_HANDSHAKE);
        break;
    case ZMQ_EVENT_DISCONNECTED:
        /* A line that breaks while keys are exchanged is reported as such
         * before. libzmq that hangs up without a word has read what is no
         * greeting of ours. */
        fall_back(child, node.state == UP ? TIP_LINK_CAUSE_LOST
                                          : TIP_LINK_CAUSE_PROTOCOL);
        break;
    case ZMQ_EVENT_CLOSED:
    case ZMQ_EVENT_CONNECT_RETRIED:
        fall_back(child, TIP_LINK_CAUSE_NO_ROUTE);
        break;
    default:
        break;
    }
}

static void see_moments(struct tip_link_child *child)
{
    struct tip_link_moment moment;

    while (node.monitor != NULL &&
           tip_link_socket_moment(node.monitor, &moment)) {
        see_moment(child, &moment);
    }
}

static void node_serve(struct tip_link_child *child)
{
    uint64_t now_ms = tip_link_child_ms(child);

    see_moments(child);
    if (node.state == WAITING && !node.is_resting && now_ms >= node.retry_ms) {
        begin_try(child);
        see_moments(child);
    } else if (node.state == TRYING && now_ms - node.since_ms > TRY_MS_MAX) {
        fall_back(child, TIP_LINK_CAUSE_NO_ROUTE);
    }
}

static bool node_receive(struct tip_link_child *child)
{
    zmq_msg_t message;
    bool got = false;

    if (node.dealer == NULL) {
        return false;
    }
    (void)zmq_msg_init(&message);
    if (zmq_msg_recv(&message, node.dealer, ZMQ_DONTWAIT) >= 0) {
        size_t size = zmq_msg_size(&message);

        /* The handshake's report may be behind the first message. */
        see_moments(child);
        got = node.state == UP;
        if (got && (zmq_msg_more(&message) != 0 || size == 0 ||
                    size > TIP_LINK_MESSAGE_BYTES_MAX)) {
            fall_back(child, TIP_LINK_CAUSE_MISBEHAVED);
        } else if (got) {
            tip_link_child_hold(child, hub_peer(child),
                                tip_bytes(zmq_msg_data(&message), size));
        }
    }
    (void)zmq_msg_close(&message);
    return got;
}

static bool node_has_message(const struct tip_link_child *child)
{
    (void)child;
    return node.dealer != NULL && tip_link_socket_has_message(node.dealer);
}

static enum tip_err node_send(struct tip_link_child *child,
                              const struct tip_link_peer *peer,
                              struct tip_bytes message)
{
    (void)child;
    (void)peer;
    if (node.state != UP) {
        return TIP_ENOTFOUND;
    }
    return zmq_send(node.dealer, message.data, message.size, ZMQ_DONTWAIT) < 0
               ? tip_link_socket_err()
               : TIP_OK;
}

static void node_cut(struct tip_link_child *child, struct tip_link_peer *peer,
                     enum tip_link_cause cause)
{
    (void)peer;
    if (node.state == UP) {
        fall_back(child, cause);
    }
}

static void node_retry(struct tip_link_child *child)
{
    node.failures = 0;
    node.is_resting = false;
    if (node.state == WAITING) {
        await_call(child, 0);
    }
}

static void node_rest(struct tip_link_child *child)
{
    node.is_resting = true;
    if (node.state == UP) {
        fall_back(child, TIP_LINK_CAUSE_DROPPED);
    } else if (node.state == TRYING) {
        close_sockets();
        await_call(child, 0);
    }
}

static void node_expect(struct tip_link_child *child,
                        const struct tip_link_peer *peer, uint32_t heartbeat_ms)
{
    (void)peer;
    child->setup.heartbeat_ms = heartbeat_ms; /* Of the next socket. */
}

static size_t node_poll_fds(const struct tip_link_child *child,
                            bool with_messages,
                            struct pollfd out_fds[TIP_LINK_SIDE_FDS_MAX])
{
    (void)child;
    if (node.dealer == NULL) {
        return 0;
    }
    out_fds[0] = (struct pollfd){.fd = tip_link_socket_fd(node.monitor),
                                 .events = POLLIN};
    if (!with_messages) {
        return 1;
    }
    out_fds[1] = (struct pollfd){.fd = tip_link_socket_fd(node.dealer),
                                 .events = POLLIN};
    return 2;
}

static int node_sleep_ms(const struct tip_link_child *child)
{
    uint64_t now_ms = tip_link_child_ms(child);
    uint64_t due_ms;

    if (node.state == UP || (node.state == WAITING && node.is_resting)) {
        return -1;
    }
    due_ms =
        node.state == WAITING ? node.retry_ms : node.since_ms + TRY_MS_MAX + 1;
    if (due_ms <= now_ms) {
        return 0;
    }
    return due_ms - now_ms > INT_MAX ? INT_MAX : (int)(due_ms - now_ms);
}

const struct tip_link_side tip_link_side_node = {
    .open = node_open,
    .serve = node_serve,
    .receive = node_receive,
    .has_message = node_has_message,
    .send = node_send,
    .cut = node_cut,
    .retry = node_retry,
    .rest = node_rest,
    .expect = node_expect,
    .poll_fds = node_poll_fds,
    .sleep_ms = node_sleep_ms,
};
