/*
 * The stored rows: appended as cells change, taken away from the front.
 *
 * A row whose entries are mostly outdated is worth less than it costs to read
 * at open. So before new rows are written, the oldest are taken away until at
 * most four entries are there for each cell; what was still current in them is
 * written again with the rest. Each cell says in which row its state is.
 */
#include "tip_figures_internal.h"
#include "tip_figures_row.h"

enum {
    /* Entries per cell. Each one written makes one third of another be written
     * again; at two it would be one whole, at eight a seventh. */
    ENTRIES_PER_CELL = 4,
    SLACK_ENTRIES = 4096
};

/* Rows are known by the lower half of their number, of which two values are
 * taken. Rows live far less long than it takes to come round. */
static uint32_t mark_of(uint64_t row)
{
    return (uint32_t)row;
}

static uint64_t row_after(uint64_t row)
{
    do {
        row++;
    } while (mark_of(row) == TIP_ROW_DIRTY || mark_of(row) == TIP_ROW_NOWHERE);
    return row;
}

static uint32_t *place_of(const struct tip_figures_entry *entry)
{
    struct tip_figure_part *part = &entry->table->parts[entry->part];

    return entry->is_member ? &part->members[entry->member].row
                            : &part->cells[entry->cell].row;
}

static void load_entry(const struct tip_figures_entry *entry, uint32_t mark)
{
    struct tip_figure_part *part = &entry->table->parts[entry->part];

    if (entry->is_member) {
        part->members[entry->member].count = entry->state.count;
    } else {
        part->cells[entry->cell] = entry->state;
        if (part->sums != NULL) {
            part->sums[entry->cell] = entry->sum;
        }
    }
    *place_of(entry) = mark;
}

static enum tip_err load_row(struct tip_figures *figures, uint64_t number,
                             struct tip_bytes row)
{
    struct tip_reader reader;
    enum tip_err err = tip_figures_row_open(&reader, row);

    while (err == TIP_OK && reader.rest.size != 0) {
        struct tip_figures_entry entry;

        err = tip_figures_entry_get(figures, &reader, &entry);
        if (err == TIP_OK && entry.table != NULL) {
            load_entry(&entry, mark_of(number));
        }
        figures->log.entry_count++;
    }
    return err;
}

enum tip_err tip_figures_load(struct tip_figures *figures, struct tip_txn *txn)
{
    struct tip_key key = TIP_KEY(TIP_FIGURES_LOG, 0);

    for (;;) {
        struct tip_bytes row;
        enum tip_err err = tip_txn_seek(txn, TIP_TABLE_FIGURE,
                                        TIP_SEEK_AT_OR_AFTER, key, &key, &row);

        if (err == TIP_ENOTFOUND) {
            figures->durable_log = figures->log;
            return TIP_OK;
        }
        if (err == TIP_OK && key.hi != TIP_FIGURES_LOG) {
            err = TIP_ESTORE_DAMAGED;
        }
        if (err == TIP_OK) {
            err = load_row(figures, key.lo, row);
        }
        if (err != TIP_OK) {
            return err;
        }
        figures->log.last_row = key.lo;
        tip_txn_forget(txn);
        key = tip_key_next(key);
    }
}

/* The state of @entry is in the row @mark, which goes away: write it again, or
 * if it counts nothing, let it go too. */
static enum tip_err save_entry(struct tip_figures *figures,
                               const struct tip_figures_entry *entry,
                               uint32_t mark)
{
    uint32_t *place = place_of(entry);
    enum tip_err err;

    if (*place != mark) {
        return TIP_OK;
    }
    if (entry->is_member) {
        err = tip_figures_touch_member(figures, entry->table, entry->part,
                                       entry->member);
    } else {
        err = tip_figures_touch_cell(figures, entry->table, entry->part,
                                     entry->cell);
    }
    if (err == TIP_OK && entry->state.count == 0) {
        *place = TIP_ROW_NOWHERE;
    }
    return err;
}

