/*
 * Lets the store of a program that is not running rot: rot_row DIR TABLE. Of
 * the first row of that table nothing is left but its first byte.
 */
#include <stdlib.h>

#include "home_tool.h"

static enum tip_table table;

static enum tip_err rot(struct tip_txn *txn)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err = tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER,
                                    TIP_KEY(0, 0), &key, &value);

    return err == TIP_OK
               ? tip_txn_put(txn, table, key, tip_bytes(value.data, 1))
               : err;
}

int main(int argc, char **argv)
{
    unsigned long number = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

    if (number == 0 || number >= TIP_TABLE_COUNT) {
        return EXIT_FAILURE;
    }
    table = (enum tip_table)number;
    return home_tool_main(argc - 1, argv, rot);
}
