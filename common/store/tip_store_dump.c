#include "tip_store_dump.h"

#include <stdlib.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_walk.h"
#include "tip_lmdb_witness.h"
#include "tip_store_lmdb_internal.h"

struct tip_store_dump {
    struct tip_store_lmdb *store; /* Borrowed. */
    struct tip_txn *txn;
    struct tip_lmdb_walk walk;
    enum tip_table table; /* Of the walk. */
    bool is_walking;
    uint64_t commit_count;
    uint64_t entry_count;
};

static const struct tip_lmdb_txn *reader_of(const struct tip_store_dump *dump)
{
    return (const struct tip_lmdb_txn *)dump->txn;
}

static enum tip_err count(struct tip_store_dump *dump)
{
    const struct tip_lmdb_txn *reader = reader_of(dump);
    enum tip_err err = tip_lmdb_count_get(
        reader->map, reader->mdb, dump->store->sealer, &dump->commit_count);

    for (int i = 0; i < TIP_TABLE_COUNT && err == TIP_OK; i++) {
        MDB_stat stat;

        err =
            tip_lmdb_err(mdb_stat(reader->mdb, reader->map->tables[i], &stat));
        if (err == TIP_OK) {
            dump->entry_count += stat.ms_entries;
        }
    }
    return err;
}

enum tip_err tip_store_dump_open(struct tip_store_lmdb *store,
                                 struct tip_store_dump **out_dump)
{
    struct tip_store_dump *dump = calloc(1, sizeof *dump);
    enum tip_err err;

    if (dump == NULL) {
        return TIP_ENOMEM;
    }
    dump->store = store;
    err = tip_store_begin(&store->base, TIP_TXN_READ, &dump->txn);
    if (err == TIP_OK) {
        err = count(dump);
    }
    if (err != TIP_OK) {
        tip_store_dump_close(dump);
        return err;
    }
    *out_dump = dump;
    return TIP_OK;
}

struct tip_txn *tip_store_dump_txn(struct tip_store_dump *dump)
{
    return dump->txn;
}

uint64_t tip_store_dump_commit_count(const struct tip_store_dump *dump)
{
    return dump->commit_count;
}

uint64_t tip_store_dump_entry_count(const struct tip_store_dump *dump)
{
    return dump->entry_count;
}

static enum tip_err next_of_table(struct tip_store_dump *dump,
                                  struct tip_store_entry *out_entry)
{
    const struct tip_lmdb_txn *reader = reader_of(dump);
    struct tip_lmdb_entry entry;
    enum tip_err err = TIP_OK;

    if (!dump->is_walking) {
        err = tip_lmdb_walk_open(&dump->walk, reader->map, reader->mdb,
                                 dump->table, dump->store->sealer);
        dump->is_walking = err == TIP_OK;
    }
    if (err == TIP_OK) {
        err = tip_lmdb_walk_next(&dump->walk, &entry);
    }
    if (err == TIP_OK) {
        tip_lmdb_walk_check(&dump->walk, &entry);
        out_entry->table = dump->table;
        out_entry->sealed = entry.sealed;
        out_entry->is_damaged = entry.state != TIP_OK;
        err =
            entry.is_in_order && tip_lmdb_key_decode(entry.key, &out_entry->key)
                ? TIP_OK
                : TIP_ESTORE_DAMAGED;
    }
    return err;
}

static void walk_end(struct tip_store_dump *dump)
{
    if (dump->is_walking) {
        tip_lmdb_walk_close(&dump->walk);
        dump->is_walking = false;
    }
}

enum tip_err tip_store_dump_next(struct tip_store_dump *dump,
                                 struct tip_store_entry *out_entry)
{
    enum tip_err err = TIP_ENOTFOUND;

    while (dump->table < TIP_TABLE_COUNT) {
        err = next_of_table(dump, out_entry);
        if (err != TIP_ENOTFOUND) {
            break;
        }
        walk_end(dump);
        dump->table = (enum tip_table)(dump->table + 1);
    }
    return err;
}

void tip_store_dump_close(struct tip_store_dump *dump)
{
    if (dump == NULL) {
        return;
    }
    walk_end(dump);
    tip_txn_abort(dump->txn);
    free(dump);
}
