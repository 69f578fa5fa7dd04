/* Where written tables go: a file, or memory up to a limit. */
#ifndef TIP_SINK_H
#define TIP_SINK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tip_bytes.h"
#include "tip_err.h"

/** Implementations embed this struct as their first member. */
struct tip_sink {
    /** Take all of @bytes or fail: TIP_EIO, TIP_ENOMEM, TIP_ETOOBIG. */
    enum tip_err (*write)(struct tip_sink *self, struct tip_bytes bytes);
};

/** Writes to @file, which it borrows and does not flush. */
struct tip_sink_file {
    struct tip_sink base;
    FILE *file; /* Borrowed. */
};

void tip_sink_file_init(struct tip_sink_file *sink, FILE *file);

/** Keeps what is written; caller-allocated, owns @data. */
struct tip_sink_memory {
    struct tip_sink base;
    uint8_t *data; /* Owned. */
    size_t size;
    size_t capacity;
    size_t bytes_max;
};

/** Start empty; TIP_ETOOBIG after @bytes_max. */
void tip_sink_memory_init(struct tip_sink_memory *sink, size_t bytes_max);
void tip_sink_memory_deinit(struct tip_sink_memory *sink);

/** Borrow what was written, until the next write or deinit. */
struct tip_bytes tip_sink_memory_get(const struct tip_sink_memory *sink);

#endif /* TIP_SINK_H */
