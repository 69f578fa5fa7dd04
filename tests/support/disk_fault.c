#include "disk_fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk_log.h"

static struct {
    _Atomic enum disk_fault_kind kind;
    atomic_uint calls_left; /* Before it strikes. */
    atomic_bool was_met;
} fault;

void disk_fault_arm(enum disk_fault_kind kind, unsigned int nth)
{
    atomic_store(&fault.calls_left, nth - 1);
    atomic_store(&fault.was_met, false);
    atomic_store(&fault.kind, kind);
}

bool disk_fault_clear(void)
{
    atomic_store(&fault.kind, DISK_FAULT_NONE);
    return atomic_load(&fault.was_met);
}

/* Whether a call of @kind fails now. */
static bool strikes(enum disk_fault_kind kind)
{
    if (atomic_load(&fault.kind) != kind) {
        return false;
    }
    if (atomic_load(&fault.calls_left) > 0) {
        atomic_fetch_sub(&fault.calls_left, 1);
        return false;
    }
    atomic_store(&fault.was_met, true);
    return true;
}

static bool is_longer(int fd, off_t end)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
           end > status.st_size;
}

/* 0, or the errno with which a write to @fd that ends at @end fails. */
static int write_fails(int fd, off_t end)
{
    const bool is_sync = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;

    if (is_longer(fd, end) && strikes(DISK_FAULT_NO_ROOM)) {
        return ENOSPC;
    }
    return strikes(is_sync ? DISK_FAULT_HEAD : DISK_FAULT_WRITE) ? EIO : 0;
}

static bool is_file(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* The C library's names for parameters are not ours to use.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

static int sync_by(long call, int fd)
{
    int rc;

    if (strikes(DISK_FAULT_SYNC)) {
        errno = EIO;
        return -1;
    }
    disk_log_before_sync(fd);
    rc = (int)syscall(call, fd);
    if (rc == 0) {
        disk_log_after_sync(fd);
    }
    return rc;
}

int fsync(int fd)
{
    return sync_by(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_by(SYS_fdatasync, fd);
}

static bool is_synchronous(int fd)
{
    return (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    const int code = write_fails(fd, at + (off_t)size);
    ssize_t wrote;

    if (code != 0) {
        errno = code;
        return -1;
    }
    disk_log_before_write(fd, at, size, is_synchronous(fd));
    wrote = syscall(SYS_pwrite64, fd, data, size, at);
    disk_log_after_write(fd);
    return wrote;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    const off_t at = is_file(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    size_t size = 0;
    ssize_t wrote;
    int code = 0;

    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    if (is_file(fd)) {
        code = write_fails(fd, at + (off_t)size);
    }
    if (code != 0) {
        errno = code;
        return -1;
    }
    disk_log_before_write(fd, at, size, is_synchronous(fd));
    wrote = syscall(SYS_writev, fd, parts, count);
    disk_log_after_write(fd);
    return wrote;
}

int posix_fallocate(int fd, off_t from, off_t size)
{
    if (is_longer(fd, from + size) && strikes(DISK_FAULT_NO_ROOM)) {
        return ENOSPC;
    }
    return syscall(SYS_fallocate, fd, 0, from, size) == 0 ? 0 : errno;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
