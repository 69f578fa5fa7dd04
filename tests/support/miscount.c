/*
 * Makes the figures of a hub that is not running wrong: miscount DIR. Their
 * newest row is taken away, as if a save had been counted and forgotten. The
 * row is sealed well; only a count from the records can tell.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tip_figures_internal.h"
#include "tip_home.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"

static enum tip_err forget_newest(struct tip_store *store)
{
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_key key;
    enum tip_err err = store->begin(store, TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_txn_seek(txn, TIP_TABLE_FIGURE, TIP_SEEK_AT_OR_BEFORE,
                       TIP_KEY(TIP_FIGURES_LOG, UINT64_MAX), &key, &row);
    if (err == TIP_OK && key.hi != TIP_FIGURES_LOG) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = tip_txn_remove(txn, TIP_TABLE_FIGURE, key);
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
        err = forget_newest(tip_store_lmdb_base(home.store));
    }
    tip_home_close(&home);
    if (err != TIP_OK) {
        (void)fprintf(stderr, "miscount: %s\n", tip_err_text(err));
    }
    return err == TIP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
