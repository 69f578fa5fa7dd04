/*
 * The store on LMDB 0.9: values sealed, the file's blocks on disk before use.
 *
 * One process holds a folder at a time. It keeps store.mdb, the file with
 * everything; store.mdb-lock, LMDB's table of readers; store.last, which
 * tells when store.mdb is older than it was; and lock, which this process
 * holds. A child made by fork() must close what it inherits (exec()
 * does) or the folder stays locked, and may not use the store.
 *
 * Writes belong to one thread, the one that opened the store or the one it
 * handed it to. Read transactions, and usage, are for any thread.
 */
#ifndef TIP_STORE_LMDB_H
#define TIP_STORE_LMDB_H

#include <stdint.h>

#include "tip_store.h"

struct tip_sealer;
struct tip_store_lmdb;

/** How to open a store. Copied, but the sealer is used until close. */
struct tip_store_lmdb_opts {
    const char *dir; /* Made with mode 0700 if it is missing. */
    /* What the file may grow to. A twentieth of it, 4 MiB at least, is the
     * reserve of TIP_TXN_WRITE_RESERVE. At least 16 MiB. */
    uint64_t limit_bytes;
    /* How much it grows at a time. 0: 16 MiB, which takes a disk of 100 MB/s
     * a sixth of a second now and then. */
    uint64_t step_bytes;
    struct tip_sealer *sealer; /* Borrowed. */
};

enum { TIP_STORE_LMDB_LIMIT_BYTES_MIN = 16 * 1024 * 1024 };

/**
 * Open the store in opts->dir, made if there is none. TIP_ESTORE_BUSY: another
 * process has it; TIP_ESTORE_KEY; TIP_ESTORE_NEWER; TIP_EMALFORMED: not a
 * store; TIP_ESTORE_WENT_BACK: its last commits are gone; TIP_ESTORE_FULL: no
 * room for a new one; TIP_EINVAL: a limit below
 * the least.
 *
 * A file changed by something else can crash LMDB: run tip_store_verify()
 * before this when the file may have been (a restored copy, a foreign disk, a
 * crash of the machine).
 */
TIP_MUST_USE enum tip_err
tip_store_lmdb_open(const struct tip_store_lmdb_opts *opts,
                    struct tip_store_lmdb **out_store);

/**
 * Is there a store in the folder @dir? A look at names, without a lock; it may
 * be one that tip_store_lmdb_open() refuses. TIP_ENOTFOUND: none was ever made;
 * TIP_EACCESS and other errors of the folder.
 */
TIP_MUST_USE enum tip_err tip_store_lmdb_find(const char *dir);

/** Close it; no transaction may be open. Accepts NULL. */
void tip_store_lmdb_close(struct tip_store_lmdb *store);

/** The interface to use it through, borrowed until close. */
struct tip_store *tip_store_lmdb_base(struct tip_store_lmdb *store);

/**
 * Do what can be done ahead: give the file its next step of blocks, forget
 * readers that died. For the writing thread while it has nothing to do, once a
 * minute or so; without it the same happens inside somebody's save.
 */
TIP_MUST_USE enum tip_err tip_store_lmdb_tend(struct tip_store_lmdb *store);

/**
 * After TIP_ESTORE_FAILED: copy every value, also one that does not open, into
 * a new file with blocks of its own, read it back from the disk, put it in the
 * place of the old one and accept writes again. Whatever fails on the way, the
 * old file and the state are as before. Writing thread; reading waits
 * meanwhile.
 *
 * TIP_EAGAIN: a read transaction is open. TIP_ESTORE_DAMAGED: entries are
 * missing or have another key. TIP_ESTORE_FULL: no room for the copy. TIP_EIO,
 * TIP_ESTORE_FAILED: the disk fails again.
 */
TIP_MUST_USE enum tip_err tip_store_lmdb_recover(struct tip_store_lmdb *store);

#endif /* TIP_STORE_LMDB_H */
