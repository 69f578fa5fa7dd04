#include "tip_link_child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "tip_clock_posix.h"
#include "tip_link_confine.h"
#include "tip_link_obey.h"
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

void tip_link_child_leave(struct tip_link_child *child)
{
    explicit_bzero(&child->setup, sizeof child->setup);
    _exit(EXIT_FAILURE);
}

/* Send one packet; false when the main process has no room now. */
static bool say_packet(struct tip_link_child *child, struct tip_bytes packet)
{
    ssize_t put =
        send(child->fd, packet.data, packet.size, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (put < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
        tip_link_child_leave(child);
    }
    return put >= 0;
}

bool tip_link_child_say(struct tip_link_child *child,
                        const struct tip_link_talk *talk)
{
    uint8_t data[256];
    struct tip_buf buf;

    tip_buf_init(&buf, data, sizeof data);
    if (tip_link_talk_put(talk, &buf) != TIP_OK) {
        tip_link_child_leave(child);
    }
    return say_packet(child, tip_bytes(buf.data, buf.size));
}

static bool say_about(struct tip_link_child *child, struct tip_link_peer *peer)
{
    struct tip_link_talk talk;

    while (tip_link_peers_next(peer, &talk)) {
        if (!tip_link_child_say(child, &talk)) {
            return false;
        }
        tip_link_peers_said(peer, &talk);
    }
    return true;
}

static bool say_call(struct tip_link_child *child)
{
    uint64_t now_ms = tip_link_child_ms(child);
    uint64_t left_ms = child->call_ms > now_ms ? child->call_ms - now_ms : 0;
    struct tip_link_talk talk = {
        .kind = TIP_LINK_TALK_CALL,
        .count = left_ms < UINT32_MAX ? (uint32_t)left_ms : UINT32_MAX};

    child->has_call = child->has_call && !tip_link_child_say(child, &talk);
    return !child->has_call;
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
        if (!tip_link_child_say(child, &child->fault)) {
            return false;
        }
        child->has_fault = false;
    }
    if (!say_call(child)) {
        return false;
    }
    if (child->held.size > 0) {
        if (!say_packet(child, tip_bytes(child->held.data, child->held.size))) {
            return false;
        }
        tip_buf_clear(&child->held);
    }
    return true;
}

void tip_link_child_send_parcels(struct tip_link_child *child,
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
        tip_link_child_send_parcels(child, &child->peers.items[i]);
        waiting = waiting || child->peers.items[i].parcel_count > 0;
    }
    return waiting;
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
        tip_link_child_leave(child);
    }
    if (got == 0) {
        tip_link_child_leave(child); /* It has gone. */
    }
    if ((size_t)got > sizeof packet ||
        tip_link_talk_get(tip_bytes(packet, (size_t)got), &talk) != TIP_OK) {
        tip_link_child_leave(child);
    }
    tip_link_obey(child, &talk);
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

/* Serve the network until it has nothing more for us; false when the main
 * process has no room for what it had. */
static bool take_messages(struct tip_link_child *child, int *sleep_ms)
{
    bool heard_all;
    int i = 0;

    while ((heard_all = say_all(child)) && i < TURN_MAX &&
           child->side->receive(child)) {
        i++;
    }
    if (i == TURN_MAX) {
        *sleep_ms = 0;
    }
    return heard_all;
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
        child->side->serve(child);
        heard_all = take_messages(child, &sleep_ms);
        /* Receiving may have made room to send, without a sign of it, and the
         * other way round. */
        has_waiting = has_waiting_parcels(child);
        if (!say_all(child)) {
            heard_all = false;
        } else if (child->side->has_message(child)) {
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
                tip_link_child_leave(&self);
            }
        }
    }
}
