/*
 * Preloaded into a program, it is killed before its change number TIP_CUT_AT to
 * the names in a folder, or its sync of that number, whichever way they mix;
 * or, with TIP_CUT_WITH, that one fails with this errno, and removing a name,
 * which nothing needs to succeed, is no step. The programs it starts are left
 * in peace.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

int cut_mkdir(const char *path, mode_t mode) __asm__("mkdir");
int cut_rename(const char *from, const char *to) __asm__("rename");
int cut_renameat(int a, const char *from, int b,
                 const char *to) __asm__("renameat");
int cut_renameat2(int a, const char *from, int b, const char *to,
                  unsigned int flags) __asm__("renameat2");
int cut_linkat(int a, const char *from, int b, const char *to,
               int flags) __asm__("linkat");
int cut_unlink(const char *path) __asm__("unlink");
int cut_unlinkat(int folder, const char *name, int flags) __asm__("unlinkat");
int cut_ftruncate(int fd, off_t size) __asm__("ftruncate");
int cut_fsync(int fd) __asm__("fsync");
int cut_fdatasync(int fd) __asm__("fdatasync");
int cut_open(const char *path, int flags, ...) __asm__("open");
int cut_openat(int folder, const char *path, int flags, ...) __asm__("openat");

static atomic_long left;
static int fault; /* An errno; 0: the power goes. */

__attribute__((constructor)) static void begin(void)
{
    const char *at = secure_getenv("TIP_CUT_AT");
    const char *with = secure_getenv("TIP_CUT_WITH");

    atomic_store(&left, at == NULL ? 0 : strtol(at, NULL, 10));
    fault = with == NULL ? 0 : (int)strtol(with, NULL, 10);
    (void)unsetenv("LD_PRELOAD");
}

/* May the next one be done? */
static bool step(void)
{
    if (atomic_fetch_sub(&left, 1) != 1) {
        return true;
    }
    if (fault == 0) {
        (void)raise(SIGKILL);
    }
    errno = fault;
    return false;
}

int cut_mkdir(const char *path, mode_t mode)
{
    return step() ? (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode) : -1;
}

int cut_renameat2(int a, const char *from, int b, const char *to,
                  unsigned int flags)
{
    return step() ? (int)syscall(SYS_renameat2, a, from, b, to, flags) : -1;
}

int cut_renameat(int a, const char *from, int b, const char *to)
{
    return cut_renameat2(a, from, b, to, 0);
}

int cut_rename(const char *from, const char *to)
{
    return cut_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int cut_linkat(int a, const char *from, int b, const char *to, int flags)
{
    return step() ? (int)syscall(SYS_linkat, a, from, b, to, flags) : -1;
}

int cut_unlinkat(int folder, const char *name, int flags)
{
    return fault != 0 || step()
               ? (int)syscall(SYS_unlinkat, folder, name, flags)
               : -1;
}

int cut_unlink(const char *path)
{
    return cut_unlinkat(AT_FDCWD, path, 0);
}

int cut_ftruncate(int fd, off_t size)
{
    return step() ? (int)syscall(SYS_ftruncate, fd, size) : -1;
}

int cut_fsync(int fd)
{
    return step() ? (int)syscall(SYS_fsync, fd) : -1;
}

int cut_fdatasync(int fd)
{
    return step() ? (int)syscall(SYS_fdatasync, fd) : -1;
}

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    if ((flags & O_CREAT) != 0 && !step()) {
        return -1;
    }
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int cut_openat(int folder, const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list more;

    if ((flags & O_CREAT) != 0) {
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    return open_at(folder, path, flags, mode);
}

int cut_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list more;

    if ((flags & O_CREAT) != 0) {
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    return open_at(AT_FDCWD, path, flags, mode);
}
