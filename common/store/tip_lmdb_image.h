/*
 * Private to common/store: a new store file, made whole under another name.
 */
#ifndef TIP_LMDB_IMAGE_H
#define TIP_LMDB_IMAGE_H

#include <stdint.h>

#include "tip_err.h"
#include "tip_store.h"

struct tip_lmdb_dir;
struct tip_lmdb_map;
struct tip_sealer;

/** Make an empty store of @file_bytes of written blocks beside the one in use
 * and open it (TIP_LMDB_MAP_ALONE) with room for @limit_bytes. */
TIP_MUST_USE enum tip_err tip_lmdb_image_make(const struct tip_lmdb_dir *dir,
                                              uint64_t file_bytes,
                                              uint64_t limit_bytes,
                                              struct tip_sealer *sealer,
                                              struct tip_lmdb_map *out_map);

/** Remove what an earlier run may have left unfinished. */
void tip_lmdb_image_remove(const struct tip_lmdb_dir *dir);

/** Read the image back, which is closed, from the disk as far as the kernel
 * allows: every value must open but @damaged_count of them, and each table have
 * as many as @counts says. TIP_ESTORE_DAMAGED. */
TIP_MUST_USE enum tip_err
tip_lmdb_image_check(const struct tip_lmdb_dir *dir, struct tip_sealer *sealer,
                     const uint64_t counts[TIP_TABLE_COUNT],
                     uint64_t damaged_count);

/** Put the image in the place of the store. It must be closed. */
TIP_MUST_USE enum tip_err
tip_lmdb_image_publish(const struct tip_lmdb_dir *dir);

/** The same, but keep the store that was there, as TIP_LMDB_OLD_NAME. On an
 * error all is as it was. */
TIP_MUST_USE enum tip_err tip_lmdb_image_swap(const struct tip_lmdb_dir *dir);

/** Bring in order what a swap that was cut off has left: a store there is again
 * under its name. Before anything else looks for it. */
TIP_MUST_USE enum tip_err tip_lmdb_image_settle(const struct tip_lmdb_dir *dir);

#endif /* TIP_LMDB_IMAGE_H */
