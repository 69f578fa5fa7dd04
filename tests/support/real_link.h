/*
 * A hub and its nodes linked by ZeroMQ on loopback, each with a real child.
 *
 * TIP_LINK_CHILD names the child program; the build defines it.
 */
#ifndef REAL_LINK_H
#define REAL_LINK_H

#include "tip_link_zmq.h"

enum { REAL_LINK_NODES_MAX = 4, REAL_LINK_WAIT_MS = 20000 };

struct real_link_keys {
    uint8_t public_key[TIP_LINK_KEY_SIZE];
    uint8_t secret_key[TIP_LINK_KEY_SIZE];
};

struct real_link {
    struct tip_clock clock;
    const char *child_path; /* NULL: TIP_LINK_CHILD. */
    uint16_t node_port;     /* Where nodes call; 0: at the hub itself. */
    struct real_link_keys keys[1 + REAL_LINK_NODES_MAX]; /* 0: the hub. */
    struct tip_link_zmq *links[1 + REAL_LINK_NODES_MAX]; /* Owned. */
};

/** Make keys, and a hub that admits nobody, with @child_path (may be NULL). */
TIP_MUST_USE enum tip_err real_link_open(struct real_link *net,
                                         const char *child_path);
void real_link_close(struct real_link *net);

/** Start node @number; it calls at once. */
TIP_MUST_USE enum tip_err real_link_start(struct real_link *net,
                                          uint32_t number);

/** Admit node @number. */
TIP_MUST_USE enum tip_err real_link_allow(struct real_link *net,
                                          uint32_t number);

struct tip_link *real_link_port(struct real_link *net, uint32_t number);

/** The pid of the child at @number, 0 if it has none. */
pid_t real_link_pid(const struct real_link *net, uint32_t number);

/** Make a CURVE key pair. */
void real_link_make_keys(struct real_link_keys *out_keys);

/** Wait for an event of @kind at @number, passing over others; false after
 * REAL_LINK_WAIT_MS. */
bool real_link_await(struct real_link *net, uint32_t number,
                     enum tip_link_event_kind kind,
                     struct tip_link_event *out_event);

/** Anonymous memory process @pid holds, in KiB; 0 when it is gone. */
long real_link_rss_kib(pid_t pid);

#endif /* REAL_LINK_H */
