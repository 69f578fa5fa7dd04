/* A store copied, as a backup is. */
#include <assert.h>

#include "fake_store.h"

static void copy_table(struct tip_txn *from, struct tip_txn *to,
                       enum tip_table table)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;

    while (tip_txn_seek(from, table, TIP_SEEK_AT_OR_AFTER, key, &key, &value) ==
           TIP_OK) {
        enum tip_err err = tip_txn_put(to, table, key, value);

        assert(err == TIP_OK);
        (void)err;
        key = tip_key_next(key);
    }
}

struct fake_store *fake_store_copy(struct fake_store *store)
{
    struct fake_store *copy = fake_store_new(store->limit_bytes);
    struct tip_txn *from, *to;
    enum tip_err err = tip_store_begin(&store->base, TIP_TXN_READ, &from);

    assert(err == TIP_OK);
    err = tip_store_begin(&copy->base, TIP_TXN_WRITE_RESERVE, &to);
    assert(err == TIP_OK);
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        copy_table(from, to, (enum tip_table)i);
    }
    tip_txn_abort(from);
    err = tip_txn_commit(to);
    assert(err == TIP_OK);
    (void)err;
    return copy;
}
