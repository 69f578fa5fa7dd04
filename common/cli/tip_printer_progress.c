/* How far long work has come: one line that moves on a terminal, a line for
 * every tenth elsewhere, so that a log does not fill. */
#include <inttypes.h>

#include "tip_display.h"
#include "tip_printer_internal.h"

void tip_printer_progress_clear(struct tip_printer *printer)
{
    if (printer->has_line) {
        tip_out_text(printer->err, "\r\033[K");
        printer->has_line = false;
    }
}

/* 0 to 100; @total is above 0. Numbers of a peer may be anything. */
static int64_t percent(const struct tip_reply_event *event)
{
    if (event->number <= 0 || event->number >= event->total) {
        return event->number <= 0 ? 0 : 100;
    }
    if (event->total > INT64_MAX / 100) {
        return event->number / (event->total / 100);
    }
    return event->number * 100 / event->total;
}

static void line_put(struct tip_printer *printer,
                     const struct tip_reply_event *event)
{
    int64_t total = event->total;

    tip_display_put(printer->err, event->key, false);
    if (total > 0) {
        tip_out_format(printer->err,
                       ": %" PRId64 " %% (%" PRId64 " of %" PRId64 ")",
                       percent(event), event->number, total);
    } else {
        tip_out_format(printer->err, ": %" PRId64, event->number);
    }
}

void tip_printer_progress(struct tip_printer *printer,
                          const struct tip_reply_event *event)
{
    int64_t tenths = event->total > 0 ? percent(event) / 10 : 0;

    if (printer->opts.is_err_terminal) {
        tip_printer_progress_clear(printer);
        line_put(printer, event);
        printer->has_line = true;
        (void)fflush(printer->err->file);
    } else if (tenths > printer->tenths) {
        printer->tenths = tenths;
        line_put(printer, event);
        tip_out_char(printer->err, '\n');
    }
}
