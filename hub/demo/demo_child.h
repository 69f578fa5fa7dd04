/*
 * Programs that the demo runs: daemons, and commands whose answer is read.
 *
 * A child dies with the demo, however that ends, and does not hear the Ctrl-C
 * of the terminal: the demo tells it to stop.
 */
#ifndef DEMO_CHILD_H
#define DEMO_CHILD_H

#include <stdbool.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_loop.h"

enum { DEMO_CHILD_OUTPUT_BYTES_MAX = 8 * 1024 * 1024 };

struct demo_child;

/** What to run; borrowed for the call, but for the loop. */
struct demo_child_opts {
    struct tip_loop *loop;    /* Borrowed until free. */
    const char *program;      /* Path of the file. */
    const char *const *words; /* Arguments after its name; ends with NULL. */
    const char *log;          /* File that gets its standard error. */
    bool is_daemon;           /* Standard output goes there too. */
};

/** Start it. TIP_ENOMEM, TIP_EIO, errors of opening @log. A program that cannot
 * be run ends at once with exit code 127. */
TIP_MUST_USE enum tip_err demo_child_start(const struct demo_child_opts *opts,
                                           struct demo_child **out_child);

/** Ask it to stop, in order. Accepts NULL. */
void demo_child_stop(struct demo_child *child);

/** Kill it if it still runs, and release it. Accepts NULL. */
void demo_child_free(struct demo_child *child);

/** Has it ended? The loop finds that out. */
bool demo_child_is_done(const struct demo_child *child);

/** Its exit code; 128 and the signal when one killed it. Once it has ended. */
int demo_child_exit(const struct demo_child *child);

/** What it wrote, borrowed; once it has ended. */
struct tip_bytes demo_child_output(const struct demo_child *child);

#endif /* DEMO_CHILD_H */