static enum tip_err save_row(struct tip_figures *figures, uint64_t number,
                             struct tip_bytes row)
{
    struct tip_reader reader;
    enum tip_err err = tip_figures_row_open(&reader, row);

    while (err == TIP_OK && reader.rest.size != 0) {
        struct tip_figures_entry entry;

        err = tip_figures_entry_get(figures, &reader, &entry);
        if (err == TIP_OK && entry.table != NULL) {
            err = save_entry(figures, &entry, mark_of(number));
        }
        figures->log.entry_count--;
    }
    return err;
}

static bool is_long(const struct tip_figures *figures)
{
    uint64_t to_write = figures->touch_count - figures->settled_count;

    return figures->log.entry_count != 0 &&
           figures->log.entry_count + to_write >
               ENTRIES_PER_CELL * figures->cell_count + SLACK_ENTRIES;
}

static enum tip_err shorten(struct tip_figures *figures, struct tip_txn *txn)
{
    while (is_long(figures)) {
        struct tip_key key = TIP_KEY(TIP_FIGURES_LOG, 0);
        struct tip_bytes row;
        enum tip_err err = tip_txn_seek(txn, TIP_TABLE_FIGURE,
                                        TIP_SEEK_AT_OR_AFTER, key, &key, &row);

        if (err == TIP_OK) {
            err = save_row(figures, key.lo, row);
        }
        if (err == TIP_OK) {
            err = tip_txn_remove(txn, TIP_TABLE_FIGURE, key);
        }
        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
        }
    }
    return TIP_OK;
}

static bool is_dirty(const struct tip_figures *figures,
                     const struct tip_touch *touch)
{
    const struct tip_figure_part *part =
        &figures->tables[touch->table].parts[touch->part];

    return (touch->is_member ? part->members[touch->number].row
                             : part->cells[touch->number].row) == TIP_ROW_DIRTY;
}

static void set_place(struct tip_figures *figures,
                      const struct tip_touch *touch, uint32_t mark)
{
    struct tip_figure_part *part =
        &figures->tables[touch->table].parts[touch->part];

    if (touch->is_member) {
        part->members[touch->number].row = mark;
    } else {
        part->cells[touch->number].row = mark;
    }
}

static void start_row(const struct tip_figures *figures, struct tip_buf *buf)
{
    tip_buf_init(buf, figures->row, TIP_FIGURES_ROW_BYTES_MAX);
    tip_buf_put_u8(buf, TIP_FIGURES_ROW_FORMAT);
}

/* Write one row of what is dirty from touch *@next on. */
static enum tip_err write_row(struct tip_figures *figures, struct tip_txn *txn,
                              size_t *next)
{
    uint64_t number = row_after(figures->log.last_row);
    uint64_t count = 0;
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err = TIP_OK;

    start_row(figures, &buf);
    while (*next < figures->touch_count && err == TIP_OK &&
           buf.size + TIP_FIGURES_ENTRY_BYTES_MAX < buf.capacity) {
        const struct tip_touch *touch = &figures->touches[(*next)++];

        if (is_dirty(figures, touch)) {
            err = tip_figures_entry_put(figures, touch, &buf);
            set_place(figures, touch, mark_of(number));
            count++;
        }
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    if (err == TIP_OK && count != 0) {
        err = tip_txn_append(txn, TIP_TABLE_FIGURE,
                             TIP_KEY(TIP_FIGURES_LOG, number), row);
        figures->log.last_row = number;
        figures->log.entry_count += count;
    }
    return err;
}

enum tip_err tip_figures_settle(struct tip_figures *figures,
                                struct tip_txn *txn)
{
    size_t next = figures->settled_count;
    enum tip_err err;

    tip_figures_drop_unchanged(figures);
    if (figures->touch_count == figures->settled_count) {
        /* Not even shorter: a second object may be taking over in @txn, and
         * two that write would not know of each other's rows. */
        return TIP_OK;
    }
    err = shorten(figures, txn);
    while (err == TIP_OK && next < figures->touch_count) {
        err = write_row(figures, txn, &next);
    }
    figures->settled_count = figures->touch_count;
    return err;
}
