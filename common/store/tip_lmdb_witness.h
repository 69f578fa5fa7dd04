/*
 * Private to common/store: how many commits there have been, said twice.
 *
 * The count is an entry of every commit, and after it lies in a file of its
 * own. One flipped bit in the head of LMDB's file brings back the commit
 * before the last, whole and sound, and so does a copy of the file put back;
 * a node that went on from there would give numbers away twice. The second
 * count is written when the commit is durable and never waited for: it may be
 * behind after a power cut, but is ahead only of a store that went back.
 */
#ifndef TIP_LMDB_WITNESS_H
#define TIP_LMDB_WITNESS_H

#include <stdint.h>

#include "tip_err.h"

struct MDB_txn;
struct tip_lmdb_dir;
struct tip_lmdb_map;
struct tip_sealer;

/** Read the count of @txn; 0 in a new store. TIP_ESTORE_DAMAGED. */
TIP_MUST_USE enum tip_err tip_lmdb_count_get(const struct tip_lmdb_map *map,
                                             struct MDB_txn *txn,
                                             struct tip_sealer *sealer,
                                             uint64_t *out_count);

/** Make @count the count of @txn. */
TIP_MUST_USE enum tip_err tip_lmdb_count_put(const struct tip_lmdb_map *map,
                                             struct MDB_txn *txn,
                                             struct tip_sealer *sealer,
                                             uint64_t count);

/** What the file says; 0 when there is none or it is half written. An error: it
 * is there and cannot be read, so nobody knows which count would be too low. */
TIP_MUST_USE enum tip_err tip_lmdb_witness_read(const struct tip_lmdb_dir *dir,
                                                struct tip_sealer *sealer,
                                                uint64_t *out_count);

/** Open the file to say counts in, made if it is missing. */
TIP_MUST_USE enum tip_err tip_lmdb_witness_open(const struct tip_lmdb_dir *dir,
                                                int *out_fd);

/** Say @count. Failing is no harm: an older count tells less, not wrong. */
void tip_lmdb_witness_say(int fd, struct tip_sealer *sealer, uint64_t count);

#endif /* TIP_LMDB_WITNESS_H */
