#include "tip_record_table.h"

#include <stdlib.h>
#include <string.h>

#include "tip_buf.h"
#include "tip_random.h"
#include "tip_wire_record.h"

/* What a birth is in an index: its two numbers, in one run of bytes. */
struct birth_key {
    uint8_t bytes[12];
};

static struct birth_key birth_key(uint64_t commit, uint32_t index)
{
    struct birth_key key;
    struct tip_buf buf;

    tip_buf_init(&buf, key.bytes, sizeof key.bytes);
    tip_buf_put_u64(&buf, commit);
    tip_buf_put_u32(&buf, index);
    return key;
}

static enum tip_err index_id(struct tip_record_table *table,
                             const struct tip_id *id, uint32_t ordinal)
{
    uint32_t tag =
        tip_index_tag(&table->by_id, tip_bytes(id->bytes, sizeof id->bytes));

    return tip_index_add(&table->by_id, tag, ordinal);
}

static enum tip_err index_birth(struct tip_record_table *table, uint64_t commit,
                                uint32_t index, uint32_t ordinal)
{
    struct birth_key key = birth_key(commit, index);
    uint32_t tag = tip_index_tag(&table->by_birth, TIP_BYTES_OF(key.bytes));

    return tip_index_add(&table->by_birth, tag, ordinal);
}

/* Note that something of record @ordinal may wait for a person. Never taken
 * back: the transaction that decides it may be lost. */
static enum tip_err note_contested(struct tip_record_table *table,
                                   uint32_t ordinal)
{
    size_t at = ordinal / 8;

    if (at >= table->contested_size) {
        size_t size = 2 * at + 64;
        uint8_t *grown = realloc(table->contested, size);

        if (grown == NULL) {
            return TIP_ENOMEM;
        }
        memset(grown + table->contested_size, 0, size - table->contested_size);
        table->contested = grown;
        table->contested_size = size;
    }
    table->contested[at] |= (uint8_t)(1 << ordinal % 8);
    return TIP_OK;
}

uint32_t tip_record_table_next_contested(const struct tip_record_table *table,
                                         uint32_t after)
{
    for (uint64_t ordinal = (uint64_t)after + 1;
         ordinal / 8 < table->contested_size; ordinal++) {
        uint8_t bits = table->contested[ordinal / 8];

        if (bits == 0) {
            ordinal |= 7; /* None of these eight. */
        } else if ((bits >> ordinal % 8 & 1) != 0) {
            return (uint32_t)ordinal;
        }
    }
    return 0;
}

/* Index the record whose stored bytes are @value. */
static enum tip_err index_stored(struct tip_record_table *table,
                                 uint32_t ordinal, struct tip_bytes value)
{
    struct tip_wire_record_peek head;
    enum tip_err err = tip_wire_record_peek(value, &head);

    if (err == TIP_OK) {
        err = index_id(table, &head.id, ordinal);
    }
    if (err == TIP_OK && head.birth_commit != 0) {
        err = index_birth(table, head.birth_commit, head.birth_index, ordinal);
    }
    if (err == TIP_OK && head.is_contested) {
        err = note_contested(table, ordinal);
    }
    return err;
}

/* Index every record that has a row. */
static enum tip_err index_rows(struct tip_record_table *table,
                               struct tip_txn *txn)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err;

    for (;;) {
        err = tip_txn_seek(txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER, key,
                           &key, &value);
        if (err == TIP_ENOTFOUND) {
            return TIP_OK;
        }
        if (key.hi >= UINT32_MAX || key.lo != 0) {
            return TIP_ESTORE_DAMAGED;
        }
        if (err == TIP_OK) {
            err = index_stored(table, (uint32_t)key.hi, value);
        }
        if (err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED) {
            table->unread_count++;
        } else if (err != TIP_OK) {
            return err;
        }
        table->gap_count += (uint32_t)key.hi - table->next_ordinal;
        table->next_ordinal = (uint32_t)key.hi + 1;
        key = TIP_KEY(key.hi + 1, 0);
        tip_txn_forget(txn);
    }
}

