/*
 * Periods: the month, quarter, year or TIP year that a date lies in.
 *
 * A period is a number that sorts as time does. A date may be less precise than
 * the period asks for ("2025", counted by quarter): then it counts in the year
 * as a whole, a period of its own that sorts before the year's parts. No date
 * is TIP_PERIOD_MISSING and sorts before all.
 */
#ifndef TIP_PERIOD_H
#define TIP_PERIOD_H

#include <stdint.h>

#include "tip_catalogue.h"

enum {
    TIP_PERIOD_MISSING = 0,
    TIP_PERIOD_TEXT_SIZE = 12 /* "2025-Q3" and the terminator fit. */
};

/**
 * The period that @date lies in; @date is NULL or of kind date. A month or
 * year that lies in one period as a whole is in it: March 2026 is in the first
 * quarter, and in the TIP year from April 2025 to March 2026. The year 2025
 * lies in two TIP years: it counts as the year 2025, TIP year unknown.
 */
uint32_t tip_period_of(enum tip_period unit, const struct tip_value *date);

/** Write it as "2025-07", "2025-Q3", "2025", or "2025/26" for a TIP year;
 * nothing for TIP_PERIOD_MISSING. */
void tip_period_format(enum tip_period unit, uint32_t period,
                       char out_text[TIP_PERIOD_TEXT_SIZE]);

#endif /* TIP_PERIOD_H */
