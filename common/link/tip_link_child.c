#include "tip_link_child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "tip_clock_posix.h"
#include "tip_link_confine.h"
#include "tip_link_side.h"
#include "tip_link_socket.h"

enum {
    /* How many packets or messages in a row before the other side of the loop
     * gets its turn. */
    TURN_MAX = 64,
    /* While a pipe is full, how soon to try again if libzmq does not wake us.
     */
    FULL_PIPE_MS = 20
};

static struct tip_link_child self; /* Large, and one per process. */

uint64_t tip_link_child_ms(const struct tip_link_child *child)
{
    return child->clock.elapsed_ms(&child->clock);
}

void tip_link_child_fault(struct tip_link_child *child,
                          const struct tip_link_talk *fault)
{
    child->fault = *fault;
    child->has_fault = true;
}

void tip_link_child_hold(struct tip_link_child *child,
                         const struct tip_link_peer *peer,
                         struct tip_bytes message)
{
    struct tip_link_talk talk = {.kind = TIP_LINK_TALK_RECEIVED,
                                 .peer = peer->number,
                                 .payload = message};

    tip_buf_clear(&child->held);
    if (tip_link_talk_put(&talk, &child->held) != TIP_OK) {
        tip_buf_clear(&child->held); /* Cannot be: sizes were checked. */
    }
}

/* Exit: the main process has gone or sent what it never sends. There is nothing
 * to save here and nobody to tell. */
static _Noreturn void leave(int status)
{
    explicit_bzero(&self.setup, sizeof self.setup);
    _exit(status);
}

void tip_link_child_leave(struct tip_link_child *child)
{
    (void)child;
    leave(EXIT_FAILURE);
}

/* Send one packet; false when the main process has no room now. */
static bool say_packet(struct tip_link_child *child, struct tip_bytes packet)
{
    ssize_t put =
        send(child->fd, packet.data, packet.size, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (put < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
        leave(EXIT_SUCCESS);
    }
    return put >= 0;
}

static bool say(struct tip_link_child *child, const struct tip_link_talk *talk)
{
    uint8_t data[256];
    struct tip_buf buf;

    tip_buf_init(&buf, data, sizeof data);
    if (tip_link_talk_put(talk, &buf) != TIP_OK) {
        leave(EXIT_FAILURE);
    }
    return say_packet(child, tip_bytes(buf.data, buf.size));
}

static bool say_about(struct tip_link_child *child, struct tip_link_peer *peer)
{
    struct tip_link_talk talk;

    while (tip_link_peers_next(peer, &talk)) {
        if (!say(child, &talk)) {
            return false;
        }
        tip_link_peers_said(peer, &talk);
    }
    return true;
}

/* Tell the main process all it was not told; false when it has no room. Peers
 * before the message: it must know who is up to believe who speaks. */
static bool say_all(struct tip_link_child *child)
{
    for (size_t i = 0; i < child->peers.count; i++) {
        if (!say_about(child, &child->peers.items[i])) {
            return false;
        }
    }
    if (child->has_fault) {
        if (!say(child, &child->fault)) {
            return false;
        }
        child->has_fault = false;
    }
    if (child->held.size > 0) {
        if (!say_packet(child, tip_bytes(child->held.data, child->held.size))) {
            return false;
        }
        tip_buf_clear(&child->held);
    }
    return true;
}

static void send_parcels(struct tip_link_child *child,
                         struct tip_link_peer *peer)
{
    while (peer->parcel_count > 0 && peer->connection != 0) {
        struct tip_link_parcel parcel = peer->parcels[0];
        enum tip_err err =
            child->side->send(child, peer, tip_bytes(parcel.data, parcel.size));

        if (err == TIP_EAGAIN) {
            return;
        }
        if (err != TIP_OK) {
            child->side->cut(child, peer, TIP_LINK_CAUSE_LOST);
            return;
        }
        tip_link_peers_sent(peer);
    }
}

/* Whether a parcel is still waiting after trying all of them. */
static bool has_waiting_parcels(struct tip_link_child *child)
{
    bool waiting = false;

    for (size_t i = 0; i < child->peers.count; i++) {
        send_parcels(child, &child->peers.items[i]);
        waiting = waiting || child->peers.items[i].parcel_count > 0;
    }
    return waiting;
}

static void allow(struct tip_link_child *child, struct tip_bytes payload)
{
    struct tip_link_entry entry;
    enum tip_err err;

    for (size_t i = 0;; i++) {
        struct tip_link_peer *peer;

        err = tip_link_talk_get_allow(payload, i, &entry);
        if (err != TIP_OK) {
            break;
        }
        peer = tip_link_peers_add(&child->peers, entry.peer);
        if (peer == NULL) {
            leave(EXIT_FAILURE);
        }
        if (memcmp(peer->key, entry.key, sizeof peer->key) != 0 &&
            peer->connection != 0) {
            child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
        }
        memcpy(peer->key, entry.key, sizeof peer->key);
        peer->is_allowed = true;
    }
    if (err != TIP_ENOTFOUND) {
        leave(EXIT_FAILURE);
    }
}

static void deny(struct tip_link_child *child, uint32_t number)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, number);

    if (peer != NULL) {
        peer->is_allowed = false;
        if (peer->connection != 0) {
            child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
        }
    }
}

