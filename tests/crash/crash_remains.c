/* What a choice leaves, and how it is put in a folder. */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash_disk_internal.h"

enum { BLOCK_BYTES = 16 * 1024, PATH_BYTES = 256 };

/* Whether sector @s of the pending event number @i is there. */
static bool keeps(const struct crash_disk *disk,
                  const struct crash_choice *choice, size_t i, size_t s)
{
    const struct crash_event *event = &disk->tape->events[disk->pending[i]];

    if (event->is_sync) {
        return true;
    }
    switch (choice->kind) {
    case CRASH_KEEP_FIRST:
        return i < choice->which;
    case CRASH_KEEP_LAST:
        return i >= disk->pending_count - choice->which;
    case CRASH_KEEP_ONE:
        return i == choice->which;
    case CRASH_LOSE_ONE:
        return i != choice->which;
    case CRASH_TEAR:
        return i < choice->which || (i == choice->which && s < choice->from);
    case CRASH_TEAR_LATE:
        return i != choice->which || s < choice->from;
    case CRASH_TEAR_HEAD:
        return i != choice->which || s >= choice->from;
    case CRASH_SHUFFLE:
        return (crash_mix(choice->seed + i, s) & 1) != 0;
    case CRASH_TEAR_SYNC:
    case CRASH_CHOICE_KINDS:
        break;
    }
    return true;
}

/* What is left of a folder, in memory. */
struct remains {
    struct crash_file files[CRASH_FILES_MAX]; /* Copies where .is_copy. */
    bool is_copy[CRASH_FILES_MAX];
    struct crash_entry entries[CRASH_ENTRIES_MAX];
    uint64_t sum;
    bool names_end; /* A lost name takes all later ones with it. */
};

static struct crash_file *remains_file(struct remains *remains, size_t number)
{
    struct crash_file *file = &remains->files[number];

    if (!remains->is_copy[number]) {
        const struct crash_file durable = *file;

        *file = (struct crash_file){.durable_size = durable.durable_size};
        crash_file_resize(file, durable.size);
        if (durable.size > 0) {
            memcpy(file->bytes, durable.bytes, durable.size);
        }
        remains->is_copy[number] = true;
    }
    return file;
}

static void keep_write(struct remains *remains, const struct crash_event *event,
                       size_t s, size_t byte_end)
{
    const size_t before = (size_t)(event->at % CRASH_SECTOR_BYTES);
    size_t from = s * CRASH_SECTOR_BYTES;
    size_t to = from + CRASH_SECTOR_BYTES - before;

    from = from < before ? 0 : from - before;
    to = to < byte_end ? to : byte_end;
    if (from < to) {
        crash_file_write(remains_file(remains, event->file), event, from, to);
    }
}

static void remains_take(struct remains *remains, const struct crash_disk *disk,
                         const struct crash_choice *choice, size_t i,
                         bool with_bytes)
{
    const struct crash_event *event = &disk->tape->events[disk->pending[i]];
    const bool is_torn = choice->kind == CRASH_TEAR_SYNC && i == choice->which;

    for (size_t s = 0; s < crash_sectors(event); s++) {
        if (!keeps(disk, choice, i, s) ||
            (crash_is_name(event) && remains->names_end)) {
            remains->names_end = remains->names_end || crash_is_name(event);
            continue;
        }
        remains->sum ^= crash_mix(disk->pending[i], s) ^
                        (is_torn ? crash_mix(s, choice->from) : 0);
        if (crash_is_name(event)) {
            crash_entries_apply(remains->entries, event);
        } else if (event->kind == CRASH_WRITE && with_bytes) {
            keep_write(remains, event, s, is_torn ? choice->from : event->size);
        } else if (event->kind == CRASH_RESIZE && with_bytes) {
            crash_file_resize(remains_file(remains, event->file),
                              (size_t)event->at);
        }
    }
}

static void remains_init(struct remains *remains, const struct crash_disk *disk,
                         const struct crash_choice *choice, bool with_bytes)
{
    memset(remains, 0, sizeof *remains);
    memcpy(remains->files, disk->files, sizeof remains->files);
    memcpy(remains->entries, disk->entries, sizeof remains->entries);
    remains->sum = disk->durable_sum;
    for (size_t i = 0; i < disk->pending_count; i++) {
        remains_take(remains, disk, choice, i, with_bytes);
    }
    for (size_t i = 0; i < CRASH_FILES_MAX && choice->loses_lengths; i++) {
        remains->sum ^= crash_mix(i, remains->files[i].durable_size);
    }
}

uint64_t crash_disk_sum(const struct crash_disk *disk,
                        const struct crash_choice *choice)
{
    static struct remains remains;

    remains_init(&remains, disk, choice, false);
    return remains.sum;
}

void crash_disk_empty(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    assert(folder != NULL);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    (void)closedir(folder);
}

static void file_save(const char *path, const uint8_t *bytes, size_t size)
{
    static const uint8_t zeros[BLOCK_BYTES];
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int rc;

    assert(fd >= 0);
    for (size_t at = 0; at < size; at += BLOCK_BYTES) {
        const size_t part =
            size - at < BLOCK_BYTES ? size - at : (size_t)BLOCK_BYTES;

        if (memcmp(bytes + at, zeros, part) != 0) {
            const ssize_t wrote = pwrite(fd, bytes + at, part, (off_t)at);

            assert(wrote == (ssize_t)part);
            (void)wrote;
        }
    }
    rc = ftruncate(fd, (off_t)size);
    assert(rc == 0);
    (void)rc;
    (void)close(fd);
}

void crash_disk_write(const struct crash_disk *disk,
                      const struct crash_choice *choice, const char *path)
{
    static struct remains remains;
    char name[PATH_BYTES];

    crash_disk_empty(path);
    remains_init(&remains, disk, choice, true);
    for (size_t i = 0; i < CRASH_ENTRIES_MAX; i++) {
        const struct crash_entry *entry = &remains.entries[i];
        struct crash_file *file = &remains.files[entry->file];
        size_t size = file->size;

        if (entry->name[0] == '\0') {
            continue;
        }
        if (choice->loses_lengths && file->durable_size < size) {
            size = file->durable_size;
        }
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->name);
        file_save(name, file->bytes, size);
    }
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        if (remains.is_copy[i]) {
            free(remains.files[i].bytes);
        }
    }
}
