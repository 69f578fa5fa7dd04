/* What is said of a file that a command makes is said when it is in its place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "printed.h"

static char folder[32];
static char path[64];

static int setup(void **state)
{
    (void)snprintf(folder, sizeof folder, "/tmp/tip-printer-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/out", folder);
    return printed_setup(state);
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static bool is_there(void)
{
    return access(path, F_OK) == 0;
}

/* "seven" is said as the bytes of the file @made. */
static void begin(struct printed *f, struct tip_printer_opts opts,
                  struct tip_made *made)
{
    printed_begin(f, opts);
    assert_int_equal(tip_made_open(made, path), TIP_OK);
    tip_printer_make(&f->printer, made);
    tip_reply_text(f->reply, "office", "Néma");
    tip_reply_data(f->reply, tip_bytes_text("seven"));
    assert_false(is_there());
}

static void end(struct printed *f, struct tip_made *made)
{
    tip_made_drop(made);
    printed_end(f);
}

static void test_a_file_is_there_before_anything_is_said_of_it(void **state)
{
    struct tip_made made = {.path = ""};
    struct printed *f = *state;

    begin(f, HUMAN, &made);
    tip_reply_progress(f->reply, "records", 1, 2);
    assert_false(is_there());
    tip_reply_note(f->reply, TIP_REPLY_INFO, "Next: carry it.");
    assert_true(is_there());
    tip_reply_finish(f->reply, TIP_OK);
    assert_int_equal(tip_printer_exit(&f->printer), TIP_EXIT_OK);
    end(f, &made);
}

static void test_a_file_of_which_nothing_is_said_is_there_at_the_end(void **s)
{
    struct tip_made made = {.path = ""};
    struct printed *f = *s;

    begin(f, HUMAN, &made);
    tip_reply_finish(f->reply, TIP_OK);
    assert_true(is_there());
    end(f, &made);
}

static void test_a_command_that_fails_leaves_no_file(void **state)
{
    struct tip_made made = {.path = ""};
    struct printed *f = *state;

    begin(f, HUMAN, &made);
    tip_reply_finish(f->reply, TIP_EIO);
    end(f, &made);
    assert_false(is_there());
}

/* The disk is full when the file is put in its place. */
static void fill_disk(struct printed *f, struct tip_printer_opts opts)
{
    struct tip_made made = {.path = ""};

    begin(f, opts, &made);
    assert_non_null(freopen("/dev/full", "w", made.out.file));
    tip_out_text(&made.out, "more");
    tip_reply_text(f->reply, "bundle", "whole");
    tip_reply_note(f->reply, TIP_REPLY_INFO, "Next: carry it.");
    tip_reply_finish(f->reply, TIP_OK);
    assert_false(is_there());
    assert_int_equal(tip_printer_exit(&f->printer), TIP_EXIT_FAILURE);
    tip_made_drop(&made);
}

static void test_no_next_step_is_said_of_a_file_that_is_not_there(void **state)
{
    struct printed *f = *state;

    fill_disk(f, HUMAN);
    assert_string_equal(printed_text(f, f->out.file),
                        "office              Néma\n");
    assert_null(strstr(printed_text(f, f->err.file), "Next"));
    assert_non_null(strstr(printed_text(f, f->err.file), "(TIP_ENOROOM)"));
    printed_end(f);
}

static void test_machines_read_that_the_file_is_not_there(void **state)
{
    struct printed *f = *state;
    const char *text;

    fill_disk(f, JSON);
    text = printed_text(f, f->out.file);
    assert_null(strstr(text, "whole"));
    assert_null(strstr(text, "Next"));
    assert_non_null(strstr(text, "\"error\":{\"code\":\"TIP_ENOROOM\""));
    printed_end(f);
}

static void test_bytes_after_the_end_of_the_file_are_refused(void **state)
{
    struct tip_made made = {.path = ""};
    struct printed *f = *state;

    begin(f, HUMAN, &made);
    tip_reply_data_end(f->reply);
    assert_true(is_there());
    tip_reply_data(f->reply, tip_bytes_text("more"));
    assert_int_equal(f->reply->failed, TIP_EMALFORMED);
    tip_reply_finish(f->reply, TIP_OK);
    assert_int_not_equal(tip_printer_exit(&f->printer), TIP_EXIT_OK);
    end(f, &made);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_file_is_there_before_anything_is_said_of_it),
        TEST(test_a_file_of_which_nothing_is_said_is_there_at_the_end),
        TEST(test_a_command_that_fails_leaves_no_file),
        TEST(test_no_next_step_is_said_of_a_file_that_is_not_there),
        TEST(test_machines_read_that_the_file_is_not_there),
        TEST(test_bytes_after_the_end_of_the_file_are_refused),
    };

    return cmocka_run_group_tests_name("printer_made", tests, NULL, NULL);
}
