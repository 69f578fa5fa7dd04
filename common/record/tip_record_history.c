/* The history of records, and how it ends with them. */
#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_record_table.h"
#include "tip_wire_record.h"

/* One row decoded. */
enum { ROW_MEMORY_MAX = 64 * 1024 * 1024 };

/* The running number of the next history row of record @ordinal. A newest one
 * that cannot be read keeps its own, and stops no work; an altered key, which
 * leaves what was asked for, has none. */
static enum tip_err next_row(struct tip_txn *txn, uint32_t ordinal,
                             uint64_t *out_number)
{
    struct tip_key key = TIP_KEY(ordinal, UINT64_MAX);
    struct tip_bytes value;
    enum tip_err err = tip_txn_seek(txn, TIP_TABLE_HISTORY,
                                    TIP_SEEK_AT_OR_BEFORE, key, &key, &value);

    if (err == TIP_ESTORE_DAMAGED && key.lo != UINT64_MAX) {
        err = TIP_OK;
    }
    if (err == TIP_ENOTFOUND || (err == TIP_OK && key.hi != ordinal)) {
        *out_number = 1;
        return TIP_OK;
    }
    if (err == TIP_OK) {
        *out_number = key.lo + 1;
    }
    return err;
}

/* What cannot be read goes too. */
static enum tip_err remove_history(struct tip_txn *txn, uint32_t ordinal)
{
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        struct tip_key key = TIP_KEY(ordinal, 0);
        struct tip_bytes value;

        err = tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key,
                           &key, &value);
        if (err == TIP_ENOTFOUND || key.hi != ordinal) {
            return TIP_OK;
        }
        if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
            err = tip_txn_remove(txn, TIP_TABLE_HISTORY, key);
        }
        tip_txn_forget(txn);
    }
    return err;
}

enum tip_err tip_record_table_remove(struct tip_txn *txn, uint32_t ordinal)
{
    enum tip_err err =
        tip_txn_remove(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0));

    return err == TIP_OK || err == TIP_ENOTFOUND ? remove_history(txn, ordinal)
                                                 : err;
}

enum tip_err tip_record_table_is_erased(const struct tip_record_table *table,
                                        struct tip_txn *txn,
                                        const struct tip_record_ref *ref,
                                        bool *out_is)
{
    struct tip_wire_record_peek peek = {.erased = 0};
    struct tip_bytes value;
    uint32_t ordinal;
    enum tip_err err = tip_record_table_find(table, txn, ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &value);
    }
    if (err == TIP_OK) {
        err = tip_wire_record_peek(value, &peek);
    }
    *out_is = err == TIP_OK && peek.erased != 0;
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_record_table_erase(struct tip_record_table *table,
                                    struct tip_txn *txn, uint32_t ordinal,
                                    const struct tip_record *left)
{
    const struct tip_wire_record stub = {.record = *left};
    enum tip_err err = tip_record_table_put(table, txn, ordinal, &stub, true);

    return err == TIP_OK ? remove_history(txn, ordinal) : err;
}

/* Append @dead to the history of record @ordinal. */
static enum tip_err append_dead(struct tip_record_table *table,
                                struct tip_txn *txn, uint32_t ordinal,
                                const struct tip_wire_dead *dead)
{
    struct tip_bytes bytes;
    struct tip_buf buf;
    uint64_t number;
    enum tip_err err;

    if (dead->record.sibling_count == 0) {
        return TIP_OK;
    }
    tip_buf_init(&buf, table->scratch, TIP_STORE_VALUE_BYTES_MAX);
    err = tip_wire_dead_encode(dead, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &bytes);
    }
    if (err == TIP_OK) {
        err = next_row(txn, ordinal, &number);
    }
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_HISTORY, TIP_KEY(ordinal, number),
                          bytes);
    }
    return err;
}

enum tip_err tip_record_table_bury(struct tip_record_table *table,
                                   struct tip_txn *txn, uint32_t ordinal,
                                   const struct tip_record *dead,
                                   const struct tip_write *killer)
{
    struct tip_wire_dead row = {.origin = killer->origin,
                                .seq = killer->seq,
                                .commit = killer->commit,
                                .record = *dead};

    return append_dead(table, txn, ordinal, &row);
}

/* What is looked for in a history: a change-set, in one cell or in any, what
 * its author wrote later, or what was refused of it. */
struct sought {
    uint32_t origin;
    uint64_t seq;
    const struct tip_change *cell; /* NULL: any. */
    bool is_later, is_refused;
    const struct tip_lineage *lineage;
};

static bool is_meant(const struct sought *sought, const struct tip_write *write,
                     const struct tip_sibling *sibling)
{
    if (sought->cell != NULL && (sought->cell->field != sibling->field ||
                                 sought->cell->element != sibling->element)) {
        return false;
    }
    return sought->is_later
               ? tip_lineage_has_past(sought->lineage, write->origin,
                                      write->seq, sought->origin, sought->seq)
               : write->origin == sought->origin && write->seq == sought->seq;
}

