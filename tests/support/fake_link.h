/*
 * A hub and its nodes linked in memory: the link the rules of tip_link.h
 * describe, without a network.
 *
 * A node connects by itself when it may and there is a route; nothing is lost
 * unless the test says so.
 */
#ifndef FAKE_LINK_H
#define FAKE_LINK_H

#include <stdbool.h>

#include "tip_link.h"

enum { FAKE_LINK_NODES_MAX = 4, FAKE_LINK_QUEUE_MAX = 12 };

struct fake_link_queue {
    size_t count;
    uint8_t *data[FAKE_LINK_QUEUE_MAX]; /* Owned. */
    size_t sizes[FAKE_LINK_QUEUE_MAX];
};

/* One end of one line: what its user was told, and what waits for it. */
struct fake_link_end {
    bool is_up;
    enum tip_link_cause owed; /* TIP_LINK_DOWN with this cause, if not NONE. */
    struct fake_link_queue inbox;
};

struct fake_link_line {
    bool is_allowed;
    bool has_route;
    struct fake_link_end at_hub;
    struct fake_link_end at_node;
};

struct fake_link_port {
    struct tip_link base; /* First member, so the casts are valid. */
    struct fake_link *net;
    uint32_t number; /* 0: the hub; else the node with that number. */
    uint8_t *last;   /* The message its user may still look at. Owned. */
};

/** Caller-allocated; nodes are numbered from 1. */
struct fake_link {
    struct fake_link_port ports[1 + FAKE_LINK_NODES_MAX];
    struct fake_link_line lines[1 + FAKE_LINK_NODES_MAX];
};

void fake_link_init(struct fake_link *net);
void fake_link_deinit(struct fake_link *net);

/** The link of the hub (0) or of node @number. */
struct tip_link *fake_link_port(struct fake_link *net, uint32_t number);

void fake_link_allow(struct fake_link *net, uint32_t number);
void fake_link_deny(struct fake_link *net, uint32_t number);

/** Break or mend the line of node @number. */
void fake_link_route(struct fake_link *net, uint32_t number, bool has_route);

/** As if the link process at @number died: everything there is down. */
void fake_link_restart(struct fake_link *net, uint32_t number);

#endif /* FAKE_LINK_H */
