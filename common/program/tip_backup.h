/*
 * A backup: every entry of a store as of one moment, in one file.
 *
 *     start    "TIPBACK0", format u32
 *     parts    length u32 (of what follows), kind u8, content; in this order:
 *       HEAD     what it is, sealed by the vault, then a hash of start and all
 *                of this part before, in clear: tells a wrong key from damage
 *       ENTRIES  table u8, hi u64, lo u64, sized sealed value; repeated. In
 *                format 1 bit 7 of table says that the value did not open when
 *                the backup was made: it is there as it was found
 *       END      sealed: the chain of hashes over everything before, and how
 *                many entries each table has
 *
 * Numbers are big-endian, sized is a varint and bytes. Values lie in it as in
 * the store, so the file alone opens for nobody; the vault key is not in it.
 * Nothing of a file is good before its end was read: the chain proves that no
 * entry was changed, removed, added or put elsewhere. Format 0 has only values
 * that open; 1 is written where somebody asked for one with those that do not.
 */
#ifndef TIP_BACKUP_H
#define TIP_BACKUP_H

#include <stdbool.h>

#include "tip_buf.h"
#include "tip_hash.h"
#include "tip_keys.h"
#include "tip_reader.h"
#include "tip_sealer.h"
#include "tip_store_dump.h"

enum {
    TIP_BACKUP_PROGRAM_SIZE = 16,
    /* Where a part is ended; a larger entry is a part of its own. */
    TIP_BACKUP_PART_TARGET = 64 * 1024,
    TIP_BACKUP_ENTRY_OVERHEAD = 1 + 8 + 8 + 10,
    TIP_BACKUP_PART_BYTES_MAX = TIP_BACKUP_PART_TARGET +
                                TIP_BACKUP_ENTRY_OVERHEAD +
                                TIP_STORE_VALUE_BYTES_MAX + TIP_SEALER_OVERHEAD,
    TIP_BACKUP_START_SIZE = 8 + 4,
    TIP_BACKUP_PART_HEAD_SIZE = 4 + 1
};

/** Which of a home's moments it is. Each restore raises the first, each commit
 * of the store the second. Plain data. */
struct tip_backup_point {
    uint32_t restore_count;
    uint64_t commit_count;
};

/** Is @a after @b? */
bool tip_backup_is_later(struct tip_backup_point a, struct tip_backup_point b);

/** What it is of. Plain data. */
struct tip_backup_head {
    char program[TIP_BACKUP_PROGRAM_SIZE]; /* "tiphub". */
    struct tip_sign_public device;         /* Whose store. */
    uint32_t office; /* 0: not enrolled yet, or the hub. */
    uint32_t origin;
    uint32_t generation; /* Of the national order… */
    uint64_t commit;     /* …and the newest commit known. */
    uint64_t seq;        /* Newest own change-set. */
    uint64_t made_ms;    /* Unix. */
    struct tip_backup_point point;
    uint64_t entry_count;
    uint64_t used_bytes; /* Of the store. */
    bool may_be_damaged; /* The format: values in it may not open. */
};

/** A backup being written. Private. */
struct tip_backup_writer {
    struct tip_sealer *sealer; /* Borrowed. */
    struct tip_hash chain;
    uint64_t counts[TIP_TABLE_COUNT];
    struct tip_buf part; /* Being filled, over @memory behind its head. */
    uint8_t memory[TIP_HASH_SIZE + TIP_BACKUP_PART_HEAD_SIZE +
                   TIP_BACKUP_PART_BYTES_MAX];
};

/** Start; @out_bytes, borrowed until the next call, go to the file first. */
TIP_MUST_USE enum tip_err tip_backup_begin(struct tip_backup_writer *writer,
                                           struct tip_sealer *sealer,
                                           const struct tip_backup_head *head,
                                           struct tip_bytes *out_bytes);

/** Add an entry. @out_bytes: what goes to the file now, often nothing; borrowed
 * until the next call. */
TIP_MUST_USE enum tip_err tip_backup_add(struct tip_backup_writer *writer,
                                         const struct tip_store_entry *entry,
                                         struct tip_bytes *out_bytes);

/** What is left goes to the file; then the end of it. Call both once. */
struct tip_bytes tip_backup_rest(struct tip_backup_writer *writer);
TIP_MUST_USE enum tip_err tip_backup_end(struct tip_backup_writer *writer,
                                         struct tip_bytes *out_bytes);

/** A backup being read. Private but for @head, @bytes and @count. */
struct tip_backup_reader {
    struct tip_backup_head head;
    uint64_t bytes; /* Read so far. */
    uint64_t count; /* Entries read so far. */
    int fd;
    bool may_be_damaged;       /* As its start says. */
    struct tip_sealer *sealer; /* Borrowed. */
    struct tip_hash chain;
    uint64_t counts[TIP_TABLE_COUNT];
    struct tip_reader part; /* What is left of the newest part. */
    uint8_t memory[TIP_HASH_SIZE + TIP_BACKUP_PART_HEAD_SIZE +
                   TIP_BACKUP_PART_BYTES_MAX];
};

/** Open the file @path and read what it is of. TIP_EBACKUP: no backup, or
 * damaged; TIP_ESTORE_KEY: another vault's; TIP_ESTORE_NEWER; errors of the
 * file. On an error there is nothing to close. */
TIP_MUST_USE enum tip_err tip_backup_open(struct tip_backup_reader *reader,
                                          const char *path,
                                          struct tip_sealer *sealer);

/** The next entry, borrowed until the next call. TIP_ENOTFOUND: the end, which
 * proves all of it. TIP_EBACKUP: believe nothing of what was read. */
TIP_MUST_USE enum tip_err tip_backup_next(struct tip_backup_reader *reader,
                                          struct tip_store_entry *out_entry);

void tip_backup_close(struct tip_backup_reader *reader);

#endif /* TIP_BACKUP_H */
