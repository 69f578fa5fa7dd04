/* Tab-separated values: for cut, awk and spreadsheets. */
#include "tip_display.h"
#include "tip_printer_internal.h"

static void cell_put(struct tip_printer *printer, struct tip_bytes text)
{
    if (printer->column++ > 0) {
        tip_out_char(printer->out, '\t');
    }
    tip_display_put_tsv(printer->out, text);
}

/* The names of the columns are known when the first row is complete, so that
 * row waits in the arena. */
static enum tip_err row_cell_put(struct tip_printer *printer,
                                 const struct tip_reply_event *event,
                                 struct tip_bytes value)
{
    size_t column = printer->column_count;
    enum tip_err err;

    if (printer->row_count > 1) {
        cell_put(printer, value);
        return TIP_OK;
    }
    if (column == TIP_PRINTER_COLUMNS_MAX) {
        return TIP_ETOOBIG;
    }
    err = tip_arena_copy(&printer->arena, value, &printer->row->cells[column]);
    if (err != TIP_OK) {
        return err;
    }
    printer->column_count++;
    cell_put(printer, event->key);
    return TIP_OK;
}

static enum tip_err field_put(struct tip_printer *printer,
                              const struct tip_reply_event *event)
{
    char memory[TIP_PRINTER_VALUE_SIZE];
    struct tip_bytes value = tip_printer_exact(event, memory);

    if (printer->place == TIP_REPLY_IN_ROW) {
        return row_cell_put(printer, event, value);
    }
    printer->column = 0;
    cell_put(printer, event->key);
    cell_put(printer, value);
    tip_out_char(printer->out, '\n');
    return TIP_OK;
}

static void row_end(struct tip_printer *printer)
{
    tip_out_char(printer->out, '\n');
    if (printer->row_count > 1) {
        return;
    }
    printer->column = 0;
    for (size_t i = 0; i < printer->column_count; i++) {
        cell_put(printer, printer->row->cells[i]);
    }
    tip_out_char(printer->out, '\n');
}

static enum tip_err list_begin(struct tip_printer *printer)
{
    tip_arena_clear(&printer->arena);
    printer->row_count = 0;
    printer->column_count = 0;
    printer->row = tip_arena_alloc(&printer->arena, sizeof *printer->row);
    return printer->row == NULL ? TIP_ENOMEM : TIP_OK;
}

enum tip_err tip_printer_plain(struct tip_printer *printer,
                               const struct tip_reply_event *event)
{
    switch (event->kind) {
    case TIP_REPLY_FIELD:
        return field_put(printer, event);
    case TIP_REPLY_LIST_BEGIN:
        return list_begin(printer);
    case TIP_REPLY_ROW_BEGIN:
        printer->row_count++;
        printer->column = 0;
        break;
    case TIP_REPLY_ROW_END:
        row_end(printer);
        break;
    case TIP_REPLY_ERROR:
        if (printer->place == TIP_REPLY_IN_ROW) {
            tip_out_char(printer->out, '\n');
        }
        break;
    case TIP_REPLY_LIST_END:
    case TIP_REPLY_NOTE:
    case TIP_REPLY_PROGRESS:
    case TIP_REPLY_DATA:
    case TIP_REPLY_END:
        break;
    }
    return TIP_OK;
}
