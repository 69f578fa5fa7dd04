/*
 * The lines between the nodes and the hub: a TCP relay on loopback that can be
 * slow and can break.
 *
 * Each node calls its own line and believes it is the hub. What is on its way
 * when a line breaks is lost, as on a real one; while it is up, nothing is.
 * The product knows nothing of it.
 */
#ifndef DEMO_RELAY_H
#define DEMO_RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "demo_weather.h"
#include "tip_clock.h"
#include "tip_err.h"
#include "tip_loop.h"

struct demo_relay;

/** Bytes of one line that reached the other side, and how often it broke while
 * somebody was calling. */
struct demo_traffic {
    uint64_t up_bytes;   /* To the hub. */
    uint64_t down_bytes; /* To the node. */
    uint32_t breaks;
};

/**
 * Open @line_count lines in @loop, all up, on ports the system chooses. @loop
 * and @clock are borrowed until free. TIP_ENOMEM; TIP_EIO: no sockets left.
 */
TIP_MUST_USE enum tip_err demo_relay_new(struct tip_loop *loop,
                                         const struct tip_clock *clock,
                                         size_t line_count,
                                         struct demo_relay **out_relay);

/** Breaks all lines. Accepts NULL. */
void demo_relay_free(struct demo_relay *relay);

/** Where the lines end; before the first call. */
void demo_relay_aim(struct demo_relay *relay, uint16_t hub_port);

/** The port that the node of @line calls. */
uint16_t demo_relay_port(const struct demo_relay *relay, size_t line);

/** Make @line as @air says; going down breaks the call on it. */
void demo_relay_set(struct demo_relay *relay, size_t line,
                    const struct demo_air *air);

/** What @line has carried so far. */
struct demo_traffic demo_relay_traffic(const struct demo_relay *relay,
                                       size_t line);

#endif /* DEMO_RELAY_H */
