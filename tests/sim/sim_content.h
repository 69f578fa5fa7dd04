/*
 * What people write: believable mixes of fields and values.
 */
#ifndef SIM_CONTENT_H
#define SIM_CONTENT_H

#include "tip_draft.h"
#include "tip_prng.h"

enum { SIM_CONTENT_CHANGES = 24, SIM_CONTENT_BYTES = 24 * 1024 };

/** The changes to one record, being written. Plain data. */
struct sim_content {
    struct tip_change changes[SIM_CONTENT_CHANGES];
    size_t count;
    uint8_t bytes[SIM_CONTENT_BYTES]; /* Of texts and opaque values. */
    size_t byte_count;
};

/** Add a write of @value to (@field, @element), in order; one that is there
 * already stays as it is. */
void sim_content_add(struct sim_content *content, uint32_t field,
                     uint64_t element, const struct tip_value *value);

/** Add a write of a field that people fill in. */
void sim_content_add_some(struct sim_content *content, struct tip_prng *prng);

/** Add a write of something large: a few of them fill a frame. */
void sim_content_add_large(struct sim_content *content, struct tip_prng *prng);

/** Add a write of @field with a new value. */
void sim_content_add_field(struct sim_content *content, struct tip_prng *prng,
                           uint32_t field, uint64_t element);

#endif /* SIM_CONTENT_H */
