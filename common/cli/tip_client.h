/*
 * The client's side of a command of the daemon: sends the words and the files,
 * shows what comes back.
 *
 * Files are opened before the daemon is asked, so a wrong name changes nothing
 * anywhere.
 */
#ifndef TIP_CLIENT_H
#define TIP_CLIENT_H

#include <stdint.h>

#include "tip_cli.h"
#include "tip_err.h"
#include "tip_printer.h"

/** How to talk. Plain data. */
struct tip_client_opts {
    int fd;             /* Connected stream; borrowed, blocking or not. */
    int signal_fd;      /* Readable: the user wants to stop. -1: none. */
    int64_t timeout_ms; /* Longest silence of the daemon. */
};

/**
 * Run the call of @words in the daemon and show its reply. Whatever happens,
 * @printer has got the reason and the exit code when this returns.
 */
void tip_client_run(const struct tip_client_opts *opts,
                    const struct tip_cli_call *call, const char *const *words,
                    size_t count, struct tip_printer *printer);

#endif /* TIP_CLIENT_H */
