/* Shared by crash_disk.c, crash_choice.c and crash_remains.c. */
#ifndef CRASH_DISK_INTERNAL_H
#define CRASH_DISK_INTERNAL_H

#include "crash_disk.h"

/** A number that looks drawn by lot, of both. */
uint64_t crash_mix(uint64_t a, uint64_t b);

/** How many sectors @event touches; what is not a write has one. */
size_t crash_sectors(const struct crash_event *event);

/** Is it about a name? */
bool crash_is_name(const struct crash_event *event);

/** Give @file @size bytes, new ones zero. */
void crash_file_resize(struct crash_file *file, size_t size);

/** Write the bytes from @from to @to of @event. */
void crash_file_write(struct crash_file *file, const struct crash_event *event,
                      size_t from, size_t to);

/** Give a folder the names that @event says. */
void crash_entries_apply(struct crash_entry entries[CRASH_ENTRIES_MAX],
                         const struct crash_event *event);

#endif /* CRASH_DISK_INTERNAL_H */
