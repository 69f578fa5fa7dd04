/* What the forms of tip_printer share; nobody else includes it. */
#ifndef TIP_PRINTER_INTERNAL_H
#define TIP_PRINTER_INTERNAL_H

#include "tip_printer.h"

enum { TIP_PRINTER_VALUE_SIZE = 64 }; /* Any number, time or size. */

/** Each form takes the kinds that carry values, and the notes of JSON. */
enum tip_err tip_printer_human(struct tip_printer *printer,
                               const struct tip_reply_event *event);
enum tip_err tip_printer_plain(struct tip_printer *printer,
                               const struct tip_reply_event *event);
enum tip_err tip_printer_json(struct tip_printer *printer,
                              const struct tip_reply_event *event);

/** The value as people read it; texts are borrowed, numbers go to @memory. */
struct tip_bytes tip_printer_words(const struct tip_reply_event *event,
                                   char memory[TIP_PRINTER_VALUE_SIZE]);

/** The same for machines: exact numbers, times as in ISO 8601. */
struct tip_bytes tip_printer_exact(const struct tip_reply_event *event,
                                   char memory[TIP_PRINTER_VALUE_SIZE]);

/** Show how far work has come on standard error. */
void tip_printer_progress(struct tip_printer *printer,
                          const struct tip_reply_event *event);

/** Take the progress line off the terminal before something else is said. */
void tip_printer_progress_clear(struct tip_printer *printer);

#endif /* TIP_PRINTER_INTERNAL_H */
