#include "tip_lmdb_txn.h"

#include <assert.h>

#include <lmdb.h>

#include "tip_buf.h"
#include "tip_lmdb_err.h"
#include "tip_lmdb_map.h"
#include "tip_reader.h"
#include "tip_sealer.h"

/* What an idle transaction keeps for the next use; a scan may have taken
 * thousands of times that. */
enum { BORROWED_BYTES_KEPT = 128 * 1024 };

struct tip_lmdb_key tip_lmdb_key_encode(struct tip_key key)
{
    struct tip_lmdb_key encoded;
    struct tip_buf buf;

    tip_buf_init(&buf, encoded.bytes, sizeof encoded.bytes);
    tip_buf_put_u64(&buf, key.hi);
    tip_buf_put_u64(&buf, key.lo);
    encoded.size = key.lo == 0 ? sizeof key.hi : sizeof encoded.bytes;
    return encoded;
}

bool tip_lmdb_key_decode(struct tip_bytes bytes, struct tip_key *out_key)
{
    struct tip_reader reader;
    struct tip_key key = {0};

    tip_reader_init(&reader, bytes);
    key.hi = tip_reader_get_u64(&reader);
    if (bytes.size != sizeof key.hi) {
        key.lo = tip_reader_get_u64(&reader);
        if (key.lo == 0) {
            return false;
        }
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return false;
    }
    *out_key = key;
    return true;
}

void tip_lmdb_aad(enum tip_table table, struct tip_key key,
                  uint8_t out_aad[TIP_LMDB_AAD_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out_aad, TIP_LMDB_AAD_SIZE);
    tip_buf_put_u8(&buf, (uint8_t)table);
    tip_buf_put_u64(&buf, key.hi);
    tip_buf_put_u64(&buf, key.lo);
}

static void borrowed_release(struct tip_lmdb_txn *txn)
{
    if (txn->borrowed.used_bytes > BORROWED_BYTES_KEPT) {
        tip_arena_deinit(&txn->borrowed);
    } else {
        tip_arena_clear(&txn->borrowed);
    }
}

static void cursors_close(struct tip_lmdb_txn *txn)
{
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        if (txn->cursors[i] != NULL) {
            mdb_cursor_close(txn->cursors[i]);
            txn->cursors[i] = NULL;
        }
    }
}

/* LMDB frees a writer's cursors with the transaction. */
static void cursors_forget(struct tip_lmdb_txn *txn)
{
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        txn->cursors[i] = NULL;
    }
}

enum tip_err tip_lmdb_txn_begin(struct tip_lmdb_txn *txn,
                                const struct tip_lmdb_map *map,
                                enum tip_txn_mode mode)
{
    const unsigned int flags = mode == TIP_TXN_READ ? MDB_RDONLY : 0;
    enum tip_err err;

    assert(!txn->is_open);
    if (txn->mdb != NULL && txn->map != map) {
        tip_lmdb_txn_drop(txn);
    }
    err = tip_lmdb_err(txn->mdb != NULL
                           ? mdb_txn_renew(txn->mdb)
                           : mdb_txn_begin(map->env, NULL, flags, &txn->mdb));
    if (err != TIP_OK) {
        return err;
    }
    txn->mode = mode;
    txn->map = map;
    txn->spoilt = TIP_OK;
    txn->is_open = true;
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        txn->cursor_is_fresh[i] = false;
    }
    return TIP_OK;
}

void tip_lmdb_txn_rest(struct tip_lmdb_txn *txn)
{
    assert(txn->is_open && txn->mode == TIP_TXN_READ);
    mdb_txn_reset(txn->mdb);
    borrowed_release(txn);
    txn->is_open = false;
}

enum tip_err tip_lmdb_txn_commit(struct tip_lmdb_txn *txn)
{
    int rc;

    assert(txn->is_open && txn->mode != TIP_TXN_READ);
    rc = mdb_txn_commit(txn->mdb);
    cursors_forget(txn);
    borrowed_release(txn);
    txn->mdb = NULL;
    txn->is_open = false;
    return tip_lmdb_err(rc);
}

void tip_lmdb_txn_drop(struct tip_lmdb_txn *txn)
{
    if (txn->mdb != NULL) {
        cursors_close(txn);
        mdb_txn_abort(txn->mdb);
        txn->mdb = NULL;
    }
    borrowed_release(txn);
    txn->is_open = false;
}

/* The cursor of @table, opened once per transaction. */
static enum tip_err cursor_get(struct tip_lmdb_txn *txn, enum tip_table table,
                               MDB_cursor **out_cursor)
{
    MDB_cursor **cursor = &txn->cursors[table];
    int rc = MDB_SUCCESS;

    assert(txn->is_open && table < TIP_TABLE_COUNT);
    if (txn->spoilt != TIP_OK) {
        return txn->spoilt;
    }
    if (*cursor == NULL) {
        rc = mdb_cursor_open(txn->mdb, txn->map->tables[table], cursor);
    } else if (!txn->cursor_is_fresh[table]) {
        rc = mdb_cursor_renew(txn->mdb, *cursor);
    }
    if (rc == MDB_SUCCESS) {
        txn->cursor_is_fresh[table] = true;
        *out_cursor = *cursor;
    }
    return tip_lmdb_err(rc);
}

/* Open the value of an entry into memory of the transaction. */
static enum tip_err value_open(struct tip_lmdb_txn *txn, enum tip_table table,
                               struct tip_key key, MDB_val sealed,
                               struct tip_bytes *out_value)
{
    uint8_t aad[TIP_LMDB_AAD_SIZE];
    uint8_t *plain;
    size_t size;
    enum tip_err err;

