/*
 * Lets the store of a program that is not running rot: rot DIR. Its first
 * record is gone, as if its page were lost; its second says nothing anybody can
 * read.
 */
#include "home_tool.h"

static enum tip_err rot(struct tip_txn *txn)
{
    enum tip_err err = tip_txn_remove(txn, TIP_TABLE_RECORD, TIP_KEY(1, 0));

    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_RECORD, TIP_KEY(2, 0),
                                       tip_bytes_text("rotten"))
                         : err;
}

int main(int argc, char **argv)
{
    return home_tool_main(argc, argv, rot);
}
