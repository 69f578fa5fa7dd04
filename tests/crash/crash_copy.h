/* The entries of a store, sealed as a backup has them, in memory. */
#ifndef CRASH_COPY_H
#define CRASH_COPY_H

#include "tip_store_lmdb.h"

enum { CRASH_COPY_ENTRIES_MAX = 128, CRASH_COPY_BYTES_MAX = 64 * 1024 };

struct crash_copy {
    struct {
        enum tip_table table;
        struct tip_key key;
        size_t at, size;
    } entries[CRASH_COPY_ENTRIES_MAX];
    size_t count, bytes_used;
    uint64_t commit_count;
    uint8_t bytes[CRASH_COPY_BYTES_MAX];
};

/** Take all that is committed in @store. Errors of the dump. */
TIP_MUST_USE enum tip_err crash_copy_take(struct tip_store_lmdb *store,
                                          struct crash_copy *out_copy);

/** Put @copy in the place of the store that @opts names, which is closed.
 * Errors of the build; then the store is what it was. */
TIP_MUST_USE enum tip_err
crash_copy_restore(const struct crash_copy *copy,
                   const struct tip_store_lmdb_opts *opts);

#endif /* CRASH_COPY_H */
