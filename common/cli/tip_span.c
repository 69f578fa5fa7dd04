#include "tip_span.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

void tip_span_words(int64_t ms, char out_text[TIP_SPAN_SIZE])
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"d", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}};
    const size_t count = sizeof units / sizeof *units;
    size_t i = 0;
    int64_t whole, rest;

    while (i < count && ms < units[i].ms && ms > -units[i].ms) {
        i++;
    }
    if (i == count) {
        (void)snprintf(out_text, TIP_SPAN_SIZE, "%" PRId64 " ms", ms);
        return;
    }
    whole = ms / units[i].ms;
    rest = i + 1 < count ? ms % units[i].ms / units[i + 1].ms : 0;
    rest = rest < 0 ? -rest : rest; /* The sign stands in front. */
    if (rest == 0) {
        (void)snprintf(out_text, TIP_SPAN_SIZE, "%" PRId64 " %s", whole,
                       units[i].name);
    } else {
        (void)snprintf(out_text, TIP_SPAN_SIZE, "%" PRId64 " %s %" PRId64 " %s",
                       whole, units[i].name, rest, units[i + 1].name);
    }
}
