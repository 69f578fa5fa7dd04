/* A reply that is printed to files, and what it says then. */
#ifndef PRINTED_H
#define PRINTED_H

#include "tip_printer.h"
#include "tip_test.h"

struct printed {
    struct tip_out out;
    struct tip_out err;
    struct tip_printer printer;
    struct tip_reply_local local;
    struct tip_reply *reply; /* Say it here. */
    char text[128 * 1024];
};

#define HUMAN ((struct tip_printer_opts){.form = TIP_PRINTER_HUMAN})
#define PLAIN ((struct tip_printer_opts){.form = TIP_PRINTER_PLAIN})
#define JSON  ((struct tip_printer_opts){.form = TIP_PRINTER_JSON})

/** Of each test: *state is a struct printed. */
int printed_setup(void **state);

/** Begin a reply in @opts; end it. Fails the test if a file fails. */
void printed_begin(struct printed *printed, struct tip_printer_opts opts);
void printed_end(struct printed *printed);

/** What was written to @file, one of its two, so far; borrowed. */
const char *printed_text(struct printed *printed, FILE *file);

#endif /* PRINTED_H */
