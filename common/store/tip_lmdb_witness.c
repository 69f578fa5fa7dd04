#include "tip_lmdb_witness.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <lmdb.h>

#include "tip_buf.h"
#include "tip_lmdb_err.h"
#include "tip_lmdb_file.h"
#include "tip_lmdb_map.h"
#include "tip_reader.h"
#include "tip_sealer.h"

/* Also the associated data, so that neither count is good for the other. */
static const char count_name[] = "count";
static const char witness_name[] = "witness";

enum { SEALED_SIZE = sizeof(uint64_t) + TIP_SEALER_OVERHEAD };

static enum tip_err seal(struct tip_sealer *sealer, const char *name,
                         uint64_t count, uint8_t out_sealed[SEALED_SIZE])
{
    uint8_t plain[sizeof count];
    struct tip_buf buf;

    tip_buf_init(&buf, plain, sizeof plain);
    tip_buf_put_u64(&buf, count);
    return tip_sealer_seal(sealer, tip_bytes_text(name), TIP_BYTES_OF(plain),
                           out_sealed);
}

static enum tip_err unseal(struct tip_sealer *sealer, const char *name,
                           struct tip_bytes sealed, uint64_t *out_count)
{
    uint8_t plain[sizeof *out_count];
    struct tip_reader reader;

    if (sealed.size != SEALED_SIZE ||
        tip_sealer_open(sealer, tip_bytes_text(name), sealed, plain) !=
            TIP_OK) {
        return TIP_ESTORE_DAMAGED;
    }
    tip_reader_init(&reader, TIP_BYTES_OF(plain));
    *out_count = tip_reader_get_u64(&reader);
    return TIP_OK;
}

static MDB_val count_key(void)
{
    return (MDB_val){sizeof count_name - 1, tip_lmdb_writable(count_name)};
}

enum tip_err tip_lmdb_count_get(const struct tip_lmdb_map *map, MDB_txn *txn,
                                struct tip_sealer *sealer, uint64_t *out_count)
{
    MDB_val key = count_key();
    MDB_val value;
    const int rc = mdb_get(txn, map->main_table, &key, &value);

    if (rc == MDB_NOTFOUND) {
        *out_count = 0;
        return TIP_OK;
    }
    if (rc != MDB_SUCCESS) {
        return tip_lmdb_err(rc);
    }
    return unseal(sealer, count_name, tip_bytes(value.mv_data, value.mv_size),
                  out_count);
}

enum tip_err tip_lmdb_count_put(const struct tip_lmdb_map *map, MDB_txn *txn,
                                struct tip_sealer *sealer, uint64_t count)
{
    uint8_t sealed[SEALED_SIZE];
    MDB_val key = count_key();
    MDB_val value = {sizeof sealed, sealed};
    const enum tip_err err = seal(sealer, count_name, count, sealed);

    return err != TIP_OK
               ? err
               : tip_lmdb_err(mdb_put(txn, map->main_table, &key, &value, 0));
}

enum tip_err tip_lmdb_witness_read(const struct tip_lmdb_dir *dir,
                                   struct tip_sealer *sealer,
                                   uint64_t *out_count)
{
    const int fd = openat(dir->dir_fd, TIP_LMDB_WITNESS_NAME,
                          O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    uint8_t sealed[SEALED_SIZE];
    enum tip_err err = TIP_OK;
    ssize_t size;

    *out_count = 0;
    if (fd < 0) {
        return errno == ENOENT ? TIP_OK : tip_lmdb_err(errno);
    }
    size = pread(fd, sealed, sizeof sealed, 0);
    if (size < 0) {
        err = tip_lmdb_err(errno);
    } else if (size == (ssize_t)sizeof sealed &&
               unseal(sealer, witness_name, TIP_BYTES_OF(sealed), out_count) !=
                   TIP_OK) {
        *out_count = 0;
    }
    (void)close(fd);
    return err;
}

enum tip_err tip_lmdb_witness_open(const struct tip_lmdb_dir *dir, int *out_fd)
{
    const int fd = openat(dir->dir_fd, TIP_LMDB_WITNESS_NAME,
                          O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        return tip_lmdb_err(errno);
    }
    *out_fd = fd;
    return TIP_OK;
}

void tip_lmdb_witness_say(int fd, struct tip_sealer *sealer, uint64_t count)
{
    uint8_t sealed[SEALED_SIZE];

    if (seal(sealer, witness_name, count, sealed) == TIP_OK) {
        ssize_t wrote = pwrite(fd, sealed, sizeof sealed, 0);

        (void)wrote;
    }
}
