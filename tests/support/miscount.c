/*
 * Makes the figures of a hub that is not running wrong: miscount DIR. Their
 * newest row is taken away, as if a save had been counted and forgotten. The
 * row is sealed well; only a count from the records can tell.
 */
#include "home_tool.h"
#include "tip_figures_internal.h"

static enum tip_err forget_newest(struct tip_txn *txn)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_FIGURE, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(TIP_FIGURES_LOG, UINT64_MAX), &key, &row);

    if (err == TIP_OK && key.hi != TIP_FIGURES_LOG) {
        err = TIP_ENOTFOUND;
    }
    return err == TIP_OK ? tip_txn_remove(txn, TIP_TABLE_FIGURE, key) : err;
}

int main(int argc, char **argv)
{
    return home_tool_main(argc, argv, forget_newest);
}
