#include "tip_home.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tip_file.h"
#include "tip_random_sodium.h"

enum { DIR_MODE = 0700 };

enum tip_err tip_home_path(const char *dir, const char *name,
                           char out_path[TIP_HOME_PATH_SIZE])
{
    int size = snprintf(out_path, TIP_HOME_PATH_SIZE, "%s/%s", dir, name);

    return size < 0 || size >= TIP_HOME_PATH_SIZE ? TIP_ETOOBIG : TIP_OK;
}

/* Is there a file called @name in @dir? */
static enum tip_err look(const char *dir, const char *name, bool *out_is_there,
                         char out_path[TIP_HOME_PATH_SIZE])
{
    enum tip_err err = tip_home_path(dir, name, out_path);

    *out_is_there = err == TIP_OK && access(out_path, F_OK) == 0;
    return err;
}

static enum tip_err open_vault(const struct tip_home_opts *opts,
                               struct tip_home *home)
{
    char path[TIP_HOME_PATH_SIZE];
    enum tip_err err = look(opts->dir, "vault.key", &home->is_dev, path);

    if (err != TIP_OK) {
        return err;
    }
    return home->is_dev
               ? tip_vault_open_file(path, &home->vault)
               : tip_vault_open_credential(opts->credential, &home->vault);
}

static enum tip_err open_store(const struct tip_home_opts *opts,
                               struct tip_home *home)
{
    const struct tip_store_lmdb_opts store = {
        .dir = opts->dir,
        .limit_bytes = opts->limit_bytes,
        .sealer = tip_vault_sealer(home->vault)};

    return tip_store_lmdb_open(&store, &home->store);
}

static enum tip_err open_both(const struct tip_home_opts *opts,
                              struct tip_home *out_home)
{
    struct tip_home home = {.vault = NULL};
    enum tip_err err = open_vault(opts, &home);

    if (err == TIP_OK) {
        err = open_store(opts, &home);
    }
    if (err != TIP_OK) {
        tip_home_close(&home);
        return err;
    }
    *out_home = home;
    return TIP_OK;
}

enum tip_err tip_home_make(const struct tip_home_opts *opts, bool is_dev,
                           struct tip_home *out_home)
{
    char path[TIP_HOME_PATH_SIZE];
    bool has_key, has_store = false;
    enum tip_err err = tip_file_mkdir(opts->dir, DIR_MODE);

    if (err == TIP_OK) {
        err = tip_store_lmdb_find(opts->dir);
        has_store = err == TIP_OK;
    }
    if (err == TIP_OK || err == TIP_ENOTFOUND) {
        err = look(opts->dir, "vault.key", &has_key, path);
    }
    /* A store without its key was made with a credential. */
    if (err == TIP_OK && is_dev && !has_key && !has_store) {
        err = tip_vault_create_file(path, tip_random_sodium());
    }
    return err == TIP_OK ? open_both(opts, out_home) : err;
}

enum tip_err tip_home_open(const struct tip_home_opts *opts,
                           struct tip_home *out_home)
{
    enum tip_err err = tip_store_lmdb_find(opts->dir);

    return err == TIP_OK ? open_both(opts, out_home) : err;
}

void tip_home_close(struct tip_home *home)
{
    tip_store_lmdb_close(home->store);
    tip_vault_close(home->vault);
    *home = (struct tip_home){.vault = NULL};
}

enum tip_err tip_home_verify(const struct tip_home_opts *opts, int timeout_ms,
                             struct tip_store_verify_report *out_report)
{
    struct tip_home home = {.vault = NULL};
    enum tip_err err = open_vault(opts, &home);

    if (err == TIP_OK) {
        err = tip_store_verify(opts->dir, tip_vault_sealer(home.vault),
                               timeout_ms, out_report);
    }
    tip_home_close(&home);
    return err;
}

enum tip_err tip_home_vault(const struct tip_home_opts *opts,
                            struct tip_vault **out_vault)
{
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_file_mkdir(opts->dir, DIR_MODE);

    if (err == TIP_OK) {
        err = open_vault(opts, &home);
    }
    if (err == TIP_OK) {
        *out_vault = home.vault;
    }
    return err;
}

enum tip_err tip_home_load_at(struct tip_txn *txn, uint8_t *out,
                              size_t capacity, size_t *out_size)
{
    struct tip_bytes value;
    enum tip_err err = tip_txn_get(txn, TIP_TABLE_META,
                                   TIP_KEY(TIP_HOME_ROW_STATE, 0), &value);

    if (err == TIP_OK && value.size > capacity) {
        err = TIP_ETOOBIG;
    }
    if (err == TIP_OK) {
        memcpy(out, value.data, value.size);
        *out_size = value.size;
    }
    return err;
}

enum tip_err tip_home_load(struct tip_home *home, uint8_t *out, size_t capacity,
                           size_t *out_size)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_READ, &txn);

    if (err == TIP_OK) {
        err = tip_home_load_at(txn, out, capacity, out_size);
        tip_txn_abort(txn);
    }
    return err;
}

enum tip_err tip_home_save(struct tip_home *home, struct tip_bytes state)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err =
        tip_txn_put(txn, TIP_TABLE_META, TIP_KEY(TIP_HOME_ROW_STATE, 0), state);
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}
