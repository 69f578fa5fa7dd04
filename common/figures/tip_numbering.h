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

enum { TIP_NUMBERING_HINTS = 32 /* Most columns have fewer values. */ };

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
    /* Runs of one code that were asked for lately, by their lowest bits: a
     * record is counted in tens of columns, each of a handful of codes. */
    struct tip_numbering_hint {
        uint32_t code;
        uint32_t number_plus_one; /* 0: no hint. */
    } hints[TIP_NUMBERING_HINTS];
};

/** Start empty. @secret: see tip_index_init(). */
void tip_numbering_init(struct tip_numbering *numbering, uint64_t secret);

void tip_numbering_deinit(struct tip_numbering *numbering);

/** The number of @run; TIP_NUMBERING_NONE if it has none. */
uint32_t tip_numbering_find(const struct tip_numbering *numbering,
                            struct tip_run run);

/** As tip_numbering_add(), without looking at the hints. */
TIP_MUST_USE enum tip_err tip_numbering_learn(struct tip_numbering *numbering,
                                              struct tip_run run,
                                              uint32_t *out_number);

/* Neighbouring codes, and the parts of neighbouring years, differ here. */
static inline size_t tip_numbering_hint_of(uint32_t code)
{
    return (code ^ code >> 3) % TIP_NUMBERING_HINTS;
}

/** The number of @run, a new one if it has none. TIP_ENOMEM. */
TIP_MUST_USE static inline enum tip_err
tip_numbering_add(struct tip_numbering *numbering, struct tip_run run,
                  uint32_t *out_number)
{
    const struct tip_numbering_hint *hint;

    if (run.count == 1) {
        hint = &numbering->hints[tip_numbering_hint_of(run.codes[0])];
        if (hint->code == run.codes[0] && hint->number_plus_one != 0) {
            *out_number = hint->number_plus_one - 1;
            return TIP_OK;
        }
    }
    return tip_numbering_learn(numbering, run, out_number);
}

/** What @number stands for, borrowed until the next addition. */
static inline struct tip_run
tip_numbering_get(const struct tip_numbering *numbering, uint32_t number)
{
    size_t first = number == 0 ? 0 : numbering->ends[number - 1];

    return (struct tip_run){.codes = numbering->codes + first,
                            .count = numbering->ends[number] - first};
}

#endif /* TIP_NUMBERING_H */
