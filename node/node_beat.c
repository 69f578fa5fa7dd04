#include "node_beat.h"

#include "tip_budget.h"

enum { SECOND_MS = 1000 };

static uint64_t at_least(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t at_most(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint32_t node_beat_every_ms(uint32_t usual_ms, uint64_t round_trip_ms,
                            uint64_t day_bytes)
{
    const uint64_t slowest = NODE_BEAT_SLOWER * (uint64_t)usual_ms;
    const uint64_t trip = at_most(round_trip_ms, (uint64_t)NODE_BEAT_SLOWER *
                                                     NODE_BEAT_ROUND_TRIP_MS);
    uint64_t every_ms =
        trip == 0 ? usual_ms : usual_ms * trip / NODE_BEAT_ROUND_TRIP_MS;

    every_ms = at_least(every_ms, at_most(usual_ms, NODE_BEAT_MS_MIN));
    every_ms = at_most(at_most(every_ms, slowest), TIP_BUDGET_EVERY_MS_MAX);
    return tip_budget_every_ms(day_bytes, TIP_BUDGET_HEARTBEAT_BYTES,
                               (uint32_t)(every_ms / SECOND_MS * SECOND_MS));
}
