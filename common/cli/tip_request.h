/*
 * What a command is asked to do: its call, who asks, and the files given.
 *
 * In the process that was started, files are opened by the command itself. In
 * the daemon their bytes arrive here in pieces, in the order of the table,
 * because the daemon has no right to the user's files.
 */
#ifndef TIP_REQUEST_H
#define TIP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_cli.h"
#include "tip_err.h"

/** The next bytes of a file. Borrowed until the handler returns. */
struct tip_input {
    struct tip_bytes name; /* The option or argument, as in the table. */
    struct tip_bytes bytes;
    bool is_last; /* The file ends behind these bytes. */
};

/** Handlers read the first fields; the rest is private. */
struct tip_request {
    const struct tip_cli_program *program; /* Borrowed. */
    const struct tip_cli_call *call;       /* Borrowed. */
    const struct tip_conf *conf;           /* Borrowed. */
    uint32_t uid;        /* Of the account that asks, from the kernel. */
    const char *account; /* Its name, for the author of a change. */

    /* The handler's own between its calls; freed with @job_free when the
     * command ends or its caller has gone away. NULL to start. */
    void *job;
    void (*job_free)(void *job);

    struct tip_input input; /* Private, as all below. */
    bool has_input;
    bool inputs_ended;
    bool is_kept;
};

/**
 * Take the next piece of the files. TIP_EAGAIN: it has not come yet, return
 * that too. TIP_ENOTFOUND: all files have been read.
 */
TIP_MUST_USE enum tip_err tip_request_input(struct tip_request *request,
                                            struct tip_input *out_input);

/** After tip_reply_data_end(), in a command of the daemon: TIP_EAGAIN until the
 * file is in its place, durably. Should that fail, the command ends. */
TIP_MUST_USE enum tip_err tip_request_kept(const struct tip_request *request);

/** The handler's own between its calls: @size zeroed bytes, made at the first
 * call, which @job_free will free. NULL: TIP_ENOMEM. */
void *tip_request_job(struct tip_request *request, size_t size,
                      void (*job_free)(void *job));

/** Free what the handler left. */
void tip_request_end(struct tip_request *request);

#endif /* TIP_REQUEST_H */
