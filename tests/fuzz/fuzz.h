/* What every fuzz target defines: libFuzzer calls it, or replay.c does. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** Try @size bytes at @data; always 0. A rule that does not hold aborts. */
/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A target that can tell says that this input got past its first decoder, and
 * replay.c asks it of each seed_*: one of an older format would be refused
 * there for ever. The question takes the answer away. */
void fuzz_reached(void);
bool fuzz_take_reached(void);

/* Unlike assert() it is there whatever the build. */
static inline void fuzz_rule(bool holds, const char *rule)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", rule);
        abort();
    }
}

#define FUZZ_RULE(rule) fuzz_rule((rule), #rule)

#endif /* FUZZ_H */
