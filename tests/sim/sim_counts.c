#include "sim_counts.h"

#include <string.h>

#include "fake_schema.h"
#include "sim_people.h"
#include "sim_rules.h"

static void count_record(struct sim *sim, struct sim_counts *counts,
                         const struct tip_record *record, int sign)
{
    struct tip_reading reading = tip_merge_read(
        record, tip_record_cell(record, FAKE_LATEST, 0), &sim->schema);
    uint64_t step = sign < 0 ? UINT64_MAX : 1;

    counts->records += step;
    if (tip_merge_presence(record) == TIP_DELETED) {
        counts->deleted += step;
        return;
    }
    if (tip_merge_has_conflict(record, &sim->schema)) {
        counts->conflicts += step;
    }
    if (reading.shown != NULL && reading.shown->value.kind == TIP_VALUE_CODE) {
        counts->by_code[reading.shown->value.code % SIM_COUNT_CODES] += step;
    }
}

void sim_counts_change(struct sim *sim, const struct tip_record *before,
                       const struct tip_record *after)
{
    if (before != NULL) {
        count_record(sim, &sim->hub.counts, before, -1);
    }
    if (after->erased == 0) {
        count_record(sim, &sim->hub.counts, after, 1);
    }
}

struct sim_counts sim_counts_recount(struct sim *sim)
{
    struct sim_counts counts = {.records = 0};

    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        struct tip_record record;

        if (sim_form_look(sim, SIM_HUB, i, &record)) {
            count_record(sim, &counts, &record, 1);
        }
    }
    return counts;
}

void sim_rule_figures(struct sim *sim, uint32_t party)
{
    struct sim_counts counts;

    if (party != SIM_HUB) {
        return;
    }
    counts = sim_counts_recount(sim);

    sim_count(sim, SIM_TOTAL_RECOUNTS);
    sim_require(sim, SIM_HUB,
                memcmp(&counts, &sim->hub.counts, sizeof counts) == 0,
                "I12 figures kept are figures recounted");
}
