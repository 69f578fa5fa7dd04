/* What happened lately, and a hash over all that happened. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdbool.h>
#include <stdint.h>

enum { SIM_TRACE_TAIL = 60 };

/** One event. @what is static text. */
struct sim_trace_entry {
    uint64_t at_ms;
    const char *what;
    uint32_t party;
    uint64_t a, b;
};

struct sim_trace {
    struct sim_trace_entry tail[SIM_TRACE_TAIL];
    uint64_t count;
    uint64_t hash;
    bool is_verbose; /* Print each as it comes. */
};

void sim_trace_add(struct sim_trace *trace,
                   const struct sim_trace_entry *entry);

/** Print the newest SIM_TRACE_TAIL events, oldest first. */
void sim_trace_print(const struct sim_trace *trace);

#endif /* SIM_TRACE_H */
