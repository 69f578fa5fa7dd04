/*
 * Believable change-sets, the same for the same seed: what an office imports,
 * and what it edits day by day. Nobody in them exists.
 */
#ifndef WIRE_SAMPLE_H
#define WIRE_SAMPLE_H

#include "tip_arena.h"
#include "tip_frame.h"
#include "tip_prng.h"

/** One office at work. Plain data; texts are made in @arena. */
struct wire_sample {
    struct tip_prng prng;
    struct tip_arena *arena;
    uint64_t now_ms;
    uint32_t tick;
    uint64_t seq;
    uint64_t base; /* Also how many records were ever born. */
    bool invents;  /* Names are invented instead of drawn from a list. */
};

struct wire_sample wire_sample(uint64_t seed, struct tip_arena *arena);

/** A new record of 16 fields, one of them a short text, by its id. */
struct tip_change_set wire_sample_record(struct wire_sample *sample);

/** One field of one record, named by its birth. */
struct tip_change_set wire_sample_edit(struct wire_sample *sample);

/** @count in a row. */
struct tip_up_body wire_sample_records(struct wire_sample *sample,
                                       size_t count);
struct tip_up_body wire_sample_edits(struct wire_sample *sample, size_t count);

/** What the hub tells an office of @body: each set as an item and one item in
 * four an echo of it instead, then a checkpoint. */
struct tip_down_body wire_sample_down(struct wire_sample *sample,
                                      const struct tip_up_body *body);

#endif /* WIRE_SAMPLE_H */
