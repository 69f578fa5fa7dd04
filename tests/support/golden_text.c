#include "golden_text.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 128 * 1024 };

static bool is_written;

void golden_text_begin(int argc, char **argv)
{
    is_written = argc == 2 && strcmp(argv[1], "--write") == 0;
}

static FILE *open_golden(const char *name, const char *ending, const char *mode)
{
    char path[512];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s.%s", TIP_VIEWS_DIR, name, ending);
    file = fopen(path, mode);
    if (file == NULL) {
        fail_msg("%s cannot be opened", path);
    }
    return file;
}

static void check(const char *name, const char *ending, const char *text)
{
    static char expected[TEXT_MAX];
    FILE *file = open_golden(name, ending, is_written ? "wb" : "rb");
    size_t size;

    if (is_written) {
        assert_int_equal(fputs(text, file) < 0, 0);
        assert_int_equal(fclose(file), 0);
        return;
    }
    size = fread(expected, 1, sizeof expected - 1, file);
    expected[size] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, expected);
}

/* What was said, in @text: values, then notes. */
static void print(struct printed *printed, struct tip_printer_opts opts,
                  golden_say_fn *say, const void *what, char *text)
{
    size_t size;

    printed_begin(printed, opts);
    say(printed->reply, what);
    tip_reply_finish(printed->reply, TIP_OK);
    size = (size_t)snprintf(text, TEXT_MAX, "%s",
                            printed_text(printed, printed->out.file));
    assert_true(size < TEXT_MAX);
    if (opts.form == TIP_PRINTER_HUMAN) {
        (void)snprintf(text + size, TEXT_MAX - size, "---- exit %d\n%s",
                       tip_printer_exit(&printed->printer),
                       printed_text(printed, printed->err.file));
    }
    printed_end(printed);
}

void golden_text_check(struct printed *printed, const char *name,
                       size_t columns, golden_say_fn *say, const void *what)
{
    static char text[TEXT_MAX];
    struct tip_printer_opts human = {.form = TIP_PRINTER_HUMAN,
                                     .columns = columns};

    print(printed, human, say, what, text);
    check(name, "txt", text);
    print(printed, JSON, say, what, text);
    check(name, "json", text);
}
