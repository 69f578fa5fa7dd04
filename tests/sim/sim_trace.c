#include "sim_trace.h"

#include <inttypes.h>
#include <stdio.h>

static void mix(uint64_t *hash, uint64_t number)
{
    *hash = (*hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

static void print_entry(const struct sim_trace_entry *entry)
{
    uint64_t second = entry->at_ms / 1000;

    printf("  day %2" PRIu64 " %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
           ".%03" PRIu64 "  %-6s %2" PRIu32 "  %-24s %" PRIu64 " %" PRIu64 "\n",
           second / 86400, second / 3600 % 24, second / 60 % 60, second % 60,
           entry->at_ms % 1000, entry->party == 0 ? "hub" : "office",
           entry->party, entry->what, entry->a, entry->b);
}

void sim_trace_add(struct sim_trace *trace, const struct sim_trace_entry *entry)
{
    trace->tail[trace->count++ % SIM_TRACE_TAIL] = *entry;
    mix(&trace->hash, entry->at_ms);
    mix(&trace->hash, entry->party);
    mix(&trace->hash, entry->a);
    mix(&trace->hash, entry->b);
    for (const char *c = entry->what; *c != '\0'; c++) {
        mix(&trace->hash, (uint64_t)*c);
    }
    if (trace->is_verbose) {
        print_entry(entry);
    }
}

void sim_trace_print(const struct sim_trace *trace)
{
    uint64_t first =
        trace->count > SIM_TRACE_TAIL ? trace->count - SIM_TRACE_TAIL : 0;

    for (uint64_t i = first; i < trace->count; i++) {
        print_entry(&trace->tail[i % SIM_TRACE_TAIL]);
    }
}
