/* The store contract on LMDB. */
#include "store_lmdb_rig.h"

int main(void)
{
    return store_contract_run("store_lmdb", lmdb_rig_setup, lmdb_rig_teardown) +
           store_limits_run("store_lmdb_limits", lmdb_rig_setup,
                            lmdb_rig_teardown);
}
