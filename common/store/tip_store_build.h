/*
 * A store made of entries that were dumped, whole beside whatever is in its
 * place, and put there at once.
 *
 * Until tip_store_build_publish() has returned TIP_OK the folder holds what it
 * held, whatever ends this process; a crash within it leaves the one or the
 * other. The store that was there stays in the folder as store.before-N, the
 * first N that is free; nothing here ever removes one.
 */
#ifndef TIP_STORE_BUILD_H
#define TIP_STORE_BUILD_H

#include <stdbool.h>

#include "tip_store_dump.h"

struct tip_store_build;

enum { TIP_STORE_BEFORE_SIZE = 32 /* "store.before-12", ended by zero. */ };

/** Hold the folder of @opts, which is made if it is missing, and begin a store
 * of some @file_bytes in it. TIP_ESTORE_BUSY: a process has the folder;
 * TIP_ESTORE_FULL, TIP_EINVAL as tip_store_lmdb_open(). */
TIP_MUST_USE enum tip_err
tip_store_build_open(const struct tip_store_lmdb_opts *opts,
                     uint64_t file_bytes, struct tip_store_build **out_build);

/** Put in an entry, in the order in which a dump gives them; the value of one
 * that is_damaged as it is, for whoever reads it to find.
 * TIP_ESTORE_DAMAGED: any other does not open, or it is out of order.
 * TIP_ESTORE_FULL: the limit is too low. After an error only close. */
TIP_MUST_USE enum tip_err
tip_store_build_add(struct tip_store_build *build,
                    const struct tip_store_entry *entry);

/** Seal @value and put it in, as an entry; likewise in order. */
TIP_MUST_USE enum tip_err tip_store_build_put(struct tip_store_build *build,
                                              enum tip_table table,
                                              struct tip_key key,
                                              struct tip_bytes value);

/**
 * Read all of it back from the disk and put it in its place, durably. Its
 * commits are counted on from @commit_count or from what the folder has seen,
 * whichever is more, so that it opens and no count comes twice.
 * @out_before: what the store that was there is called now; empty if there was
 * none.
 */
TIP_MUST_USE enum tip_err
tip_store_build_publish(struct tip_store_build *build, uint64_t commit_count,
                        char out_before[TIP_STORE_BEFORE_SIZE]);

/** Whether a store that was replaced lies in the folder @dir; the name of one.
 * Nothing that is erased leaves it. */
bool tip_store_has_before(const char *dir,
                          char out_name[TIP_STORE_BEFORE_SIZE]);

/** Let go of the folder, and remove what was not published. Accepts NULL. */
void tip_store_build_close(struct tip_store_build *build);

#endif /* TIP_STORE_BUILD_H */