    if (sealed.mv_size < TIP_SEALER_OVERHEAD ||
        sealed.mv_size > TIP_STORE_VALUE_BYTES_MAX + TIP_SEALER_OVERHEAD) {
        return TIP_ESTORE_DAMAGED;
    }
    size = sealed.mv_size - TIP_SEALER_OVERHEAD;
    plain = tip_arena_alloc(&txn->borrowed, size);
    if (plain == NULL) {
        return TIP_ENOMEM;
    }
    tip_lmdb_aad(table, key, aad);
    err = tip_sealer_open(txn->sealer, TIP_BYTES_OF(aad),
                          tip_bytes(sealed.mv_data, sealed.mv_size), plain);
    if (err == TIP_OK) {
        *out_value = tip_bytes(plain, size);
    }
    return err;
}

enum tip_err tip_lmdb_txn_get(struct tip_lmdb_txn *txn, enum tip_table table,
                              struct tip_key key, struct tip_bytes *out_value)
{
    struct tip_lmdb_key encoded = tip_lmdb_key_encode(key);
    MDB_val mdb_key = {encoded.size, encoded.bytes};
    MDB_val sealed;
    MDB_cursor *cursor = NULL;
    enum tip_err err = cursor_get(txn, table, &cursor);

    if (err == TIP_OK) {
        err = tip_lmdb_err(mdb_cursor_get(cursor, &mdb_key, &sealed, MDB_SET));
    }
    if (err != TIP_OK) {
        return err;
    }
    return value_open(txn, table, key, sealed, out_value);
}

enum tip_err tip_lmdb_txn_put(struct tip_lmdb_txn *txn, enum tip_table table,
                              struct tip_key key, struct tip_bytes value,
                              bool at_end)
{
    struct tip_lmdb_key encoded = tip_lmdb_key_encode(key);
    MDB_val mdb_key = {encoded.size, encoded.bytes};
    MDB_val sealed = {value.size + TIP_SEALER_OVERHEAD, NULL};
    uint8_t aad[TIP_LMDB_AAD_SIZE];
    MDB_cursor *cursor = NULL;
    enum tip_err err;
    int rc;

    if (value.size > TIP_STORE_VALUE_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    err = cursor_get(txn, table, &cursor);
    if (err != TIP_OK) {
        return err;
    }
    rc = mdb_cursor_put(cursor, &mdb_key, &sealed,
                        MDB_RESERVE | (at_end ? MDB_APPEND : 0));
    if (rc != MDB_SUCCESS) {
        err = tip_lmdb_err(rc);
        /* LMDB takes nothing more in a transaction that failed, except after
         * a key that is not the highest. */
        txn->spoilt = rc == MDB_KEYEXIST ? txn->spoilt : err;
        return err;
    }
    /* Sealed in place: the page is LMDB's own until the commit. */
    tip_lmdb_aad(table, key, aad);
    err =
        tip_sealer_seal(txn->sealer, TIP_BYTES_OF(aad), value, sealed.mv_data);
    if (err != TIP_OK) {
        txn->spoilt = err;
    }
    tip_arena_clear(&txn->borrowed);
    return err;
}

enum tip_err tip_lmdb_txn_remove(struct tip_lmdb_txn *txn, enum tip_table table,
                                 struct tip_key key)
{
    struct tip_lmdb_key encoded = tip_lmdb_key_encode(key);
    MDB_val mdb_key = {encoded.size, encoded.bytes};
    MDB_cursor *cursor = NULL;
    enum tip_err err = cursor_get(txn, table, &cursor);

    if (err == TIP_OK) {
        err = tip_lmdb_err(mdb_cursor_get(cursor, &mdb_key, NULL, MDB_SET));
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_err(mdb_cursor_del(cursor, 0));
    if (err != TIP_OK) {
        txn->spoilt = err;
        return err;
    }
    tip_arena_clear(&txn->borrowed);
    return TIP_OK;
}

/* Put @cursor on the entry that @seek asks for. */
static int cursor_seek(MDB_cursor *cursor, enum tip_seek seek,
                       const struct tip_lmdb_key *wanted, MDB_val *key,
                       MDB_val *value)
{
    int rc = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);

    if (seek == TIP_SEEK_AT_OR_AFTER) {
        return rc;
    }
    if (rc == MDB_NOTFOUND) {
        return mdb_cursor_get(cursor, key, value, MDB_LAST);
    }
    if (rc == MDB_SUCCESS &&
        !tip_bytes_equal(tip_bytes(key->mv_data, key->mv_size),
                         tip_bytes(wanted->bytes, wanted->size))) {
        return mdb_cursor_get(cursor, key, value, MDB_PREV);
    }
    return rc;
}

enum tip_err tip_lmdb_txn_seek(struct tip_lmdb_txn *txn, enum tip_table table,
                               enum tip_seek seek, struct tip_key key,
                               struct tip_key *out_key,
                               struct tip_bytes *out_value)
{
    struct tip_lmdb_key wanted = tip_lmdb_key_encode(key);
    MDB_val mdb_key = {wanted.size, wanted.bytes};
    MDB_val sealed;
    MDB_cursor *cursor = NULL;
    struct tip_key found;
    enum tip_err err = cursor_get(txn, table, &cursor);

    if (err == TIP_OK) {
        err =
            tip_lmdb_err(cursor_seek(cursor, seek, &wanted, &mdb_key, &sealed));
    }
    if (err != TIP_OK) {
        return err;
    }
    if (!tip_lmdb_key_decode(tip_bytes(mdb_key.mv_data, mdb_key.mv_size),
                             &found)) {
        *out_key = key;
        return TIP_ESTORE_DAMAGED;
    }
    err = value_open(txn, table, found, sealed, out_value);
    if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
        *out_key = found;
    }
    return err;
}

void tip_lmdb_txn_forget(struct tip_lmdb_txn *txn)
{
    borrowed_release(txn);
}