/* The ordinal of the last row of @of, 0 if there is none, if it is more. */
static enum tip_err raise_last(struct tip_txn *txn, enum tip_table of,
                               uint32_t *last)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, of, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(UINT64_MAX, UINT64_MAX), &key, &value);

    if (err == TIP_ENOTFOUND) {
        return TIP_OK;
    }
    if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
        if (key.hi >= UINT32_MAX) {
            return TIP_ESTORE_DAMAGED;
        }
        *last = key.hi > *last ? (uint32_t)key.hi : *last;
    }
    return err == TIP_ESTORE_DAMAGED ? TIP_OK : err;
}

enum tip_err tip_record_table_rewind(struct tip_record_table *table,
                                     struct tip_txn *txn)
{
    uint32_t last = 0;
    enum tip_err err = raise_last(txn, TIP_TABLE_RECORD, &last);

    /* A record that was lost leaves its history, which is nobody else's. */
    if (err == TIP_OK) {
        err = raise_last(txn, TIP_TABLE_HISTORY, &last);
    }
    if (err == TIP_OK) {
        table->next_ordinal = last + 1;
    }
    return err;
}

static enum tip_err index_all(struct tip_record_table *table,
                              struct tip_txn *txn)
{
    enum tip_err err = index_rows(table, txn);
    uint32_t next = table->next_ordinal;

    if (err == TIP_OK) {
        err = tip_record_table_rewind(table, txn);
        table->gap_count += table->next_ordinal - next;
    }
    return err;
}

enum tip_err tip_record_table_open(struct tip_record_table *table,
                                   struct tip_txn *txn,
                                   struct tip_random *random,
                                   const struct tip_lineage *lineage)
{
    uint64_t secret;
    enum tip_err err;

    random->fill(random, &secret, sizeof secret);
    *table = (struct tip_record_table){.next_ordinal = 1, .lineage = lineage};
    table->scratch = malloc(TIP_STORE_VALUE_BYTES_MAX);
    if (table->scratch == NULL) {
        return TIP_ENOMEM;
    }
    tip_index_init(&table->by_id, secret);
    tip_index_init(&table->by_birth, secret);
    err = index_all(table, txn);
    if (err != TIP_OK) {
        tip_record_table_close(table);
    }
    return err;
}

void tip_record_table_close(struct tip_record_table *table)
{
    tip_index_deinit(&table->by_id);
    tip_index_deinit(&table->by_birth);
    free(table->contested);
    table->contested = NULL;
    free(table->scratch);
    table->scratch = NULL;
}

static bool is_meant(const struct tip_wire_record_peek *head,
                     const struct tip_record_ref *ref)
{
    if (!tip_id_is_none(&ref->id)) {
        return tip_id_equal(&head->id, &ref->id);
    }
    return head->birth_commit == ref->birth_commit &&
           head->birth_index == ref->birth_index;
}

static struct tip_index_walk candidates(const struct tip_record_table *table,
                                        const struct tip_record_ref *ref)
{
    struct birth_key key;

    if (!tip_id_is_none(&ref->id)) {
        struct tip_bytes id = tip_bytes(ref->id.bytes, sizeof ref->id.bytes);

        return tip_index_find(&table->by_id, tip_index_tag(&table->by_id, id));
    }
    key = birth_key(ref->birth_commit, ref->birth_index);
    return tip_index_find(
        &table->by_birth,
        tip_index_tag(&table->by_birth, TIP_BYTES_OF(key.bytes)));
}

