/*
 * By which definition the stored cells were counted.
 *
 * The definition itself is stored, not a hash of it: some hundred bytes an
 * indicator, compared byte by byte. Each gets an id; entries of the log carry
 * the id, so the cells of a definition that is gone need not be looked for:
 * nobody claims them, and they go when their rows do.
 */
#include "tip_buf.h"
#include "tip_figures_internal.h"
#include "tip_reader.h"

enum {
    DEFINITION_BYTES_MAX = TIP_CONDITION_BYTES_MAX + 512,
    DEFINITION_FORMAT = 1
};

/* Under lo 0, which no indicator has: the id to give out next. */
static const struct tip_key next_id_key = {.hi = TIP_FIGURES_DEFINITIONS,
                                           .lo = 0};

/* All that decides where and how a record counts. Names and labels do not, nor
 * do lists: a code keeps its number for good. */
static enum tip_err describe(const struct tip_indicator *indicator,
                             struct tip_buf *buf, struct tip_bytes *out_bytes)
{
    const struct tip_field *measured = indicator->measured;
    const struct tip_field *period_field = indicator->period_field;

    tip_buf_put_varint(buf, TIP_FIGURES_RULES);
    tip_buf_put_varint(buf, indicator->type->number);
    tip_buf_put_varint(buf, (uint64_t)indicator->measure);
    tip_buf_put_varint(buf, measured == NULL ? 0 : measured->number);
    tip_buf_put_varint(buf, (uint64_t)indicator->period);
    tip_buf_put_varint(buf, period_field == NULL ? 0 : period_field->number);
    tip_buf_put_varint(buf, indicator->dimension_count);
    for (size_t i = 0; i < indicator->dimension_count; i++) {
        tip_buf_put_varint(buf, indicator->dimensions[i].field->number);
        tip_buf_put_u8(buf, indicator->dimensions[i].per_combination);
    }
    tip_buf_put_sized(buf, indicator->condition == NULL
                               ? TIP_BYTES_NONE
                               : indicator->condition->text);
    return tip_buf_finish(buf, out_bytes);
}

/* Read the id at the front of a stored definition; the rest is behind it. */
static enum tip_err read_id(struct tip_bytes value, uint32_t *out_id,
                            struct tip_bytes *out_rest)
{
    struct tip_reader reader;
    uint8_t format;
    uint64_t id;

    tip_reader_init(&reader, value);
    format = tip_reader_get_u8(&reader);
    id = tip_reader_get_varint(&reader);
    if (reader.failed || id > UINT32_MAX) {
        return TIP_ESTORE_DAMAGED;
    }
    *out_id = (uint32_t)id;
    *out_rest = reader.rest;
    return format == DEFINITION_FORMAT ? TIP_OK : TIP_EUNSUPPORTED;
}

static enum tip_err put_id(struct tip_txn *txn, struct tip_key key, uint32_t id,
                           struct tip_bytes rest)
{
    uint8_t bytes[DEFINITION_BYTES_MAX + 16];
    struct tip_bytes value;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, bytes, sizeof bytes);
    tip_buf_put_u8(&buf, DEFINITION_FORMAT);
    tip_buf_put_varint(&buf, id);
    tip_buf_put(&buf, rest);
    err = tip_buf_finish(&buf, &value);
    return err == TIP_OK ? tip_txn_put(txn, TIP_TABLE_FIGURE, key, value) : err;
}

/* The id stored under @key and what stands behind it; 0 if there is none. */
static enum tip_err get_id(struct tip_txn *txn, struct tip_key key,
                           uint32_t *out_id, struct tip_bytes *out_rest)
{
    struct tip_bytes value;
    enum tip_err err = tip_txn_get(txn, TIP_TABLE_FIGURE, key, &value);

    if (err == TIP_ENOTFOUND) {
        *out_id = 0;
        *out_rest = TIP_BYTES_NONE;
        return TIP_OK;
    }
    return err == TIP_OK ? read_id(value, out_id, out_rest) : err;
}

struct definer {
    struct tip_txn *txn;
    bool recounts;
    bool writes;
    uint32_t next_id;
    bool has_changed;
};

static enum tip_err define_table(struct definer *definer,
                                 struct tip_figure_table *table)
{
    const struct tip_key key =
        TIP_KEY(TIP_FIGURES_DEFINITIONS, table->indicator->number);
    uint8_t bytes[DEFINITION_BYTES_MAX];
    struct tip_bytes wanted, stored;
    struct tip_buf buf;
    uint32_t id;
    enum tip_err err;

    tip_buf_init(&buf, bytes, sizeof bytes);
    err = describe(table->indicator, &buf, &wanted);
    if (err == TIP_OK) {
        err = get_id(definer->txn, key, &id, &stored);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (id != 0 && !definer->recounts && tip_bytes_equal(wanted, stored)) {
        table->id = id;
        table->is_settled = true;
        return TIP_OK;
    }
    if (!definer->writes) {
        return TIP_EFIGURES_STALE;
    }
    table->id = definer->next_id++;
    definer->has_changed = true;
    return put_id(definer->txn, key, table->id, wanted);
}

/* Take away the definitions of indicators that are counted no longer. */
static enum tip_err forget_others(const struct tip_figures *figures,
                                  struct tip_txn *txn)
{
    struct tip_key key = next_id_key;

    for (;;) {
        struct tip_bytes value;
        enum tip_err err;

        key = tip_key_next(key);
        err = tip_txn_seek(txn, TIP_TABLE_FIGURE, TIP_SEEK_AT_OR_AFTER, key,
                           &key, &value);
        if (err == TIP_ENOTFOUND ||
            (err == TIP_OK && key.hi != TIP_FIGURES_DEFINITIONS)) {
            return TIP_OK;
        }
        if (err == TIP_OK &&
            tip_figures_find_table(figures, (uint32_t)key.lo) == NULL) {
            err = tip_txn_remove(txn, TIP_TABLE_FIGURE, key);
        }
        if (err != TIP_OK) {
            return err;
        }
    }
}

enum tip_err tip_figures_define(struct tip_figures *figures,
                                struct tip_txn *txn, bool recounts, bool writes)
{
    struct definer definer = {
        .txn = txn, .recounts = recounts, .writes = writes};
    struct tip_bytes rest;
    enum tip_err err = get_id(txn, next_id_key, &definer.next_id, &rest);

    if (definer.next_id == 0) {
        definer.next_id = 1;
    }
    for (size_t i = 0; i < figures->table_count && err == TIP_OK; i++) {
        err = define_table(&definer, &figures->tables[i]);
    }
    if (err == TIP_OK && definer.has_changed) {
        err = put_id(txn, next_id_key, definer.next_id, TIP_BYTES_NONE);
    }
    if (err == TIP_OK && writes) {
        err = forget_others(figures, txn);
    }
    return err;
}
