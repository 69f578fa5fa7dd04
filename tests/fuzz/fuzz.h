/* What every fuzz target defines: libFuzzer calls it, or replay.c does. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** Try @size bytes at @data; always 0. A rule that does not hold aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it says what was expected even where asserts are off. */
#define FUZZ_RULE(rule)                                          \
    do {                                                         \
        if (!(rule)) {                                           \
            (void)fprintf(stderr, "does not hold: %s\n", #rule); \
            abort();                                             \
        }                                                        \
    } while (0)

#endif /* FUZZ_H */
