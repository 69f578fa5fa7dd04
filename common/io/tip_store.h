/*
 * The interface of a transactional, ordered, durable store.
 *
 * Implementations: common/store (LMDB, values sealed) and the fake in
 * tests/support, which can also lose power. Both pass tests/contract.
 *
 * Keys are two numbers and sort by (hi, lo): no key carries meaning, and bulk
 * tables are written in key order, which LMDB appends ten times faster than it
 * inserts at random. Values are at most TIP_STORE_VALUE_BYTES_MAX.
 *
 * One thread writes. Any number of threads may each hold a read transaction; a
 * read transaction sees the state of its beginning. Keep them short: an open
 * one keeps every page it can see from being reused.
 */
#ifndef TIP_STORE_H
#define TIP_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum {
    /* A frame is 32 KiB at most; a record's whole state may be larger. */
    TIP_STORE_VALUE_BYTES_MAX = 1024 * 1024,
    /* What one transaction may borrow at a time: see tip_txn_forget(). */
    TIP_STORE_BORROWED_BYTES_MAX = 64 * 1024 * 1024
};

/* Numbers are on disk: append only. */
enum tip_table {
    TIP_TABLE_META = 0,       /* Single values of the program. */
    TIP_TABLE_RECORD = 1,     /* hi: record ordinal. A record's whole state. */
    TIP_TABLE_HISTORY = 2,    /* hi: record ordinal, lo: running number. */
    TIP_TABLE_OUTBOX = 3,     /* hi: origin, lo: seq. Own change-sets. */
    TIP_TABLE_FRAME_UP = 4,   /* hi: origin, lo: first seq. Frames of nodes. */
    TIP_TABLE_FRAME_DOWN = 5, /* hi: channel, lo: index. Frames of the hub. */
    TIP_TABLE_CHANNEL = 6,    /* hi: channel, lo: position. What is to be sent;
                               * of channel CTL everywhere what is to be obeyed. */
    TIP_TABLE_COMMIT = 7,     /* hi: commit. The national order. */
    TIP_TABLE_HELD = 8,       /* hi: origin, lo: seq. Parked, quarantined. */
    TIP_TABLE_OFFICE = 9,     /* hi: office. */
    TIP_TABLE_ORIGIN = 10, /* hi: origin. Devices and how far each has come. */
    TIP_TABLE_FIGURE = 11, /* hi: definitions or log, lo: running number. */
    TIP_TABLE_CATALOGUE = 12, /* hi: version, lo: file. */
    TIP_TABLE_INVITE = 13,    /* hi: running number. */
    TIP_TABLE_HOLDING = 14,   /* hi: channel. What its audience holds. */
    TIP_TABLE_RULING = 15,    /* hi: origin, lo: first seq. What a person
                               * decided about what was held back. */
    TIP_TABLE_ERASURE = 16,   /* hi: running number; 0: how far it is. */
    TIP_TABLE_COUNT
};

struct tip_key {
    uint64_t hi;
    uint64_t lo;
};

enum tip_txn_mode {
    TIP_TXN_READ,
    TIP_TXN_WRITE,
    /* For acks, pruning and whatever else must go on in a full store: it may
     * use the reserve that TIP_TXN_WRITE leaves alone. */
    TIP_TXN_WRITE_RESERVE
};

/* Which entry a seek asks for. */
enum tip_seek {
    TIP_SEEK_AT_OR_AFTER, /* The first whose key is not below. */
    TIP_SEEK_AT_OR_BEFORE /* The last whose key is not above. */
};

/* How full the store is. */
struct tip_store_usage {
    uint64_t used_bytes;
    uint64_t limit_bytes;   /* Lower than configured while the disk is full. */
    uint64_t reserve_bytes; /* Of the limit; not for TIP_TXN_WRITE. */
    uint64_t unread_count;  /* Since it was opened: reads of TIP_TABLE_RECORD
                             * that found the value altered. */
};

struct tip_store;

/** A transaction, owned by the store from begin to commit or abort. */
struct tip_txn {
    struct tip_store *store;
};

/**
 * Implementations embed this struct as their first member. Every function that
 * returns an error leaves the transaction usable unless it says otherwise.
 */
struct tip_store {
    /** Start a transaction; at most one that writes is open at a time.
     * TIP_ESTORE_FAILED: no writing any more, reading still works.
     * TIP_EAGAIN: too many read transactions are open. */
    enum tip_err (*begin)(struct tip_store *self, enum tip_txn_mode mode,
                          struct tip_txn **out_txn);

    /**
     * Make the writes durable; TIP_OK is given after the disk has them. Ends
     * the transaction whatever is returned; on any error nothing of it is
     * there. TIP_ESTORE_FULL, also when a write of it was refused with that;
     * TIP_ESTORE_FAILED (an fsync failed: the store accepts no further write
     * until it has been recovered).
     */
    enum tip_err (*commit)(struct tip_txn *txn);

    /** End the transaction without a trace. Accepts NULL. */
    void (*abort)(struct tip_txn *txn);

