/* For whom a field is: people with room, or scripts. */
#include "tip_printer.h"
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct tip_out out;
    struct tip_out err;
    struct tip_printer printer;
    struct tip_reply_local local;
    struct tip_reply *reply;
    char text[128 * 1024];
};

/* Begin a reply in @opts. */
static void begin(struct fixture *f, struct tip_printer_opts opts)
{
    f->out = (struct tip_out){.file = tmpfile()};
    f->err = (struct tip_out){.file = tmpfile()};
    assert_non_null(f->out.file);
    assert_non_null(f->err.file);
    tip_printer_init(&f->printer, &opts, &f->out, &f->err);
    tip_reply_local_init(&f->local, &f->printer);
    f->reply = &f->local.base;
}

static const char *written(struct fixture *f, FILE *file)
{
    size_t size;

    rewind(file);
    size = fread(f->text, 1, sizeof f->text - 1, file);
    f->text[size] = '\0';
    return f->text;
}

static void end(struct fixture *f)
{
    tip_printer_deinit(&f->printer);
    assert_int_equal(fclose(f->out.file), 0);
    assert_int_equal(fclose(f->err.file), 0);
}

#define HUMAN ((struct tip_printer_opts){.form = TIP_PRINTER_HUMAN})
#define PLAIN ((struct tip_printer_opts){.form = TIP_PRINTER_PLAIN})

static int setup(void **state)
{
    static struct fixture f;

    *state = &f;
    return 0;
}

/* A table with a column of each rank. */
static void say_ranks(struct tip_reply *reply)
{
    tip_reply_list_begin(reply, "offices");
    for (int i = 0; i < 2; i++) {
        tip_reply_row_begin(reply);
        tip_reply_rank(reply, TIP_REPLY_ALWAYS);
        tip_reply_text(reply, "name", "Atar");
        tip_reply_rank(reply, TIP_REPLY_WIDE);
        tip_reply_text(reply, "digest", "equal");
        tip_reply_rank(reply, TIP_REPLY_DETAIL);
        tip_reply_integer(reply, "origin", 7);
        tip_reply_rank(reply, TIP_REPLY_ALWAYS);
        tip_reply_text(reply, "note", "silent");
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    tip_reply_finish(reply, TIP_OK);
}

static void test_a_table_leaves_out_what_a_line_has_no_room_for(void **state)
{
    struct fixture *f = *state;
    struct tip_printer_opts opts = HUMAN;

    opts.columns = 21;
    begin(f, opts);
    say_ranks(f->reply);
    assert_string_equal(written(f, f->out.file),
                        "NAME  DIGEST  NOTE\nAtar  equal   silent\n"
                        "Atar  equal   silent\n");
    end(f);
    opts.columns = 19;
    begin(f, opts);
    say_ranks(f->reply);
    assert_string_equal(written(f, f->out.file),
                        "NAME  NOTE\nAtar  silent\nAtar  silent\n");
    end(f);
}

static void test_scripts_get_every_field_whatever_its_rank(void **state)
{
    struct fixture *f = *state;

    begin(f, PLAIN);
    say_ranks(f->reply);
    assert_string_equal(written(f, f->out.file),
                        "name\tdigest\torigin\tnote\n"
                        "Atar\tequal\t7\tsilent\nAtar\tequal\t7\tsilent\n");
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            test_a_table_leaves_out_what_a_line_has_no_room_for, setup),
        cmocka_unit_test_setup(test_scripts_get_every_field_whatever_its_rank,
                               setup),
    };

    return cmocka_run_group_tests_name("ranks of fields", tests, NULL, NULL);
}
