#include "crash_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "crash_tape.h"

enum { FDS_MAX = 1024, WHOLE_BYTES = 8 * 1024 * 1024 };

static bool is_sync_fd[FDS_MAX]; /* Opened with O_DSYNC. */

static struct {
    bool is_armed, for_good, was_met;
    enum crash_fault fault;
    unsigned int calls_left;
    int paused;
} armed;

void crash_calls_arm(enum crash_fault fault, unsigned int nth, bool for_good)
{
    armed.is_armed = true;
    armed.for_good = for_good;
    armed.was_met = false;
    armed.fault = fault;
    armed.calls_left = nth - 1;
}

bool crash_calls_clear(void)
{
    const bool was_met = armed.was_met;

    armed.is_armed = false;
    armed.was_met = false;
    return was_met;
}

void crash_calls_pause(void)
{
    armed.paused++;
}

void crash_calls_resume(void)
{
    armed.paused--;
}

static bool strikes(void)
{
    if (!armed.is_armed || armed.paused > 0) {
        return false;
    }
    if (armed.calls_left > 0) {
        armed.calls_left--;
        return false;
    }
    if (armed.was_met && !armed.for_good) {
        return false;
    }
    armed.was_met = true;
    return true;
}

/* 0, or the errno this call fails with. */
static int code_now(void)
{
    if (!strikes()) {
        return 0;
    }
    return armed.fault == CRASH_FAULT_ENOSPC ? ENOSPC : EIO;
}

/* How much of @size bytes is written; 0: the call fails with errno set. */
static size_t allowed(size_t size)
{
    if (!strikes()) {
        return size;
    }
    if (armed.fault == CRASH_FAULT_SHORT && size > 1) {
        return size / 2;
    }
    errno = armed.fault == CRASH_FAULT_ENOSPC ? ENOSPC : EIO;
    return 0;
}

static bool is_sync(int fd)
{
    return fd >= 0 && fd < FDS_MAX && is_sync_fd[fd];
}

static bool is_plain_file(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

static int open_by(int folder_fd, const char *path, int flags, mode_t mode)
{
    const int without_sync = flags & ~(O_DSYNC | O_SYNC);
    const bool was_there =
        (flags & O_CREAT) == 0 || faccessat(folder_fd, path, F_OK, 0) == 0;
    const int code = code_now();
    int fd;

    if (code != 0) {
        errno = code;
        return -1;
    }
    fd = (int)syscall(SYS_openat, folder_fd, path, without_sync, mode);
    if (fd >= 0 && fd < FDS_MAX) {
        is_sync_fd[fd] = (flags & O_DSYNC) != 0;
        crash_tape_opened(folder_fd, path, fd, was_there);
    }
    return fd;
}

/* The C library's names for parameters are not ours to use.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name,clang-analyzer-valist.Uninitialized)
 */

int open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open_by(AT_FDCWD, path, flags, mode);
}

int openat(int folder_fd, const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open_by(folder_fd, path, flags, mode);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    const size_t want = allowed(size);
    ssize_t wrote;

    if (want == 0 && size > 0) {
        return -1;
    }
    wrote = syscall(SYS_pwrite64, fd, data, want, at);
    if (wrote > 0) {
        crash_tape_wrote(fd, (uint64_t)at, data, (size_t)wrote, is_sync(fd));
    }
    return wrote;
}

ssize_t write(int fd, const void *data, size_t size)
{
    off_t at;

    if (!is_plain_file(fd)) {
        return syscall(SYS_write, fd, data, size);
    }
    at = lseek(fd, 0, SEEK_CUR);
    if ((fcntl(fd, F_GETFL) & O_APPEND) == 0) {
        const ssize_t wrote = pwrite(fd, data, size, at);

        if (wrote > 0) {
            (void)lseek(fd, at + wrote, SEEK_SET);
        }
        return wrote;
    }
    return syscall(SYS_write, fd, data, size);
}

/* A gathered write is one write to the disk. */
ssize_t writev(int fd, const struct iovec *parts, int count)
{
    static uint8_t whole[WHOLE_BYTES];
    size_t size = 0;

    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    if (!is_plain_file(fd)) {
        return syscall(SYS_writev, fd, parts, count);
    }
    if (size > sizeof whole) {
        abort();
    }
    size = 0;
    for (int i = 0; i < count; i++) {
        memcpy(whole + size, parts[i].iov_base, parts[i].iov_len);
        size += parts[i].iov_len;
    }
    return write(fd, whole, size);
}

static int sync_by(int fd, bool is_full)
{
    const int code = code_now();

    if (code != 0) {
        errno = code;
        return -1;
    }
    crash_tape_synced(fd, is_full);
    return 0;
}

int fsync(int fd)
{
    return sync_by(fd, true);
}

int fdatasync(int fd)
{
    return sync_by(fd, false);
}

int ftruncate(int fd, off_t size)
{
    const int code = code_now();

    if (code != 0) {
        errno = code;
        return -1;
    }
    if (syscall(SYS_ftruncate, fd, size) != 0) {
        return -1;
    }
    crash_tape_resized(fd, (uint64_t)size);
    return 0;
}

int posix_fallocate(int fd, off_t from, off_t size)
{
    const int code = code_now();
    struct stat status;

    if (code != 0) {
        return code;
    }
    if (fstat(fd, &status) != 0 ||
        syscall(SYS_fallocate, fd, 0, from, size) != 0) {
        return errno;
    }
    if (from + size > status.st_size) {
        crash_tape_resized(fd, (uint64_t)(from + size));
    }
    return 0;
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    const int code = code_now();

    if (code != 0) {
        errno = code;
        return -1;
    }
    if (syscall(SYS_renameat2, from_fd, from, to_fd, to, 0) != 0) {
        return -1;
    }
    crash_tape_renamed(from_fd, from, to);
    return 0;
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    const int code = code_now();

    if (code != 0) {
        errno = code;
        return -1;
    }
    if (syscall(SYS_linkat, from_fd, from, to_fd, to, flags) != 0) {
        return -1;
    }
    crash_tape_linked(from_fd, from, to);
    return 0;
}

int unlinkat(int folder_fd, const char *name, int flags)
{
    if (syscall(SYS_unlinkat, folder_fd, name, flags) != 0) {
        return -1;
    }
    crash_tape_unlinked(folder_fd, name);
    return 0;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name,clang-analyzer-valist.Uninitialized)
 */
