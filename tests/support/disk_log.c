#include "disk_log.h"

#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tip_prng.h"

enum {
    SECTOR_BYTES = 512,
    /* More than a test writes between two syncs. */
    WRITES_MAX = 16 * 1024,
    OLD_BYTES_MAX = 64 * 1024 * 1024
};

/* A write, and where the bytes it replaced are. */
struct entry {
    off_t at;
    size_t size;
    size_t old_at;
};

struct disk_log {
    ino_t inode;
    unsigned int calls_left; /* Until the process ends. */
    bool dies_after;         /* The call that ends it is done first. */
    size_t write_count;
    size_t old_bytes;
    struct entry writes[WRITES_MAX];
    uint8_t old[OLD_BYTES_MAX];
};

static struct disk_log *running; /* This process's, or NULL. */

struct disk_log *disk_log_new(void)
{
    struct disk_log *log = mmap(NULL, sizeof *log, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert(log != MAP_FAILED);
    return log;
}

void disk_log_free(struct disk_log *log)
{
    (void)munmap(log, sizeof *log);
}

void disk_log_start(struct disk_log *log, const char *path, unsigned int die_at)
{
    struct stat status;

    assert(stat(path, &status) == 0);
    log->inode = status.st_ino;
    log->calls_left = die_at;
    log->dies_after = die_at % 2 == 0;
    log->write_count = 0;
    log->old_bytes = 0;
    running = log;
}

static bool is_logged(int fd)
{
    struct stat status;

    return running != NULL && fstat(fd, &status) == 0 &&
           status.st_ino == running->inode;
}

static void count_down(bool before)
{
    if (before) {
        assert(running->calls_left > 0);
        running->calls_left--;
    }
    if (running->calls_left == 0 && running->dies_after != before) {
        _exit(9);
    }
}

void disk_log_before_write(int fd, off_t at, size_t size, bool is_sync)
{
    struct entry *entry;
    uint8_t *old;
    ssize_t had;
    int reader;
    char path[32];

    if (!is_logged(fd)) {
        return;
    }
    count_down(true);
    /* A synchronous write is there when it returns, or was not begun. */
    if (is_sync) {
        return;
    }
    assert(running->write_count < WRITES_MAX);
    assert(size <= OLD_BYTES_MAX - running->old_bytes);
    entry = &running->writes[running->write_count];
    *entry = (struct entry){at, size, running->old_bytes};
    old = running->old + running->old_bytes;
    memset(old, 0, size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    reader = open(path, O_RDONLY | O_CLOEXEC);
    assert(reader >= 0);
    had = pread(reader, old, size, at);
    assert(had >= 0);
    (void)close(reader);
    running->old_bytes += size;
    running->write_count++;
}

void disk_log_after_write(int fd)
{
    if (is_logged(fd)) {
        count_down(false);
    }
}

void disk_log_before_sync(int fd)
{
    if (is_logged(fd)) {
        count_down(true);
    }
}

void disk_log_after_sync(int fd)
{
    if (is_logged(fd)) {
        running->write_count = 0;
        running->old_bytes = 0;
        count_down(false);
    }
}

/* Take back some sectors of one write. */
static size_t lose_write(const struct disk_log *log, const struct entry *entry,
                         int fd, struct tip_prng *prng)
{
    size_t lost_count = 0;

    for (size_t done = 0; done < entry->size; done += SECTOR_BYTES) {
        const size_t left = entry->size - done;
        const size_t size = left < SECTOR_BYTES ? left : SECTOR_BYTES;

        if (tip_prng_chance(prng, 50)) {
            const long wrote =
                syscall(SYS_pwrite64, fd, log->old + entry->old_at + done, size,
                        entry->at + (off_t)done);

            assert(wrote == (long)size);
            lost_count++;
        }
    }
    return lost_count;
}

size_t disk_log_lose(struct disk_log *log, const char *path,
                     struct tip_prng *prng)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t lost_count = 0;

    assert(fd >= 0);
    while (log->write_count > 0) {
        log->write_count--;
        lost_count += lose_write(log, &log->writes[log->write_count], fd, prng);
    }
    (void)close(fd);
    return lost_count;
}
