#include "tip_lmdb_map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <lmdb.h>

#include "tip_buf.h"
#include "tip_lmdb_err.h"
#include "tip_reader.h"
#include "tip_sealer.h"

static const char header_name[] = "header";
static const uint8_t magic[8] = {'T', 'I', 'P', 'S', 'T', 'O', 'R', 'E'};
static const uint8_t probe[] = {'o', 'p', 'e', 'n', 's'};

enum {
    PROBE_BYTES = sizeof probe + TIP_SEALER_OVERHEAD,
    HEADER_BYTES = sizeof magic + sizeof(uint32_t) + PROBE_BYTES
};

static MDB_val header_key(void)
{
    return (MDB_val){sizeof header_name - 1, tip_lmdb_writable(header_name)};
}

static enum tip_err header_write(MDB_txn *txn, MDB_dbi main_table,
                                 struct tip_sealer *sealer)
{
    uint8_t memory[HEADER_BYTES];
    uint8_t sealed[PROBE_BYTES];
    struct tip_buf buf;
    MDB_val key = header_key();
    MDB_val value = {sizeof memory, memory};
    enum tip_err err = tip_sealer_seal(sealer, tip_bytes_text(header_name),
                                       TIP_BYTES_OF(probe), sealed);

    if (err != TIP_OK) {
        return err;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put(&buf, TIP_BYTES_OF(magic));
    tip_buf_put_u32(&buf, TIP_LMDB_FORMAT);
    tip_buf_put(&buf, TIP_BYTES_OF(sealed));
    return tip_lmdb_err(mdb_put(txn, main_table, &key, &value, 0));
}

static enum tip_err header_check(MDB_val value, struct tip_sealer *sealer)
{
    struct tip_reader reader;
    struct tip_bytes found_magic;
    struct tip_bytes sealed;
    uint8_t opened[sizeof probe];
    uint32_t format;

    tip_reader_init(&reader, tip_bytes(value.mv_data, value.mv_size));
    found_magic = tip_reader_get(&reader, sizeof magic);
    if (!tip_bytes_equal(found_magic, TIP_BYTES_OF(magic))) {
        return TIP_EMALFORMED;
    }
    format = tip_reader_get_u32(&reader);
    if (format > TIP_LMDB_FORMAT) {
        return TIP_ESTORE_NEWER;
    }
    sealed = tip_reader_get(&reader, PROBE_BYTES);
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_EMALFORMED;
    }
    if (tip_sealer_open(sealer, tip_bytes_text(header_name), sealed, opened) !=
            TIP_OK ||
        memcmp(opened, probe, sizeof probe) != 0) {
        return TIP_ESTORE_KEY;
    }
    return TIP_OK;
}

/* Check the header, or write it when the store is empty and @may_create. */
static enum tip_err header_settle(const struct tip_lmdb_map *map, MDB_txn *txn,
                                  struct tip_sealer *sealer, bool may_create)
{
    MDB_stat stat;
    MDB_val key = header_key();
    MDB_val value;
    int rc = mdb_stat(txn, map->main_table, &stat);

    if (rc == MDB_SUCCESS && stat.ms_entries == 0 && may_create) {
        return header_write(txn, map->main_table, sealer);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_get(txn, map->main_table, &key, &value);
    }
    if (rc == MDB_NOTFOUND) {
        return TIP_EMALFORMED;
    }
    return rc == MDB_SUCCESS ? header_check(value, sealer) : tip_lmdb_err(rc);
}

static enum tip_err tables_open(struct tip_lmdb_map *map, MDB_txn *txn,
                                unsigned int flags)
{
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        unsigned int found_flags;
        char name[16];
        int rc;

        (void)snprintf(name, sizeof name, "%d", i);
        rc = mdb_dbi_open(txn, name, flags, &map->tables[i]);
        if (rc == MDB_NOTFOUND) {
            return TIP_ESTORE_DAMAGED;
        }
        if (rc == MDB_SUCCESS) {
            rc = mdb_dbi_flags(txn, map->tables[i], &found_flags);
        }
        if (rc != MDB_SUCCESS) {
            return tip_lmdb_err(rc);
        }
        /* We set none; one that is set turns values into something else. */
        if (found_flags != 0) {
            return TIP_ESTORE_DAMAGED;
        }
    }
    return TIP_OK;
}

/* LMDB would die of SIGBUS on a page behind the end of the file. */
static enum tip_err check_length(const struct tip_lmdb_map *map)
{
    struct stat status;
    int fd;

    if (mdb_env_get_fd(map->env, &fd) != MDB_SUCCESS ||
        fstat(fd, &status) != 0) {
        return tip_lmdb_err(errno);
    }
    return tip_lmdb_map_used_pages(map) >
                   (uint64_t)status.st_size / tip_lmdb_map_page_bytes(map)
               ? TIP_ESTORE_DAMAGED
               : TIP_OK;
}

