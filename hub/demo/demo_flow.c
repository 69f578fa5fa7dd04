#include "demo_flow.h"

#include <errno.h>
#include <sys/socket.h>

void demo_flow_clear(struct demo_flow *flow)
{
    flow->first = 0;
    flow->count = 0;
    flow->busy_ms = 0;
    flow->is_ended = false;
    flow->is_blocked = false;
}

bool demo_flow_has_room(const struct demo_flow *flow)
{
    return flow->count < DEMO_FLOW_SLOTS && !flow->is_ended;
}

static uint64_t arrival(struct demo_flow *flow, size_t size,
                        const struct demo_air *air, uint64_t now_ms)
{
    if (flow->busy_ms < now_ms) {
        flow->busy_ms = now_ms;
    }
    if (air->bytes_per_s != 0) {
        flow->busy_ms += (uint64_t)size * 1000 / air->bytes_per_s;
    }
    return flow->busy_ms + air->latency_ms;
}

void demo_flow_fill(struct demo_flow *flow, int fd, const struct demo_air *air,
                    uint64_t now_ms)
{
    while (demo_flow_has_room(flow)) {
        size_t at = (flow->first + flow->count) % DEMO_FLOW_SLOTS;
        ssize_t got =
            recv(fd, flow->slots[at].bytes, DEMO_FLOW_SLOT_BYTES, MSG_DONTWAIT);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            flow->is_ended = got == 0 || errno != EAGAIN;
            return;
        }
        flow->slots[at].size = (size_t)got;
        flow->slots[at].sent = 0;
        flow->slots[at].due_ms = arrival(flow, (size_t)got, air, now_ms);
        flow->count++;
    }
}

enum demo_flow_end demo_flow_drain(struct demo_flow *flow, int fd,
                                   uint64_t now_ms, uint64_t *carried_bytes)
{
    flow->is_blocked = false;
    while (flow->count > 0 && flow->slots[flow->first].due_ms <= now_ms) {
        size_t left =
            flow->slots[flow->first].size - flow->slots[flow->first].sent;
        ssize_t put = send(
            fd, flow->slots[flow->first].bytes + flow->slots[flow->first].sent,
            left, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            flow->is_blocked = errno == EAGAIN;
            return flow->is_blocked ? DEMO_FLOW_GOES_ON : DEMO_FLOW_BROKEN;
        }
        *carried_bytes += (uint64_t)put;
        flow->slots[flow->first].sent += (size_t)put;
        if ((size_t)put == left) {
            flow->first = (flow->first + 1) % DEMO_FLOW_SLOTS;
            flow->count--;
        }
    }
    return flow->is_ended && flow->count == 0 ? DEMO_FLOW_DONE
                                              : DEMO_FLOW_GOES_ON;
}

uint64_t demo_flow_due(const struct demo_flow *flow)
{
    return flow->count == 0 || flow->is_blocked
               ? UINT64_MAX
               : flow->slots[flow->first].due_ms;
}
