#include "shaping_flow.h"

struct shaping_chunk *shaping_flow_room(struct shaping_flow *flow,
                                        const struct shaping_line *line,
                                        uint64_t now_us)
{
    if (line->is_stalled || flow->count == SHAPING_CHUNKS_MAX ||
        line->free_us > now_us) {
        return NULL;
    }
    return &flow->chunks[(flow->first + flow->count) % SHAPING_CHUNKS_MAX];
}

void shaping_flow_put(struct shaping_flow *flow, struct shaping_line *line,
                      size_t size, uint64_t now_us)
{
    struct shaping_chunk *chunk =
        &flow->chunks[(flow->first + flow->count) % SHAPING_CHUNKS_MAX];
    uint64_t cost_us =
        line->rate_bps == 0 ? 0 : size * 8 * 1000000 / line->rate_bps;

    line->free_us = now_us + cost_us;
    chunk->size = size;
    chunk->done = 0;
    chunk->due_us = line->free_us + line->delay_us;
    flow->count++;
}

struct shaping_chunk *shaping_flow_due(struct shaping_flow *flow,
                                       const struct shaping_line *line,
                                       uint64_t now_us)
{
    struct shaping_chunk *chunk = &flow->chunks[flow->first];

    if (line->is_stalled || flow->count == 0 || chunk->due_us > now_us) {
        return NULL;
    }
    return chunk;
}

void shaping_flow_take(struct shaping_flow *flow, struct shaping_line *line,
                       size_t size)
{
    struct shaping_chunk *chunk = &flow->chunks[flow->first];

    line->bytes += size;
    chunk->done += size;
    if (chunk->done == chunk->size) {
        flow->first = (flow->first + 1) % SHAPING_CHUNKS_MAX;
        flow->count--;
    }
}

uint64_t shaping_flow_next_us(const struct shaping_flow *flow,
                              const struct shaping_line *line, uint64_t now_us)
{
    uint64_t next_us = UINT64_MAX;

    if (line->is_stalled) {
        return next_us;
    }
    if (flow->count > 0 && flow->chunks[flow->first].due_us > now_us) {
        next_us = flow->chunks[flow->first].due_us;
    }
    if (line->free_us > now_us && line->free_us < next_us) {
        next_us = line->free_us;
    }
    return next_us;
}
