/*
 * A small event loop over poll(2): descriptors and timers, one thread.
 *
 * A daemon watches a dozen descriptors (link, control sockets, signals), so
 * poll is as fast as anything and fits on one page.
 */
#ifndef TIP_LOOP_H
#define TIP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_clock.h"
#include "tip_err.h"

enum { TIP_LOOP_WATCHES_MAX = 128 }; /* Descriptors of one daemon. */

struct tip_loop;

/** Called when @fd has @events, as in poll(2); may watch, unwatch and stop. */
typedef void tip_loop_ready_fn(void *context, int fd, short events);

/** Called once when the time has come; may set its own timer again. */
typedef void tip_loop_timer_fn(void *context);

/** Caller-allocated, zero before its first use; must outlive its setting. */
struct tip_loop_timer {
    struct tip_loop_timer *next; /* Private, as all below. */
    uint64_t due_ms;
    tip_loop_timer_fn *call;
    void *context;
    bool is_set;
};

/** Allocate a loop on @clock, borrowed; NULL when memory is exhausted. */
struct tip_loop *tip_loop_new(const struct tip_clock *clock);

/** Closes no descriptor. Accepts NULL. */
void tip_loop_free(struct tip_loop *loop);

/**
 * Call @ready whenever @fd has one of @events, an error or a hang-up. A second
 * call for the same @fd replaces the first. TIP_ETOOBIG: the table is full.
 */
TIP_MUST_USE enum tip_err tip_loop_watch(struct tip_loop *loop, int fd,
                                         short events, tip_loop_ready_fn *ready,
                                         void *context);

/** Forget @fd; do this before closing it. Does nothing if it is unknown. */
void tip_loop_unwatch(struct tip_loop *loop, int fd);

/** Call @call once, @delay_ms from now; replaces an earlier setting. */
void tip_loop_timer_set(struct tip_loop *loop, struct tip_loop_timer *timer,
                        uint64_t delay_ms, tip_loop_timer_fn *call,
                        void *context);

void tip_loop_timer_clear(struct tip_loop *loop, struct tip_loop_timer *timer);

/** Wait @timeout_ms at most (-1: for ever) and make the calls that are due. */
void tip_loop_turn(struct tip_loop *loop, int timeout_ms);

/** Turn until tip_loop_stop(). */
void tip_loop_run(struct tip_loop *loop);

void tip_loop_stop(struct tip_loop *loop);

#endif /* TIP_LOOP_H */
