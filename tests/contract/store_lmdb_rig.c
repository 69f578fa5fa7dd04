#include "store_lmdb_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "disk_fault.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

void lmdb_rig_close(struct lmdb_rig *rig)
{
    tip_store_lmdb_close(rig->store);
    rig->store = NULL;
    rig->base.store = NULL;
}

enum tip_err lmdb_rig_open(struct lmdb_rig *rig)
{
    const enum tip_err err = tip_store_lmdb_open(&rig->opts, &rig->store);

    if (err == TIP_OK) {
        rig->base.store = tip_store_lmdb_base(rig->store);
    }
    return err;
}

static void reopen(struct store_rig *base)
{
    struct lmdb_rig *rig = (struct lmdb_rig *)base;

    lmdb_rig_close(rig);
    ASSERT_OK(lmdb_rig_open(rig));
}

static void break_disk(struct store_rig *base)
{
    (void)base;
    disk_fault_arm(DISK_FAULT_SYNC, 1);
}

static void repair(struct store_rig *base)
{
    struct lmdb_rig *rig = (struct lmdb_rig *)base;

    assert_true(disk_fault_clear());
    ASSERT_OK(tip_store_lmdb_recover(rig->store));
}

const char *lmdb_rig_path(const struct lmdb_rig *rig, const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", rig->dir, name);
    return path;
}

int lmdb_rig_setup(void **state)
{
    static struct lmdb_rig rig;
    const char *parent = getenv("TMPDIR");

    rig = (struct lmdb_rig){
        .base = {.limit_bytes = LMDB_RIG_LIMIT_BYTES,
                 .reopen = reopen,
                 .break_disk = break_disk,
                 .repair = repair},
        .opts = {.dir = rig.dir,
                 .limit_bytes = LMDB_RIG_LIMIT_BYTES,
                 .step_bytes = LMDB_RIG_STEP_BYTES},
    };
    (void)snprintf(rig.dir, sizeof rig.dir, "%s/tip_store_XXXXXX",
                   parent == NULL ? "/tmp" : parent);
    ASSERT_OK(tip_seal_init());
    assert_non_null(mkdtemp(rig.dir));
    ASSERT_OK(tip_vault_create_file(lmdb_rig_path(&rig, "vault.key"),
                                    tip_random_sodium()));
    ASSERT_OK(
        tip_vault_open_file(lmdb_rig_path(&rig, "vault.key"), &rig.vault));
    rig.opts.sealer = tip_vault_sealer(rig.vault);
    ASSERT_OK(lmdb_rig_open(&rig));
    *state = &rig;
    return 0;
}

int lmdb_rig_teardown(void **state)
{
    static const char *const names[] = {
        "store.mdb", "store.mdb-lock", "store.new",      "store.last",
        "lock",      "vault.key",      "store.before-1", "store.before-2"};
    struct lmdb_rig *rig = *state;

    (void)disk_fault_clear();
    lmdb_rig_close(rig);
    tip_vault_close(rig->vault);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(lmdb_rig_path(rig, names[i]));
    }
    assert_int_equal(rmdir(rig->dir), 0);
    return 0;
}

struct stat lmdb_rig_status(const struct lmdb_rig *rig, const char *name)
{
    struct stat status = {0};

    assert_int_equal(stat(lmdb_rig_path(rig, name), &status), 0);
    return status;
}
