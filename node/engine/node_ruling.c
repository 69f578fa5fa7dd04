/*
 * What people decided about own change-sets that the hub had held back.
 *
 * A refused one is lost to nobody here: it leaves the overlay, stands in the
 * history of its records as refused, and is kept whole, because a record that
 * it would have made is gone with it.
 */
#include "node_ruling.h"

#include "node_erase.h"
#include "node_mend.h"
#include "tip_reader.h"
#include "tip_redact.h"
#include "tip_state_row.h"
#include "tip_wire_ruling.h"
#include "tip_wire_set.h"

enum { RULING_FORMAT = 1 };

/* The bytes of own change-set @seq, in engine->work. */
static enum tip_err load_bytes(struct node_engine *engine, uint64_t seq,
                               struct tip_bytes *out_bytes)
{
    struct tip_bytes value;
    enum tip_err err =
        tip_txn_get(engine->txn, TIP_TABLE_OUTBOX,
                    TIP_KEY(engine->identity.origin, seq), &value);

    return err == TIP_OK ? tip_arena_copy(&engine->work, value, out_bytes)
                         : err;
}

/* Store @ruling about own change-set @seq, made at @commit, with @set. */
static enum tip_err put(struct node_engine *engine, uint64_t commit,
                        const struct tip_ruling *ruling, struct tip_bytes set)
{
    size_t size = 16 + TIP_WIRE_RULING_BYTES_MAX + set.size;
    uint8_t *memory = tip_arena_alloc(&engine->work, size);
    struct tip_buf buf;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    tip_buf_put_u8(&buf, RULING_FORMAT);
    tip_buf_put_u64(&buf, commit);
    tip_wire_ruling_put(&buf, ruling);
    tip_buf_put(&buf, set);
    return tip_state_row_put(
        engine->txn, TIP_TABLE_RULING,
        TIP_KEY(engine->identity.origin, ruling->first_seq), &buf);
}

enum tip_err node_ruling_keep(struct node_engine *engine,
                              const struct tip_item *item, uint64_t seq)
{
    struct tip_ruling ruling = item->ruling;
    struct tip_change_set named;
    struct tip_bytes set;
    bool is_erased = false;
    enum tip_err err = load_bytes(engine, seq, &set);

    ruling.first_seq = seq;
    ruling.count = 1;
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_EDIVERGED : err;
    }
    err = tip_wire_set_decode(set, &engine->work, &named);
    if (err == TIP_OK) {
        err = node_erase_is_named(engine, &named, &is_erased);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (is_erased) {
        ruling.reason = TIP_BYTES_NONE; /* It may speak of what was erased. */
    }
    engine->ruled = item->commit;
    return put(engine, item->commit, &ruling, set);
}

/* Take change-set @set, its record @i, out of that record. */
static enum tip_err refuse_record(struct node_engine *engine,
                                  const struct tip_item *item,
                                  const struct tip_change_set *set, size_t i)
{
    struct tip_wire_record stored;
    uint32_t ordinal;
    enum tip_err err = tip_record_table_find(&engine->records, engine->txn,
                                             &set->records[i], &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
    }
    if (err == TIP_ENOTFOUND) {
        node_mend_doubt(engine);
        return TIP_OK; /* It will be sent, without this. */
    }
    if (err != TIP_OK || stored.record.erased != 0) {
        return err; /* Of what was erased nothing is left but its name. */
    }
    err = node_apply_drop(&stored, set->seq, &engine->work);
    if (err == TIP_OK && stored.overlay_count == 0 &&
        (stored.record.birth_commit == 0 ||
         node_apply_has_left(engine, &stored))) {
        return tip_record_table_remove(engine->txn, ordinal);
    }
    if (err == TIP_OK) {
        err = tip_record_table_put(&engine->records, engine->txn, ordinal,
                                   &stored, stored.record.birth_commit != 0);
    }
    return err == TIP_OK
               ? tip_record_table_refuse(&engine->records, engine->txn, ordinal,
                                         set, i, &item->ruling, item->commit,
                                         &engine->work)
               : err;
}

static enum tip_err refuse(struct node_engine *engine,
                           const struct tip_item *item, uint64_t seq)
{
    struct tip_change_set set;
    size_t bytes;
    enum tip_err err = node_save_load(engine, seq, &engine->work, &set, &bytes);

    if (err == TIP_ENOTFOUND) {
        return TIP_EDIVERGED; /* It was told twice, or never saved. */
    }
    if (err == TIP_OK) {
        err = node_ruling_keep(engine, item, seq);
    }
    for (size_t i = 0; err == TIP_OK && i < set.record_count; i++) {
        err = refuse_record(engine, item, &set, i);
    }
    if (err == TIP_OK) {
        err = tip_txn_remove(engine->txn, TIP_TABLE_OUTBOX,
                             TIP_KEY(engine->identity.origin, seq));
    }
    tip_arena_clear(&engine->work);
    return err;
}

enum tip_err node_ruling_refuse(struct node_engine *engine,
                                const struct tip_item *item)
{
    const struct tip_ruling *ruling = &item->ruling;
    uint64_t framed = engine->feed.framed.number;
    enum tip_err err = TIP_OK;

    if (ruling->first_seq > framed ||
        ruling->count - 1 > framed - ruling->first_seq) {
        return TIP_EDIVERGED; /* It was never sent. */
    }
    for (uint64_t i = 0; i < ruling->count && err == TIP_OK; i++) {
        err = refuse(engine, item, ruling->first_seq + i);
    }
    return err;
}

