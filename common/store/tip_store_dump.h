/*
 * Every entry of a store as it lies on disk, sealed, of one moment: what a
 * backup is made of, while the store goes on.
 *
 * Its transaction keeps every page it can see from being used again: a dump
 * that nobody reads on must be closed, or the file grows.
 */
#ifndef TIP_STORE_DUMP_H
#define TIP_STORE_DUMP_H

#include "tip_arena.h"
#include "tip_store_lmdb.h"

struct tip_store_dump;

/** An entry, borrowed until the next call. */
struct tip_store_entry {
    enum tip_table table;
    struct tip_key key;
    struct tip_bytes sealed; /* As the vault sealed it, bound to its key. */
    bool is_damaged;         /* It does not open: as it was found. */
};

/** Begin a dump of what is committed now. TIP_EAGAIN: too many read
 * transactions; TIP_ENOMEM; errors of the store. */
TIP_MUST_USE enum tip_err tip_store_dump_open(struct tip_store_lmdb *store,
                                              struct tip_store_dump **out_dump);

/** The transaction of that moment, to read single rows; borrowed until close.
 */
struct tip_txn *tip_store_dump_txn(struct tip_store_dump *dump);

/** How many commits the store has had; each one raises it. */
uint64_t tip_store_dump_commit_count(const struct tip_store_dump *dump);

/** How many entries there are in all, for who shows how far it is. */
uint64_t tip_store_dump_entry_count(const struct tip_store_dump *dump);

/** The next entry, table by table, by key; its value was opened to look at it,
 * and if that was altered on disk, it is_damaged. TIP_ENOTFOUND: that was all.
 * TIP_ESTORE_DAMAGED: entries are missing, or have another key. */
TIP_MUST_USE enum tip_err
tip_store_dump_next(struct tip_store_dump *dump,
                    struct tip_store_entry *out_entry);

/** Accepts NULL. */
void tip_store_dump_close(struct tip_store_dump *dump);

/** Opens values of entries that came from elsewhere, to see that they do.
 * Caller-allocated, private. */
struct tip_store_opener {
    struct tip_sealer *sealer; /* Borrowed. */
    struct tip_arena plain;
};

void tip_store_opener_init(struct tip_store_opener *opener,
                           struct tip_sealer *sealer);
void tip_store_opener_deinit(struct tip_store_opener *opener);

/** TIP_ESTORE_DAMAGED: its value is not what this vault sealed for its key.
 * TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_store_opener_look(struct tip_store_opener *opener,
                      const struct tip_store_entry *entry);

#endif /* TIP_STORE_DUMP_H */
