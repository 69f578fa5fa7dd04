/*
 * What a process may do, and children of our own.
 */
#ifndef TIP_PROCESS_H
#define TIP_PROCESS_H

#include <sys/types.h>

#include "tip_err.h"

/**
 * Close the doors nobody here needs, for good: no core dumps and no debugger of
 * the same user (memory holds names and keys), no new privileges through
 * set-user-id programs, files readable by their owner alone. Call first thing
 * in main(). TIP_EIO: the kernel refused; the program must not go on.
 */
TIP_MUST_USE enum tip_err tip_process_harden(void);

/* Where a child finds the descriptor it was given. */
enum { TIP_PROCESS_CHILD_FD = 3 };

/**
 * Start the program file @path with @argv (argv[0] is what `ps` shows), an
 * empty environment, no blocked signals and no descriptors but @fd, as
 * TIP_PROCESS_CHILD_FD, and standard error; input and output are /dev/null. Its
 * memory is its own: nothing of ours is in it. @fd stays the caller's.
 *
 * TIP_ENOTFOUND, TIP_EACCESS, TIP_ENOMEM, TIP_EIO: no process was left behind.
 */
TIP_MUST_USE enum tip_err
tip_process_spawn(const char *path, char *const argv[], int fd, pid_t *out_pid);

/** Kill @pid, a child of ours, and wait until it is gone. */
void tip_process_kill(pid_t pid);

#endif /* TIP_PROCESS_H */
