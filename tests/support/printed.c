#include "printed.h"

#include <stdio.h>

int printed_setup(void **state)
{
    static struct printed printed;

    *state = &printed;
    return 0;
}

void printed_begin(struct printed *printed, struct tip_printer_opts opts)
{
    printed->out = (struct tip_out){.file = tmpfile()};
    printed->err = (struct tip_out){.file = tmpfile()};
    assert_non_null(printed->out.file);
    assert_non_null(printed->err.file);
    tip_printer_init(&printed->printer, &opts, &printed->out, &printed->err);
    tip_reply_local_init(&printed->local, &printed->printer);
    printed->reply = &printed->local.base;
}

void printed_end(struct printed *printed)
{
    tip_printer_deinit(&printed->printer);
    assert_int_equal(fclose(printed->out.file), 0);
    assert_int_equal(fclose(printed->err.file), 0);
}

const char *printed_text(struct printed *printed, FILE *file)
{
    size_t size;

    rewind(file);
    size = fread(printed->text, 1, sizeof printed->text - 1, file);
    printed->text[size] = '\0';
    return printed->text;
}
