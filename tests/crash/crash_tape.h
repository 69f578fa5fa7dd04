/*
 * All a disk is asked to do, in order, with the bytes: what a program writes,
 * makes longer, names and syncs in a few folders, and what it then says is
 * durable. crash_disk.h makes of it what a power cut leaves.
 *
 * The calls reach the tape from crash_calls.c. One tape runs at a time, in one
 * thread. Files whose name ends in "lock" are left out: they hold nothing.
 */
#ifndef CRASH_TAPE_H
#define CRASH_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CRASH_FOLDERS_MAX = 3, CRASH_FILES_MAX = 64, CRASH_NAME_SIZE = 32 };

enum crash_event_kind {
    CRASH_WRITE,
    CRASH_RESIZE,      /* The file has .at bytes from now on. */
    CRASH_SYNC,        /* Data and length; without .is_full data alone. */
    CRASH_CREATE,      /* .file is .name in .folder. */
    CRASH_RENAME,      /* .name becomes .new_name, which may have been there. */
    CRASH_LINK,        /* .name is .new_name too. */
    CRASH_UNLINK,      /* .name */
    CRASH_SYNC_FOLDER, /* .folder */
    CRASH_MARK         /* Transaction .at is said to be durable. */
};

struct crash_event {
    enum crash_event_kind kind;
    size_t file;   /* Number from 0; a file has one, whatever its names. */
    size_t folder; /* Likewise. */
    uint64_t at;
    size_t size;
    uint8_t *bytes; /* Owned. */
    bool is_sync;   /* A write that is on disk when it returns. */
    bool is_full;
    char name[CRASH_NAME_SIZE];
    char new_name[CRASH_NAME_SIZE];
};

/** What is not synced as it should be: to see that the harness notices. */
enum crash_neglect {
    CRASH_NEGLECT_NOTHING,
    CRASH_NEGLECT_DATA,  /* No fdatasync counts. */
    CRASH_NEGLECT_FULL,  /* An fsync is an fdatasync: no length is durable. */
    CRASH_NEGLECT_FOLDER /* No fsync of a folder counts. */
};

struct crash_tape {
    struct crash_event *events; /* Owned. */
    size_t count, capacity;
    size_t file_count;
    enum crash_neglect neglect;
};

/** Record from now on what happens in @folders, which are empty and stay
 * borrowed until stop. @tape is zero, but for .neglect. */
void crash_tape_start(struct crash_tape *tape, const char *const *folders,
                      size_t folder_count);
void crash_tape_stop(void);
void crash_tape_deinit(struct crash_tape *tape);

/** Say that transaction @number is durable. */
void crash_tape_mark(struct crash_tape *tape, uint64_t number);

/* For crash_calls.c; all do nothing while no tape runs. */
void crash_tape_opened(int folder_fd, const char *path, int fd, bool was_there);
void crash_tape_wrote(int fd, uint64_t at, const void *bytes, size_t size,
                      bool is_sync);
void crash_tape_resized(int fd, uint64_t size);
void crash_tape_synced(int fd, bool is_full);
void crash_tape_renamed(int folder_fd, const char *from, const char *to);
void crash_tape_linked(int folder_fd, const char *from, const char *to);
void crash_tape_unlinked(int folder_fd, const char *name);

#endif /* CRASH_TAPE_H */
