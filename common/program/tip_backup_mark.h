/*
 * What a home remembers of its backups: rows 18 and 19 of TIP_TABLE_META.
 */
#ifndef TIP_BACKUP_MARK_H
#define TIP_BACKUP_MARK_H

#include "tip_backup.h"
#include "tip_store.h"

enum { TIP_BACKUP_NAME_SIZE = 64 };

/** The newest backup that was written to its end. Plain data. */
struct tip_backup_made {
    struct tip_backup_point point;
    uint64_t made_ms;
    uint64_t commit; /* As its head says. */
    uint64_t seq;
    /* When the newest was made whose file was read back; 0: none. */
    uint64_t verified_ms;
};

/** The newest restore of this home: whatever was done after the backup may be
 * known elsewhere and is not known here. Plain data. */
struct tip_backup_restored {
    uint64_t id;      /* Random, not 0: tells one restore from the next. */
    uint32_t count;   /* Of restores, this one included. */
    uint64_t made_ms; /* The backup… */
    struct tip_backup_point point;
    uint64_t restored_ms;                     /* …and the restore. */
    char second_person[TIP_BACKUP_NAME_SIZE]; /* Who agreed to an older one. */
};

/** TIP_ENOTFOUND: there was none yet. Errors of tip_state_row_get(). */
TIP_MUST_USE enum tip_err tip_backup_made_get(struct tip_txn *txn,
                                              struct tip_backup_made *out_made);
TIP_MUST_USE enum tip_err
tip_backup_made_put(struct tip_txn *txn, const struct tip_backup_made *made);

TIP_MUST_USE enum tip_err
tip_backup_restored_get(struct tip_txn *txn,
                        struct tip_backup_restored *out_restored);

/** Both; what there was none of, or cannot be read, is all zero. */
struct tip_backup_marks {
    struct tip_backup_made made;
    struct tip_backup_restored restored;
};
struct tip_backup_marks tip_backup_marks_get(struct tip_txn *txn);

/* Of a store.before-N in a home where something was erased. */
#define TIP_BACKUP_KEEPS_ERASED                                            \
    "A restore put %s aside in the data folder; records that were erased " \
    "since are still in it, for whoever has the vault key: remove that "   \
    "file."

/** The rows themselves, for a store that is built. TIP_ETOOBIG. */
enum { TIP_BACKUP_ROW_BYTES_MAX = 160 };
TIP_MUST_USE enum tip_err
tip_backup_made_write(const struct tip_backup_made *made,
                      uint8_t out[TIP_BACKUP_ROW_BYTES_MAX],
                      struct tip_bytes *out_row);
TIP_MUST_USE enum tip_err
tip_backup_restored_write(const struct tip_backup_restored *restored,
                          uint8_t out[TIP_BACKUP_ROW_BYTES_MAX],
                          struct tip_bytes *out_row);

/** Which moment the open store of @txn with @commit_count commits is. */
TIP_MUST_USE enum tip_err tip_backup_point_get(struct tip_txn *txn,
                                               uint64_t commit_count,
                                               struct tip_backup_point *out);

#endif /* TIP_BACKUP_MARK_H */
