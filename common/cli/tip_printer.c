#include "tip_printer.h"

#include "tip_display.h"
#include "tip_printer_internal.h"

/* The rows that are held, each with some long values; notes are far less. */
enum { ARENA_BYTES_MAX = 4 * 1024 * 1024 };

void tip_printer_init(struct tip_printer *printer,
                      const struct tip_printer_opts *opts, struct tip_out *out,
                      struct tip_out *err)
{
    *printer = (struct tip_printer){.opts = *opts,
                                    .out = out,
                                    .err = err,
                                    .data = out,
                                    .exit = TIP_EXIT_FAILURE};
    tip_arena_init(&printer->arena, ARENA_BYTES_MAX);
}

void tip_printer_make(struct tip_printer *printer, struct tip_made *made)
{
    printer->made = made;
    printer->data = &made->out;
}

void tip_printer_deinit(struct tip_printer *printer)
{
    tip_printer_progress_clear(printer);
    tip_arena_deinit(&printer->arena);
}

/* "error: " or "warning: ", in colour where that helps. */
static void word_put(struct tip_printer *printer, const char *word,
                     const char *color)
{
    bool has_color = printer->opts.has_color;

    tip_out_format(printer->err, "%s%s:%s ", has_color ? color : "", word,
                   has_color ? "\033[0m" : "");
}

static void note_put(struct tip_printer *printer,
                     const struct tip_reply_event *event)
{
    bool is_warning = event->number == TIP_REPLY_WARNING;

    if (printer->opts.is_quiet && !is_warning) {
        return;
    }
    if (is_warning) {
        word_put(printer, "warning", "\033[33m");
    }
    tip_display_put(printer->err, event->text, printer->opts.is_err_terminal);
    tip_out_char(printer->err, '\n');
}

/* "error: <what it is about>" and the sentence with the next step. */
static void error_put(struct tip_printer *printer,
                      const struct tip_reply_event *event)
{
    bool isolate = printer->opts.is_err_terminal;

    word_put(printer, "error", "\033[31m");
    if (event->context.size > 0) {
        tip_display_put(printer->err, event->context, isolate);
        tip_out_char(printer->err, '\n');
    }
    tip_display_put(printer->err, event->text, isolate);
    tip_out_text(printer->err, " (");
    tip_display_put(printer->err, event->key, false);
    tip_out_text(printer->err, ")\n");
}

/* Values must not be mixed into a file that goes to standard output. */
static void data_put(struct tip_printer *printer,
                     const struct tip_reply_event *event)
{
    if (printer->data == printer->out) {
        printer->out = printer->err;
    }
    tip_out_bytes(printer->data, event->text);
    printer->has_data = true;
}

/* Does @event say that all bytes of the file were said? */
static bool ends_data(const struct tip_printer *printer,
                      const struct tip_reply_event *event)
{
    switch (event->kind) {
    case TIP_REPLY_DATA:
        return event->text.size == 0;
    case TIP_REPLY_FIELD:
    case TIP_REPLY_LIST_BEGIN:
    case TIP_REPLY_NOTE:
        return printer->made != NULL && printer->has_data;
    case TIP_REPLY_END:
        return printer->made != NULL && printer->place != TIP_REPLY_FAILED &&
               (event->number == TIP_EXIT_OK ||
                event->number == TIP_EXIT_DEGRADED);
    case TIP_REPLY_ROW_BEGIN:
    case TIP_REPLY_ROW_END:
    case TIP_REPLY_LIST_END:
    case TIP_REPLY_PROGRESS:
    case TIP_REPLY_ERROR:
        break;
    }
    return false;
}

/* What goes to standard error whatever the form; JSON has it in the object. */
static void message_put(struct tip_printer *printer,
                        const struct tip_reply_event *event)
{
    if (event->kind == TIP_REPLY_PROGRESS) {
        if (!printer->opts.is_quiet) {
            tip_printer_progress(printer, event);
        }
    } else {
        tip_printer_progress_clear(printer);
    }
    if (printer->opts.form == TIP_PRINTER_JSON) {
        return;
    }
    if (event->kind == TIP_REPLY_NOTE) {
        note_put(printer, event);
    } else if (event->kind == TIP_REPLY_ERROR) {
        error_put(printer, event);
    }
}

