#include "plain_lmdb.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include <lmdb.h>

struct plain_lmdb {
    MDB_env *env;
    MDB_dbi dbi;
    MDB_txn *txn;
    MDB_cursor *cursor;
};

static void must(int rc)
{
    if (rc != MDB_SUCCESS) {
        (void)fprintf(stderr, "plain_lmdb: %s\n", mdb_strerror(rc));
        exit(1);
    }
}

struct plain_lmdb *plain_lmdb_open(const char *path, uint64_t limit_bytes)
{
    struct plain_lmdb *plain = calloc(1, sizeof *plain);

    if (plain == NULL) {
        exit(1);
    }
    must(mdb_env_create(&plain->env));
    must(mdb_env_set_mapsize(plain->env, (size_t)limit_bytes));
    must(mdb_env_set_maxdbs(plain->env, 1));
    must(mdb_env_open(plain->env, path, MDB_NOSUBDIR | MDB_NOTLS, 0600));
    must(mdb_txn_begin(plain->env, NULL, 0, &plain->txn));
    must(mdb_dbi_open(plain->txn, "0", MDB_CREATE, &plain->dbi));
    must(mdb_txn_commit(plain->txn));
    return plain;
}

void plain_lmdb_close(struct plain_lmdb *plain)
{
    mdb_env_close(plain->env);
    free(plain);
}

void plain_lmdb_begin(struct plain_lmdb *plain, bool writes)
{
    must(mdb_txn_begin(plain->env, NULL, writes ? 0 : MDB_RDONLY, &plain->txn));
    must(mdb_cursor_open(plain->txn, plain->dbi, &plain->cursor));
}

void plain_lmdb_commit(struct plain_lmdb *plain)
{
    mdb_cursor_close(plain->cursor);
    must(mdb_txn_commit(plain->txn));
}

void plain_lmdb_put(struct plain_lmdb *plain, uint64_t hi, uint64_t lo,
                    struct tip_bytes value, bool at_end)
{
    uint64_t halves[2] = {htobe64(hi), htobe64(lo)};
    MDB_val key = {sizeof halves, halves};
    MDB_val data = {value.size, NULL};

    must(mdb_cursor_put(plain->cursor, &key, &data,
                        MDB_RESERVE | (at_end ? MDB_APPEND : 0)));
    memcpy(data.mv_data, value.data, value.size);
}

unsigned int plain_lmdb_get(struct plain_lmdb *plain, uint64_t hi, uint64_t lo)
{
    uint64_t halves[2] = {htobe64(hi), htobe64(lo)};
    MDB_val key = {sizeof halves, halves};
    MDB_val data;
    const uint8_t *bytes;

    must(mdb_cursor_get(plain->cursor, &key, &data, MDB_SET));
    bytes = data.mv_data;
    return (unsigned int)bytes[0] + bytes[data.mv_size - 1];
}
