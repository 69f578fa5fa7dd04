/* A store copied, as a backup is. */
#include <assert.h>

#include "fake_store.h"

enum tip_err fake_store_pour(struct tip_txn *from, struct tip_txn *to)
{
    enum tip_err err = TIP_OK;

    for (enum tip_table table = 0; table < TIP_TABLE_COUNT && err == TIP_OK;
         table++) {
        struct tip_key key = TIP_KEY(0, 0);
        struct tip_bytes value;

        while (err == TIP_OK && tip_txn_seek(from, table, TIP_SEEK_AT_OR_AFTER,
                                             key, &key, &value) == TIP_OK) {
            err = tip_txn_put(to, table, key, value);
            key = tip_key_next(key);
            tip_txn_forget(from);
        }
    }
    return err;
}

struct fake_store *fake_store_copy(struct fake_store *store)
{
    struct fake_store *copy = fake_store_new(store->limit_bytes);
    struct tip_txn *from, *to;
    bool good =
        tip_store_begin(&store->base, TIP_TXN_READ, &from) == TIP_OK &&
        tip_store_begin(&copy->base, TIP_TXN_WRITE_RESERVE, &to) == TIP_OK;

    assert(good);
    good = fake_store_pour(from, to) == TIP_OK;
    tip_txn_abort(from);
    good = tip_txn_commit(to) == TIP_OK && good;
    assert(good);
    return copy;
}
