/*
 * The store interface in memory: same rules, no disk, and faults on demand.
 *
 * Each table is a persistent treap: a write copies the path to the root and
 * nothing else. So a snapshot is one reference per table, abort drops a root,
 * and both cost the same whatever the store holds. Priorities come from the
 * keys, so a run replays exactly.
 *
 * One thread only, unlike the real store.
 */
#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include "tip_store.h"

struct fake_store_node;
struct fake_store_txn;

/* What the disk has of a commit that reported an error. */
enum fake_store_fate {
    FAKE_STORE_LOST, /* Nothing, as the interface promises. */
    FAKE_STORE_KEPT  /* All: power went after the disk had it and before anyone
                        was told. Call fake_store_power_cut() next. */
};

struct fake_store {
    struct tip_store base; /* First member, so the cast below is valid. */
    uint64_t limit_bytes;  /* May be changed between transactions. */
    uint64_t commit_count; /* Commits asked for so far, failed ones too. */
    uint64_t purge_count;  /* Purges tried with nobody reading. */
    uint64_t put_count;    /* Values written so far, by whomever. */

    /* The rest is private. */
    struct fake_store_node *roots[TIP_TABLE_COUNT]; /* Committed. */
    struct fake_store_node *spare_nodes;
    struct fake_store_txn *open_txns;
    struct fake_store_txn *spare_txns;
    uint64_t used_bytes; /* Committed. */
    uint64_t unread_count;
    uint64_t version; /* Marks the nodes made by the open writer. */
    bool writing;
    bool failed;
    uint64_t fault_commit; /* The commit that fails; 0: none. */
    enum tip_err fault_err;
    enum fake_store_fate fault_fate;
    uint64_t fault_purge; /* The purge that fails; 0: none. */
};

/** Make an empty store that holds @limit_bytes. Never NULL. */
struct fake_store *fake_store_new(uint64_t limit_bytes);

/** Free it and what it holds. Accepts NULL. */
void fake_store_free(struct fake_store *store);

/** Another disk with what is committed on @store. Never NULL. */
struct fake_store *fake_store_copy(struct fake_store *store);

/** Put all that @from sees into @to, which may be of any store. The error that
 * stopped it. */
TIP_MUST_USE enum tip_err fake_store_pour(struct tip_txn *from,
                                          struct tip_txn *to);

/** Let the @nth commit from now (1: the next) fail with @err. After
 * TIP_ESTORE_FAILED nothing is written until fake_store_recover(). */
void fake_store_fail_commit(struct fake_store *store, uint64_t nth,
                            enum tip_err err, enum fake_store_fate fate);

/** Let the next purge find no room. */
void fake_store_fail_purge(struct fake_store *store);

/** Accept writes again, as after a new disk. No transaction may be open. */
void fake_store_recover(struct fake_store *store);

/** Lose power and come back: every open transaction is gone, what was
 * committed is there, faults are disarmed. */
void fake_store_power_cut(struct fake_store *store);

/** Bytes on the disk have flipped: whoever reads the value of @key from now on
 * is told TIP_ESTORE_DAMAGED. Or its page is lost: it is not there any more.
 * False: it was not there. No transaction that writes may be open. */
bool fake_store_spoil(struct fake_store *store, enum tip_table table,
                      struct tip_key key);
bool fake_store_lose(struct fake_store *store, enum tip_table table,
                     struct tip_key key);

#endif /* FAKE_STORE_H */
