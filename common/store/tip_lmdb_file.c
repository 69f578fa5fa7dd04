#include "tip_lmdb_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tip_lmdb_err.h"

static enum tip_err dir_lock(struct tip_lmdb_dir *dir)
{
    dir->lock_fd = openat(dir->dir_fd, TIP_LMDB_LOCK_NAME,
                          O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (dir->lock_fd < 0) {
        return tip_lmdb_err(errno);
    }
    if (flock(dir->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;

        (void)close(dir->lock_fd);
        return code == EWOULDBLOCK ? TIP_ESTORE_BUSY : tip_lmdb_err(code);
    }
    return TIP_OK;
}

enum tip_err tip_lmdb_dir_open(struct tip_lmdb_dir *dir, const char *path)
{
    const size_t size = strlen(path) + 1;
    enum tip_err err;

    if (size > sizeof dir->path) {
        return TIP_EINVAL;
    }
    memcpy(dir->path, path, size);
    dir->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir->dir_fd < 0) {
        return tip_lmdb_err(errno);
    }
    err = dir_lock(dir);
    if (err != TIP_OK) {
        (void)close(dir->dir_fd);
    }
    return err;
}

void tip_lmdb_dir_close(struct tip_lmdb_dir *dir)
{
    (void)close(dir->lock_fd);
    (void)close(dir->dir_fd);
}

enum tip_err tip_lmdb_dir_path(const struct tip_lmdb_dir *dir, const char *name,
                               char out_path[TIP_LMDB_PATH_SIZE])
{
    const int size =
        snprintf(out_path, TIP_LMDB_PATH_SIZE, "%s/%s", dir->path, name);

    return size < 0 || size >= TIP_LMDB_PATH_SIZE ? TIP_EINVAL : TIP_OK;
}

enum tip_err tip_lmdb_dir_rename(const struct tip_lmdb_dir *dir,
                                 const char *from, const char *to)
{
    if (renameat(dir->dir_fd, from, dir->dir_fd, to) != 0 ||
        fsync(dir->dir_fd) != 0) {
        return tip_lmdb_err(errno);
    }
    return TIP_OK;
}

enum tip_err tip_lmdb_dir_link(const struct tip_lmdb_dir *dir, const char *from,
                               const char *to)
{
    if (linkat(dir->dir_fd, from, dir->dir_fd, to, 0) != 0) {
        return errno == EEXIST ? TIP_EEXISTS : tip_lmdb_err(errno);
    }
    return fsync(dir->dir_fd) == 0 ? TIP_OK : tip_lmdb_err(errno);
}

void tip_lmdb_dir_remove(const struct tip_lmdb_dir *dir, const char *name)
{
    (void)unlinkat(dir->dir_fd, name, 0);
}

enum tip_err tip_lmdb_dir_size(const struct tip_lmdb_dir *dir, const char *name,
                               uint64_t *out_bytes)
{
    struct stat status;

    if (fstatat(dir->dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return tip_lmdb_err(errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return TIP_EMALFORMED;
    }
    *out_bytes = (uint64_t)status.st_size;
    return TIP_OK;
}

/* Overwrite with zeros: blocks that are only reserved cost a change of the
 * file system's journal at their first write, inside somebody's commit. */
static int write_zeros(int fd, uint64_t from, uint64_t to)
{
    static const uint8_t zeros[64 * 1024];

    while (from < to) {
        const size_t want =
            to - from < sizeof zeros ? (size_t)(to - from) : sizeof zeros;
        const ssize_t wrote = pwrite(fd, zeros, want, (off_t)from);

        if (wrote < 0 && errno != EINTR) {
            return errno;
        }
        if (wrote > 0) {
            from += (uint64_t)wrote;
        }
    }
    return 0;
}

static int extend(int fd, uint64_t old_bytes, uint64_t new_bytes)
{
    int code =
        posix_fallocate(fd, (off_t)old_bytes, (off_t)(new_bytes - old_bytes));

    if (code == 0) {
        code = write_zeros(fd, old_bytes, new_bytes);
    }
    if (code == 0 && fsync(fd) != 0) {
        code = errno;
    }
    /* Nothing is stored beyond the old end yet, so cutting it off is safe. */
    if (code != 0 && ftruncate(fd, (off_t)old_bytes) != 0) {
        code = EIO;
    }
    return code;
}

enum tip_err tip_lmdb_dir_extend(const struct tip_lmdb_dir *dir,
                                 const char *name, uint64_t old_bytes,
                                 uint64_t new_bytes)
{
    const int fd = openat(dir->dir_fd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    int code;

    if (fd < 0) {
        return tip_lmdb_err(errno);
    }
    code = extend(fd, old_bytes, new_bytes);
    (void)close(fd);
    return tip_lmdb_err(code);
}

void tip_lmdb_dir_uncache(const struct tip_lmdb_dir *dir, const char *name)
{
    const int fd = openat(dir->dir_fd, name, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        (void)close(fd);
    }
}

/* Overwrite what @fd has with zeros, on the disk. */
static int wipe(int fd)
{
    struct stat status;
    int code = fstat(fd, &status) == 0 ? 0 : errno;

    if (code == 0) {
        code = write_zeros(fd, 0, (uint64_t)status.st_size);
    }
    return code == 0 && fsync(fd) != 0 ? errno : code;
}

enum tip_err tip_lmdb_dir_wipe(const struct tip_lmdb_dir *dir, const char *name)
{
    const int fd = openat(dir->dir_fd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    int code;

    if (fd < 0) {
        return errno == ENOENT ? TIP_OK : tip_lmdb_err(errno);
    }
    code = wipe(fd);
    (void)close(fd);
    if (code == 0 &&
        (unlinkat(dir->dir_fd, name, 0) != 0 || fsync(dir->dir_fd) != 0)) {
        code = errno;
    }
    return tip_lmdb_err(code);
}
