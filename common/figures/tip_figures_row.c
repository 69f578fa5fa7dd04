#include "tip_figures_row.h"

enum { ENTRY_CELL = 0, ENTRY_MEMBER = 1 };

static void put_run(struct tip_buf *buf, struct tip_run run)
{
    tip_buf_put_varint(buf, run.count);
    for (size_t i = 0; i < run.count; i++) {
        tip_buf_put_varint(buf, run.codes[i]);
    }
}

static void put_place(struct tip_buf *buf, const struct tip_figure_table *table,
                      const struct tip_figure_part *part, uint32_t cell)
{
    const uint32_t *key = tip_figure_key(table, part, cell);

    tip_buf_put_varint(buf, table->id);
    tip_buf_put_varint(buf, part->office);
    for (size_t i = 0; i < table->column_count; i++) {
        put_run(buf, tip_numbering_get(&table->columns[i].values, key[i]));
    }
}

static void put_cell(struct tip_buf *buf, const struct tip_figure_table *table,
                     const struct tip_figure_part *part, uint32_t number)
{
    const struct tip_figure_cell *cell = &part->cells[number];

    tip_buf_put_u8(buf, ENTRY_CELL);
    put_place(buf, table, part, number);
    tip_buf_put_varint(buf, cell->count);
    tip_buf_put_varint(buf, cell->disputed);
    tip_buf_put_varint(buf, cell->extra);
    if (part->sums != NULL) {
        tip_buf_put_svarint(buf, part->sums[number].high);
        tip_buf_put_varint(buf, part->sums[number].low);
    }
}

static void put_member(struct tip_buf *buf, const struct tip_figures *figures,
                       const struct tip_figure_table *table,
                       const struct tip_figure_part *part, uint32_t number)
{
    const struct tip_figure_member *member = &part->members[number];

    tip_buf_put_u8(buf, ENTRY_MEMBER);
    put_place(buf, table, part, member->cell);
    put_run(buf, tip_numbering_get(&figures->members, member->value));
    tip_buf_put_varint(buf, member->count);
}

enum tip_err tip_figures_entry_put(const struct tip_figures *figures,
                                   const struct tip_touch *touch,
                                   struct tip_buf *buf)
{
    const struct tip_figure_table *table = &figures->tables[touch->table];
    const struct tip_figure_part *part = &table->parts[touch->part];
    struct tip_bytes entry;
    struct tip_buf own;
    enum tip_err err;

    tip_buf_init(&own, figures->entry, TIP_FIGURES_ENTRY_BYTES_MAX);
    if (touch->is_member) {
        put_member(&own, figures, table, part, touch->number);
    } else {
        put_cell(&own, table, part, touch->number);
    }
    err = tip_buf_finish(&own, &entry);
    if (err == TIP_OK) {
        tip_buf_put_sized(buf, entry);
    }
    return err;
}

enum tip_err tip_figures_row_open(struct tip_reader *reader,
                                  struct tip_bytes row)
{
    uint8_t format;

    tip_reader_init(reader, row);
    format = tip_reader_get_u8(reader);
    if (reader->failed) {
        return TIP_ESTORE_DAMAGED;
    }
    return format == TIP_FIGURES_ROW_FORMAT ? TIP_OK : TIP_EUNSUPPORTED;
}

static uint32_t get_u32(struct tip_reader *reader)
{
    uint64_t number = tip_reader_get_varint(reader);

    if (number > UINT32_MAX) {
        reader->failed = true;
        return 0;
    }
    return (uint32_t)number;
}

/* A run, put into @codes, which holds TIP_FIGURES_COMBINATION_MAX. */
static struct tip_run get_run(struct tip_reader *reader, uint32_t *codes)
{
    uint64_t count = tip_reader_get_varint(reader);

    if (count > TIP_FIGURES_COMBINATION_MAX) {
        reader->failed = true;
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = get_u32(reader);
    }
    return (struct tip_run){.codes = codes, .count = (size_t)count};
}

