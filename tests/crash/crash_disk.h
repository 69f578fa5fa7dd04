/*
 * What a power cut leaves of one folder, made from a tape.
 *
 * What is synced is there. Of what is not, any part may be: every write by
 * itself, every sector of 512 bytes of it, in no order. A length that only
 * fdatasync has seen may be lost; names come in the order they were given. A
 * second write to the same place means that the first has reached the disk.
 */
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include "crash_tape.h"

enum {
    CRASH_SECTOR_BYTES = 512,
    CRASH_PENDING_MAX = 512,
    CRASH_CHOICES_MAX = 1024
};

/* Which of the unsynced writes are there; .which, .from, .seed as said. */
enum crash_choice_kind {
    CRASH_KEEP_FIRST, /* The first .which of them. */
    CRASH_KEEP_LAST,  /* The last .which. */
    CRASH_KEEP_ONE,   /* Number .which alone. */
    CRASH_LOSE_ONE,   /* All but number .which. */
    CRASH_TEAR,       /* Those before .which; of it the sectors before .from. */
    CRASH_TEAR_LATE,  /* All; of .which the sectors before .from. */
    CRASH_TEAR_HEAD,  /* All; of .which the sectors from .from on. */
    CRASH_SHUFFLE,    /* Each sector of each or not, by .seed. */
    CRASH_TEAR_SYNC,  /* All; of the synchronous write that was under way the
                       * bytes before .from: harsher than any disk. */
    CRASH_CHOICE_KINDS
};

struct crash_choice {
    enum crash_choice_kind kind;
    bool loses_lengths;
    size_t which;
    size_t from;
    uint64_t seed;
};

struct crash_file {
    uint8_t *bytes; /* Owned; zeros from .size to .capacity. */
    size_t size, capacity;
    size_t durable_size; /* What an fsync has seen of .size. */
};

struct crash_entry {
    char name[CRASH_NAME_SIZE]; /* "": none. */
    size_t file;
};

enum { CRASH_ENTRIES_MAX = 8 };

struct crash_disk {
    const struct crash_tape *tape; /* Borrowed. */
    size_t folder;
    size_t done;     /* Events taken in. */
    uint64_t marked; /* The last transaction said to be durable. */
    struct crash_file files[CRASH_FILES_MAX];
    struct crash_entry entries[CRASH_ENTRIES_MAX]; /* Durable ones. */
    size_t pending[CRASH_PENDING_MAX];             /* Events, unsynced. */
    size_t pending_count;
    uint64_t durable_sum; /* Of all that is durable. */
};

void crash_disk_init(struct crash_disk *disk, const struct crash_tape *tape,
                     size_t folder);
void crash_disk_deinit(struct crash_disk *disk);

/** Take in the next event; false: there is none. */
bool crash_disk_step(struct crash_disk *disk);

/** Write all that might be left if the power went now, at most
 * CRASH_CHOICES_MAX, to @out_choices, and return how many; 0 if the last event
 * changed nothing here. */
size_t crash_disk_choices(const struct crash_disk *disk,
                          struct crash_choice *out_choices);

/** Equal for equal remains. */
uint64_t crash_disk_sum(const struct crash_disk *disk,
                        const struct crash_choice *choice);

/** Write the remains to the folder @path, emptied first. */
void crash_disk_write(const struct crash_disk *disk,
                      const struct crash_choice *choice, const char *path);

/** Remove all files of the folder @path. */
void crash_disk_empty(const char *path);

#endif /* CRASH_DISK_H */
