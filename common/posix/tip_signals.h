/*
 * Signals as something to read, next to the sockets of the loop.
 *
 * Open before the first thread starts: threads inherit the blocked signals, so
 * that none of them is ever interrupted.
 */
#ifndef TIP_SIGNALS_H
#define TIP_SIGNALS_H

#include "tip_err.h"

enum tip_signal {
    TIP_SIGNAL_NONE,   /* Nothing is waiting. */
    TIP_SIGNAL_STOP,   /* SIGTERM or SIGINT: finish in order. */
    TIP_SIGNAL_RELOAD, /* SIGHUP: read the configuration again. */
    TIP_SIGNAL_CHILD /* SIGCHLD: some child ended; wait for yours by its pid. */
};

/**
 * Block the four signals, ignore SIGPIPE and return a descriptor that is
 * readable when one of them came. Owned by the caller; close(2) it.
 */
TIP_MUST_USE enum tip_err tip_signals_open(int *out_fd);

/** Take one signal from @fd without waiting. */
enum tip_signal tip_signals_next(int fd);

#endif /* TIP_SIGNALS_H */
