/*
 * The C library's malloc and its like, and mmap, in front of the real ones for
 * the whole test program, libraries included: the n-th can be made to fail, and
 * what is not given back is counted.
 */
#ifndef CRASH_MEMORY_H
#define CRASH_MEMORY_H

#include <stdbool.h>

/** Let the @nth allocation from now (1: the next) fail, or with @for_good that
 * one and all that follow, until cleared. */
void crash_memory_arm(unsigned int nth, bool for_good);

/** Work again. Returns whether an allocation failed. */
bool crash_memory_clear(void);

/** Let nothing fail between these two; they nest. */
void crash_memory_pause(void);
void crash_memory_resume(void);

/** Allocations that were not given back, as of now; always 0 under
 * AddressSanitizer, which names leaks itself when the program ends. */
long crash_memory_live(void);

#endif /* CRASH_MEMORY_H */
