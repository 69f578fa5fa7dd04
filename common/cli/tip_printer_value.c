/* Numbers, times and sizes as words for people and exactly for machines. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "tip_printer_internal.h"
#include "tip_span.h"

_Static_assert((int)TIP_SPAN_SIZE <= (int)TIP_PRINTER_VALUE_SIZE,
               "a span is a value");

/* In UTC, which is the time of Mauritania all year round. */
static void time_put(int64_t unix_ms, bool is_exact, char *out_text)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm parts;

    if (unix_ms < 0 || gmtime_r(&seconds, &parts) == NULL) {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE, "?");
    } else if (is_exact) {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE,
                       "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                       parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec,
                       (int)(unix_ms % 1000));
    } else {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE,
                       "%04d-%02d-%02d %02d:%02d", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                       parts.tm_min);
    }
}

/* Three digits at most: "1.2 MiB", "412 MiB". */
static void size_put(int64_t bytes, char *out_text)
{
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                        "TiB", "PiB", "EiB"};
    size_t i = 0;
    int64_t tenths;

    if (bytes < 1024) {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE, "%" PRId64 " B",
                       bytes);
        return;
    }
    for (; bytes >= INT64_C(1024) * 1024; i++) {
        bytes /= 1024;
    }
    tenths = bytes * 10 / 1024;
    if (tenths < 100) {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE,
                       "%" PRId64 ".%" PRId64 " %s", tenths / 10, tenths % 10,
                       units[i + 1]);
    } else {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE, "%" PRId64 " %s",
                       tenths / 10, units[i + 1]);
    }
}

/* 1234 with two digits behind the point is 12.34. */
static void decimal_put(int64_t number, unsigned digits, char *out_text)
{
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    uint64_t scale = 1;

    if (digits > TIP_REPLY_DIGITS_MAX) {
        digits = TIP_REPLY_DIGITS_MAX;
    }
    for (unsigned i = 0; i < digits; i++) {
        scale *= 10;
    }
    if (digits == 0) {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE, "%" PRId64, number);
    } else {
        (void)snprintf(out_text, TIP_PRINTER_VALUE_SIZE,
                       "%s%" PRIu64 ".%0*" PRIu64, number < 0 ? "-" : "",
                       size / scale, (int)digits, size % scale);
    }
}

struct tip_bytes tip_printer_words(const struct tip_reply_event *event,
                                   char memory[TIP_PRINTER_VALUE_SIZE])
{
    switch (event->type) {
    case TIP_REPLY_NONE:
        return tip_bytes_text("\xe2\x80\x93"); /* A dash. */
    case TIP_REPLY_BOOLEAN:
        return tip_bytes_text(event->number != 0 ? "yes" : "no");
    case TIP_REPLY_TIME:
        time_put(event->number, false, memory);
        return tip_bytes_text(memory);
    case TIP_REPLY_DURATION:
        tip_span_words(event->number, memory);
        return tip_bytes_text(memory);
    case TIP_REPLY_SIZE:
        size_put(event->number, memory);
        return tip_bytes_text(memory);
    case TIP_REPLY_TEXT:
    case TIP_REPLY_INTEGER:
    case TIP_REPLY_DECIMAL:
    case TIP_REPLY_TYPE_COUNT:
        break;
    }
    return tip_printer_exact(event, memory);
}

struct tip_bytes tip_printer_exact(const struct tip_reply_event *event,
                                   char memory[TIP_PRINTER_VALUE_SIZE])
{
    unsigned digits = 0;

    switch (event->type) {
    case TIP_REPLY_NONE:
    case TIP_REPLY_TYPE_COUNT:
        return TIP_BYTES_NONE;
    case TIP_REPLY_TEXT:
        return event->text;
    case TIP_REPLY_BOOLEAN:
        return tip_bytes_text(event->number != 0 ? "true" : "false");
    case TIP_REPLY_TIME:
        time_put(event->number, true, memory);
        return tip_bytes_text(memory);
    case TIP_REPLY_DECIMAL:
        digits = event->digits;
        break;
    case TIP_REPLY_INTEGER:
    case TIP_REPLY_DURATION:
    case TIP_REPLY_SIZE:
        break;
    }
    decimal_put(event->number, digits, memory);
    return tip_bytes_text(memory);
}
