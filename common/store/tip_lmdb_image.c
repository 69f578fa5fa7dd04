#include "tip_lmdb_image.h"

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_file.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_walk.h"

/* Give the file its blocks. LMDB must have made it first: it takes a file of
 * nothing but zeros for a broken one. */
static enum tip_err fill(const struct tip_lmdb_dir *dir, uint64_t file_bytes)
{
    uint64_t made_bytes;
    enum tip_err err = tip_lmdb_dir_size(dir, TIP_LMDB_IMAGE_NAME, &made_bytes);

    if (err != TIP_OK || made_bytes >= file_bytes) {
        return err;
    }
    return tip_lmdb_dir_extend(dir, TIP_LMDB_IMAGE_NAME, made_bytes,
                               file_bytes);
}

enum tip_err tip_lmdb_image_make(const struct tip_lmdb_dir *dir,
                                 uint64_t file_bytes, uint64_t limit_bytes,
                                 struct tip_sealer *sealer,
                                 struct tip_lmdb_map *out_map)
{
    char path[TIP_LMDB_PATH_SIZE];
    enum tip_err err = tip_lmdb_dir_path(dir, TIP_LMDB_IMAGE_NAME, path);

    if (err != TIP_OK) {
        return err;
    }
    tip_lmdb_image_remove(dir);
    err = tip_lmdb_map_open(out_map, path, TIP_LMDB_MAP_ALONE, limit_bytes,
                            sealer);
    if (err == TIP_OK) {
        err = fill(dir, file_bytes);
        if (err != TIP_OK) {
            tip_lmdb_map_close(out_map);
        }
    }
    if (err != TIP_OK) {
        tip_lmdb_image_remove(dir);
    }
    return err;
}

void tip_lmdb_image_remove(const struct tip_lmdb_dir *dir)
{
    tip_lmdb_dir_remove(dir, TIP_LMDB_IMAGE_NAME);
}

/* @context: how many may yet be met that do not open. */
static enum tip_err check_entry(void *context, enum tip_table table,
                                const struct tip_lmdb_entry *entry)
{
    uint64_t *damaged_left = context;

    (void)table;
    if (entry->state == TIP_ESTORE_DAMAGED && entry->is_in_order &&
        *damaged_left > 0) {
        (*damaged_left)--;
        return TIP_OK;
    }
    return entry->state;
}

static enum tip_err check_tables(const struct tip_lmdb_map *map, MDB_txn *txn,
                                 struct tip_sealer *sealer,
                                 const uint64_t counts[TIP_TABLE_COUNT],
                                 uint64_t damaged_count)
{
    const struct tip_lmdb_walker walker = {.entry = check_entry,
                                           .context = &damaged_count};
    enum tip_err err = TIP_OK;

    for (int i = 0; i < TIP_TABLE_COUNT && err == TIP_OK; i++) {
        MDB_stat stat;

        err = tip_lmdb_err(mdb_stat(txn, map->tables[i], &stat));
        if (err == TIP_OK && stat.ms_entries != counts[i]) {
            err = TIP_ESTORE_DAMAGED;
        }
        if (err == TIP_OK) {
            err = tip_lmdb_walk(map, txn, (enum tip_table)i, sealer, &walker);
        }
    }
    return err;
}

enum tip_err tip_lmdb_image_check(const struct tip_lmdb_dir *dir,
                                  struct tip_sealer *sealer,
                                  const uint64_t counts[TIP_TABLE_COUNT],
                                  uint64_t damaged_count)
{
    struct tip_lmdb_map image;
    char path[TIP_LMDB_PATH_SIZE];
    MDB_txn *txn;
    enum tip_err err = tip_lmdb_dir_path(dir, TIP_LMDB_IMAGE_NAME, path);

    if (err != TIP_OK) {
        return err;
    }
    tip_lmdb_dir_uncache(dir, TIP_LMDB_IMAGE_NAME);
    err = tip_lmdb_map_open(&image, path, TIP_LMDB_MAP_STILL, 0, sealer);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_err(mdb_txn_begin(image.env, NULL, MDB_RDONLY, &txn));
    if (err == TIP_OK) {
        err = check_tables(&image, txn, sealer, counts, damaged_count);
        mdb_txn_abort(txn);
    }
    tip_lmdb_map_close(&image);
    return err;
}

enum tip_err tip_lmdb_image_publish(const struct tip_lmdb_dir *dir)
{
    return tip_lmdb_dir_rename(dir, TIP_LMDB_IMAGE_NAME, TIP_LMDB_FILE_NAME);
}

enum tip_err tip_lmdb_image_swap(const struct tip_lmdb_dir *dir)
{
    enum tip_err err =
        tip_lmdb_dir_rename(dir, TIP_LMDB_FILE_NAME, TIP_LMDB_OLD_NAME);
    enum tip_err again;

    if (err == TIP_OK) {
        err = tip_lmdb_image_publish(dir);
    }
    if (err != TIP_OK) {
        again = tip_lmdb_image_settle(dir);
        err = again == TIP_OK ? err : again;
    }
    return err;
}

enum tip_err tip_lmdb_image_settle(const struct tip_lmdb_dir *dir)
{
    uint64_t bytes;
    enum tip_err err = tip_lmdb_dir_size(dir, TIP_LMDB_OLD_NAME, &bytes);

    if (err == TIP_OK) {
        err = tip_lmdb_dir_size(dir, TIP_LMDB_FILE_NAME, &bytes);
        /* The new one was not in its place yet: the old one goes on. */
        return err == TIP_ENOTFOUND
                   ? tip_lmdb_dir_rename(dir, TIP_LMDB_OLD_NAME,
                                         TIP_LMDB_FILE_NAME)
                   : err;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