static void take_message(struct tip_link_child *child,
                         const struct tip_link_talk *talk)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, talk->peer);

    /* Meant for a connection that has gone since: the next one starts clean. */
    if (peer == NULL || peer->connection == 0 ||
        peer->connection != talk->connection) {
        return;
    }
    if (tip_link_peers_queue(peer, talk->payload) != TIP_OK) {
        leave(EXIT_FAILURE); /* Out of memory, or it ignores the window. */
    }
    send_parcels(child, peer);
}

static void drop(struct tip_link_child *child, const struct tip_link_talk *talk)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, talk->peer);

    if (peer != NULL && peer->connection != 0 &&
        peer->connection == talk->connection) {
        child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
    }
}

static const struct tip_link_side *choose_side(enum tip_link_role role)
{
    return role == TIP_LINK_HUB ? &tip_link_side_hub : &tip_link_side_node;
}

static void set_up(struct tip_link_child *child, struct tip_bytes payload)
{
    struct tip_link_talk answer = {.kind = TIP_LINK_TALK_READY};

    if (child->side != NULL ||
        tip_link_talk_get_setup(payload, &child->setup) != TIP_OK) {
        leave(EXIT_FAILURE);
    }
    child->side = choose_side(child->setup.role);
    answer.error = child->side->open(child, &answer.port);
    if (answer.error != TIP_OK) {
        answer.kind = TIP_LINK_TALK_FAILED;
    }
    /* A server keeps its key in libzmq alone; a node needs it for every try. */
    if (child->setup.role == TIP_LINK_HUB) {
        explicit_bzero(child->setup.secret_key, TIP_LINK_KEY_SIZE);
    }
    if (!say(child, &answer) || answer.error != TIP_OK) {
        leave(EXIT_FAILURE);
    }
}

static void obey(struct tip_link_child *child, const struct tip_link_talk *talk)
{
    if (child->side == NULL && talk->kind != TIP_LINK_TALK_SETUP &&
        talk->kind != TIP_LINK_TALK_ALLOW) {
        leave(EXIT_FAILURE);
    }
    switch (talk->kind) {
    case TIP_LINK_TALK_SETUP:
        set_up(child, talk->payload);
        break;
    case TIP_LINK_TALK_ALLOW:
        allow(child, talk->payload);
        break;
    case TIP_LINK_TALK_DENY:
        deny(child, talk->peer);
        break;
    case TIP_LINK_TALK_SEND:
        take_message(child, talk);
        break;
    case TIP_LINK_TALK_DROP:
        drop(child, talk);
        break;
    case TIP_LINK_TALK_RETRY:
        child->side->retry(child);
        break;
    case TIP_LINK_TALK_PROBE:
        /* No room for the answer: then there is plenty to read from us. */
        (void)say(child, &(struct tip_link_talk){.kind = TIP_LINK_TALK_ALIVE});
        break;
    case TIP_LINK_TALK_READY:
    case TIP_LINK_TALK_FAILED:
    case TIP_LINK_TALK_UP:
    case TIP_LINK_TALK_DOWN:
    case TIP_LINK_TALK_RECEIVED:
    case TIP_LINK_TALK_CREDIT:
    case TIP_LINK_TALK_FAULT:
    case TIP_LINK_TALK_ALIVE:
        leave(EXIT_FAILURE);
    }
}

