#include "crash_tape.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that has a name in a folder of ours. */
struct known {
    bool is_used;
    ino_t inode;
    size_t file;
    size_t folder;
    char name[CRASH_NAME_SIZE];
};

static struct {
    struct crash_tape *tape; /* NULL: none runs. */
    const char *const *folders;
    ino_t folder_inodes[CRASH_FOLDERS_MAX];
    size_t folder_count;
    struct known known[CRASH_FILES_MAX];
} deck;

enum { NOWHERE = CRASH_FOLDERS_MAX };

void crash_tape_start(struct crash_tape *tape, const char *const *folders,
                      size_t folder_count)
{
    assert(deck.tape == NULL && folder_count <= CRASH_FOLDERS_MAX);
    memset(&deck, 0, sizeof deck);
    for (size_t i = 0; i < folder_count; i++) {
        struct stat status;
        const int rc = stat(folders[i], &status);

        assert(rc == 0);
        (void)rc;
        deck.folder_inodes[i] = status.st_ino;
    }
    deck.tape = tape;
    deck.folders = folders;
    deck.folder_count = folder_count;
}

void crash_tape_stop(void)
{
    deck.tape = NULL;
}

void crash_tape_deinit(struct crash_tape *tape)
{
    for (size_t i = 0; i < tape->count; i++) {
        free(tape->events[i].bytes);
    }
    free(tape->events);
    *tape = (struct crash_tape){.neglect = tape->neglect};
}

static struct crash_event *event_add(struct crash_tape *tape,
                                     enum crash_event_kind kind)
{
    if (tape->count == tape->capacity) {
        tape->capacity = tape->capacity * 2 + 64;
        tape->events =
            realloc(tape->events, tape->capacity * sizeof tape->events[0]);
        assert(tape->events != NULL);
    }
    tape->events[tape->count] = (struct crash_event){.kind = kind};
    return &tape->events[tape->count++];
}

void crash_tape_mark(struct crash_tape *tape, uint64_t number)
{
    event_add(tape, CRASH_MARK)->at = number;
}

static void name_copy(char out_name[CRASH_NAME_SIZE], const char *name)
{
    const size_t size = strlen(name) + 1;

    assert(size <= CRASH_NAME_SIZE);
    memcpy(out_name, name, size);
}

static bool is_lock(const char *name)
{
    const size_t size = strlen(name);

    return size >= 4 && strcmp(name + size - 4, "lock") == 0;
}

static size_t folder_of_inode(ino_t inode)
{
    for (size_t i = 0; i < deck.folder_count; i++) {
        if (deck.folder_inodes[i] == inode) {
            return i;
        }
    }
    return NOWHERE;
}

/* The folder of @path, and where its last part begins. */
static size_t folder_of(int folder_fd, const char *path, const char **out_name)
{
    const char *slash = strrchr(path, '/');
    struct stat status;

    *out_name = path;
    if (slash == NULL) {
        return fstat(folder_fd, &status) == 0 ? folder_of_inode(status.st_ino)
                                              : NOWHERE;
    }
    *out_name = slash + 1;
    for (size_t i = 0; i < deck.folder_count; i++) {
        const size_t size = strlen(deck.folders[i]);

        if (size == (size_t)(slash - path) &&
            memcmp(path, deck.folders[i], size) == 0) {
            return i;
        }
    }
    return NOWHERE;
}

static struct known *known_by_name(size_t folder, const char *name)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        struct known *known = &deck.known[i];

        if (known->is_used && known->folder == folder &&
            strcmp(known->name, name) == 0) {
            return known;
        }
    }
    return NULL;
}

static struct known *known_by_fd(int fd)
{
    struct stat status;

    if (deck.tape == NULL || fstat(fd, &status) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        if (deck.known[i].is_used && deck.known[i].inode == status.st_ino) {
            return &deck.known[i];
        }
    }
    return NULL;
}

static struct known *known_add(void)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        if (!deck.known[i].is_used) {
            deck.known[i].is_used = true;
            return &deck.known[i];
        }
    }
    abort();
}