static enum tip_err read(struct tip_bytes value, struct tip_arena *arena,
                         struct node_decision *out_decision)
{
    struct node_decision decision = {.commit = 0};
    struct tip_reader reader;
    struct tip_bytes copy;
    enum tip_err err = tip_arena_copy(arena, value, &copy);

    if (err == TIP_OK) {
        err = tip_state_row_open(copy, RULING_FORMAT, &reader);
    }
    if (err != TIP_OK) {
        return err;
    }
    decision.commit = tip_reader_get_u64(&reader);
    err = tip_wire_ruling_get(&reader, &decision.ruling);
    if (err == TIP_OK) {
        err = tip_wire_set_decode(reader.rest, arena, &decision.set);
    }
    if (err != TIP_OK) {
        return err == TIP_EMALFORMED ? TIP_ESTORE_DAMAGED : err;
    }
    *out_decision = decision;
    return TIP_OK;
}

enum tip_err node_engine_decision(struct node_engine *engine, uint64_t after,
                                  struct tip_arena *arena,
                                  struct node_decision *out_decision)
{
    uint32_t origin = engine->identity.origin;
    struct tip_bytes value;
    struct tip_key key;
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_seek(txn, TIP_TABLE_RULING, TIP_SEEK_AT_OR_AFTER,
                           tip_key_next(TIP_KEY(origin, after)), &key, &value);
    }
    if (err == TIP_OK && key.hi != origin) {
        err = TIP_ENOTFOUND;
    }
    return err == TIP_OK ? read(value, arena, out_decision) : err;
}

/* Is @err about the value at @key? Behind an altered key nobody knows where to
 * go on. */
static bool is_of_value(struct tip_txn *txn, struct tip_key key,
                        enum tip_err err)
{
    struct tip_bytes value;

    return err == TIP_ESTORE_DAMAGED &&
           tip_txn_get(txn, TIP_TABLE_RULING, key, &value) != TIP_ENOTFOUND;
}

enum tip_err node_ruling_load(struct node_engine *engine, struct tip_txn *txn)
{
    uint32_t origin = engine->identity.origin;
    struct tip_key key = TIP_KEY(origin, 0);

    engine->ruled = 0;
    for (;;) {
        struct tip_bytes value;
        struct tip_reader reader;
        uint64_t commit;
        enum tip_err err = tip_txn_seek(
            txn, TIP_TABLE_RULING, TIP_SEEK_AT_OR_AFTER, key, &key, &value);

        if (err == TIP_ENOTFOUND || (err == TIP_OK && key.hi != origin)) {
            return TIP_OK;
        }
        if (err == TIP_OK) {
            err = tip_state_row_open(value, RULING_FORMAT, &reader);
        }
        if (err != TIP_OK && !is_of_value(txn, key, err)) {
            return err;
        }
        commit = err == TIP_OK ? tip_reader_get_u64(&reader) : 0;
        engine->ruled = commit > engine->ruled ? commit : engine->ruled;
        key = tip_key_next(key);
        tip_txn_forget(txn);
    }
}

/* What came back from the hub may name @record by its birth. */
static bool is_named(const struct tip_record_ref *ref,
                     const struct tip_record *record)
{
    return tip_id_is_none(&ref->id)
               ? ref->birth_commit == record->birth_commit &&
                     ref->birth_index == record->birth_index
               : tip_id_equal(&ref->id, &record->id);
}

static bool touches(const struct tip_change_set *set,
                    const struct tip_record *record)
{
    for (size_t i = 0; i < set->record_count; i++) {
        if (is_named(&set->records[i], record)) {
            return true;
        }
    }
    return false;
}

enum tip_err node_ruling_has_changed(struct node_engine *engine,
                                     const struct tip_record *record,
                                     uint64_t seen, bool *out_has)
{
    struct node_decision decision = {.commit = 0};
    enum tip_err err = TIP_OK;

    *out_has = false;
    /* Rulings are rare, and forms from before one rarer. */
    while (seen < engine->ruled && !*out_has && err == TIP_OK) {
        err = node_engine_decision(engine, decision.ruling.first_seq,
                                   &engine->work, &decision);
        *out_has = err == TIP_OK && decision.commit > seen &&
                   touches(&decision.set, record);
        tip_arena_clear(&engine->work);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Take out of @decision what @redactor says was erased. */
static enum tip_err redact(struct node_engine *engine,
                           struct tip_redactor *redactor,
                           const struct node_decision *decision)
{
    struct tip_ruling ruling = decision->ruling;
    struct tip_change_set left;
    struct tip_bytes row;
    struct tip_buf buf;
    bool is_less, is_named = false;
    enum tip_err err = tip_redact_names(redactor, &decision->set, 1, &is_named);

    if (err == TIP_OK) {
        err = tip_redact_set(redactor, &decision->set, &left, &is_less);
    }
    if (err != TIP_OK || !is_named) {
        return err;
    }
    ruling.reason = TIP_BYTES_NONE;
    tip_buf_init(&buf, engine->row, sizeof engine->row);
    err = tip_wire_set_encode(&left, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    return err == TIP_OK ? put(engine, decision->commit, &ruling, row) : err;
}

enum tip_err node_ruling_redact(struct node_engine *engine,
                                struct tip_redactor *redactor)
{
    struct node_decision decision = {.commit = 0};
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        err = node_engine_decision(engine, decision.ruling.first_seq,
                                   &engine->work, &decision);
        if (err == TIP_OK) {
            err = redact(engine, redactor, &decision);
        }
        tip_arena_clear(&engine->work);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
