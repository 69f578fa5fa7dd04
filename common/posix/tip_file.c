#include "tip_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum tip_err tip_file_err(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return TIP_ENOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return TIP_EACCESS;
    case EEXIST:
        return TIP_EEXISTS;
    case EISDIR:
        return TIP_EFOLDER;
    case ENOMEM:
        return TIP_ENOMEM;
    case ENOSPC:
    case EDQUOT:
        return TIP_ESTORE_FULL;
    case ENAMETOOLONG:
    case EINVAL:
    case ELOOP:
        return TIP_EINVAL;
    default:
        return TIP_EIO;
    }
}

static enum tip_err check(int fd, enum tip_file_trust trust, size_t bytes_max,
                          size_t *out_size)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        return tip_file_err(errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return TIP_EINVAL;
    }
    if (trust == TIP_FILE_PRIVATE &&
        ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 ||
         (st.st_uid != geteuid() && st.st_uid != 0))) {
        return TIP_EEXPOSED;
    }
    if ((uint64_t)st.st_size > bytes_max) {
        return TIP_ETOOBIG;
    }
    *out_size = (size_t)st.st_size;
    return TIP_OK;
}

static enum tip_err read_exactly(int fd, uint8_t *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(fd, data + done, size - done);

        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0) {
            return TIP_EIO; /* It shrank while we read it. */
        } else if (errno != EINTR) {
            return tip_file_err(errno);
        }
    }
    return TIP_OK;
}

enum tip_err tip_file_read(const char *path, enum tip_file_trust trust,
                           size_t bytes_max, struct tip_arena *arena,
                           struct tip_bytes *out_content)
{
    /* Not blocking, or a FIFO of that name would hold the program for ever. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint8_t *data = NULL;
    size_t size = 0;
    enum tip_err err;

    if (fd < 0) {
        return tip_file_err(errno);
    }
    err = check(fd, trust, bytes_max, &size);
    if (err == TIP_OK) {
        data = tip_arena_alloc(arena, size);
        err = data == NULL ? TIP_ENOMEM : read_exactly(fd, data, size);
    }
    (void)close(fd);
    if (err == TIP_OK) {
        *out_content = tip_bytes(data, size);
    }
    return err;
}

static enum tip_err write_exactly(int fd, struct tip_bytes content)
{
    size_t done = 0;

    while (done < content.size) {
        ssize_t put = write(fd, content.data + done, content.size - done);

        if (put >= 0) {
            done += (size_t)put;
        } else if (errno != EINTR) {
            return tip_file_err(errno);
        }
    }
    return TIP_OK;
}

static enum tip_err write_new(const char *path, struct tip_bytes content,
                              mode_t mode)
{
    enum tip_err err;
    int fd;

    /* What a crash left behind. Exclusive, so that nobody who can write to the
     * folder can make us write through a link of theirs. */
    (void)unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    err = write_exactly(fd, content);
    if (err == TIP_OK && fchmod(fd, mode) != 0) {
        err = tip_file_err(errno);
    }
    if (err == TIP_OK && fsync(fd) != 0) {
        err = tip_file_err(errno);
    }
    if (close(fd) != 0 && err == TIP_OK) {
        err = tip_file_err(errno);
    }
    return err;
}

/* Write @content beside @path, then give it that name as @rename_flags of
 * renameat2() say. */
static enum tip_err put_in_place(const char *path, struct tip_bytes content,
                                 mode_t mode, unsigned rename_flags)
{
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.new", path);
    enum tip_err err;

    if (length < 0 || (size_t)length >= sizeof fresh) {
        return TIP_EINVAL;
    }
    err = write_new(fresh, content, mode);
    if (err == TIP_OK &&
        renameat2(AT_FDCWD, fresh, AT_FDCWD, path, rename_flags) != 0) {
        err = tip_file_err(errno);
    }
    if (err != TIP_OK) {
        (void)unlink(fresh);
        return err;
    }
    return tip_file_sync_parent(path);
}

enum tip_err tip_file_write(const char *path, struct tip_bytes content,
                            mode_t mode)
{
    return put_in_place(path, content, mode, 0);
}

enum tip_err tip_file_create(const char *path, struct tip_bytes content,
                             mode_t mode)
{
    return put_in_place(path, content, mode, RENAME_NOREPLACE);
}

enum tip_err tip_file_sync_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX] = ".";
    enum tip_err err = TIP_OK;
    int fd;

    if (slash != NULL) {
        size_t size = slash == path ? 1 : (size_t)(slash - path);

        if (size >= sizeof folder) {
            return TIP_EINVAL;
        }
        memcpy(folder, path, size);
        folder[size] = '\0';
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    if (fsync(fd) != 0) {
        err = tip_file_err(errno);
    }
    (void)close(fd);
    return err;
}

enum tip_err tip_file_mkdir(const char *path, mode_t mode)
{
    struct stat st;

    if (mkdir(path, mode) != 0) {
        if (errno != EEXIST) {
            return tip_file_err(errno);
        }
        if (stat(path, &st) != 0) {
            return tip_file_err(errno);
        }
        return S_ISDIR(st.st_mode) ? TIP_OK : TIP_EINVAL;
    }
    /* The umask may have taken rights away that the caller asked for. */
    if (chmod(path, mode) != 0) {
        return tip_file_err(errno);
    }
    return tip_file_sync_parent(path);
}
