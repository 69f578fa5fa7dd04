#include "node_refusal.h"

static uint64_t wait_ms(uint64_t wait, uint32_t times)
{
    while (times-- > 0 && wait < NODE_REFUSAL_MS_MAX) {
        wait *= 2;
    }
    return wait < NODE_REFUSAL_MS_MAX ? wait : NODE_REFUSAL_MS_MAX;
}

bool node_refusal_is_over(struct node_refusal *refusal, uint32_t first_ms,
                          bool stands, uint64_t now_ms)
{
    if (stands) {
        *refusal = (struct node_refusal){.times = 0};
    }
    if (first_ms == 0) {
        return false;
    }
    if (refusal->again_ms == 0) {
        refusal->again_ms = now_ms + wait_ms(first_ms, refusal->times);
        refusal->times++;
        return false;
    }
    if (now_ms < refusal->again_ms) {
        return false;
    }
    refusal->again_ms = 0;
    return true;
}

void node_refusal_hurry(struct node_refusal *refusal)
{
    refusal->again_ms = refusal->again_ms == 0 ? 0 : 1;
}

uint64_t node_refusal_rest_ms(const struct node_refusal *refusal,
                              uint64_t now_ms)
{
    return refusal->again_ms > now_ms ? refusal->again_ms - now_ms : 0;
}
