/* What is still to happen, soonest first; what falls on the same moment comes
 * in the order it was added. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_event_kind {
    SIM_EVENT_TURN,    /* A machine flushes and pumps. */
    SIM_EVENT_ARRIVAL, /* A packet reaches its end. */
    SIM_EVENT_CONNECT, /* A line tries to connect. */
    SIM_EVENT_LOST,    /* An end of a line sees that it is dead. */
    SIM_EVENT_WEATHER, /* The next trouble of a line. */
    SIM_EVENT_WORK,    /* People do something. */
    SIM_EVENT_CRASH,
    SIM_EVENT_BOOT,
    SIM_EVENT_CLOCK, /* Somebody or something sets a clock. */
    SIM_EVENT_DISK,  /* A disk fills up or fails… */
    SIM_EVENT_REPAIR /* …and is repaired. */
};

struct sim_packet;

struct sim_event {
    uint64_t at_ms;
    uint64_t order; /* Set by the queue. */
    enum sim_event_kind kind;
    uint32_t party;
    uint64_t number;           /* What it means depends on the kind. */
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
