/*
 * One direction of a bad line: bytes in, the same bytes out, later and slower.
 *
 * Pure: the caller says what time it is and moves the bytes. Time is in
 * microseconds, because at 64 kbit/s a byte takes 125 of them.
 */
#ifndef SHAPING_FLOW_H
#define SHAPING_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHAPING_CHUNK_BYTES = 512, /* About a packet on 2G. */
    SHAPING_CHUNKS_MAX = 256   /* Per flow, in flight: 128 KiB. */
};

/** A direction of the line, shared by all connections. */
struct shaping_line {
    uint64_t rate_bps; /* Bits a second; 0: as fast as it goes. */
    uint64_t delay_us; /* From one end to the other. */
    uint64_t free_us;  /* When the sender's modem has sent what it has. */
    uint64_t bytes;    /* Delivered so far. */
    bool is_stalled;   /* Nothing goes in or out. */
};

struct shaping_chunk {
    uint64_t due_us;
    size_t size;
    size_t done; /* Delivered of it. */
    uint8_t data[SHAPING_CHUNK_BYTES];
};

/** What one connection has in flight in one direction. */
struct shaping_flow {
    size_t first;
    size_t count;
    struct shaping_chunk chunks[SHAPING_CHUNKS_MAX];
};

/** Where to read the next chunk to, NULL when the line takes none now: it is
 * stalled, the flow is full, or the modem is busy at @now_us. */
struct shaping_chunk *shaping_flow_room(struct shaping_flow *flow,
                                        const struct shaping_line *line,
                                        uint64_t now_us);

/** @size bytes were put where shaping_flow_room() said; they are on the line.
 */
void shaping_flow_put(struct shaping_flow *flow, struct shaping_line *line,
                      size_t size, uint64_t now_us);

/** The oldest chunk if it has arrived by @now_us; NULL otherwise. */
struct shaping_chunk *shaping_flow_due(struct shaping_flow *flow,
                                       const struct shaping_line *line,
                                       uint64_t now_us);

/** @size bytes of the oldest chunk were delivered. */
void shaping_flow_take(struct shaping_flow *flow, struct shaping_line *line,
                       size_t size);

/** The earliest moment after @now_us at which something can happen; UINT64_MAX
 * when only new bytes can change anything. */
uint64_t shaping_flow_next_us(const struct shaping_flow *flow,
                              const struct shaping_line *line, uint64_t now_us);

#endif /* SHAPING_FLOW_H */
