#include "demo_relay.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "demo_flow.h"

enum { NODE = 0, HUB = 1, SIDES = 2, CALLS_WAITING = 8 };

struct line {
    struct demo_relay *relay;
    int listener;
    uint16_t port;
    int fds[SIDES];                /* -1: nobody is calling. */
    struct demo_flow flows[SIDES]; /* Read from fds[i], written to the other. */
    uint64_t carried_bytes[SIDES];
    uint32_t breaks;
    struct demo_air air;
    struct tip_loop_timer timer;
};

struct demo_relay {
    struct tip_loop *loop;
    const struct tip_clock *clock;
    uint16_t hub_port;
    size_t line_count;
    struct line lines[]; /* Owned. */
};

static void line_pump(struct line *line);

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
    };
}

/* End the call. One that breaks loses what is on its way; else what we have
 * handed to the kernel still arrives. */
static void line_hang_up(struct line *line, bool is_break)
{
    struct linger none = {.l_onoff = is_break, .l_linger = 0};

    tip_loop_timer_clear(line->relay->loop, &line->timer);
    for (size_t side = 0; side < SIDES; side++) {
        if (line->fds[side] >= 0) {
            tip_loop_unwatch(line->relay->loop, line->fds[side]);
            (void)setsockopt(line->fds[side], SOL_SOCKET, SO_LINGER, &none,
                             sizeof none);
            (void)close(line->fds[side]);
            line->fds[side] = -1;
        }
        demo_flow_clear(&line->flows[side]);
    }
}

static void line_ready(void *context, int fd, short events)
{
    (void)fd;
    (void)events; /* Trying tells what is possible. */
    line_pump(context);
}

static void line_due(void *context)
{
    line_pump(context);
}

/* Wait for what can happen next; a descriptor that waits for nothing is left
 * out, or its hang-up would wake us without end. */
static enum tip_err line_watch(struct line *line)
{
    struct tip_loop *loop = line->relay->loop;
    enum tip_err err = TIP_OK;

    for (size_t side = 0; side < SIDES && err == TIP_OK; side++) {
        const struct demo_flow *in = &line->flows[side],
                               *out = &line->flows[1 - side];
        short events = (short)((demo_flow_has_room(in) ? POLLIN : 0) |
                               (out->is_blocked ? POLLOUT : 0));

        if (events == 0) {
            tip_loop_unwatch(loop, line->fds[side]);
        } else {
            err =
                tip_loop_watch(loop, line->fds[side], events, line_ready, line);
        }
    }
    return err;
}

static void line_pump(struct line *line)
{
    const struct tip_clock *clock = line->relay->clock;
    uint64_t now_ms = clock->elapsed_ms(clock), due_ms = UINT64_MAX;
    enum demo_flow_end end;

    for (size_t side = 0; side < SIDES; side++) {
        struct demo_flow *flow = &line->flows[side];

        demo_flow_fill(flow, line->fds[side], &line->air, now_ms);
        end = demo_flow_drain(flow, line->fds[1 - side], now_ms,
                              &line->carried_bytes[side]);
        if (end != DEMO_FLOW_GOES_ON) {
            line_hang_up(line, end == DEMO_FLOW_BROKEN);
            return;
        }
        if (demo_flow_due(flow) < due_ms) {
            due_ms = demo_flow_due(flow);
        }
    }
    if (line_watch(line) != TIP_OK) {
        line_hang_up(line, true);
        return;
    }
    if (due_ms != UINT64_MAX) {
        tip_loop_timer_set(line->relay->loop, &line->timer,
                           due_ms > now_ms ? due_ms - now_ms : 0, line_due,
                           line);
    }
}

/* A descriptor to the hub; the connection may still be in the making. */
static int call_hub(uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static void line_called(void *context, int fd, short events)
{
    struct line *line = context;
    int caller = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int one = 1;

    (void)events;
    if (caller < 0) {
        return;
    }
    line_hang_up(line,
                 true); /* A node has one connection; the newest counts. */
    line->fds[NODE] = caller;
    if (line->air.is_up) {
        line->fds[HUB] = call_hub(line->relay->hub_port);
    }
    if (line->fds[HUB] < 0) {
        line_hang_up(line, true);
        return;
    }
    for (size_t side = 0; side < SIDES; side++) {
        (void)setsockopt(line->fds[side], IPPROTO_TCP, TCP_NODELAY, &one,
                         sizeof one);
    }
    line_pump(line);
}

static enum tip_err line_open(struct line *line)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;

    line->listener =
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (line->listener < 0 ||
        bind(line->listener, (const struct sockaddr *)&address, size) != 0 ||
        listen(line->listener, CALLS_WAITING) != 0 ||
        getsockname(line->listener, (struct sockaddr *)&address, &size) != 0) {
        return TIP_EIO;
    }
    line->port = ntohs(address.sin_port);
    return tip_loop_watch(line->relay->loop, line->listener, POLLIN,
                          line_called, line);
}

enum tip_err demo_relay_new(struct tip_loop *loop,
                            const struct tip_clock *clock, size_t line_count,
                            struct demo_relay **out_relay)
{
    struct demo_relay *relay =
        calloc(1, sizeof *relay + line_count * sizeof relay->lines[0]);
    enum tip_err err = TIP_OK;

    assert(line_count <= DEMO_LINES_MAX);
    if (relay == NULL) {
        return TIP_ENOMEM;
    }
    relay->loop = loop;
    relay->clock = clock;
    for (size_t i = 0; i < line_count && err == TIP_OK; i++) {
        struct line *line = &relay->lines[relay->line_count++];

        line->relay = relay;
        line->fds[NODE] = -1;
        line->fds[HUB] = -1;
        line->air.is_up = true;
        err = line_open(line);
    }
    if (err != TIP_OK) {
        demo_relay_free(relay);
        return err;
    }
    *out_relay = relay;
    return TIP_OK;
}

void demo_relay_free(struct demo_relay *relay)
{
    for (size_t i = 0; relay != NULL && i < relay->line_count; i++) {
        struct line *line = &relay->lines[i];

        line_hang_up(line, true);
        if (line->listener >= 0) {
            tip_loop_unwatch(relay->loop, line->listener);
            (void)close(line->listener);
        }
    }
    free(relay);
}

void demo_relay_aim(struct demo_relay *relay, uint16_t hub_port)
{
    relay->hub_port = hub_port;
}

uint16_t demo_relay_port(const struct demo_relay *relay, size_t line)
{
    assert(line < relay->line_count);
    return relay->lines[line].port;
}

void demo_relay_set(struct demo_relay *relay, size_t line,
                    const struct demo_air *air)
{
    struct line *changed = &relay->lines[line];

    assert(line < relay->line_count);
    changed->air = *air;
    if (!air->is_up && changed->fds[NODE] >= 0) {
        changed->breaks++;
        line_hang_up(changed, true);
    }
}

struct demo_traffic demo_relay_traffic(const struct demo_relay *relay,
                                       size_t line)
{
    const struct line *asked = &relay->lines[line];

    assert(line < relay->line_count);
    return (struct demo_traffic){.up_bytes = asked->carried_bytes[NODE],
                                 .down_bytes = asked->carried_bytes[HUB],
                                 .breaks = asked->breaks};
}
