#include "tip_lmdb_fill.h"

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_witness.h"

/* Entries of one transaction: few commits, little memory. */
enum { FILL_COUNT_MAX = 4096 };

static enum tip_err begin(struct tip_lmdb_fill *fill, enum tip_table table)
{
    int rc = MDB_SUCCESS;

    if (fill->txn == NULL) {
        rc = mdb_txn_begin(fill->to->env, NULL, 0, &fill->txn);
        fill->cursor = NULL;
    }
    /* A writer's cursors go with it, this one as well. */
    if (rc == MDB_SUCCESS && (fill->cursor == NULL || fill->table != table)) {
        rc = mdb_cursor_open(fill->txn, fill->to->tables[table], &fill->cursor);
        fill->table = table;
    }
    return tip_lmdb_err(rc);
}

static enum tip_err commit(struct tip_lmdb_fill *fill)
{
    MDB_txn *txn = fill->txn;

    fill->txn = NULL;
    return txn == NULL ? TIP_OK : tip_lmdb_err(mdb_txn_commit(txn));
}

enum tip_err tip_lmdb_fill_add(struct tip_lmdb_fill *fill, enum tip_table table,
                               struct tip_bytes key, struct tip_bytes sealed)
{
    MDB_val name = {key.size, tip_lmdb_writable(key.data)};
    MDB_val value = {sealed.size, tip_lmdb_writable(sealed.data)};
    enum tip_err err = begin(fill, table);

    if (err == TIP_OK) {
        int rc = mdb_cursor_put(fill->cursor, &name, &value, MDB_APPEND);

        err = rc == MDB_KEYEXIST ? TIP_EEXISTS : tip_lmdb_err(rc);
    }
    if (err != TIP_OK) {
        return err;
    }
    fill->counts[table]++;
    fill->count++;
    return fill->count % FILL_COUNT_MAX == 0 ? commit(fill) : TIP_OK;
}

enum tip_err tip_lmdb_fill_end(struct tip_lmdb_fill *fill,
                               struct tip_sealer *sealer, uint64_t commit_count)
{
    enum tip_err err = commit(fill);

    if (err == TIP_OK) {
        err = tip_lmdb_err(mdb_txn_begin(fill->to->env, NULL, 0, &fill->txn));
    }
    if (err == TIP_OK) {
        err = tip_lmdb_count_put(fill->to, fill->txn, sealer, commit_count);
    }
    return err == TIP_OK ? commit(fill) : err;
}

void tip_lmdb_fill_drop(struct tip_lmdb_fill *fill)
{
    if (fill->txn != NULL) {
        mdb_txn_abort(fill->txn);
        fill->txn = NULL;
    }
}
