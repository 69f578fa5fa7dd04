#include "crash_disk_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024 };

void crash_disk_init(struct crash_disk *disk, const struct crash_tape *tape,
                     size_t folder)
{
    *disk = (struct crash_disk){.tape = tape, .folder = folder};
}

void crash_disk_deinit(struct crash_disk *disk)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        free(disk->files[i].bytes);
    }
}

uint64_t crash_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) + b + 1;

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t crash_sectors(const struct crash_event *event)
{
    const uint64_t first = event->at / CRASH_SECTOR_BYTES;

    if (event->kind != CRASH_WRITE) {
        return 1;
    }
    return (size_t)((event->at + event->size - 1) / CRASH_SECTOR_BYTES - first +
                    1);
}

static void file_reserve(struct crash_file *file, size_t size)
{
    if (size > file->capacity) {
        const size_t capacity = size + size / 2 + BLOCK_BYTES;

        file->bytes = realloc(file->bytes, capacity);
        assert(file->bytes != NULL);
        memset(file->bytes + file->capacity, 0, capacity - file->capacity);
        file->capacity = capacity;
    }
}

void crash_file_resize(struct crash_file *file, size_t size)
{
    file_reserve(file, size);
    if (size < file->size) {
        memset(file->bytes + size, 0, file->size - size);
    }
    file->size = size;
}

void crash_file_write(struct crash_file *file, const struct crash_event *event,
                      size_t from, size_t to)
{
    const size_t end = (size_t)event->at + to;

    file_reserve(file, end);
    memcpy(file->bytes + event->at + from, event->bytes + from, to - from);
    if (end > file->size) {
        file->size = end;
    }
}

static struct crash_entry *
entry_find(struct crash_entry entries[CRASH_ENTRIES_MAX], const char *name)
{
    for (size_t i = 0; i < CRASH_ENTRIES_MAX; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

void crash_entries_apply(struct crash_entry entries[CRASH_ENTRIES_MAX],
                         const struct crash_event *event)
{
    const bool is_new =
        event->kind == CRASH_CREATE || event->kind == CRASH_LINK;
    struct crash_entry *entry = entry_find(entries, is_new ? "" : event->name);
    struct crash_entry *replaced;

    assert(entry != NULL);
    if (is_new) {
        memcpy(entry->name,
               event->kind == CRASH_LINK ? event->new_name : event->name,
               sizeof entry->name);
        entry->file = event->file;
    } else if (event->kind == CRASH_UNLINK) {
        entry->name[0] = '\0';
    } else {
        replaced = entry_find(entries, event->new_name);
        if (replaced != NULL) {
            replaced->name[0] = '\0';
        }
        memcpy(entry->name, event->new_name, sizeof entry->name);
    }
}

bool crash_is_name(const struct crash_event *event)
{
    return event->kind == CRASH_CREATE || event->kind == CRASH_RENAME ||
           event->kind == CRASH_LINK || event->kind == CRASH_UNLINK;
}

/* All of @event has reached the disk. */
static void settle(struct crash_disk *disk, size_t number)
{
    const struct crash_event *event = &disk->tape->events[number];
    struct crash_file *file = &disk->files[event->file];

    for (size_t s = 0; s < crash_sectors(event); s++) {
        disk->durable_sum ^= crash_mix(number, s);
    }
    if (event->kind == CRASH_WRITE) {
        crash_file_write(file, event, 0, event->size);
    } else if (event->kind == CRASH_RESIZE) {
        crash_file_resize(file, (size_t)event->at);
    } else {
        crash_entries_apply(disk->entries, event);
    }
}

static void pending_drop(struct crash_disk *disk, size_t i)
{
    disk->pending_count--;
    memmove(&disk->pending[i], &disk->pending[i + 1],
            (disk->pending_count - i) * sizeof disk->pending[0]);
}

/* Settle what is pending of the file or, for names, of the folder. */
static void settle_all(struct crash_disk *disk, bool names, size_t file)
{
    size_t i = 0;

    while (i < disk->pending_count) {
        const size_t number = disk->pending[i];
        const struct crash_event *event = &disk->tape->events[number];

        if (crash_is_name(event) == names && (names || event->file == file)) {
            settle(disk, number);
            pending_drop(disk, i);
        } else {
            i++;
        }
    }
}

static void pending_add(struct crash_disk *disk, size_t number)
{
    const struct crash_event *event = &disk->tape->events[number];

    for (size_t i = 0; i < disk->pending_count; i++) {
        const struct crash_event *older = &disk->tape->events[disk->pending[i]];

        if (event->kind == CRASH_WRITE && older->kind == CRASH_WRITE &&
            older->file == event->file && older->at == event->at &&
            older->size == event->size) {
            settle(disk, disk->pending[i]);
            pending_drop(disk, i);
            break;
        }
    }
    assert(disk->pending_count < CRASH_PENDING_MAX);
    disk->pending[disk->pending_count++] = number;
}

bool crash_disk_step(struct crash_disk *disk)
{
    const struct crash_event *event;

    if (disk->done == disk->tape->count) {
        return false;
    }
    event = &disk->tape->events[disk->done];
    if (event->kind == CRASH_MARK) {
        disk->marked = event->at;
    } else if (event->folder != disk->folder) {
        /* Another disk's. */
    } else if (event->kind == CRASH_SYNC) {
        settle_all(disk, false, event->file);
        if (event->is_full) {
            disk->files[event->file].durable_size =
                disk->files[event->file].size;
        }
    } else if (event->kind == CRASH_SYNC_FOLDER) {
        settle_all(disk, true, 0);
    } else {
        pending_add(disk, disk->done);
    }
    disk->done++;
    return true;
}
