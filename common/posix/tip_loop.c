#include "tip_loop.h"

#include <assert.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

struct watch {
    tip_loop_ready_fn *ready;
    void *context;
};

struct tip_loop {
    const struct tip_clock *clock; /* Borrowed. */
    struct tip_loop_timer *timers; /* Borrowed list, soonest first. */
    size_t watch_count;
    bool stopped;
    struct pollfd polled[TIP_LOOP_WATCHES_MAX];
    struct watch watches[TIP_LOOP_WATCHES_MAX]; /* Same index as polled. */
};

struct tip_loop *tip_loop_new(const struct tip_clock *clock)
{
    struct tip_loop *loop = calloc(1, sizeof *loop);

    if (loop != NULL) {
        loop->clock = clock;
    }
    return loop;
}

void tip_loop_free(struct tip_loop *loop)
{
    free(loop);
}

static size_t find(const struct tip_loop *loop, int fd)
{
    size_t i = 0;

    while (i < loop->watch_count && loop->polled[i].fd != fd) {
        i++;
    }
    return i;
}

enum tip_err tip_loop_watch(struct tip_loop *loop, int fd, short events,
                            tip_loop_ready_fn *ready, void *context)
{
    size_t at = find(loop, fd);

    assert(fd >= 0);
    if (at == TIP_LOOP_WATCHES_MAX) {
        return TIP_ETOOBIG;
    }
    if (at == loop->watch_count) {
        loop->watch_count++;
    }
    loop->polled[at] = (struct pollfd){.fd = fd, .events = events};
    loop->watches[at] = (struct watch){.ready = ready, .context = context};
    return TIP_OK;
}

void tip_loop_unwatch(struct tip_loop *loop, int fd)
{
    size_t at = find(loop, fd);

    if (at < loop->watch_count) {
        /* The last one takes its place. When a callback does this, the moved
         * one may be looked at a turn later: poll tells again. */
        loop->watch_count--;
        loop->polled[at] = loop->polled[loop->watch_count];
        loop->watches[at] = loop->watches[loop->watch_count];
    }
}

void tip_loop_timer_clear(struct tip_loop *loop, struct tip_loop_timer *timer)
{
    struct tip_loop_timer **at = &loop->timers;

    while (*at != NULL && *at != timer) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = timer->next;
    }
    timer->is_set = false;
}

void tip_loop_timer_set(struct tip_loop *loop, struct tip_loop_timer *timer,
                        uint64_t delay_ms, tip_loop_timer_fn *call,
                        void *context)
{
    struct tip_loop_timer **at = &loop->timers;

    if (timer->is_set) {
        tip_loop_timer_clear(loop, timer);
    }
    *timer = (struct tip_loop_timer){
        .due_ms = loop->clock->elapsed_ms(loop->clock) + delay_ms,
        .call = call,
        .context = context,
        .is_set = true,
    };
    while (*at != NULL && (*at)->due_ms <= timer->due_ms) {
        at = &(*at)->next;
    }
    timer->next = *at;
    *at = timer;
}

static int wait_ms(const struct tip_loop *loop, int timeout_ms)
{
    uint64_t now_ms = loop->clock->elapsed_ms(loop->clock);
    uint64_t left_ms;

    if (loop->timers == NULL) {
        return timeout_ms;
    }
    left_ms = loop->timers->due_ms > now_ms ? loop->timers->due_ms - now_ms : 0;
    if (timeout_ms >= 0 && left_ms > (uint64_t)timeout_ms) {
        return timeout_ms;
    }
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

static void call_timers(struct tip_loop *loop)
{
    uint64_t now_ms = loop->clock->elapsed_ms(loop->clock);

    /* A timer set again for now by its own call comes next turn, or it would
     * keep the descriptors waiting for ever. */
    while (loop->timers != NULL && loop->timers->due_ms <= now_ms) {
        struct tip_loop_timer *timer = loop->timers;

        loop->timers = timer->next;
        timer->is_set = false;
        timer->call(timer->context);
        if (timer->is_set && timer->due_ms <= now_ms) {
            return;
        }
    }
}

static void call_watches(struct tip_loop *loop)
{
    for (size_t i = 0; i < loop->watch_count; i++) {
        short events = loop->polled[i].revents;

        if (events != 0) {
            loop->polled[i].revents = 0;
            loop->watches[i].ready(loop->watches[i].context, loop->polled[i].fd,
                                   events);
        }
    }
}

void tip_loop_turn(struct tip_loop *loop, int timeout_ms)
{
    /* Interrupted or not, the calls below find out what there is to do. */
    if (poll(loop->polled, (nfds_t)loop->watch_count,
             wait_ms(loop, timeout_ms)) > 0) {
        call_watches(loop);
    }
    call_timers(loop);
}

void tip_loop_run(struct tip_loop *loop)
{
    loop->stopped = false;
    while (!loop->stopped) {
        tip_loop_turn(loop, -1);
    }
}

void tip_loop_stop(struct tip_loop *loop)
{
    loop->stopped = true;
}
