/*
 * Lets the store of a node that is not running rot: rot DIR. Its first record
 * is gone, as if its page were lost; its second says nothing anybody can read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tip_home.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"

static enum tip_err rot(struct tip_store *store)
{
    struct tip_txn *txn;
    enum tip_err err = store->begin(store, TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_txn_remove(txn, TIP_TABLE_RECORD, TIP_KEY(1, 0));
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_RECORD, TIP_KEY(2, 0),
                          tip_bytes_text("rotten"));
    }
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}

int main(int argc, char **argv)
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
        err = rot(tip_store_lmdb_base(home.store));
    }
    tip_home_close(&home);
    if (err != TIP_OK) {
        (void)fprintf(stderr, "rot: %s\n", tip_err_text(err));
    }
    return err == TIP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
