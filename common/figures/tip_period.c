#include "tip_period.h"

#include <stdio.h>

#include "tip_date.h"

enum {
    PART_BITS = 4, /* Twelve months, and 0 for the year as a whole. */
    PART_MASK = (1 << PART_BITS) - 1,
    TIP_YEAR_FIRST_MONTH = 4
};

static uint32_t make(int32_t year, int32_t part)
{
    return (uint32_t)year << PART_BITS | (uint32_t)part;
}

static uint32_t period_of_day(enum tip_period unit, int32_t day)
{
    struct tip_date date = tip_date_of(day);

    switch (unit) {
    case TIP_PERIOD_NONE:
        break;
    case TIP_PERIOD_MONTH:
        return make(date.year, date.month);
    case TIP_PERIOD_QUARTER:
        return make(date.year, (date.month + 2) / 3);
    case TIP_PERIOD_YEAR:
        return make(date.year, 0);
    case TIP_PERIOD_TIP_YEAR:
        return make(
            date.month < TIP_YEAR_FIRST_MONTH ? date.year - 1 : date.year, 1);
    }
    return TIP_PERIOD_MISSING;
}

uint32_t tip_period_of(enum tip_period unit, const struct tip_value *date)
{
    int32_t first, last;
    uint32_t period;

    if (date == NULL || !tip_date_value_is_good(date)) {
        return TIP_PERIOD_MISSING;
    }
    if (date->date.precision == TIP_DATE_DAY) {
        return period_of_day(unit, date->date.day);
    }
    tip_date_range(date->date.day, date->date.precision, &first, &last);
    period = period_of_day(unit, first);
    return period == period_of_day(unit, last)
               ? period
               : make(tip_date_of(first).year, 0);
}

void tip_period_format(enum tip_period unit, uint32_t period,
                       char out_text[TIP_PERIOD_TEXT_SIZE])
{
    unsigned year = period >> PART_BITS & 0xffff;
    unsigned part = period & PART_MASK;

    if (period == TIP_PERIOD_MISSING) {
        out_text[0] = '\0';
    } else if (part == 0) {
        (void)snprintf(out_text, TIP_PERIOD_TEXT_SIZE, "%04u", year);
    } else if (unit == TIP_PERIOD_QUARTER) {
        (void)snprintf(out_text, TIP_PERIOD_TEXT_SIZE, "%04u-Q%u", year, part);
    } else if (unit == TIP_PERIOD_TIP_YEAR) {
        (void)snprintf(out_text, TIP_PERIOD_TEXT_SIZE, "%04u/%02u", year,
                       (year + 1) % 100);
    } else {
        (void)snprintf(out_text, TIP_PERIOD_TEXT_SIZE, "%04u-%02u", year, part);
    }
}
