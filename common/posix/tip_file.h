/*
 * Whole small files: read within a bound, replaced all or nothing.
 *
 * For configuration, keys and state that fits in memory; records live in the
 * store. Replacing is durable: after TIP_OK a power cut leaves the new content,
 * before it the old.
 */
#ifndef TIP_FILE_H
#define TIP_FILE_H

#include <sys/types.h>

#include "tip_arena.h"
#include "tip_bytes.h"
#include "tip_err.h"

enum tip_file_trust {
    TIP_FILE_ANY,    /* Whoever may read it. */
    TIP_FILE_PRIVATE /* Holds a secret: nobody but its owner may touch it. */
};

/**
 * Read the regular file @path whole into @arena. TIP_ENOTFOUND, TIP_EACCESS,
 * TIP_ETOOBIG (above @bytes_max), TIP_EEXPOSED (@trust is TIP_FILE_PRIVATE and
 * group or others have a right on it, or it belongs to another account),
 * TIP_EINVAL (not a regular file), TIP_ENOMEM (the arena's cap), TIP_EIO.
 */
TIP_MUST_USE enum tip_err
tip_file_read(const char *path, enum tip_file_trust trust, size_t bytes_max,
              struct tip_arena *arena, struct tip_bytes *out_content);

/**
 * Replace @path by @content with access rights @mode, durably. One writer per
 * path: the new content is built beside it in "<path>.new". On any error the
 * old file is as it was. TIP_ESTORE_FULL when the disk is full.
 */
TIP_MUST_USE enum tip_err tip_file_write(const char *path,
                                         struct tip_bytes content, mode_t mode);

/** The same for a file that must not exist yet. TIP_EEXISTS: it does, and is as
 * it was. */
TIP_MUST_USE enum tip_err
tip_file_create(const char *path, struct tip_bytes content, mode_t mode);

/**
 * Make the folder @path with rights @mode unless there is one, durably. Its
 * parent must exist. TIP_EINVAL: something else has that name.
 */
TIP_MUST_USE enum tip_err tip_file_mkdir(const char *path, mode_t mode);

/** Make the names inside the folder that holds @path durable. */
TIP_MUST_USE enum tip_err tip_file_sync_parent(const char *path);

/** What @error (an errno of a file function) means here; never TIP_OK. */
enum tip_err tip_file_err(int error);

#endif /* TIP_FILE_H */
