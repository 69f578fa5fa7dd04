#include "tip_lmdb_image.h"

#include "tip_lmdb_file.h"
#include "tip_lmdb_map.h"

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
