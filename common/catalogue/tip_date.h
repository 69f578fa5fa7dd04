/* Days and calendars: the Gregorian calendar, 1800 to 2199. */
#ifndef TIP_DATE_H
#define TIP_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_value.h"

enum {
    /* Outside, it is a typing error. */
    TIP_DATE_YEAR_MIN = 1800,
    TIP_DATE_YEAR_MAX = 2199,
    TIP_DATE_TEXT_SIZE = 16 /* "2026-11-23" and the terminator fit. */
};

struct tip_date {
    int32_t year;
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
};

/** Days from 1970-01-01 to @date, which must exist. */
int32_t tip_date_days(struct tip_date date);

/** The date @days after 1970-01-01. */
struct tip_date tip_date_of(int32_t days);

/** Is there such a day, in the years above? */
bool tip_date_exists(struct tip_date date);

/** The first and the last day that a date with a precision may mean. */
void tip_date_range(int32_t day, enum tip_date_precision precision,
                    int32_t *out_first, int32_t *out_last);

/** Does the date in @value, of kind date, exist, and its precision too? */
bool tip_date_value_is_good(const struct tip_value *value);

/** Read "2026-11-23", "2026-11" or "2026" into a value of kind date; false if
 * @text is none of them. */
bool tip_date_parse(struct tip_bytes text, struct tip_value *out_value);

/** Write it the same way; @value is of kind date. */
void tip_date_format(const struct tip_value *value,
                     char out_text[TIP_DATE_TEXT_SIZE]);

#endif /* TIP_DATE_H */
