/*
 * Private to common/store: one transaction, and the entries seen through it.
 *
 * On disk a key is 8 bytes when lo is 0 and 16 otherwise, big-endian: LMDB's
 * order of bytes is then that of the numbers, and half of the tables need no
 * second half. A value is sealed with its table and full key as associated
 * data, so that one moved to another place does not open.
 */
#ifndef TIP_LMDB_TXN_H
#define TIP_LMDB_TXN_H

#include "tip_arena.h"
#include "tip_lmdb_space.h"
#include "tip_store.h"

struct MDB_cursor;
struct MDB_txn;
struct tip_lmdb_map;
struct tip_sealer;

enum {
    TIP_LMDB_KEY_SIZE_MAX = 16,
    TIP_LMDB_AAD_SIZE = 1 + TIP_LMDB_KEY_SIZE_MAX
};

/** A transaction, kept from use to use so that none of it is allocated when
 * the store is busy. Owns what it points to unless said otherwise. */
struct tip_lmdb_txn {
    struct tip_txn base; /* First member, so that the one is the other. */
    enum tip_txn_mode mode;
    const struct tip_lmdb_map *map; /* Borrowed. */
    struct tip_sealer *sealer;      /* Borrowed. */
    struct MDB_txn *mdb;            /* NULL: none yet, or a writer at rest. */
    struct MDB_cursor *cursors[TIP_TABLE_COUNT];
    bool cursor_is_fresh[TIP_TABLE_COUNT]; /* Belongs to this use. */
    struct tip_arena borrowed;             /* Opened values. */
    struct tip_lmdb_space space;           /* Writers only. */
    enum tip_err spoilt; /* Not TIP_OK: it can only be aborted, and why. */
    bool is_open;
    struct tip_lmdb_txn *next_idle;
    struct tip_lmdb_txn *next;
};

/** What a table's entry looks like on disk. */
struct tip_lmdb_key {
    uint8_t bytes[TIP_LMDB_KEY_SIZE_MAX];
    size_t size;
};

struct tip_lmdb_key tip_lmdb_key_encode(struct tip_key key);

/** False on a form that encode never makes. */
bool tip_lmdb_key_decode(struct tip_bytes bytes, struct tip_key *out_key);

/** The associated data of the value of @key. */
void tip_lmdb_aad(enum tip_table table, struct tip_key key,
                  uint8_t out_aad[TIP_LMDB_AAD_SIZE]);

/** Begin on @map; @mdb stays, and is renewed, for readers. */
TIP_MUST_USE enum tip_err tip_lmdb_txn_begin(struct tip_lmdb_txn *txn,
                                             const struct tip_lmdb_map *map,
                                             enum tip_txn_mode mode);

/** End a reader, keeping what the next use needs. */
void tip_lmdb_txn_rest(struct tip_lmdb_txn *txn);

/** Commit a writer: what mdb_txn_commit() says, translated. */
TIP_MUST_USE enum tip_err tip_lmdb_txn_commit(struct tip_lmdb_txn *txn);

/** End without a trace and give everything back to LMDB. */
void tip_lmdb_txn_drop(struct tip_lmdb_txn *txn);

/* The functions of struct tip_store, except that writing checks no space. */
TIP_MUST_USE enum tip_err tip_lmdb_txn_get(struct tip_lmdb_txn *txn,
                                           enum tip_table table,
                                           struct tip_key key,
                                           struct tip_bytes *out_value);
TIP_MUST_USE enum tip_err tip_lmdb_txn_put(struct tip_lmdb_txn *txn,
                                           enum tip_table table,
                                           struct tip_key key,
                                           struct tip_bytes value, bool at_end);
TIP_MUST_USE enum tip_err tip_lmdb_txn_remove(struct tip_lmdb_txn *txn,
                                              enum tip_table table,
                                              struct tip_key key);
TIP_MUST_USE enum tip_err
tip_lmdb_txn_seek(struct tip_lmdb_txn *txn, enum tip_table table,
                  enum tip_seek seek, struct tip_key key,
                  struct tip_key *out_key, struct tip_bytes *out_value);
void tip_lmdb_txn_forget(struct tip_lmdb_txn *txn);

#endif /* TIP_LMDB_TXN_H */
