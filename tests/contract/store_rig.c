#include "store_contract.h"

struct tip_txn *rig_begin(struct store_rig *rig, enum tip_txn_mode mode)
{
    struct tip_txn *txn = NULL;

    ASSERT_OK(tip_store_begin(rig->store, mode, &txn));
    assert_non_null(txn);
    return txn;
}

void rig_put(struct store_rig *rig, enum tip_table table, struct tip_key key,
             struct tip_bytes value)
{
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);

    ASSERT_OK(tip_txn_put(txn, table, key, value));
    ASSERT_OK(tip_txn_commit(txn));
}

enum tip_err rig_try_put(struct store_rig *rig, enum tip_txn_mode mode,
                         struct tip_key key, struct tip_bytes value)
{
    struct tip_txn *txn;
    enum tip_err err = tip_store_begin(rig->store, mode, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_txn_put(txn, RIG_TABLE, key, value);
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}

void rig_assert_value(struct store_rig *rig, enum tip_table table,
                      struct tip_key key, struct tip_bytes value)
{
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_READ);
    struct tip_bytes found = TIP_BYTES_NONE;

    ASSERT_OK(tip_txn_get(txn, table, key, &found));
    ASSERT_BYTES(found, value);
    tip_txn_abort(txn);
}

void rig_assert_none(struct store_rig *rig, enum tip_table table,
                     struct tip_key key)
{
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_READ);
    struct tip_bytes found;

    assert_int_equal(tip_txn_get(txn, table, key, &found), TIP_ENOTFOUND);
    tip_txn_abort(txn);
}