/* The one descriptor LMDB leaves open across exec(). */
static enum tip_err set_cloexec(const struct tip_lmdb_map *map)
{
    int fd;

    if (mdb_env_get_fd(map->env, &fd) != MDB_SUCCESS ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        return tip_lmdb_err(errno);
    }
    return TIP_OK;
}

static enum tip_err content_open(struct tip_lmdb_map *map,
                                 struct tip_sealer *sealer, bool may_write)
{
    MDB_txn *txn;
    enum tip_err err = tip_lmdb_err(
        mdb_txn_begin(map->env, NULL, may_write ? 0 : MDB_RDONLY, &txn));

    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_err(mdb_dbi_open(txn, NULL, 0, &map->main_table));
    if (err == TIP_OK) {
        err = header_settle(map, txn, sealer, may_write);
    }
    if (err == TIP_OK) {
        err = tables_open(map, txn, may_write ? MDB_CREATE : 0);
    }
    if (err != TIP_OK) {
        mdb_txn_abort(txn);
        return err;
    }
    /* Also when reading: what a committed transaction opened stays open. */
    return tip_lmdb_err(mdb_txn_commit(txn));
}

/* How @mode opens LMDB, never NOSYNC, WRITEMAP or NOMEMINIT: they trade what
 * was acknowledged, or what the disk must not see, for speed. */
static unsigned int env_flags(enum tip_lmdb_map_mode mode)
{
    switch (mode) {
    case TIP_LMDB_MAP_SHARED:
        return MDB_NOSUBDIR | MDB_NOTLS;
    case TIP_LMDB_MAP_ALONE:
        return MDB_NOSUBDIR | MDB_NOTLS | MDB_NOLOCK;
    case TIP_LMDB_MAP_STILL:
        return MDB_NOSUBDIR | MDB_NOTLS | MDB_NOLOCK | MDB_RDONLY;
    }
    return 0;
}

static enum tip_err env_open(MDB_env *env, const char *path,
                             enum tip_lmdb_map_mode mode, uint64_t limit_bytes)
{
    struct stat status;

    if (mode == TIP_LMDB_MAP_STILL) {
        if (stat(path, &status) != 0) {
            return tip_lmdb_err(errno);
        }
        limit_bytes = (uint64_t)status.st_size;
    }
    /* The map is as large as the store may become: address space costs
     * nothing, and mdb_env_set_mapsize() later would have to wait for every
     * reader. The blocks of the file are what grows. */
    (void)mdb_env_set_mapsize(env, (size_t)limit_bytes);
    (void)mdb_env_set_maxdbs(env, TIP_TABLE_COUNT);
    (void)mdb_env_set_maxreaders(env, TIP_LMDB_READERS_MAX);
    return tip_lmdb_err(mdb_env_open(env, path, env_flags(mode), 0600));
}

enum tip_err tip_lmdb_map_open(struct tip_lmdb_map *map, const char *path,
                               enum tip_lmdb_map_mode mode,
                               uint64_t limit_bytes, struct tip_sealer *sealer)
{
    enum tip_err err = tip_lmdb_err(mdb_env_create(&map->env));

    if (err != TIP_OK) {
        return err;
    }
    err = env_open(map->env, path, mode, limit_bytes);
    if (err == TIP_OK) {
        err = set_cloexec(map);
    }
    if (err == TIP_OK) {
        err = check_length(map);
    }
    if (err == TIP_OK) {
        err = content_open(map, sealer, mode != TIP_LMDB_MAP_STILL);
    }
    if (err != TIP_OK) {
        tip_lmdb_map_close(map);
    }
    return err;
}

void tip_lmdb_map_close(struct tip_lmdb_map *map)
{
    mdb_env_close(map->env);
    map->env = NULL;
}

bool tip_lmdb_map_goes_on(const struct tip_lmdb_map *map)
{
    MDB_txn *txn;
    const int rc = mdb_txn_begin(map->env, NULL, MDB_RDONLY, &txn);

    if (rc == MDB_SUCCESS) {
        mdb_txn_abort(txn);
    }
    return rc != MDB_PANIC;
}

uint64_t tip_lmdb_map_page_bytes(const struct tip_lmdb_map *map)
{
    MDB_stat stat;

    (void)mdb_env_stat(map->env, &stat);
    return stat.ms_psize;
}

uint64_t tip_lmdb_map_used_pages(const struct tip_lmdb_map *map)
{
    MDB_envinfo info;

    (void)mdb_env_info(map->env, &info);
    return (uint64_t)info.me_last_pgno + 1;
}
