/*
 * What is wrong at this office itself, of which the hub is told too: officers
 * and the administrator in Nouakchott read of the same, each with a next step
 * of their own (node_health.h, hub/hub_rules.c). To add one: a number in enum
 * tip_trouble, a line here, a sentence there and there.
 */
#ifndef NODE_TROUBLE_H
#define NODE_TROUBLE_H

#include "node_engine.h"
#include "tip_store.h"

struct node_program;

/** What it goes by. Borrowed. */
struct node_signs {
    const struct node_status *status;
    const struct tip_store_usage *disk;
    enum tip_err trouble;       /* Of the daemon: tip_daemon_trouble(). */
    bool disk_failed;           /* …since its start. */
    enum tip_err erase_trouble; /* Why an erasure cannot end. */
};

/** Bits of enum tip_trouble. */
uint32_t node_troubles(const struct node_signs *signs);

/** …of @node, of which @status was taken now. */
uint32_t node_troubles_now(const struct node_program *node,
                           const struct node_status *status);

/** The first thing that the reading of the store found, and how many. */
struct tip_rot node_rot(const struct node_status *status);

#endif /* NODE_TROUBLE_H */
