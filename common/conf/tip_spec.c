#include "tip_spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tip_endpoint.h"

struct unit {
    const char *name;
    int64_t factor;
};

/* Largest first: the first that divides a number is the one to print. */
static const struct unit duration_units[] = {{"d", 86400000}, {"h", 3600000},
                                             {"min", 60000},  {"s", 1000},
                                             {"ms", 1},       {NULL, 0}};

static const struct unit size_units[] = {
    {"TiB", INT64_C(1) << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20},
    {"KiB", 1 << 10},          {"B", 1},         {NULL, 0}};

/* Read, never printed: what a disk's label says. */
static const struct unit size_units_decimal[] = {{"TB", INT64_C(1000000000000)},
                                                 {"GB", 1000000000},
                                                 {"MB", 1000000},
                                                 {"kB", 1000},
                                                 {NULL, 0}};

static const struct unit *unit_find(const struct unit *units, const char *name)
{
    while (units->name != NULL && strcmp(units->name, name) != 0) {
        units++;
    }
    return units->name == NULL ? NULL : units;
}

/* Read digits with an optional minus; *@text moves behind them. */
static bool number_scan(const char **text, int64_t *out_number)
{
    const char *at = *text;
    bool negative = *at == '-';
    int64_t number = 0;

    at += negative ? 1 : 0;
    if (*at < '0' || *at > '9') {
        return false;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        int64_t digit = *at - '0';

        if (number > (INT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *text = at;
    *out_number = negative ? -number : number;
    return true;
}

static bool integer_parse(const char *text, int64_t *out_number)
{
    return number_scan(&text, out_number) && *text == '\0';
}

/* A number and one of @units or @more; nought needs no unit. */
static bool measure_parse(const char *text, const struct unit *units,
                          const struct unit *more, int64_t *out_number)
{
    const struct unit *unit;
    int64_t number;

    if (!number_scan(&text, &number) || number < 0) {
        return false;
    }
    text += *text == ' ' ? 1 : 0;
    if (number == 0 && *text == '\0') {
        *out_number = 0;
        return true;
    }
    unit = unit_find(units, text);
    if (unit == NULL && more != NULL) {
        unit = unit_find(more, text);
    }
    if (unit == NULL || number > INT64_MAX / unit->factor) {
        return false;
    }
    *out_number = number * unit->factor;
    return true;
}

static bool boolean_parse(const char *text, int64_t *out_number)
{
    static const char *const words[] = {"no",   "yes", "false",
                                        "true", "off", "on"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out_number = (int64_t)(i % 2);
            return true;
        }
    }
    return false;
}

/* Copy up to @size - 1 bytes of @from and a terminator. */
static void text_copy(char *out, size_t size, const char *from, size_t length)
{
    if (length >= size) {
        length = size - 1;
    }
    memcpy(out, from, length);
    out[length] = '\0';
}

bool tip_spec_choice(const struct tip_spec *spec, size_t index, char *out_text,
                     size_t size)
{
    const char *at = spec->choices;

    for (; index > 0 && at != NULL; index--) {
        at = strchr(at, '|');
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL) {
        return false;
    }
    text_copy(out_text, size, at, strcspn(at, "|"));
    return true;
}

static bool choice_parse(const struct tip_spec *spec, const char *text,
                         int64_t *out_number)
{
    char choice[TIP_SPEC_SHORT_SIZE];

    for (size_t i = 0; tip_spec_choice(spec, i, choice, sizeof choice); i++) {
        if (strcmp(choice, text) == 0) {
            *out_number = (int64_t)i;
            return true;
        }
    }
    return false;
}

/* The number behind @text, whatever its range. */
static bool any_parse(const struct tip_spec *spec, const char *text,
                      int64_t *out_number)
{
    switch (spec->type) {
    case TIP_SPEC_TEXT:
    case TIP_SPEC_PATH:
        *out_number = (int64_t)strlen(text);
        return true;
    case TIP_SPEC_INTEGER:
        return integer_parse(text, out_number);
    case TIP_SPEC_DURATION:
        return measure_parse(text, duration_units, NULL, out_number);
    case TIP_SPEC_SIZE:
        return measure_parse(text, size_units, size_units_decimal, out_number);
    case TIP_SPEC_BOOLEAN:
        return boolean_parse(text, out_number);
    case TIP_SPEC_CHOICE:
        return choice_parse(spec, text, out_number);
    case TIP_SPEC_ENDPOINTS:
        return tip_endpoints_count(text, out_number);
    }
    return false;
}

static bool is_any(const struct tip_spec *spec)
{
    return spec->min == 0 && spec->max == 0;
}

enum tip_err tip_spec_parse(const struct tip_spec *spec, const char *text,
                            int64_t *out_number)
{
    int64_t number, max = is_any(spec) ? INT64_MAX : spec->max;

    if (strlen(text) > TIP_SPEC_TEXT_BYTES_MAX ||
        !any_parse(spec, text, &number) || number < spec->min || number > max) {
        return TIP_EINVAL;
    }
    *out_number = number;
    return TIP_OK;
}

/* Nought in the unit of @units that people think in: "0 s", "0 B". */
static void measure_format(const struct unit *units, const char *name_of_nought,
                           int64_t number, char *out_text, size_t size)
{
    while (units->factor > 1 && (number == 0 || number % units->factor != 0)) {
        units++;
    }
    (void)snprintf(out_text, size, "%" PRId64 " %s", number / units->factor,
                   number == 0 ? name_of_nought : units->name);
}

static void number_format(const struct tip_spec *spec, int64_t number,
                          char *out_text, size_t size)
{
    if (spec->type == TIP_SPEC_DURATION) {
        measure_format(duration_units, "s", number, out_text, size);
    } else if (spec->type == TIP_SPEC_SIZE) {
        measure_format(size_units, "B", number, out_text, size);
    } else {
        (void)snprintf(out_text, size, "%" PRId64, number);
    }
}

void tip_spec_format(const struct tip_spec *spec, const char *text,
                     int64_t number, char *out_text, size_t size)
{
    switch (spec->type) {
    case TIP_SPEC_INTEGER:
    case TIP_SPEC_DURATION:
    case TIP_SPEC_SIZE:
        number_format(spec, number, out_text, size);
        break;
    case TIP_SPEC_BOOLEAN:
        text_copy(out_text, size, number != 0 ? "yes" : "no", 3);
        break;
    case TIP_SPEC_TEXT:
    case TIP_SPEC_PATH:
    case TIP_SPEC_CHOICE:
    case TIP_SPEC_ENDPOINTS:
        text_copy(out_text, size, text, strlen(text));
        break;
    }
}

/* "from 1 s to 7 d" behind @what, or @what alone when anything goes. */
static void range_describe(const struct tip_spec *spec, const char *what,
                           char *out_text, size_t size)
{
    char low[TIP_SPEC_SHORT_SIZE], high[TIP_SPEC_SHORT_SIZE];

    if (is_any(spec)) {
        (void)snprintf(out_text, size, "%s", what);
        return;
    }
    number_format(spec, spec->min, low, sizeof low);
    number_format(spec, spec->max, high, sizeof high);
    (void)snprintf(out_text, size, "%s from %s to %s", what, low, high);
}

static void integer_describe(const struct tip_spec *spec, char *out_text,
                             size_t size)
{
    char what[TIP_SPEC_SHORT_SIZE] = "a whole number";

    if (spec->unit != NULL) {
        (void)snprintf(what, sizeof what, "a number of %s", spec->unit);
    }
    range_describe(spec, what, out_text, size);
}

/* "one of calm, stormy, blackout" */
static void choice_describe(const struct tip_spec *spec, char *out_text,
                            size_t size)
{
    char choice[TIP_SPEC_SHORT_SIZE];
    size_t used = (size_t)snprintf(out_text, size, "one of");

    for (size_t i = 0; tip_spec_choice(spec, i, choice, sizeof choice); i++) {
        if (used < size) {
            used += (size_t)snprintf(out_text + used, size - used, "%s %s",
                                     i == 0 ? "" : ",", choice);
        }
    }
}

void tip_spec_describe(const struct tip_spec *spec, char *out_text, size_t size)
{
    switch (spec->type) {
    case TIP_SPEC_TEXT:
        range_describe(spec, is_any(spec) ? "text" : "text of a length",
                       out_text, size);
        break;
    case TIP_SPEC_PATH:
        text_copy(out_text, size, "a path", 6);
        break;
    case TIP_SPEC_INTEGER:
        integer_describe(spec, out_text, size);
        break;
    case TIP_SPEC_DURATION:
        range_describe(spec, "a duration", out_text, size);
        break;
    case TIP_SPEC_SIZE:
        range_describe(spec, "a size", out_text, size);
        break;
    case TIP_SPEC_BOOLEAN:
        text_copy(out_text, size, "yes or no", 9);
        break;
    case TIP_SPEC_CHOICE:
        choice_describe(spec, out_text, size);
        break;
    case TIP_SPEC_ENDPOINTS:
        range_describe(spec, "host:port with commas between, a count", out_text,
                       size);
        break;
    }
}