static enum tip_err form_put(struct tip_printer *printer,
                             const struct tip_reply_event *event)
{
    switch (printer->opts.form) {
    case TIP_PRINTER_HUMAN:
        return tip_printer_human(printer, event);
    case TIP_PRINTER_PLAIN:
        return tip_printer_plain(printer, event);
    case TIP_PRINTER_JSON:
        return tip_printer_json(printer, event);
    }
    return TIP_OK;
}

static enum tip_err show(struct tip_printer *printer,
                         const struct tip_reply_event *event)
{
    enum tip_reply_place place = printer->place;
    enum tip_err err = tip_reply_advance(&place, event->kind);

    if (err != TIP_OK) {
        return err;
    }
    /* The form before the message, so that rows stand above the error; and
     * with the place before the event, so that it knows what is open. */
    err = form_put(printer, event);
    if (err != TIP_OK) {
        return err;
    }
    message_put(printer, event);
    if (event->kind == TIP_REPLY_DATA) {
        data_put(printer, event);
    }
    printer->place = place;
    if (event->kind == TIP_REPLY_END) {
        printer->exit = tip_exit_from_number((unsigned)event->number);
    }
    return TIP_OK;
}

void tip_printer_fail(struct tip_printer *printer, enum tip_err err,
                      const char *context)
{
    const struct tip_reply_event events[] = {
        {.kind = TIP_REPLY_ERROR,
         .key = tip_bytes_text(tip_err_name(err)),
         .text = tip_bytes_text(tip_err_text(err)),
         .context = tip_bytes_text(context),
         .number = err},
        {.kind = TIP_REPLY_END, .number = tip_exit_of(err)}};

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        /* Refused when the reply has failed or ended already: said before. */
        enum tip_err ignored = show(printer, &events[i]);

        (void)ignored;
    }
}

/* Put the file in its place. What nobody reads any more is no file. */
static enum tip_err data_keep(struct tip_printer *printer)
{
    enum tip_err err;

    if (printer->is_kept || tip_printer_is_unread(printer)) {
        return TIP_OK;
    }
    err = printer->made == NULL ? tip_out_finish(printer->data)
                                : tip_made_keep(printer->made);
    printer->is_kept = err == TIP_OK;
    if (err != TIP_OK) {
        tip_printer_fail(printer, err,
                         printer->made == NULL ? "" : printer->made->path);
    }
    return err;
}

enum tip_err tip_printer_take(struct tip_printer *printer,
                              const struct tip_reply_event *event)
{
    enum tip_err err = TIP_OK;

    if (event->kind == TIP_REPLY_DATA && printer->is_kept) {
        return TIP_EMALFORMED; /* There is nothing to write it to. */
    }
    if (ends_data(printer, event)) {
        err = data_keep(printer);
    }
    return err == TIP_OK ? show(printer, event) : err;
}

bool tip_printer_is_unread(const struct tip_printer *printer)
{
    return printer->out->is_closed || printer->data->is_closed;
}

enum tip_exit tip_printer_exit(const struct tip_printer *printer)
{
    bool has_failed = printer->out->failed || printer->data->failed;

    if (tip_printer_is_unread(printer)) {
        return TIP_EXIT_UNREAD;
    }
    if (has_failed && printer->exit == TIP_EXIT_OK) {
        return TIP_EXIT_FAILURE;
    }
    return printer->exit;
}

static enum tip_err local_emit(struct tip_reply *self,
                               const struct tip_reply_event *event)
{
    struct tip_reply_local *local = (struct tip_reply_local *)self;

    return tip_printer_take(local->printer, event);
}

static bool local_has_room(const struct tip_reply *self)
{
    (void)self;
    return true;
}

void tip_reply_local_init(struct tip_reply_local *reply,
                          struct tip_printer *printer)
{
    *reply = (struct tip_reply_local){
        .base = {.emit = local_emit, .has_room = local_has_room},
        .printer = printer};
}