    /**
     * Borrow the value of @key until the transaction's next write, forget or
     * end. TIP_ENOTFOUND; TIP_ESTORE_DAMAGED when the value was altered on
     * disk; TIP_ENOMEM over TIP_STORE_BORROWED_BYTES_MAX.
     */
    enum tip_err (*get)(struct tip_txn *txn, enum tip_table table,
                        struct tip_key key, struct tip_bytes *out_value);

    /** Set the value of @key, new or not. TIP_ETOOBIG; TIP_ESTORE_FULL: the
     * transaction can only be aborted. @value may be a borrowed one. */
    enum tip_err (*put)(struct tip_txn *txn, enum tip_table table,
                        struct tip_key key, struct tip_bytes value);

    /** The same, faster, for a key above all others; TIP_EINVAL if it is not.
     */
    enum tip_err (*append)(struct tip_txn *txn, enum tip_table table,
                           struct tip_key key, struct tip_bytes value);

    /** Remove @key; TIP_ENOTFOUND if it is not there. */
    enum tip_err (*remove)(struct tip_txn *txn, enum tip_table table,
                           struct tip_key key);

    /** Find the entry @seek asks for; as get, or TIP_ENOTFOUND. Where the value
     * was altered on disk @out_key is set too, so that a scan can go on; an
     * altered key, which is none, leaves @key in it. */
    enum tip_err (*seek)(struct tip_txn *txn, enum tip_table table,
                         enum tip_seek seek, struct tip_key key,
                         struct tip_key *out_key, struct tip_bytes *out_value);

    /** Give back every borrowed value: a long scan does so now and then, or
     * it holds all it has read in memory. */
    void (*forget)(struct tip_txn *txn);

    /** How full the store is, as of its last commit. Any thread. */
    struct tip_store_usage (*usage)(struct tip_store *self);

    /**
     * Forget for good: what was removed or replaced before this call can be
     * found nowhere in the store's files any more, whoever has the key; what is
     * there stays. Takes as long as copying the store, and as much room.
     * Writing thread, without an open transaction. TIP_EAGAIN: somebody reads.
     * TIP_ESTORE_FULL: no room for the copy. TIP_ESTORE_DAMAGED: entries are
     * missing or have another key; a value that does not open is in nobody's
     * way and stays as it is. Any error: what is there is there, and old values
     * may be too.
     */
    enum tip_err (*purge)(struct tip_store *self);
};

#define TIP_KEY(hi_, lo_) ((struct tip_key){.hi = (hi_), .lo = (lo_)})

/* The key right after @key, to go on behind it. */
static inline struct tip_key tip_key_next(struct tip_key key)
{
    return key.lo == UINT64_MAX ? TIP_KEY(key.hi + 1, 0)
                                : TIP_KEY(key.hi, key.lo + 1);
}

/* Calls through the interface, so that a missing check does not compile. */

TIP_MUST_USE static inline enum tip_err
tip_store_begin(struct tip_store *store, enum tip_txn_mode mode,
                struct tip_txn **out_txn)
{
    return store->begin(store, mode, out_txn);
}

TIP_MUST_USE static inline enum tip_err tip_txn_commit(struct tip_txn *txn)
{
    return txn->store->commit(txn);
}

static inline void tip_txn_abort(struct tip_txn *txn)
{
    if (txn != NULL) {
        txn->store->abort(txn);
    }
}

TIP_MUST_USE static inline enum tip_err tip_txn_get(struct tip_txn *txn,
                                                    enum tip_table table,
                                                    struct tip_key key,
                                                    struct tip_bytes *out_value)
{
    return txn->store->get(txn, table, key, out_value);
}

TIP_MUST_USE static inline enum tip_err tip_txn_put(struct tip_txn *txn,
                                                    enum tip_table table,
                                                    struct tip_key key,
                                                    struct tip_bytes value)
{
    return txn->store->put(txn, table, key, value);
}

TIP_MUST_USE static inline enum tip_err tip_txn_append(struct tip_txn *txn,
                                                       enum tip_table table,
                                                       struct tip_key key,
                                                       struct tip_bytes value)
{
    return txn->store->append(txn, table, key, value);
}

TIP_MUST_USE static inline enum tip_err
tip_txn_remove(struct tip_txn *txn, enum tip_table table, struct tip_key key)
{
    return txn->store->remove(txn, table, key);
}

TIP_MUST_USE static inline enum tip_err
tip_txn_seek(struct tip_txn *txn, enum tip_table table, enum tip_seek seek,
             struct tip_key key, struct tip_key *out_key,
             struct tip_bytes *out_value)
{
    return txn->store->seek(txn, table, seek, key, out_key, out_value);
}

TIP_MUST_USE static inline enum tip_err tip_store_purge(struct tip_store *store)
{
    return store->purge(store);
}

static inline void tip_txn_forget(struct tip_txn *txn)
{
    txn->store->forget(txn);
}

/** Is @err a failure of the store or of memory, so that anything else might
 * have met it? Otherwise the data itself cannot be taken. */
static inline bool tip_store_is_at_fault(enum tip_err err)
{
    return err == TIP_ESTORE_FULL || err == TIP_ESTORE_FAILED ||
           err == TIP_ESTORE_DAMAGED || err == TIP_ENOMEM || err == TIP_EIO ||
           err == TIP_EAGAIN;
}

#endif /* TIP_STORE_H */
