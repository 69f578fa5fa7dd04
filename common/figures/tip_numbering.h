/*
 * Internal: numbers values 0, 1, 2… in the order in which they come.
 *
 * A value is a run of 32-bit codes, so that a missing one (no code), a code, a
 * combination of codes and a record's id (four) are numbered alike. A number
 * is never taken back: one that nobody uses costs a few bytes.
 */
#ifndef TIP_NUMBERING_H
#define TIP_NUMBERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"
#include "tip_index.h"

#define TIP_NUMBERING_NONE UINT32_MAX

/** A run of codes. Plain data that borrows. */
struct tip_run {
    const uint32_t *codes;
    size_t count;
};

/** Caller-allocated; owns its arrays. Not thread-safe. */
struct tip_numbering {
    struct tip_index by_run;
    size_t *ends; /* Owned: where the codes of each value end in @codes. */
    uint32_t *codes;
    size_t value_count;
    size_t value_max;
    size_t code_max;
    uint32_t last; /* Found last: values often come in runs. */
};

/** Start empty. @secret: see tip_index_init(). */
void tip_numbering_init(struct tip_numbering *numbering, uint64_t secret);

void tip_numbering_deinit(struct tip_numbering *numbering);

/** The number of @run; TIP_NUMBERING_NONE if it has none. */
uint32_t tip_numbering_find(const struct tip_numbering *numbering,
                            struct tip_run run);

/** The number of @run, a new one if it has none. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_numbering_add(struct tip_numbering *numbering,
                                            struct tip_run run,
                                            uint32_t *out_number);

/** What @number stands for, borrowed until the next addition. */
struct tip_run tip_numbering_get(const struct tip_numbering *numbering,
                                 uint32_t number);

#endif /* TIP_NUMBERING_H */
