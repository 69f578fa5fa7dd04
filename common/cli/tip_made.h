/*
 * The file that a command makes, beside its place until it is whole.
 *
 * It is for its owner alone (0600): it may hold what is known of people. Until
 * it is kept, what stood in its place is as it was.
 */
#ifndef TIP_MADE_H
#define TIP_MADE_H

#include <stdbool.h>

#include "tip_err.h"
#include "tip_out.h"

enum { TIP_MADE_PATH_SIZE = 1024 };

/** Caller-allocated; zero: there is none. */
struct tip_made {
    struct tip_out out; /* To write to; its file is NULL when there is none. */
    char path[TIP_MADE_PATH_SIZE]; /* Where it is to be. */
};

/** Begin what will be @path. TIP_EFOLDER: that is one; TIP_EINVAL: something
 * else than a file has that name, and is not replaced; TIP_ETOOBIG,
 * TIP_ENOTFOUND (of the folder), TIP_EACCESS, TIP_EIO, TIP_ESTORE_FULL,
 * TIP_EAGAIN: somebody else is making that file. */
TIP_MUST_USE enum tip_err tip_made_open(struct tip_made *made,
                                        const char *path);

/** Read it back and put it in its place, durably; TIP_OK too when there is
 * none. On any error, as of a write before, it is gone and its place as it was.
 * TIP_EIO; TIP_EREADBACK: the disk does not give what was written. */
TIP_MUST_USE enum tip_err tip_made_keep(struct tip_made *made);

/** Forget it, unless it was kept. */
void tip_made_drop(struct tip_made *made);

#endif /* TIP_MADE_H */
