/*
 * What a power cut takes: every write to one file since its last sync, sector
 * by sector, in no order. disk_fault.c reports the writes of a process; when
 * that has ended, another takes a random part of them back.
 */
#ifndef DISK_LOG_H
#define DISK_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct disk_log;
struct tip_prng;

/** Memory that survives the child it is filled in. Never NULL. */
struct disk_log *disk_log_new(void);
void disk_log_free(struct disk_log *log);

/** Log what this process does to the file @path from now on, and end it with
 * status 9 at the @die_at-th write or sync, before or after that. */
void disk_log_start(struct disk_log *log, const char *path,
                    unsigned int die_at);

/** Take back a random part of what was not synced; the log is empty again.
 * Returns how many sectors were lost. */
size_t disk_log_lose(struct disk_log *log, const char *path,
                     struct tip_prng *prng);

/* For disk_fault.c: around every write and sync of this process. */
void disk_log_before_write(int fd, off_t at, size_t size, bool is_sync);
void disk_log_after_write(int fd);
void disk_log_before_sync(int fd);
void disk_log_after_sync(int fd);

#endif /* DISK_LOG_H */
