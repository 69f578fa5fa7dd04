/*
 * Coverage: how much of the country a figure speaks for.
 *
 * An office is covered up to its oldest change that is not counted yet: unsent,
 * parked or quarantined. Only the hub knows that, so it asks here with a list;
 * no figure is shown without the answer.
 */
#ifndef TIP_COVERAGE_H
#define TIP_COVERAGE_H

#include <stddef.h>
#include <stdint.h>

/** One office that is expected to report. Plain data. */
struct tip_coverage_office {
    uint32_t office;
    uint64_t until_ms; /* All it wrote before is counted; Unix. 0: nothing. */
};

/** "13 of 15 offices, as of …" Plain data. */
struct tip_coverage {
    size_t covered;        /* Offices covered up to the moment asked for. */
    size_t expected;       /* All. */
    uint64_t as_of_ms;     /* The moment up to which the covered ones are. */
    uint64_t all_as_of_ms; /* The moment up to which every office is; 0: one
                            * has never been heard. */
};

/** How many of @offices are covered up to @as_of_ms, as the end of a quarter
 * or last midnight. */
struct tip_coverage tip_coverage_at(const struct tip_coverage_office *offices,
                                    size_t count, uint64_t as_of_ms);

#endif /* TIP_COVERAGE_H */