enum tip_err tip_record_table_find(const struct tip_record_table *table,
                                   struct tip_txn *txn,
                                   const struct tip_record_ref *ref,
                                   uint32_t *out_ordinal)
{
    const struct tip_index *index =
        tip_id_is_none(&ref->id) ? &table->by_birth : &table->by_id;
    struct tip_index_walk walk = candidates(table, ref);
    uint32_t ordinal;

    while (tip_index_next(index, &walk, &ordinal)) {
        struct tip_wire_record_peek head;
        struct tip_bytes value;
        enum tip_err err =
            tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &value);

        /* An entry may outlive a transaction that was lost. */
        if (err == TIP_ENOTFOUND) {
            continue;
        }
        if (err == TIP_OK) {
            err = tip_wire_record_peek(value, &head);
        }
        if (err != TIP_OK) {
            return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : err;
        }
        if (is_meant(&head, ref)) {
            *out_ordinal = ordinal;
            return TIP_OK;
        }
    }
    return TIP_ENOTFOUND;
}

enum tip_err tip_record_table_load(const struct tip_record_table *table,
                                   struct tip_txn *txn, uint32_t ordinal,
                                   struct tip_arena *arena,
                                   struct tip_wire_record *out_record)
{
    struct tip_bytes value, copy;
    enum tip_err err =
        tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &value);

    if (err == TIP_OK) {
        err = tip_arena_copy(arena, value, &copy);
    }
    if (err == TIP_OK) {
        err = tip_wire_record_decode(copy, arena, out_record);
    }
    if (err == TIP_OK) {
        out_record->record.lineage = table->lineage;
    }
    return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : err;
}

/* The bytes of @record, in @buf's memory. */
static enum tip_err encode(const struct tip_wire_record *record,
                           struct tip_buf *buf, struct tip_bytes *out_bytes)
{
    enum tip_err err = tip_wire_record_encode(record, buf);

    return err != TIP_OK ? err : tip_buf_finish(buf, out_bytes);
}

enum tip_err tip_record_table_add(struct tip_record_table *table,
                                  struct tip_txn *txn,
                                  const struct tip_wire_record *record,
                                  uint32_t *out_ordinal)
{
    uint32_t ordinal = table->next_ordinal;
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, table->scratch, TIP_STORE_VALUE_BYTES_MAX);
    err = encode(record, &buf, &bytes);
    if (err == TIP_OK) {
        err = tip_txn_append(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), bytes);
    }
    if (err == TIP_OK) {
        err = index_stored(table, ordinal, bytes);
    }
    if (err == TIP_OK) {
        table->next_ordinal++;
        *out_ordinal = ordinal;
    }
    return err;
}

enum tip_err tip_record_table_add_erased(struct tip_record_table *table,
                                         struct tip_txn *txn,
                                         const struct tip_ctl_erase *erase,
                                         uint64_t commit)
{
    struct tip_wire_record stub = {.overlay_count = 0};
    uint32_t ordinal;

    tip_record_init(&stub.record, &erase->record, 0, 0);
    stub.record.birth_commit = erase->birth_commit;
    stub.record.birth_index = erase->birth_index;
    tip_record_erase(&stub.record, commit, erase->decided_ms);
    return tip_record_table_add(table, txn, &stub, &ordinal);
}

enum tip_err tip_record_table_put(struct tip_record_table *table,
                                  struct tip_txn *txn, uint32_t ordinal,
                                  const struct tip_wire_record *record,
                                  bool had_birth)
{
    const struct tip_record *committed = &record->record;
    struct tip_wire_record_peek head;
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, table->scratch, TIP_STORE_VALUE_BYTES_MAX);
    err = encode(record, &buf, &bytes);
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), bytes);
    }
    if (err == TIP_OK) {
        err = tip_wire_record_peek(bytes, &head);
    }
    if (err == TIP_OK && head.is_contested) {
        err = note_contested(table, ordinal);
    }
    if (err == TIP_OK && !had_birth && committed->birth_commit != 0) {
        err = index_birth(table, committed->birth_commit,
                          committed->birth_index, ordinal);
    }
    return err;
}

enum tip_err tip_record_table_mend(struct tip_record_table *table,
                                   struct tip_txn *txn, uint32_t ordinal,
                                   const struct tip_wire_record *record)
{
    enum tip_err err = tip_record_table_put(table, txn, ordinal, record, false);

    return err == TIP_OK ? index_id(table, &record->record.id, ordinal) : err;
}
