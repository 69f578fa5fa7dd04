/* The store on LMDB in a folder of its own, with a disk that can fail. */
#ifndef STORE_LMDB_RIG_H
#define STORE_LMDB_RIG_H

#include <sys/stat.h>

#include "store_contract.h"
#include "tip_store_lmdb.h"
#include "tip_vault.h"

enum {
    LMDB_RIG_LIMIT_BYTES = 24 * 1024 * 1024,
    LMDB_RIG_STEP_BYTES = 1024 * 1024
};

struct lmdb_rig {
    struct store_rig base; /* First member, so that the one is the other. */
    struct tip_store_lmdb *store;
    struct tip_store_lmdb_opts opts;
    struct tip_vault *vault;
    char dir[128];
};

/** Fixtures: *state is a struct lmdb_rig with an empty, open store. */
int lmdb_rig_setup(void **state);
int lmdb_rig_teardown(void **state);

/** Close and open, as steps of their own. */
void lmdb_rig_close(struct lmdb_rig *rig);
enum tip_err lmdb_rig_open(struct lmdb_rig *rig);

/** The path of @name in the store's folder, until the next call. */
const char *lmdb_rig_path(const struct lmdb_rig *rig, const char *name);

/** What stat() says of @name there. */
struct stat lmdb_rig_status(const struct lmdb_rig *rig, const char *name);

#endif /* STORE_LMDB_RIG_H */
