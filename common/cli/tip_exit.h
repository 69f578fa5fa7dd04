/*
 * Exit codes: what a script learns from a command.
 *
 * The numbers are documented in help and manual and never change their meaning.
 */
#ifndef TIP_EXIT_H
#define TIP_EXIT_H

#include "tip_err.h"

/* name, number, what it means */
#define TIP_EXIT_MAP(X)                                     \
    X(TIP_EXIT_OK, 0, "done")                               \
    X(TIP_EXIT_FAILURE, 1, "failed")                        \
    X(TIP_EXIT_USAGE, 2, "wrong usage or value")            \
    X(TIP_EXIT_DEGRADED, 3, "done, with warnings")          \
    X(TIP_EXIT_NOT_FOUND, 4, "not found")                   \
    X(TIP_EXIT_REFUSED, 5, "refused")                       \
    X(TIP_EXIT_NOT_RUNNING, 6, "the daemon is not running") \
    X(TIP_EXIT_TIMEOUT, 7, "no answer in time")             \
    X(TIP_EXIT_INTEGRITY, 8, "an integrity check failed")   \
    X(TIP_EXIT_CONFLICT, 9, "a conflict needs a person")    \
    X(TIP_EXIT_FULL, 10, "the store is full")               \
    X(TIP_EXIT_STOPPED, 130, "stopped with Ctrl-C")         \
    X(TIP_EXIT_UNREAD, 141, "nobody reads the output")

enum tip_exit {
#define TIP_EXIT_ENUM(name, number, meaning) name = (number),
    TIP_EXIT_MAP(TIP_EXIT_ENUM)
#undef TIP_EXIT_ENUM
};

/** The exit code for @err. What is not special is TIP_EXIT_FAILURE. */
enum tip_exit tip_exit_of(enum tip_err err);

/** The documented code with the number @number; failure if there is none. */
enum tip_exit tip_exit_from_number(unsigned number);

#endif /* TIP_EXIT_H */
