/*
 * A disk that fails when told to. Linked into a test program, it takes the
 * place of the C library's fsync, fdatasync, pwrite, writev, posix_fallocate
 * for the whole process, LMDB included.
 */
#ifndef DISK_FAULT_H
#define DISK_FAULT_H

#include <stdbool.h>

enum disk_fault_kind {
    DISK_FAULT_NONE,
    DISK_FAULT_SYNC,   /* fsync and fdatasync report EIO. */
    DISK_FAULT_HEAD,   /* A synchronous write (LMDB's head pages) does. */
    DISK_FAULT_WRITE,  /* Any other write does. */
    DISK_FAULT_NO_ROOM /* No file can be made longer: ENOSPC. */
};

/** From the @nth such call from now on (1: the next), until cleared. */
void disk_fault_arm(enum disk_fault_kind kind, unsigned int nth);

/** Work again. Returns whether the fault was ever met. */
bool disk_fault_clear(void);

#endif /* DISK_FAULT_H */
