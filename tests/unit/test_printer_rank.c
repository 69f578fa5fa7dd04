/* For whom a field is: people with room, or scripts. */
#include "printed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    struct printed *f = *state;
    struct tip_printer_opts opts = HUMAN;

    opts.columns = 21;
    printed_begin(f, opts);
    say_ranks(f->reply);
    assert_string_equal(printed_text(f, f->out.file),
                        "NAME  DIGEST  NOTE\nAtar  equal   silent\n"
                        "Atar  equal   silent\n");
    printed_end(f);
    opts.columns = 19;
    printed_begin(f, opts);
    say_ranks(f->reply);
    assert_string_equal(printed_text(f, f->out.file),
                        "NAME  NOTE\nAtar  silent\nAtar  silent\n");
    printed_end(f);
}

static void test_scripts_get_every_field_whatever_its_rank(void **state)
{
    struct printed *f = *state;

    printed_begin(f, PLAIN);
    say_ranks(f->reply);
    assert_string_equal(printed_text(f, f->out.file),
                        "name\tdigest\torigin\tnote\n"
                        "Atar\tequal\t7\tsilent\nAtar\tequal\t7\tsilent\n");
    printed_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            test_a_table_leaves_out_what_a_line_has_no_room_for, printed_setup),
        cmocka_unit_test_setup(test_scripts_get_every_field_whatever_its_rank,
                               printed_setup),
    };

    return cmocka_run_group_tests_name("ranks of fields", tests, NULL, NULL);
}
