/*
 * A short sum of many bytes, to know whether they are the same again: FNV-1a,
 * 64 bits. It finds what a disk altered, not what a person did.
 */
#ifndef TIP_CHECKSUM_H
#define TIP_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"

/** Plain data; zero: of nothing. */
struct tip_checksum {
    uint64_t count, value;
};

static inline void tip_checksum_add(struct tip_checksum *sum,
                                    struct tip_bytes bytes)
{
    const uint8_t *at = bytes.data;

    for (size_t i = 0; i < bytes.size; i++) {
        sum->value = (sum->value ^ at[i]) * UINT64_C(1099511628211);
        sum->value += 1; /* So that zeroes count from the start on. */
    }
    sum->count += bytes.size;
}

static inline bool tip_checksum_equal(struct tip_checksum a,
                                      struct tip_checksum b)
{
    return a.count == b.count && a.value == b.value;
}

#endif /* TIP_CHECKSUM_H */
