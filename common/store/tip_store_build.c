#include "tip_store_build.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmdb.h>

#include "tip_file.h"
#include "tip_lmdb_err.h"
#include "tip_lmdb_file.h"
#include "tip_lmdb_fill.h"
#include "tip_lmdb_image.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_txn.h"
#include "tip_lmdb_witness.h"
#include "tip_sealer.h"

enum { BEFORE_MAX = 1000 };

#define BEFORE "store.before-"

struct tip_store_build {
    struct tip_lmdb_dir dir;
    struct tip_sealer *sealer; /* Borrowed. */
    struct tip_lmdb_map image;
    bool is_open; /* The image is. */
    struct tip_lmdb_fill fill;
    struct tip_store_opener opener;
    struct tip_arena sealed; /* A value. */
    uint64_t damaged_count;  /* Put in as they are. */
};

static enum tip_err begin(struct tip_store_build *build,
                          const struct tip_store_lmdb_opts *opts,
                          uint64_t file_bytes)
{
    const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t limit_bytes = opts->limit_bytes / page_bytes * page_bytes;
    enum tip_err err;

    file_bytes = file_bytes < limit_bytes ? file_bytes : limit_bytes;
    err = tip_lmdb_image_make(&build->dir, file_bytes, limit_bytes,
                              build->sealer, &build->image);
    build->is_open = err == TIP_OK;
    build->fill.to = &build->image;
    return err;
}

enum tip_err tip_store_build_open(const struct tip_store_lmdb_opts *opts,
                                  uint64_t file_bytes,
                                  struct tip_store_build **out_build)
{
    struct tip_store_build *build;
    enum tip_err err;

    if (opts->limit_bytes < TIP_STORE_LMDB_LIMIT_BYTES_MIN ||
        opts->limit_bytes > SIZE_MAX / 2) {
        return TIP_EINVAL;
    }
    build = calloc(1, sizeof *build);
    if (build == NULL) {
        return TIP_ENOMEM;
    }
    build->sealer = opts->sealer;
    tip_store_opener_init(&build->opener, opts->sealer);
    tip_arena_init(&build->sealed, TIP_STORE_BORROWED_BYTES_MAX);
    err = tip_file_mkdir(opts->dir, 0700);
    if (err == TIP_OK) {
        err = tip_lmdb_dir_open(&build->dir, opts->dir);
    }
    if (err != TIP_OK) {
        free(build);
        return err;
    }
    err = tip_lmdb_image_settle(&build->dir);
    if (err == TIP_OK) {
        err = begin(build, opts, file_bytes);
    }
    if (err != TIP_OK) {
        tip_store_build_close(build);
        return err;
    }
    *out_build = build;
    return TIP_OK;
}

enum tip_err tip_store_build_add(struct tip_store_build *build,
                                 const struct tip_store_entry *entry)
{
    const struct tip_lmdb_key key = tip_lmdb_key_encode(entry->key);
    enum tip_err err = entry->is_damaged
                           ? TIP_OK
                           : tip_store_opener_look(&build->opener, entry);

    build->damaged_count += entry->is_damaged ? 1 : 0;
    if (err == TIP_OK) {
        err = tip_lmdb_fill_add(&build->fill, entry->table,
                                tip_bytes(key.bytes, key.size), entry->sealed);
    }
    return err == TIP_EEXISTS ? TIP_ESTORE_DAMAGED : err;
}

enum tip_err tip_store_build_put(struct tip_store_build *build,
                                 enum tip_table table, struct tip_key key,
                                 struct tip_bytes value)
{
    const size_t size = value.size + TIP_SEALER_OVERHEAD;
    struct tip_store_entry entry = {.table = table, .key = key};
    uint8_t aad[TIP_LMDB_AAD_SIZE];
    uint8_t *sealed;
    enum tip_err err;

    tip_arena_clear(&build->sealed);
    sealed = tip_arena_alloc(&build->sealed, size);
    if (sealed == NULL) {
        return TIP_ENOMEM;
    }
    tip_lmdb_aad(table, key, aad);
    err = tip_sealer_seal(build->sealer, TIP_BYTES_OF(aad), value, sealed);
    if (err != TIP_OK) {
        return err;
    }
    entry.sealed = tip_bytes(sealed, size);
    return tip_store_build_add(build, &entry);
}

/* Give the store in place a second name, which it keeps when it is replaced. */
static enum tip_err keep_before(const struct tip_lmdb_dir *dir,
                                char out_before[TIP_STORE_BEFORE_SIZE])
{
    uint64_t bytes;
    enum tip_err err = tip_lmdb_dir_size(dir, TIP_LMDB_FILE_NAME, &bytes);

    out_before[0] = '\0';
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    err = TIP_EEXISTS;
    for (int i = 1; i < BEFORE_MAX && err == TIP_EEXISTS; i++) {
        (void)snprintf(out_before, TIP_STORE_BEFORE_SIZE, BEFORE "%d", i);
        err = tip_lmdb_dir_link(dir, TIP_LMDB_FILE_NAME, out_before);
    }
    return err;
}

enum tip_err tip_store_build_publish(struct tip_store_build *build,
                                     uint64_t commit_count,
                                     char out_before[TIP_STORE_BEFORE_SIZE])
{
    uint64_t seen;
    enum tip_err err = tip_lmdb_witness_read(&build->dir, build->sealer, &seen);

    if (err == TIP_OK) {
        err =
            tip_lmdb_fill_end(&build->fill, build->sealer,
                              (commit_count > seen ? commit_count : seen) + 1);
    }
    tip_lmdb_fill_drop(&build->fill);
    tip_lmdb_map_close(&build->image);
    build->is_open = false;
    if (err == TIP_OK) {
        err = tip_lmdb_image_check(&build->dir, build->sealer,
                                   build->fill.counts, build->damaged_count);
    }
    if (err == TIP_OK) {
        err = keep_before(&build->dir, out_before);
    }
    return err == TIP_OK ? tip_lmdb_image_publish(&build->dir) : err;
}

bool tip_store_has_before(const char *dir, char out_name[TIP_STORE_BEFORE_SIZE])
{
    DIR *folder = opendir(dir);
    const struct dirent *entry = NULL;
    bool is_found = false;

    while (folder != NULL && !is_found) {
        entry = readdir(folder); /* NOLINT(concurrency-mt-unsafe): our own. */
        if (entry == NULL) {
            break;
        }
        is_found = strncmp(entry->d_name, BEFORE, strlen(BEFORE)) == 0;
    }
    if (is_found) {
        (void)snprintf(out_name, TIP_STORE_BEFORE_SIZE, "%.*s",
                       TIP_STORE_BEFORE_SIZE - 1, entry->d_name);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return is_found;
}

void tip_store_build_close(struct tip_store_build *build)
{
    if (build == NULL) {
        return;
    }
    tip_lmdb_fill_drop(&build->fill);
    if (build->is_open) {
        tip_lmdb_map_close(&build->image);
    }
    tip_lmdb_image_remove(&build->dir);
    tip_lmdb_dir_close(&build->dir);
    tip_store_opener_deinit(&build->opener);
    tip_arena_deinit(&build->sealed);
    free(build);
}
