/*
 * Lets the store of a program that is not running rot: rot_frame DIR. The first
 * frame of its feeds says nothing anybody can read.
 */
#include "home_tool.h"

static enum tip_err rot(struct tip_txn *txn)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY(0, 0), &key, &value);

    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_FRAME_UP, key,
                                       tip_bytes_text("rotten"))
                         : err;
}

int main(int argc, char **argv)
{
    return home_tool_main(argc, argv, rot);
}
