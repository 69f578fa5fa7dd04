/*
 * Private to common/store: the folder of a store and the space of its file.
 *
 * LMDB knows no fsync of folders and lets its file grow as it writes. Both
 * lose acknowledged data in a power cut on some disks, so files here are made
 * whole under another name, and their blocks are on disk before LMDB uses them.
 */
#ifndef TIP_LMDB_FILE_H
#define TIP_LMDB_FILE_H

#include <stdint.h>

#include "tip_err.h"

/* Names in the folder; LMDB adds "-lock" to the name of its file. */
#define TIP_LMDB_FILE_NAME    "store.mdb"
#define TIP_LMDB_IMAGE_NAME   "store.new" /* One being made. */
#define TIP_LMDB_OLD_NAME     "store.old" /* One to be overwritten. */
#define TIP_LMDB_WITNESS_NAME "store.last"
#define TIP_LMDB_LOCK_NAME    "lock"

enum { TIP_LMDB_PATH_SIZE = 4096 };

/** A folder held by this process alone. Caller-allocated. */
struct tip_lmdb_dir {
    char path[TIP_LMDB_PATH_SIZE];
    int dir_fd;
    int lock_fd; /* Holds the lock until closed. */
};

/** Open the folder @path and lock it. TIP_ENOTFOUND; TIP_ESTORE_BUSY: another
 * process has it. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_open(struct tip_lmdb_dir *dir,
                                            const char *path);

void tip_lmdb_dir_close(struct tip_lmdb_dir *dir);

/** Write the path of @name in the folder; TIP_EINVAL when it is too long. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_path(const struct tip_lmdb_dir *dir,
                                            const char *name,
                                            char out_path[TIP_LMDB_PATH_SIZE]);

/** Give @from the name @to, whatever had it, and make that durable. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_rename(const struct tip_lmdb_dir *dir,
                                              const char *from, const char *to);

/** Give @from the name @to as well, durably. TIP_EEXISTS: something has it. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_link(const struct tip_lmdb_dir *dir,
                                            const char *from, const char *to);

/** Remove @name; a missing one is no error. */
void tip_lmdb_dir_remove(const struct tip_lmdb_dir *dir, const char *name);

/** Overwrite @name with zeros, on the disk, then remove it; a missing one is no
 * error. On any other it is still there. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_wipe(const struct tip_lmdb_dir *dir,
                                            const char *name);

/** The size of @name in bytes; TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err tip_lmdb_dir_size(const struct tip_lmdb_dir *dir,
                                            const char *name,
                                            uint64_t *out_bytes);

/**
 * Extend @name from @old_bytes to @new_bytes with blocks that are on disk and
 * zero. On failure the file is as it was: TIP_ESTORE_FULL when the disk has no
 * room, TIP_EIO when it failed.
 */
TIP_MUST_USE enum tip_err tip_lmdb_dir_extend(const struct tip_lmdb_dir *dir,
                                              const char *name,
                                              uint64_t old_bytes,
                                              uint64_t new_bytes);

/** Drop @name from the page cache: the next reading comes from the disk. */
void tip_lmdb_dir_uncache(const struct tip_lmdb_dir *dir, const char *name);

#endif /* TIP_LMDB_FILE_H */
