/* Private to common/store: the store's own state, for the files that share it.
 */
#ifndef TIP_STORE_LMDB_INTERNAL_H
#define TIP_STORE_LMDB_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "tip_lmdb_file.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_txn.h"
#include "tip_store_lmdb.h"

struct tip_store_lmdb {
    struct tip_store base; /* First member, so that the one is the other. */
    struct tip_lmdb_dir dir;
    struct tip_sealer *sealer; /* Borrowed. */
    struct tip_lmdb_map map;

    /* After a failed write of its head LMDB refuses to read too; then this
     * second, read-only opening of the file serves readers. */
    struct tip_lmdb_map rescue;
    bool has_rescue;

    uint64_t limit_bytes;   /* Whole pages. */
    uint64_t reserve_bytes; /* Of the limit. */
    uint64_t step_bytes;
    uint64_t file_bytes; /* Blocks the file has; grows to the limit. */
    bool disk_is_full;   /* The last attempt to grow failed for that. */

    struct tip_lmdb_txn writer;
    bool has_written;      /* The open writer has. */
    uint64_t commit_count; /* See tip_lmdb_witness.h. */
    int witness_fd;

    pthread_mutex_t readers_lock; /* Guards what follows, and rescue. */
    struct tip_lmdb_txn *readers; /* Owned list, all of them. */
    struct tip_lmdb_txn *idle_readers;
    unsigned int open_reader_count;

    /* Read by any thread. */
    atomic_bool failed;
    _Atomic uint64_t used_bytes;
    _Atomic uint64_t growable_bytes; /* The limit, or less on a full disk. */
    _Atomic uint64_t unread_count;   /* Reads that found a record altered. */
};

/** The interface, without a store yet. */
extern const struct tip_store tip_store_lmdb_functions;

/** Open the store's file and learn its size. */
TIP_MUST_USE enum tip_err tip_store_lmdb_map(struct tip_store_lmdb *store);

/** Copy every value that opens into a new file beside the store's and read it
 * back. Holds readers_lock; nobody reads. On an error nothing is left of it. */
TIP_MUST_USE enum tip_err tip_store_lmdb_copy(struct tip_store_lmdb *store);

/** Another file has taken the place of the store's: open that. Holds
 * readers_lock; nobody reads. */
TIP_MUST_USE enum tip_err tip_store_lmdb_remap(struct tip_store_lmdb *store);

/** tip_store.purge. */
TIP_MUST_USE enum tip_err tip_store_lmdb_purge(struct tip_store *self);

/** Give the file blocks for @bytes and as much more as makes a step. A full
 * disk is remembered and no error: what fits the file still goes in. TIP_EIO:
 * the disk failed. Writing thread. */
TIP_MUST_USE enum tip_err tip_store_lmdb_grow(struct tip_store_lmdb *store,
                                              uint64_t bytes);

/** Prepare a transaction of @store for its first use. */
void tip_store_lmdb_init_txn(struct tip_store_lmdb *store,
                             struct tip_lmdb_txn *txn);

TIP_MUST_USE enum tip_err
tip_store_lmdb_begin_reader(struct tip_store_lmdb *store,
                            struct tip_txn **out_txn);
void tip_store_lmdb_end_reader(struct tip_store_lmdb *store,
                               struct tip_lmdb_txn *reader);

/** The oldest transaction somebody still reads, or the one before the
 * writer's, which is open. */
uint64_t tip_store_lmdb_oldest_reader(struct tip_store_lmdb *store);

/** The opening of the file that reads whatever failed. Holds readers_lock. */
TIP_MUST_USE enum tip_err
tip_store_lmdb_readable(struct tip_store_lmdb *store,
                        const struct tip_lmdb_map **out_map);

/** Free the readers; none may be open. Holds readers_lock. */
void tip_store_lmdb_drop_readers(struct tip_store_lmdb *store);

#endif /* TIP_STORE_LMDB_INTERNAL_H */
