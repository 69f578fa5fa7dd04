/*
 * One direction of a line: bytes that are on their way for a while.
 */
#ifndef DEMO_FLOW_H
#define DEMO_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo_weather.h"

enum {
    DEMO_FLOW_SLOT_BYTES = 4096,
    DEMO_FLOW_SLOTS = 64 /* Full: the sender waits, as TCP would make it. */
};

/** Caller-allocated, some 256 KiB, zero to start; owns nothing. */
struct demo_flow {
    struct {
        uint64_t due_ms; /* Arrives then. */
        size_t size;
        size_t sent;
        uint8_t bytes[DEMO_FLOW_SLOT_BYTES];
    } slots[DEMO_FLOW_SLOTS];
    size_t first;
    size_t count;
    uint64_t busy_ms; /* Until then the line sends what came before. */
    bool is_ended;    /* Nothing more comes in. */
    bool is_blocked;  /* What is due does not fit out now. */
};

/* What came of moving bytes. */
enum demo_flow_end {
    DEMO_FLOW_GOES_ON,
    DEMO_FLOW_DONE,  /* Ended, and everything has arrived. */
    DEMO_FLOW_BROKEN /* The receiver is gone. */
};

/** Forget everything on the way. */
void demo_flow_clear(struct demo_flow *flow);

/** Take in what @fd has, as far as there is room. */
void demo_flow_fill(struct demo_flow *flow, int fd, const struct demo_air *air,
                    uint64_t now_ms);

/** Hand what is due to @fd; counts into *@carried_bytes. */
enum demo_flow_end demo_flow_drain(struct demo_flow *flow, int fd,
                                   uint64_t now_ms, uint64_t *carried_bytes);

/** When the next bytes are due; UINT64_MAX: nothing is on the way, or it waits
 * for room at the receiver. */
uint64_t demo_flow_due(const struct demo_flow *flow);

/** Can it take bytes in? */
bool demo_flow_has_room(const struct demo_flow *flow);

#endif /* DEMO_FLOW_H */
