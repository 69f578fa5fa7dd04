/*
 * What trafficking looks like in Mauritania, as patterns for made-up cases:
 * who, where, what for, by whom.
 *
 * The proportions follow what public reports describe, roughly; they are for a
 * demonstration and say nothing about the country.
 */
#ifndef DEMO_PATTERN_H
#define DEMO_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "demo_draw.h"
#include "demo_names.h"

enum {
    DEMO_WILAYAS = 15,
    DEMO_AGE_GROUPS = 9 /* Of the catalogue, youngest first. */
};

/** Static data. Lists of words are codes of the national catalogue, the first
 * likeliest; digits are weights. */
struct demo_pattern {
    const char *vector;
    const char *exploitation; /* The first always, others sometimes. */
    const char *sector;
    const char *acts, *means, *purposes;
    const char *law;
    const char *source;
    const char *wilayas; /* One digit each, MR01 first. */
    const char *ages;    /* One digit for each age group. */
    uint32_t male_percent;
    uint32_t victim_max;
    const char *population;
    const char *citizenship;
    enum demo_custom custom;
    uint32_t cross_border_percent;
    uint32_t tacheron_percent;
    const char *control;
    const char *duration;
    const char *relation;
    const char *role;
    const char *capacity; /* Of the suspect. */
    const char *reasons;  /* Of a referral. */
    const char *place_fr, *place_ar;
    const char *story_fr, *story_ar;
};

/** The pattern of a case reported in wilaya @wilaya, 0 for MR01. Static. */
const struct demo_pattern *demo_pattern_draw(struct demo_draw *draw,
                                             size_t wilaya);

#endif /* DEMO_PATTERN_H */