/* The first write of @dead that is meant; NULL: none is. */
static const struct tip_write *find(const struct tip_wire_dead *dead,
                                    const struct sought *sought)
{
    const struct tip_record *record = &dead->record;
    bool is_of_kind = sought->is_refused == (dead->refused_by.size != 0);

    for (size_t i = 0; is_of_kind && i < record->sibling_count; i++) {
        const struct tip_write *write =
            tip_record_write(record, &record->siblings[i]);

        if (is_meant(sought, write, &record->siblings[i])) {
            return write;
        }
    }
    return NULL;
}

/* Is row @number of record @ordinal there, whatever is in it? */
static bool has_row(struct tip_txn *txn, uint32_t ordinal, uint64_t number)
{
    struct tip_bytes row;

    return tip_txn_get(txn, TIP_TABLE_HISTORY, TIP_KEY(ordinal, number),
                       &row) != TIP_ENOTFOUND;
}

enum tip_err tip_record_table_next_dead(struct tip_txn *txn, uint32_t ordinal,
                                        uint64_t *number,
                                        struct tip_arena *arena,
                                        struct tip_wire_dead *out_dead)
{
    const uint64_t asked = *number + 1;
    struct tip_key key = TIP_KEY(ordinal, asked);
    struct tip_bytes row;
    enum tip_err err;

    if (*number == UINT64_MAX) {
        return TIP_ENOTFOUND;
    }
    err = tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key, &key,
                       &row);
    if ((err == TIP_OK || err == TIP_ESTORE_DAMAGED) && key.hi != ordinal) {
        return TIP_ENOTFOUND;
    }
    if (err == TIP_ESTORE_DAMAGED && key.lo == asked &&
        !has_row(txn, ordinal, asked)) {
        key.lo = UINT64_MAX; /* An altered key: what is behind it is lost. */
    }
    if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
        *number = key.lo;
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(arena, row, &row);
    }
    if (err == TIP_OK) {
        err = tip_wire_dead_decode(row, arena, out_dead);
    }
    return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : err;
}

/* What cannot be read is passed over: it keeps no work from being judged. At
 * worst something is noted twice, or stands beside what was written later, for
 * a person to see. */
static enum tip_err look(struct tip_txn *txn, uint32_t ordinal,
                         const struct sought *sought, bool *out_has,
                         uint64_t *out_commit)
{
    struct tip_arena arena;
    uint64_t number = 0;
    enum tip_err err = TIP_OK;

    *out_has = false;
    *out_commit = 0;
    tip_arena_init(&arena, ROW_MEMORY_MAX);
    while (err == TIP_OK && !*out_has) {
        const struct tip_write *write;
        struct tip_wire_dead dead;

        err = tip_record_table_next_dead(txn, ordinal, &number, &arena, &dead);
        if (err == TIP_OK) {
            write = find(&dead, sought);
            *out_has = write != NULL;
            *out_commit = write == NULL ? 0 : write->commit;
        } else if (err == TIP_ESTORE_DAMAGED) {
            err = TIP_OK;
        }
        tip_arena_clear(&arena);
        tip_txn_forget(txn);
    }
    tip_arena_deinit(&arena);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_record_table_has_dead(struct tip_txn *txn, uint32_t ordinal,
                                       uint32_t origin, uint64_t seq,
                                       const struct tip_change *cell,
                                       bool *out_has, uint64_t *out_commit)
{
    const struct sought sought = {.origin = origin, .seq = seq, .cell = cell};

    return look(txn, ordinal, &sought, out_has, out_commit);
}

enum tip_err
tip_record_table_has_later_dead(const struct tip_record_table *table,
                                struct tip_txn *txn, uint32_t ordinal,
                                uint32_t origin, uint64_t seq, bool *out_has)
{
    const struct sought sought = {.origin = origin,
                                  .seq = seq,
                                  .is_later = true,
                                  .lineage = table->lineage};
    uint64_t commit;

    return look(txn, ordinal, &sought, out_has, &commit);
}

enum tip_err tip_record_table_has_refused(struct tip_txn *txn, uint32_t ordinal,
                                          uint32_t origin, uint64_t seq,
                                          bool *out_has)
{
    const struct sought sought = {
        .origin = origin, .seq = seq, .is_refused = true};
    uint64_t commit;

    return look(txn, ordinal, &sought, out_has, &commit);
}

enum tip_err tip_record_table_refuse(struct tip_record_table *table,
                                     struct tip_txn *txn, uint32_t ordinal,
                                     const struct tip_change_set *set, size_t i,
                                     const struct tip_ruling *ruling,
                                     uint64_t commit, struct tip_arena *arena)
{
    struct tip_wire_dead row = {
        .commit = commit, .refused_by = ruling->by, .reason = ruling->reason};
    struct tip_write write = tip_write_of(set, 0, TIP_VERDICT_GOOD);
    struct tip_record none;
    size_t count;
    const struct tip_change *changes = tip_change_set_part(set, i, &count);
    struct tip_wire_record stored;
    enum tip_err err =
        tip_record_table_load(table, txn, ordinal, arena, &stored);

    if (err == TIP_OK && stored.record.erased != 0) {
        return TIP_OK; /* Nothing of it is kept. */
    }
    if (err == TIP_OK) {
        tip_record_init(&row.record, &stored.record.id, stored.record.type,
                        stored.record.maker);
        err =
            tip_record_apply(&row.record, &write, changes, count, arena, &none);
    }
    return err == TIP_OK ? append_dead(table, txn, ordinal, &row) : err;
}
