/* What is still to happen, soonest first; what falls on the same moment comes
 * in the order it was added. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim;
struct sim_event;
struct sim_packet;

/** What happens. */
typedef void sim_happening(struct sim *sim, const struct sim_event *event);

struct sim_event {
    uint64_t at_ms;
    uint64_t order; /* Set by the queue. */
    sim_happening *happens;
    uint32_t party;
    uint64_t number;           /* What it means depends on what happens. */
    struct sim_packet *packet; /* Of an arrival; owned. */
};

/** Caller-allocated; owns its heap. */
struct sim_queue {
    struct sim_event *heap;
    size_t count, capacity;
    uint64_t next_order;
};

void sim_queue_add(struct sim_queue *queue, struct sim_event event);

/** Take the soonest; false if nothing is left. */
bool sim_queue_take(struct sim_queue *queue, struct sim_event *out_event);

#endif /* SIM_QUEUE_H */
