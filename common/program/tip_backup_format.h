/* Internal: what writer and reader of a backup must agree on. */
#ifndef TIP_BACKUP_FORMAT_H
#define TIP_BACKUP_FORMAT_H

#include "tip_backup.h"

enum tip_backup_kind {
    TIP_BACKUP_HEAD = 1,
    TIP_BACKUP_ENTRIES = 2,
    TIP_BACKUP_END = 3
};

enum {
    TIP_BACKUP_FORMAT = 0,
    TIP_BACKUP_FORMAT_DAMAGED = 1,
    TIP_BACKUP_IS_DAMAGED = 0x80, /* With the table of an entry. */
    TIP_BACKUP_HEAD_SIZE =
        TIP_BACKUP_PROGRAM_SIZE + TIP_PUBLIC_SIZE + 3 * 4 + 3 * 8 + 4 + 3 * 8,
    TIP_BACKUP_HEAD_SEALED = TIP_BACKUP_HEAD_SIZE + TIP_SEALER_OVERHEAD,
    TIP_BACKUP_END_SIZE = TIP_HASH_SIZE + 1 + TIP_TABLE_COUNT * 8,
    TIP_BACKUP_END_SEALED = TIP_BACKUP_END_SIZE + TIP_SEALER_OVERHEAD
};

/** The first bytes of every backup of one format. */
void tip_backup_start(bool may_be_damaged, uint8_t out[TIP_BACKUP_START_SIZE]);

/** Go on with @chain over the @size bytes that @memory has behind room for a
 * hash, which this uses. */
void tip_backup_chain(struct tip_hash *chain, uint8_t *memory, size_t size);

void tip_backup_head_put(const struct tip_backup_head *head,
                         uint8_t out[TIP_BACKUP_HEAD_SIZE]);

/** TIP_EBACKUP. */
TIP_MUST_USE enum tip_err
tip_backup_head_get(const uint8_t bytes[TIP_BACKUP_HEAD_SIZE],
                    struct tip_backup_head *out_head);

void tip_backup_end_put(const struct tip_hash *chain,
                        const uint64_t counts[TIP_TABLE_COUNT],
                        uint8_t out[TIP_BACKUP_END_SIZE]);

/** Does the end @plain, of a version that may have had fewer tables, say this?
 */
bool tip_backup_end_says(struct tip_bytes plain, const struct tip_hash *chain,
                         const uint64_t counts[TIP_TABLE_COUNT]);

#endif /* TIP_BACKUP_FORMAT_H */