void crash_tape_opened(int folder_fd, const char *path, int fd, bool was_there)
{
    struct crash_event *event;
    struct known *known;
    struct stat status;
    const char *name;
    size_t folder;

    if (deck.tape == NULL || was_there) {
        return;
    }
    folder = folder_of(folder_fd, path, &name);
    if (folder == NOWHERE || is_lock(name) || fstat(fd, &status) != 0) {
        return;
    }
    known = known_add();
    known->inode = status.st_ino;
    known->file = deck.tape->file_count++;
    known->folder = folder;
    name_copy(known->name, name);
    event = event_add(deck.tape, CRASH_CREATE);
    event->file = known->file;
    event->folder = folder;
    name_copy(event->name, name);
    assert(deck.tape->file_count <= CRASH_FILES_MAX);
}

void crash_tape_wrote(int fd, uint64_t at, const void *bytes, size_t size,
                      bool is_sync)
{
    const struct known *known = known_by_fd(fd);
    struct crash_event *event;

    if (known == NULL || size == 0) {
        return;
    }
    event = event_add(deck.tape, CRASH_WRITE);
    event->file = known->file;
    event->folder = known->folder;
    event->at = at;
    event->size = size;
    event->is_sync = is_sync;
    event->bytes = malloc(size);
    assert(event->bytes != NULL);
    memcpy(event->bytes, bytes, size);
}

void crash_tape_resized(int fd, uint64_t size)
{
    const struct known *known = known_by_fd(fd);

    if (known != NULL) {
        struct crash_event *event = event_add(deck.tape, CRASH_RESIZE);

        event->file = known->file;
        event->folder = known->folder;
        event->at = size;
    }
}

static void folder_synced(size_t folder)
{
    if (folder != NOWHERE && deck.tape->neglect != CRASH_NEGLECT_FOLDER) {
        event_add(deck.tape, CRASH_SYNC_FOLDER)->folder = folder;
    }
}

void crash_tape_synced(int fd, bool is_full)
{
    const struct known *known = known_by_fd(fd);
    struct crash_event *event;
    struct stat status;

    if (deck.tape == NULL) {
        return;
    }
    if (known == NULL) {
        folder_synced(fstat(fd, &status) == 0 ? folder_of_inode(status.st_ino)
                                              : NOWHERE);
        return;
    }
    if (deck.tape->neglect == CRASH_NEGLECT_DATA && !is_full) {
        return;
    }
    event = event_add(deck.tape, CRASH_SYNC);
    event->file = known->file;
    event->folder = known->folder;
    event->is_full = is_full && deck.tape->neglect != CRASH_NEGLECT_FULL;
}

/* A file of ours gets another name. */
static void event_name(enum crash_event_kind kind, const struct known *known,
                       const char *from, const char *to)
{
    struct crash_event *event = event_add(deck.tape, kind);

    event->file = known->file;
    event->folder = known->folder;
    name_copy(event->name, from);
    name_copy(event->new_name, to);
}

void crash_tape_renamed(int folder_fd, const char *from, const char *to)
{
    const char *name;
    const size_t folder =
        deck.tape == NULL ? NOWHERE : folder_of(folder_fd, from, &name);
    struct known *known;
    struct known *replaced;

    if (folder == NOWHERE) {
        return;
    }
    known = known_by_name(folder, from);
    replaced = known_by_name(folder, to);
    assert(known != NULL);
    if (replaced != NULL) {
        replaced->is_used = false;
    }
    name_copy(known->name, to);
    event_name(CRASH_RENAME, known, from, to);
}

void crash_tape_linked(int folder_fd, const char *from, const char *to)
{
    const char *name;
    const size_t folder =
        deck.tape == NULL ? NOWHERE : folder_of(folder_fd, from, &name);
    struct known *known, *second;

    if (folder == NOWHERE) {
        return;
    }
    known = known_by_name(folder, from);
    assert(known != NULL);
    second = known_add();
    second->inode = known->inode;
    second->file = known->file;
    second->folder = folder;
    name_copy(second->name, to);
    event_name(CRASH_LINK, known, from, to);
}

void crash_tape_unlinked(int folder_fd, const char *name)
{
    const char *base;
    const size_t folder =
        deck.tape == NULL ? NOWHERE : folder_of(folder_fd, name, &base);
    struct known *known =
        folder == NOWHERE ? NULL : known_by_name(folder, base);
    struct crash_event *event;

    if (known == NULL) {
        return;
    }
    known->is_used = false;
    event = event_add(deck.tape, CRASH_UNLINK);
    event->file = known->file;
    event->folder = folder;
    name_copy(event->name, base);
}
