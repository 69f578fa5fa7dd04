/*
 * Internal: whose message comes next.
 *
 * What the link brings waits here, in a line for each device. The line that has
 * used the least is served next, counted in bytes, and one that was empty
 * begins where the others are: an office that sends little finds no queue
 * before it, however much another sends; offices that all send much share
 * alike. Within a line the order stays.
 *
 * A line holds what a device may have under way, and no more: what comes on top
 * is dropped as a link may drop it, and comes again. A line may be told to
 * rest: what little of a flood is taken at once still costs a sync of the disk,
 * for which whoever comes next would wait. One thread.
 */
#ifndef HUB_TURNS_H
#define HUB_TURNS_H

#include "hub_engine.h"
#include "tip_link.h"

enum {
    /* A window, the last frame beyond it, and small messages. */
    HUB_TURNS_BYTES_MAX = TIP_HUB_WINDOW_BYTES + 4 * TIP_LINK_MESSAGE_BYTES_MAX,
    /* Of anything that waits: so many small ones cost time and memory too. */
    HUB_TURNS_COST_MIN = 256
};

struct hub_turn;

/** What one device sent, the oldest first. */
struct hub_line {
    uint32_t peer;
    uint64_t used;    /* Where it is in the time of all. */
    uint64_t rest_ms; /* Not served before, by the stopwatch. */
    size_t cost;      /* Of what waits. */
    struct hub_turn *first, *last;
};

/** Zero to start. */
struct hub_turns {
    struct hub_line lines[HUB_ORIGINS_MAX];
    size_t count;
    uint64_t now;           /* Where the line was that was served last. */
    struct hub_turn *taken; /* What hub_turns_next() gave. */
    size_t waiting;
};

void hub_turns_deinit(struct hub_turns *turns);

/** Keep a copy of @event, which is not TIP_LINK_NOTHING. A message may be
 * dropped, for want of room or memory; that a peer came or went never is, but
 * for want of memory (TIP_ENOMEM). */
TIP_MUST_USE enum tip_err hub_turns_add(struct hub_turns *turns,
                                        const struct tip_link_event *event);

/** Take the next at @now_ms, by the stopwatch; borrowed until the next call.
 * False: nothing waits that does not rest. */
bool hub_turns_next(struct hub_turns *turns, uint64_t now_ms,
                    struct tip_link_event *out_event);

/** Serve the line of @peer, from which something was taken, no more before
 * @until_ms. */
void hub_turns_rest(struct hub_turns *turns, uint32_t peer, uint64_t until_ms);

/** In how many milliseconds there is a next; UINT64_MAX: nothing waits. */
uint64_t hub_turns_wait_ms(const struct hub_turns *turns, uint64_t now_ms);

#endif /* HUB_TURNS_H */
