/* The store contract on the store in memory. */
#include "fake_store.h"
#include "store_contract.h"

enum { LIMIT_BYTES = 16 * 1024 * 1024 };

static struct fake_store *fake_of(struct store_rig *rig)
{
    return (struct fake_store *)rig->store;
}

static void reopen(struct store_rig *rig)
{
    fake_store_power_cut(fake_of(rig));
}

static void break_disk(struct store_rig *rig)
{
    fake_store_fail_commit(fake_of(rig), 1, TIP_ESTORE_FAILED, FAKE_STORE_LOST);
}

static void repair(struct store_rig *rig)
{
    fake_store_recover(fake_of(rig));
}

static int setup(void **state)
{
    static struct store_rig rig;

    rig = (struct store_rig){
        .store = &fake_store_new(LIMIT_BYTES)->base,
        .limit_bytes = LIMIT_BYTES,
        .reopen = reopen,
        .break_disk = break_disk,
        .repair = repair,
    };
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    fake_store_free(fake_of(*state));
    return 0;
}

int main(void)
{
    return store_contract_run("store_fake", setup, teardown) +
           store_limits_run("store_fake_limits", setup, teardown);
}
