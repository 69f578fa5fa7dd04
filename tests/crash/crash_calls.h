/*
 * The C library's calls that change a disk, in front of the real ones for the
 * whole test program, LMDB included: each is told to the tape, and the n-th
 * can be made to fail. Nothing waits for a real disk: what is durable is for
 * crash_disk.h to say.
 */
#ifndef CRASH_CALLS_H
#define CRASH_CALLS_H

#include <stdbool.h>

enum crash_fault {
    CRASH_FAULT_EIO,
    CRASH_FAULT_ENOSPC,
    CRASH_FAULT_SHORT, /* Half of a write is done; anything else: EIO. */
    CRASH_FAULT_COUNT
};

/** Let the @nth call from now (1: the next) fail, or with @for_good that one
 * and all that follow, until cleared. */
void crash_calls_arm(enum crash_fault fault, unsigned int nth, bool for_good);

/** Work again. Returns whether the fault was met. */
bool crash_calls_clear(void);

/** Let nothing fail between these two; they nest. */
void crash_calls_pause(void);
void crash_calls_resume(void);

#endif /* CRASH_CALLS_H */
