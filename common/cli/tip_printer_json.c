/*
 * One JSON object per reply, written as it comes.
 *
 * By hand: jansson lives in common/table, builds whole trees in memory, and
 * writing needs only commas and an escape of thirty lines.
 */
#include <string.h>

#include "tip_display.h"
#include "tip_printer_internal.h"

/* Notes come last in the object; more than these say nothing new. */
enum { NOTE_BYTES_MAX = 16 * 1024 };

static void key_put(struct tip_printer *printer, struct tip_bytes key)
{
    tip_out_char(printer->out, '"');
    tip_display_put_json(printer->out, key);
    tip_out_text(printer->out, "\":");
}

static void text_put(struct tip_printer *printer, struct tip_bytes text)
{
    tip_out_char(printer->out, '"');
    tip_display_put_json(printer->out, text);
    tip_out_char(printer->out, '"');
}

/* At the top: the brace before the first member, the comma before others. */
static void member_begin(struct tip_printer *printer)
{
    tip_out_char(printer->out, printer->has_output ? ',' : '{');
    printer->has_output = true;
}

static void field_put(struct tip_printer *printer,
                      const struct tip_reply_event *event)
{
    char memory[TIP_PRINTER_VALUE_SIZE];
    struct tip_bytes value = tip_printer_exact(event, memory);

    if (printer->place == TIP_REPLY_AT_TOP) {
        member_begin(printer);
    } else if (printer->column++ > 0) {
        tip_out_char(printer->out, ',');
    }
    key_put(printer, event->key);
    if (event->type == TIP_REPLY_NONE) {
        tip_out_text(printer->out, "null");
    } else if (event->type == TIP_REPLY_TEXT || event->type == TIP_REPLY_TIME) {
        text_put(printer, value);
    } else {
        tip_out_bytes(printer->out, value);
    }
}

/* Keep a note for the end, as "level TAB text LF". */
static enum tip_err note_keep(struct tip_printer *printer,
                              const struct tip_reply_event *event)
{
    struct tip_bytes *notes = &printer->notes;
    size_t size = notes->size + event->text.size + 2;
    uint8_t *memory;

    if (size > NOTE_BYTES_MAX) {
        return TIP_OK;
    }
    memory = tip_arena_alloc(&printer->arena, size);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    if (notes->size > 0) {
        memcpy(memory, notes->data, notes->size);
    }
    memory[notes->size] = event->number == TIP_REPLY_WARNING ? 'w' : 'i';
    if (event->text.size > 0) {
        memcpy(memory + notes->size + 1, event->text.data, event->text.size);
    }
    memory[size - 1] = '\0';
    *notes = tip_bytes(memory, size);
    return TIP_OK;
}

static void notes_put(struct tip_printer *printer)
{
    const char *at = (const char *)printer->notes.data;
    size_t left = printer->notes.size;
    bool is_first = true;

    member_begin(printer);
    tip_out_text(printer->out, "\"notes\":[");
    while (left > 0) {
        size_t size = strnlen(at, left);

        tip_out_format(printer->out,
                       "%s{\"level\":\"%s\",\"text\":", is_first ? "" : ",",
                       *at == 'w' ? "warning" : "info");
        text_put(printer, tip_bytes(at + 1, size - 1));
        tip_out_char(printer->out, '}');
        is_first = false;
        at += size + 1;
        left -= size + 1;
    }
    tip_out_char(printer->out, ']');
}

/* An error may come in the middle of a list: close it, so that what was
 * written is still one JSON object. */
static void error_put(struct tip_printer *printer,
                      const struct tip_reply_event *event)
{
    if (printer->place == TIP_REPLY_IN_ROW) {
        tip_out_text(printer->out, "}]");
    } else if (printer->place == TIP_REPLY_IN_LIST) {
        tip_out_char(printer->out, ']');
    }
    member_begin(printer);
    tip_out_text(printer->out, "\"error\":{");
    key_put(printer, tip_bytes_text("code"));
    text_put(printer, event->key);
    tip_out_format(printer->out,
                   ",\"number\":%lld,\"message\":", (long long)event->number);
    text_put(printer, event->text);
    if (event->context.size > 0) {
        tip_out_text(printer->out, ",\"context\":");
        text_put(printer, event->context);
    }
    tip_out_char(printer->out, '}');
}

static void end_put(struct tip_printer *printer)
{
    if (printer->notes.size > 0) {
        notes_put(printer);
    }
    tip_out_text(printer->out, printer->has_output ? "}\n" : "{}\n");
}

enum tip_err tip_printer_json(struct tip_printer *printer,
                              const struct tip_reply_event *event)
{
    switch (event->kind) {
    case TIP_REPLY_FIELD:
        field_put(printer, event);
        break;
    case TIP_REPLY_LIST_BEGIN:
        member_begin(printer);
        key_put(printer, event->key);
        tip_out_char(printer->out, '[');
        printer->row_count = 0;
        break;
    case TIP_REPLY_ROW_BEGIN:
        tip_out_text(printer->out, printer->row_count++ > 0 ? ",{" : "{");
        printer->column = 0;
        break;
    case TIP_REPLY_ROW_END:
        tip_out_char(printer->out, '}');
        break;
    case TIP_REPLY_LIST_END:
        tip_out_char(printer->out, ']');
        break;
    case TIP_REPLY_NOTE:
        return note_keep(printer, event);
    case TIP_REPLY_ERROR:
        error_put(printer, event);
        break;
    case TIP_REPLY_END:
        end_put(printer);
        break;
    case TIP_REPLY_PROGRESS:
    case TIP_REPLY_DATA:
        break;
    }
    return TIP_OK;
}
