/* Tables and labelled values for people at a terminal. */
#include <ctype.h>
#include <string.h>

#include "tip_display.h"
#include "tip_printer_internal.h"

enum { LABEL_WIDTH = 18 }; /* Labels of single values, padded to this. */

static void pad(struct tip_printer *printer, size_t width, size_t target)
{
    if (width < target) {
        tip_out_repeat(printer->out, " ", target - width);
    }
}

/* "oldest_waiting_ms" is for scripts; people read "oldest waiting". */
static size_t label_size(struct tip_bytes key)
{
    static const char *const units[] = {"_ms", "_bytes"};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i]);

        if (key.size > size &&
            memcmp(key.data + key.size - size, units[i], size) == 0) {
            return key.size - size;
        }
    }
    return key.size;
}

static void label_put(struct tip_printer *printer, struct tip_bytes key,
                      bool is_upper)
{
    for (size_t i = 0; i < label_size(key); i++) {
        char c = (char)key.data[i];

        if (c == '_') {
            c = ' ';
        } else if (c < ' ' || c >= 0x7f) {
            c = '?'; /* Keys are ours, but a peer might send others. */
        } else if (is_upper) {
            c = (char)toupper((unsigned char)c);
        }
        tip_out_char(printer->out, c);
    }
}

static void text_put(struct tip_printer *printer, struct tip_bytes text)
{
    tip_display_put(printer->out, text, printer->opts.is_out_terminal);
}

/* Does nothing that is shown follow @column? */
static bool is_last_shown(const struct tip_printer *printer, size_t column)
{
    for (size_t i = column + 1; i < printer->column_count; i++) {
        if (!printer->is_hidden[i]) {
            return false;
        }
    }
    return true;
}

static void cell_put(struct tip_printer *printer,
                     const struct tip_printer_row *row, size_t column)
{
    size_t width = tip_display_width(row->cells[column]);
    bool is_last = is_last_shown(printer, column);

    if (row->is_right[column]) {
        pad(printer, width, printer->widths[column]);
    }
    text_put(printer, row->cells[column]);
    if (is_last) {
        tip_out_char(printer->out, '\n');
        return;
    }
    if (!row->is_right[column]) {
        pad(printer, width, printer->widths[column]);
    }
    tip_out_text(printer->out, "  ");
}

static void row_put(struct tip_printer *printer,
                    const struct tip_printer_row *row)
{
    for (size_t i = 0; i < printer->column_count; i++) {
        if (!printer->is_hidden[i]) {
            cell_put(printer, row, i);
        }
    }
}

static void heading_put(struct tip_printer *printer)
{
    const struct tip_printer_row *row = printer->rows[0];

    for (size_t i = 0; i < printer->column_count; i++) {
        size_t width = label_size(printer->names[i]);

        if (printer->is_hidden[i]) {
            continue;
        }
        if (row->is_right[i]) {
            pad(printer, width, printer->widths[i]);
        }
        label_put(printer, printer->names[i], true);
        if (!is_last_shown(printer, i)) {
            if (!row->is_right[i]) {
                pad(printer, width, printer->widths[i]);
            }
            tip_out_text(printer->out, "  ");
        }
    }
    tip_out_char(printer->out, '\n');
}

static void widths_find(struct tip_printer *printer)
{
    for (size_t i = 0; i < printer->column_count; i++) {
        printer->widths[i] = label_size(printer->names[i]);
        for (size_t j = 0; j < printer->held_count; j++) {
            size_t width = tip_display_width(printer->rows[j]->cells[i]);

            if (width > printer->widths[i]) {
                printer->widths[i] = width;
            }
        }
    }
}

static size_t table_width(const struct tip_printer *printer)
{
    size_t width = 0;

    for (size_t i = 0; i < printer->column_count; i++) {
        if (!printer->is_hidden[i]) {
            width += printer->widths[i] + (width == 0 ? 0 : 2);
        }
    }
    return width;
}

/* Leave out what is not for people, and from the right what has no room. */
static void columns_choose(struct tip_printer *printer)
{
    for (size_t i = 0; i < printer->column_count; i++) {
        printer->is_hidden[i] = printer->ranks[i] == TIP_REPLY_DETAIL;
    }
    for (size_t i = printer->column_count; i-- > 0;) {
        if (printer->opts.columns == 0 ||
            table_width(printer) <= printer->opts.columns) {
            return;
        }
        printer->is_hidden[i] =
            printer->is_hidden[i] || printer->ranks[i] == TIP_REPLY_WIDE;
    }
}

/* Print the rows that were held back; later ones go straight through. */
static void held_put(struct tip_printer *printer)
{
    printer->is_held = false;
    if (printer->held_count == 0) {
        return;
    }
    if (printer->follows_output) {
        tip_out_char(printer->out, '\n');
    }
    printer->has_output = true;
    widths_find(printer);
    columns_choose(printer);
    heading_put(printer);
    for (size_t i = 0; i < printer->held_count; i++) {
        row_put(printer, printer->rows[i]);
    }
}