/* Take what the main process says; false when there is nothing. */
static bool listen_once(struct tip_link_child *child)
{
    static uint8_t packet[TIP_LINK_TALK_BYTES_MAX];
    struct tip_link_talk talk;
    ssize_t got =
        recv(child->fd, packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);

    if (got < 0) {
        if (errno == EAGAIN || errno == EINTR) {
            return false;
        }
        leave(EXIT_FAILURE);
    }
    if (got == 0) {
        leave(EXIT_SUCCESS); /* It has gone. */
    }
    if ((size_t)got > sizeof packet ||
        tip_link_talk_get(tip_bytes(packet, (size_t)got), &talk) != TIP_OK) {
        leave(EXIT_FAILURE);
    }
    obey(child, &talk);
    if (talk.kind == TIP_LINK_TALK_SETUP) {
        explicit_bzero(packet, (size_t)got);
    }
    return true;
}

static int shorter(int a_ms, int b_ms)
{
    if (a_ms < 0) {
        return b_ms;
    }
    return b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

static void sleep_until_something(struct tip_link_child *child, bool heard_all,
                                  bool has_waiting, int sleep_ms)
{
    struct pollfd fds[1 + TIP_LINK_SIDE_FDS_MAX] = {
        {.fd = child->fd, .events = POLLIN}};
    nfds_t count = 1;

    if (!heard_all) {
        fds[0].events = POLLIN | POLLOUT;
    }
    if (child->side != NULL) {
        /* With a message in hand we take no other: not looking at the socket
         * keeps its descriptor from waking us for nothing. */
        count += child->side->poll_fds(child, heard_all, fds + 1);
        sleep_ms = shorter(sleep_ms, child->side->sleep_ms(child));
    }
    if (has_waiting) {
        sleep_ms = shorter(sleep_ms, FULL_PIPE_MS);
    }
    (void)poll(fds, count, sleep_ms);
}

static void turn(struct tip_link_child *child)
{
    int sleep_ms = -1;
    bool has_waiting = false;
    bool heard_all = true;
    int i;

    for (i = 0; i < TURN_MAX && listen_once(child); i++) {
    }
    if (i == TURN_MAX) {
        sleep_ms = 0;
    }
    if (child->side != NULL) {
        has_waiting = has_waiting_parcels(child);
        child->side->serve(child);
        for (i = 0; (heard_all = say_all(child)) && i < TURN_MAX &&
                    child->side->receive(child);
             i++) {
        }
        if (i == TURN_MAX) {
            sleep_ms = 0;
        }
    }
    sleep_until_something(child, heard_all, has_waiting, sleep_ms);
}

int tip_link_child_main(int fd)
{
    bool is_limited = false;

    tip_clock_posix_init(&self.clock);
    tip_buf_init(&self.held, self.held_data, sizeof self.held_data);
    self.fd = fd;
    if (tip_link_confine() != TIP_OK) {
        return EXIT_FAILURE;
    }
    self.zmq = zmq_ctx_new();
    if (self.zmq == NULL) {
        return EXIT_FAILURE;
    }
    for (;;) {
        turn(&self);
        if (!is_limited && self.side != NULL) {
            is_limited = true;
            if (tip_link_confine_memory(self.setup.role) != TIP_OK) {
                leave(EXIT_FAILURE);
            }
        }
    }
}
