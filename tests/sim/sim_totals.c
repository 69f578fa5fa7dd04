#include "sim_totals.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const texts[] = {
#define SIM_TOTALS_TEXT(name, text) [SIM_TOTAL_##name] = (text),
    SIM_TOTALS_MAP(SIM_TOTALS_TEXT)
#undef SIM_TOTALS_TEXT
};

void sim_totals_add(struct sim_totals *totals, const struct sim_totals *more)
{
    for (size_t i = 0; i < SIM_TOTAL_COUNT; i++) {
        totals->counts[i] += more->counts[i];
    }
}

void sim_totals_print(const struct sim_totals *totals)
{
    for (size_t i = 0; i < SIM_TOTAL_COUNT; i++) {
        printf("%14" PRIu64 "  %s\n", totals->counts[i], texts[i]);
    }
}

bool sim_totals_are_complete(const struct sim_totals *totals)
{
    bool complete = true;

    for (size_t i = 0; i < SIM_TOTAL_COUNT; i++) {
        if (totals->counts[i] == 0) {
            printf("Never happened: %s.\n", texts[i]);
            complete = false;
        }
    }
    return complete;
}
