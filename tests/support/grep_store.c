/*
 * Prints how many rows of the store of a program that is not running hold a
 * text, once its vault has opened them: grep_store DIR TEXT. What is packed
 * within frames is not looked into: star_grep.h does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "home_tool.h"

static struct tip_bytes wanted;

static bool holds(struct tip_bytes row)
{
    for (size_t i = 0; i + wanted.size <= row.size; i++) {
        if (memcmp(row.data + i, wanted.data, wanted.size) == 0) {
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
        *count += holds(row) ? 1 : 0;
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
    if (argc != 3) {
        return EXIT_FAILURE;
    }
    wanted = tip_bytes_text(argv[2]);
    return home_tool_main(argc - 1, argv, grep);
}
