#include "tip_date.h"

#include <stdio.h>

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400 };

/* Days from 0000-03-01 to 1970-01-01. A year that begins in March has its leap
 * day at the end, so that months have fixed offsets. */
enum { DAYS_TO_EPOCH = 719468 };

int32_t tip_date_days(struct tip_date date)
{
    int32_t year = date.month <= 2 ? date.year - 1 : date.year;
    int32_t era = year / YEARS_PER_ERA;
    int32_t year_of_era = year - era * YEARS_PER_ERA;
    int32_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int32_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

struct tip_date tip_date_of(int32_t days)
{
    int64_t shifted = (int64_t)days + DAYS_TO_EPOCH;
    int64_t era =
        (shifted >= 0 ? shifted : shifted - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                    day_of_era / 146096) /
                   365;
    int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct tip_date date;

    date.day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    date.year = (int32_t)(year + era * YEARS_PER_ERA + (date.month <= 2));
    return date;
}

static int32_t days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

bool tip_date_exists(struct tip_date date)
{
    return date.year >= TIP_DATE_YEAR_MIN && date.year <= TIP_DATE_YEAR_MAX &&
           date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

bool tip_date_value_is_good(const struct tip_value *value)
{
    struct tip_date date = tip_date_of(value->date.day);

    if (!tip_date_exists(date)) {
        return false;
    }
    switch (value->date.precision) {
    case TIP_DATE_DAY:
        return true;
    case TIP_DATE_MONTH:
        return date.day == 1;
    case TIP_DATE_YEAR:
        return date.day == 1 && date.month == 1;
    }
    return false;
}

void tip_date_range(int32_t day, enum tip_date_precision precision,
                    int32_t *out_first, int32_t *out_last)
{
    struct tip_date date = tip_date_of(day);

    *out_first = day;
    switch (precision) {
    case TIP_DATE_DAY:
        *out_last = day;
        return;
    case TIP_DATE_MONTH:
        *out_last = day + days_in_month(date.year, date.month) - 1;
        return;
    case TIP_DATE_YEAR:
        *out_last = day + (days_in_month(date.year, 2) == 29 ? 365 : 364);
        return;
    }
    *out_last = day;
}

/* Read exactly @count digits from @at on; -1 if they are not there. */
static int32_t digits(struct tip_bytes text, size_t at, size_t count)
{
    int32_t number = 0;

    if (text.size < at + count) {
        return -1;
    }
    for (size_t i = at; i < at + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return -1;
        }
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

static bool has_dash(struct tip_bytes text, size_t at)
{
    return text.size <= at || text.data[at] == '-';
}

bool tip_date_parse(struct tip_bytes text, struct tip_value *out_value)
{
    struct tip_date date = {.month = 1, .day = 1};
    enum tip_date_precision precision = TIP_DATE_YEAR;

    if (text.size != 4 && text.size != 7 && text.size != 10) {
        return false;
    }
    if (!has_dash(text, 4) || !has_dash(text, 7)) {
        return false;
    }
    date.year = digits(text, 0, 4);
    if (text.size >= 7) {
        date.month = digits(text, 5, 2);
        precision = TIP_DATE_MONTH;
    }
    if (text.size == 10) {
        date.day = digits(text, 8, 2);
        precision = TIP_DATE_DAY;
    }
    if (!tip_date_exists(date)) {
        return false;
    }
    out_value->kind = TIP_VALUE_DATE;
    out_value->date.day = tip_date_days(date);
    out_value->date.precision = precision;
    return true;
}

void tip_date_format(const struct tip_value *value,
                     char out_text[TIP_DATE_TEXT_SIZE])
{
    static const int sizes[] = {10, 7, 4};
    struct tip_date date = tip_date_of(value->date.day);
    char full[48];

    (void)snprintf(full, sizeof full, "%04d-%02d-%02d", date.year, date.month,
                   date.day);
    (void)snprintf(out_text, TIP_DATE_TEXT_SIZE, "%.*s",
                   sizes[value->date.precision], full);
}