static struct tip_figure_table *find_id(const struct tip_figures *figures,
                                        uint32_t id)
{
    for (size_t i = 0; i < figures->table_count; i++) {
        if (figures->tables[i].id == id) {
            return &figures->tables[i];
        }
    }
    return NULL;
}

/* Find or make the cell that the rest of an entry begins with. */
static enum tip_err get_place(struct tip_figures *figures,
                              struct tip_reader *reader,
                              struct tip_figures_entry *entry)
{
    struct tip_figure_table *table = entry->table;
    uint32_t office = get_u32(reader);
    uint32_t codes[TIP_FIGURES_COMBINATION_MAX];
    uint32_t key[TIP_FIGURE_COLUMNS_MAX];
    size_t had;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < table->column_count && err == TIP_OK; i++) {
        struct tip_run run = get_run(reader, codes);

        if (reader->failed) {
            return TIP_ESTORE_DAMAGED;
        }
        err = tip_numbering_add(&table->columns[i].values, run, &key[i]);
    }
    if (err == TIP_OK) {
        err = tip_figure_table_part(table, office, &entry->part);
    }
    if (err != TIP_OK) {
        return err;
    }
    had = table->parts[entry->part].cell_count;
    err = tip_figure_cell_add(table, entry->part, key, &entry->cell);
    figures->cell_count += table->parts[entry->part].cell_count - had;
    return err;
}

static void get_state(struct tip_reader *reader,
                      struct tip_figures_entry *entry)
{
    entry->state.count = get_u32(reader);
    entry->state.disputed = get_u32(reader);
    entry->state.extra = get_u32(reader);
    if (entry->table->indicator->measure == TIP_MEASURE_SUM) {
        entry->sum.high = tip_reader_get_svarint(reader);
        entry->sum.low = tip_reader_get_varint(reader);
    }
}

static enum tip_err get_member(struct tip_figures *figures,
                               struct tip_reader *reader,
                               struct tip_figures_entry *entry)
{
    struct tip_figure_part *part = &entry->table->parts[entry->part];
    uint32_t codes[TIP_FIGURES_COMBINATION_MAX];
    struct tip_run run = get_run(reader, codes);
    size_t had = part->member_count;
    uint32_t value;
    enum tip_err err;

    entry->state.count = get_u32(reader);
    if (reader->failed ||
        entry->table->indicator->measure != TIP_MEASURE_DISTINCT) {
        return TIP_ESTORE_DAMAGED;
    }
    err = tip_numbering_add(&figures->members, run, &value);
    if (err == TIP_OK) {
        err = tip_figure_member_add(part, entry->cell, value, &entry->member);
        figures->cell_count += part->member_count - had;
    }
    return err;
}

enum tip_err tip_figures_entry_get(struct tip_figures *figures,
                                   struct tip_reader *reader,
                                   struct tip_figures_entry *out_entry)
{
    struct tip_figures_entry entry = {.table = NULL};
    struct tip_bytes bytes = tip_reader_get_sized(reader);
    struct tip_reader inner;
    uint8_t kind;
    enum tip_err err;

    tip_reader_init(&inner, bytes);
    kind = tip_reader_get_u8(&inner);
    entry.table = find_id(figures, get_u32(&inner));
    if (reader->failed || inner.failed || kind > ENTRY_MEMBER) {
        return TIP_ESTORE_DAMAGED;
    }
    if (entry.table == NULL) {
        *out_entry = entry;
        return TIP_OK;
    }
    entry.is_member = kind == ENTRY_MEMBER;
    err = get_place(figures, &inner, &entry);
    if (err == TIP_OK && entry.is_member) {
        err = get_member(figures, &inner, &entry);
    } else if (err == TIP_OK) {
        get_state(&inner, &entry);
    }
    if (err == TIP_OK && tip_reader_finish(&inner) != TIP_OK) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_entry = entry;
    }
    return err;
}
