/*
 * Prints how many rows of the store of a program that is not running hold one
 * of some texts, once its vault has opened them: grep_store DIR TEXT... What is
 * packed within frames is not looked into: star_grep.h does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "home_tool.h"

static char **wanted; /* Ends with NULL. */

static bool holds_one(struct tip_bytes row)
{
    for (char **text = wanted; *text != NULL; text++) {
        if (memmem(row.data, row.size, *text, strlen(*text)) != NULL) {
            return true;
        }
    }
    return false;
}

static enum tip_err grep_table(struct tip_txn *txn, enum tip_table table,
                               unsigned long *count)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes row;
    enum tip_err err;

    while ((err = tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key,
                               &row)) == TIP_OK) {
        *count += holds_one(row) ? 1 : 0;
        key = tip_key_next(key);
        tip_txn_forget(txn);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err grep(struct tip_txn *txn)
{
    enum tip_err err = TIP_OK;
    unsigned long count = 0;

    for (int table = 0; table < TIP_TABLE_COUNT && err == TIP_OK; table++) {
        err = grep_table(txn, (enum tip_table)table, &count);
    }
    if (err == TIP_OK) {
        printf("%lu\n", count);
    }
    return err;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return EXIT_FAILURE;
    }
    wanted = argv + 2;
    return home_tool_main(2, argv, grep);
}