static enum tip_err list_begin(struct tip_printer *printer,
                               const struct tip_reply_event *event)
{
    tip_arena_clear(&printer->arena);
    printer->row_count = 0;
    printer->held_count = 0;
    printer->column_count = 0;
    printer->is_held = true;
    printer->follows_output = printer->has_output;
    return tip_arena_copy(&printer->arena, event->key, &printer->list_name);
}

static enum tip_err row_begin(struct tip_printer *printer)
{
    if (printer->held_count == TIP_PRINTER_ROWS_HELD && printer->is_held) {
        held_put(printer);
    }
    printer->column = 0;
    if (!printer->is_held) {
        return TIP_OK;
    }
    printer->row = tip_arena_alloc(&printer->arena, sizeof *printer->row);
    return printer->row == NULL ? TIP_ENOMEM : TIP_OK;
}

static void row_end(struct tip_printer *printer)
{
    printer->row_count++;
    if (printer->is_held) {
        printer->rows[printer->held_count++] = printer->row;
    } else {
        tip_out_char(printer->out, '\n');
    }
}

static bool is_number(enum tip_reply_type type)
{
    return type == TIP_REPLY_INTEGER || type == TIP_REPLY_DECIMAL ||
           type == TIP_REPLY_DURATION || type == TIP_REPLY_SIZE;
}

/* Behind the held rows a cell is printed when it comes, kept nowhere. */
static void cell_pass(struct tip_printer *printer, struct tip_bytes value,
                      bool is_right)
{
    size_t column = printer->column;
    size_t width = tip_display_width(value);
    size_t target =
        column < printer->column_count ? printer->widths[column] : 0;

    printer->column++;
    if (column < printer->column_count && printer->is_hidden[column]) {
        return;
    }
    if (is_right) {
        pad(printer, width, target);
    }
    text_put(printer, value);
    if (is_last_shown(printer, column)) {
        return;
    }
    if (!is_right) {
        pad(printer, width, target);
    }
    tip_out_text(printer->out, "  ");
}

static enum tip_err cell_take(struct tip_printer *printer,
                              const struct tip_reply_event *event,
                              struct tip_bytes value)
{
    size_t column = printer->column;
    enum tip_err err = TIP_OK;

    if (!printer->is_held) {
        cell_pass(printer, value, is_number(event->type));
        return TIP_OK;
    }
    if (column == TIP_PRINTER_COLUMNS_MAX) {
        return TIP_ETOOBIG;
    }
    if (column == printer->column_count) {
        err = tip_arena_copy(&printer->arena, event->key,
                             &printer->names[column]);
        printer->ranks[column] = event->rank;
        printer->column_count++;
    }
    if (err != TIP_OK) {
        return err;
    }
    printer->column++;
    printer->row->is_right[column] = is_number(event->type);
    return tip_arena_copy(&printer->arena, value, &printer->row->cells[column]);
}

static enum tip_err field_put(struct tip_printer *printer,
                              const struct tip_reply_event *event)
{
    char memory[TIP_PRINTER_VALUE_SIZE];
    struct tip_bytes value = tip_printer_words(event, memory);

    if (printer->place == TIP_REPLY_IN_ROW) {
        return cell_take(printer, event, value);
    }
    if (event->rank == TIP_REPLY_DETAIL) {
        return TIP_OK;
    }
    label_put(printer, event->key, false);
    pad(printer, label_size(event->key), LABEL_WIDTH);
    tip_out_text(printer->out, "  ");
    text_put(printer, value);
    tip_out_char(printer->out, '\n');
    printer->has_output = true;
    return TIP_OK;
}

/* An empty list that is the whole answer says so; below other values it is
 * one that has nothing to add. */
static void list_end(struct tip_printer *printer)
{
    if (printer->row_count == 0 && !printer->follows_output) {
        tip_out_text(printer->out, "No ");
        label_put(printer, printer->list_name, false);
        tip_out_text(printer->out, ".\n");
        printer->has_output = true;
    } else if (printer->is_held) {
        held_put(printer);
    }
    printer->is_held = false;
}

enum tip_err tip_printer_human(struct tip_printer *printer,
                               const struct tip_reply_event *event)
{
    switch (event->kind) {
    case TIP_REPLY_FIELD:
        return field_put(printer, event);
    case TIP_REPLY_LIST_BEGIN:
        return list_begin(printer, event);
    case TIP_REPLY_ROW_BEGIN:
        return row_begin(printer);
    case TIP_REPLY_ROW_END:
        row_end(printer);
        break;
    case TIP_REPLY_LIST_END:
        list_end(printer);
        break;
    case TIP_REPLY_ERROR: /* What had come is shown all the same. */
        if (printer->is_held) {
            held_put(printer);
        } else if (printer->place == TIP_REPLY_IN_ROW) {
            tip_out_char(printer->out, '\n');
        }
        break;
    case TIP_REPLY_NOTE:
    case TIP_REPLY_PROGRESS:
    case TIP_REPLY_DATA:
    case TIP_REPLY_END:
        break;
    }
    return TIP_OK;
}
