/*
 * The link over ZeroMQ, its sockets in a child process under a memory limit.
 *
 * A hub listens and admits the devices on its allow-list; a node calls its hub
 * and keeps calling. Whoever breaks the child (a message without end, a fault
 * in libzmq) breaks only that: it is started again, every peer is reported
 * TIP_LINK_DOWN, and the sessions go on where the store says.
 *
 * One thread at a time. Its child is not to be waited for by others: use
 * waitpid(2) with the pid of your own children, never -1.
 */
#ifndef TIP_LINK_ZMQ_H
#define TIP_LINK_ZMQ_H

#include <stdbool.h>
#include <sys/types.h>

#include "tip_clock.h"
#include "tip_link.h"
#include "tip_link_roster.h"
#include "tip_link_talk.h"

struct tip_link_zmq;

struct tip_link_zmq_opts {
    enum tip_link_role role;
    const struct tip_clock *clock; /* Borrowed, must outlive the link. */
    /* "tcp://host:port": where a hub listens (one; port * takes any), or the
     * hub's addresses for a node, tried in turn. Copied. */
    const char *endpoints[TIP_LINK_ENDPOINTS_MAX];
    size_t endpoint_count;
    /* CURVE keys of TIP_LINK_KEY_SIZE bytes; borrowed, must outlive the link.
     */
    const uint8_t *public_key;
    const uint8_t *secret_key;
    const uint8_t *hub_key; /* Of a node: which hub to believe. */
    /* 0 in the following means the default. */
    /* How often a node gives a sign of life when it has nothing to say, whole
     * seconds, an hour at most; 300 s. A hub cuts off who was silent for two
     * and a half times its own value, or what it was told to expect. */
    uint32_t heartbeat_ms;
    uint32_t reconnect_ms_min; /* Of a node: first wait; 2 s. */
    uint32_t reconnect_ms_max; /* It doubles up to here; 300 s… */
    uint32_t refused_ms_max; /* …or here, when somebody answered: such a call
                              * costs a handshake; the same. */
    /* The program to run as the child, which must call tip_link_child_main().
     * NULL: this very program with the argument "link-child". Borrowed. */
    const char *child_path;
    char *const *child_argv;
};

/** How the link as a whole is. Plain data. */
struct tip_link_zmq_status {
    bool is_running;           /* The child is there and has its sockets. */
    pid_t child_pid;           /* 0 while there is none. */
    uint32_t child_starts;     /* Above 1: it died or was killed. */
    uint16_t port;             /* Where a hub listens. */
    enum tip_err start_err;    /* Why the last start failed. */
    uint32_t fault_count;      /* Attempts that failed: below is the newest. */
    enum tip_link_cause fault; /* Of a node: since it was up last. */
    uint8_t fault_key[TIP_LINK_KEY_SIZE];      /* All zero: not known. */
    char fault_address[TIP_LINK_ADDRESS_SIZE]; /* Empty: not known. */
    uint64_t call_ms; /* Of a node that is not up, by the stopwatch: when it
                       * calls next; past: since when it is calling. */
};

/**
 * Start the child and wait until it listens, or is ready to call. The link is
 * owned by the caller. TIP_EINVAL (an option), TIP_ENOMEM, TIP_ELINK_ADDRESS,
 * TIP_ELINK_OPTION, TIP_ELINK_CHILD.
 */
TIP_MUST_USE enum tip_err
tip_link_zmq_open(const struct tip_link_zmq_opts *opts,
                  struct tip_link_zmq **out_link);

/** End the child at once and free the link. Accepts NULL. */
void tip_link_zmq_close(struct tip_link_zmq *link);

/** The interface; lives as long as @link. */
struct tip_link *tip_link_zmq_base(struct tip_link_zmq *link);

/** A descriptor that is readable when receive has something to do, the same for
 * the life of the link: then call receive with timeout 0 until it gives
 * TIP_LINK_NOTHING. */
int tip_link_zmq_fd(const struct tip_link_zmq *link);

/** Admit device @peer, which is not 0, with CURVE key @key; a device that comes
 * back with another key is cut off. TIP_EEXISTS: another device has this key.
 * TIP_ETOOBIG: no more than TIP_LINK_PEERS_MAX. */
TIP_MUST_USE enum tip_err
tip_link_zmq_allow(struct tip_link_zmq *link, uint32_t peer,
                   const uint8_t key[TIP_LINK_KEY_SIZE]);

/** Admit device @peer no more and cut it off now: from this call on nothing of
 * it is delivered. */
void tip_link_zmq_deny(struct tip_link_zmq *link, uint32_t peer);

/** Of a hub: @peer gives a sign of life every @heartbeat_ms while this
 * connection lasts; 0: as usual. An hour at most is believed. Of a node, for
 * peer 0: give one so often (whole seconds, an hour at most) from the next
 * connection on; only while this one is up. */
void tip_link_zmq_expect(struct tip_link_zmq *link, uint32_t peer,
                         uint32_t heartbeat_ms);

/** Of a node: call now instead of when the wait is over, unless it rests. */
void tip_link_zmq_retry(struct tip_link_zmq *link);

/** Of a node: hang up and do not call until this is false again; then it calls
 * at once. */
void tip_link_zmq_rest(struct tip_link_zmq *link, bool is_resting);

void tip_link_zmq_status(const struct tip_link_zmq *link,
                         struct tip_link_zmq_status *out_status);

/** TIP_ENOTFOUND: no such device on the list. */
TIP_MUST_USE enum tip_err
tip_link_zmq_peer_status(struct tip_link_zmq *link, uint32_t peer,
                         struct tip_link_peer_status *out_status);

#endif /* TIP_LINK_ZMQ_H */
