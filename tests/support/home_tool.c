#include "home_tool.h"

#include <stdio.h>
#include <stdlib.h>

#include "tip_home.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"

static enum tip_err alter(struct tip_store *store,
                          enum tip_err (*change)(struct tip_txn *txn))
{
    struct tip_txn *txn;
    enum tip_err err = store->begin(store, TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = change(txn);
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}

int home_tool_main(int argc, char **argv,
                   enum tip_err (*change)(struct tip_txn *txn))
{
    struct tip_home_opts opts = {.credential = "none",
                                 .limit_bytes = UINT64_C(256) << 20};
    struct tip_home home = {.vault = NULL};
    enum tip_err err;

    if (argc != 2) {
        return EXIT_FAILURE;
    }
    opts.dir = argv[1];
    err = tip_seal_init();
    if (err == TIP_OK) {
        err = tip_home_open(&opts, &home);
    }
    if (err == TIP_OK) {
        err = alter(tip_store_lmdb_base(home.store), change);
    }
    tip_home_close(&home);
    if (err != TIP_OK) {
        (void)fprintf(stderr, "%s: %s\n", argv[0], tip_err_text(err));
    }
    return err == TIP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
