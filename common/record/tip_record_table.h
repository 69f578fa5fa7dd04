/*
 * The records of one program in its store, found by id or by birth.
 *
 * A record lives under a store-local ordinal, given in the order of arrival,
 * so that bulk loads append. What finds it is in memory, eight bytes an entry
 * (tip_index.h), made anew at open from the heads of all records: no key on
 * disk says anything about a record.
 *
 * Beside its committed state a record keeps the seqs of the program's own
 * change-sets that touch it and are not decided yet: the overlay. Their content
 * lies in TIP_TABLE_OUTBOX, once, under the seq.
 */
#ifndef TIP_RECORD_TABLE_H
#define TIP_RECORD_TABLE_H

#include <stdint.h>

#include "tip_arena.h"
#include "tip_ctl.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_index.h"
#include "tip_record.h"
#include "tip_store.h"
#include "tip_wire_record.h"

struct tip_random;

/** Caller-allocated; owns its indexes. One thread. */
struct tip_record_table {
    struct tip_index by_id;
    struct tip_index by_birth;
    uint32_t next_ordinal;
    uint32_t unread_count; /* At open: records that cannot be read. */
    uint32_t gap_count;    /* At open: ordinals before the last without one. */
    uint8_t *contested;    /* Owned; a bit for each ordinal below… */
    size_t contested_size; /* …eight times this. */
    const struct tip_lineage *lineage; /* Borrowed; of all records read. */
    uint8_t *scratch; /* Owned; a record's bytes on their way to the store. */
};

/** Index all records that @txn sees; what cannot be read is counted, and not
 * found. @lineage is borrowed until close, and may grow.
 * TIP_ESTORE_DAMAGED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_record_table_open(struct tip_record_table *table, struct tip_txn *txn,
                      struct tip_random *random,
                      const struct tip_lineage *lineage);

void tip_record_table_close(struct tip_record_table *table);

/** A transaction with additions was lost: give ordinals out again behind the
 * last record that @txn sees. Stale index entries find nothing. */
TIP_MUST_USE enum tip_err
tip_record_table_rewind(struct tip_record_table *table, struct tip_txn *txn);

/** The record called @id or born as @ref says. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err
tip_record_table_find(const struct tip_record_table *table, struct tip_txn *txn,
                      const struct tip_record_ref *ref, uint32_t *out_ordinal);

/** The lowest ordinal above @after of a record of which something may wait for
 * a person; 0: there is none. One that was decided, or is there no more, may be
 * named until the table is opened again: look at it with tip_merge_contest().
 */
uint32_t tip_record_table_next_contested(const struct tip_record_table *table,
                                         uint32_t after);

/** Read record @ordinal into @arena. TIP_ESTORE_DAMAGED: it cannot be read. */
TIP_MUST_USE enum tip_err
tip_record_table_load(const struct tip_record_table *table, struct tip_txn *txn,
                      uint32_t ordinal, struct tip_arena *arena,
                      struct tip_wire_record *out_record);

/** Add @record, which is not there, under the next ordinal. */
TIP_MUST_USE enum tip_err
tip_record_table_add(struct tip_record_table *table, struct tip_txn *txn,
                     const struct tip_wire_record *record,
                     uint32_t *out_ordinal);

/** Add what is left of a record that @erase, of @commit, has erased, and that
 * is not there: it must not come. What frames say of it is found by its
 * birth. */
TIP_MUST_USE enum tip_err
tip_record_table_add_erased(struct tip_record_table *table, struct tip_txn *txn,
                            const struct tip_ctl_erase *erase, uint64_t commit);

/** Was the record that @ref names erased? False if there is none. */
TIP_MUST_USE enum tip_err
tip_record_table_is_erased(const struct tip_record_table *table,
                           struct tip_txn *txn,
                           const struct tip_record_ref *ref, bool *out_is);

/** Put what is left of record @ordinal, which was erased, in its place and
 * remove its history. */
TIP_MUST_USE enum tip_err tip_record_table_erase(struct tip_record_table *table,
                                                 struct tip_txn *txn,
                                                 uint32_t ordinal,
                                                 const struct tip_record *left);

/** Write record @ordinal back. @had_birth: as it was when loaded; a birth it
 * has got since is indexed. */
TIP_MUST_USE enum tip_err
tip_record_table_put(struct tip_record_table *table, struct tip_txn *txn,
                     uint32_t ordinal, const struct tip_wire_record *record,
                     bool had_birth);

/** Write @record in the place of record @ordinal, which cannot be read. */
TIP_MUST_USE enum tip_err
tip_record_table_mend(struct tip_record_table *table, struct tip_txn *txn,
                      uint32_t ordinal, const struct tip_wire_record *record);

/** Take record @ordinal and its history away. What finds it finds nothing from
 * then on; should the transaction be lost, it finds it again. */
TIP_MUST_USE enum tip_err tip_record_table_remove(struct tip_txn *txn,
                                                  uint32_t ordinal);

/** Append what @dead lost to @killer to the history of record @ordinal. */
TIP_MUST_USE enum tip_err tip_record_table_bury(struct tip_record_table *table,
                                                struct tip_txn *txn,
                                                uint32_t ordinal,
                                                const struct tip_record *dead,
                                                const struct tip_write *killer);

/** Read what of the history of record @ordinal comes behind its row *@number,
 * which becomes the number of what was read; in @arena. TIP_ENOTFOUND: nothing.
 * TIP_ESTORE_DAMAGED: this row cannot be read; go on behind it. */
TIP_MUST_USE enum tip_err
tip_record_table_next_dead(struct tip_txn *txn, uint32_t ordinal,
                           uint64_t *number, struct tip_arena *arena,
                           struct tip_wire_dead *out_dead);

/** Did change-set @seq of @origin write what is in the history of record
 * @ordinal, in the cell of @cell or (NULL) in any; with which commit? Refused
 * work was not written. Reads all of it that can be read. */
TIP_MUST_USE enum tip_err tip_record_table_has_dead(
    struct tip_txn *txn, uint32_t ordinal, uint32_t origin, uint64_t seq,
    const struct tip_change *cell, bool *out_has, uint64_t *out_commit);

/** Did its author write anything that is in there later, under whatever
 * origin? */
TIP_MUST_USE enum tip_err
tip_record_table_has_later_dead(const struct tip_record_table *table,
                                struct tip_txn *txn, uint32_t ordinal,
                                uint32_t origin, uint64_t seq, bool *out_has);

/** Is there in the history of record @ordinal what change-set @seq of @origin
 * would have written and was refused? Reads all of it. */
TIP_MUST_USE enum tip_err
tip_record_table_has_refused(struct tip_txn *txn, uint32_t ordinal,
                             uint32_t origin, uint64_t seq, bool *out_has);

/** Append what @set would have written to its record number @i, which is
 * @ordinal here, to that record's history: @ruling, at @commit, refused it.
 * @arena: working memory. */
TIP_MUST_USE enum tip_err
tip_record_table_refuse(struct tip_record_table *table, struct tip_txn *txn,
                        uint32_t ordinal, const struct tip_change_set *set,
                        size_t i, const struct tip_ruling *ruling,
                        uint64_t commit, struct tip_arena *arena);

#endif /* TIP_RECORD_TABLE_H */
