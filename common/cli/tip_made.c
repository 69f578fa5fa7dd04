#include "tip_made.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tip_file.h"

enum { BESIDE_SIZE = TIP_MADE_PATH_SIZE + 8 };

static void beside(const struct tip_made *made, char out[BESIDE_SIZE])
{
    (void)snprintf(out, BESIDE_SIZE, "%s.new", made->path);
}

/* A rename would take the place of a device or a link without a word. */
static enum tip_err check_place(const char *path)
{
    struct stat status;

    if (lstat(path, &status) != 0) {
        return errno == ENOENT ? TIP_OK : tip_file_err(errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return TIP_EFOLDER;
    }
    return S_ISREG(status.st_mode) ? TIP_OK : TIP_EINVAL;
}

/* Is @fd still what has @name, and nobody else's? Two who write one file would
 * mix it, and both call it whole. */
static bool is_ours(int fd, const char *name)
{
    struct stat held, there;

    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &held) == 0 &&
           lstat(name, &there) == 0 && held.st_ino == there.st_ino &&
           held.st_dev == there.st_dev;
}

/* Begin with nothing: what a crash has left there goes. */
static enum tip_err begin(struct tip_made *made, int fd, const char *name)
{
    if (!is_ours(fd, name)) {
        return TIP_EAGAIN;
    }
    made->out = (struct tip_out){.file = NULL};
    if (ftruncate(fd, 0) == 0) {
        made->out.file = fdopen(fd, "wb");
    }
    return made->out.file == NULL ? tip_file_err(errno) : TIP_OK;
}

enum tip_err tip_made_open(struct tip_made *made, const char *path)
{
    const size_t size = strlen(path);
    char name[BESIDE_SIZE];
    enum tip_err err;
    int fd;

    if (size >= sizeof made->path) {
        return TIP_ETOOBIG;
    }
    memcpy(made->path, path, size + 1);
    err = check_place(path);
    if (err != TIP_OK) {
        return err;
    }
    beside(made, name);
    fd = open(name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    err = begin(made, fd, name);
    if (err != TIP_OK) {
        (void)close(fd);
    }
    return err;
}

static enum tip_err sum_of(int fd, struct tip_checksum *out_sum)
{
    uint8_t piece[16 * 1024];
    ssize_t size;

    while ((size = read(fd, piece, sizeof piece)) != 0) {
        if (size < 0 && errno != EINTR) {
            return TIP_EIO;
        }
        if (size > 0) {
            tip_checksum_add(out_sum, tip_bytes(piece, (size_t)size));
        }
    }
    return TIP_OK;
}

/* Does the disk give what was written? Memory has it too, so that is let go
 * of first: a stick that keeps nothing would not be noticed before somebody
 * needs it. */
static enum tip_err read_back(const struct tip_made *made, const char *name)
{
    int fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct tip_checksum sum = {.count = 0};
    enum tip_err err;

    if (fd < 0) {
        return tip_file_err(errno);
    }
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    err = sum_of(fd, &sum);
    (void)close(fd);
    if (err == TIP_OK && !tip_checksum_equal(sum, made->out.sum)) {
        err = TIP_EREADBACK;
    }
    return err;
}

enum tip_err tip_made_keep(struct tip_made *made)
{
    FILE *file = made->out.file;
    char name[BESIDE_SIZE];
    enum tip_err err;

    if (file == NULL) {
        return TIP_OK;
    }
    beside(made, name);
    err = tip_out_finish(&made->out);
    if (err == TIP_OK && fsync(fileno(file)) != 0) {
        err = errno == ENOSPC || errno == EDQUOT ? TIP_ENOROOM : TIP_EIO;
    }
    if (err == TIP_OK) {
        err = read_back(made, name);
    }
    if (err == TIP_OK && rename(name, made->path) != 0) {
        err = TIP_EIO;
    }
    if (err != TIP_OK) {
        tip_made_drop(made);
        return err;
    }
    made->out.file = NULL;
    return fclose(file) == 0 ? tip_file_sync_parent(made->path) : TIP_EIO;
}

void tip_made_drop(struct tip_made *made)
{
    char name[BESIDE_SIZE];

    if (made->out.file != NULL) {
        beside(made, name);
        (void)fclose(made->out.file);
        (void)unlink(name);
        made->out.file = NULL;
    }
}
