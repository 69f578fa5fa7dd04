/* The real store in folders of its own, and what is asked of it afterwards. */
#ifndef CRASH_RIG_H
#define CRASH_RIG_H

#include "tip_store_lmdb.h"
#include "tip_test.h"

struct tip_vault;

enum {
    CRASH_LIMIT_BYTES = 24 * 1024 * 1024,
    CRASH_STEP_BYTES = 1024 * 1024,
    CRASH_PATH_SIZE = 96
};

#define ASSERT_OK(call) assert_int_equal((call), TIP_OK)

/** A folder for the whole program, with a vault key; made at the first call,
 * removed by crash_rig_deinit(). */
const char *crash_rig_root(void);
void crash_rig_deinit(void);

/** How a store of these tests is opened in @path, which is borrowed. */
struct tip_store_lmdb_opts crash_rig_opts(const char *path);

/** Write the path of folder @name, made if it is missing, emptied if not. */
void crash_rig_folder(const char *name, char out_path[CRASH_PATH_SIZE]);

/** From CRASH_EVERY in the environment: look at each so many-th thing. 1 when
 * unset: at all. */
unsigned int crash_every(void);

/** A sum over all that is in @store: tables, keys, values. Fails the test if
 * something cannot be read. */
uint64_t crash_store_sum(struct tip_store *store);

/** Put a value and read it again; NULL, or what went wrong. */
const char *crash_store_goes_on(struct tip_store *store);

/** Look at the store in @path as the program does after a power cut: verify,
 * open. NULL and an open store, or what went wrong. @was_made: a store was
 * there before; otherwise there may be none. */
const char *crash_store_reopen(const char *path, bool was_made,
                               struct tip_store_lmdb **out_store);

/** The same with what the first restore in @path replaced, put back in its
 * place. */
const char *crash_store_reopen_before(const char *path,
                                      struct tip_store_lmdb **out_store);

#endif /* CRASH_RIG_H */
