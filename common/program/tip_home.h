/*
 * The folder of a program: its vault, its store, its own state.
 *
 *     DIR/store.mdb …   the store (common/store)
 *     DIR/vault.key     the vault key, only when made with --dev
 *     DIR/ctl.sock      the daemon's socket, when started with --dir
 *
 * Without DIR/vault.key the key is the systemd credential that the
 * configuration names. One process holds a home at a time.
 */
#ifndef TIP_HOME_H
#define TIP_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_store.h"
#include "tip_store_lmdb.h"
#include "tip_store_verify.h"
#include "tip_vault.h"

enum {
    TIP_HOME_PATH_SIZE = 1024,
    /* Rows of TIP_TABLE_META: those below belong to the engines. */
    TIP_HOME_ROW_STATE = 16,    /* The program's identity and enrolment. */
    TIP_HOME_ROW_POSITION = 17, /* Hub, lo channel: what a bundle told of it. */
    TIP_HOME_ROW_BACKUP = 18,   /* See tip_backup_mark.h. */
    TIP_HOME_ROW_RESTORED = 19,
    TIP_HOME_ROW_STARTS = 20 /* Node: when it was started. */
};

struct tip_home_opts {
    const char *dir;
    const char *credential; /* Name of the systemd credential. */
    uint64_t limit_bytes;   /* Of the store. */
};

/** Caller-allocated; owns vault and store. */
struct tip_home {
    struct tip_vault *vault;
    struct tip_store_lmdb *store;
    bool is_dev; /* The vault key lies beside the store. */
};

/** Write DIR/@name to @out_path. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_home_path(const char *dir, const char *name,
                                        char out_path[TIP_HOME_PATH_SIZE]);

/** Make the folder if it is missing and, with @is_dev, a vault key if there is
 * none; then as tip_home_open(). Safe to repeat after a crash. */
TIP_MUST_USE enum tip_err tip_home_make(const struct tip_home_opts *opts,
                                        bool is_dev, struct tip_home *out_home);

/** TIP_ENOTFOUND: nothing was made in that folder yet. Errors of vault and
 * store. */
TIP_MUST_USE enum tip_err tip_home_open(const struct tip_home_opts *opts,
                                        struct tip_home *out_home);

/** Safe on a home that was not opened, if it is zero. */
void tip_home_close(struct tip_home *home);

/** Open only the vault of a home, whose folder is made if it is missing: a
 * backup of it may come there next. */
TIP_MUST_USE enum tip_err tip_home_vault(const struct tip_home_opts *opts,
                                         struct tip_vault **out_vault);

/** Look at every value of the store, which no process may have open. As
 * tip_store_verify(). */
TIP_MUST_USE enum tip_err
tip_home_verify(const struct tip_home_opts *opts, int timeout_ms,
                struct tip_store_verify_report *out_report);

/** Copy the state row into @out, at most @capacity bytes. TIP_ENOTFOUND: it was
 * never written. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_home_load(struct tip_home *home, uint8_t *out,
                                        size_t capacity, size_t *out_size);

/** The same as of @txn. */
TIP_MUST_USE enum tip_err tip_home_load_at(struct tip_txn *txn, uint8_t *out,
                                           size_t capacity, size_t *out_size);

/** Write the state row durably; no engine may be open on the store. */
TIP_MUST_USE enum tip_err tip_home_save(struct tip_home *home,
                                        struct tip_bytes state);

#endif /* TIP_HOME_H */
